"""Holds a positioned tree against the model and says everything that does not fit.

Driven by `msgspec.inspect`, so that the model in model.py stays the only description of a deck.
"""

import re
from typing import Any

from msgspec import inspect

from interview_cli.bank.nodes import SILENT, List, Map, Node, Scalar, Wrong, brief
from interview_cli.bank.reader import NotText
from interview_cli.errors import did_you_mean


def check(node: Node, expected: type, owner: str, wrong: Wrong) -> None:
    """Reports through `wrong` whatever keeps `node` from being an `expected`."""
    Checker(wrong).check(node, inspect.type_info(expected), owner)


class Checker:
    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong

    def at(self, node: Node, message: str) -> None:
        self.wrong(node.line, node.column, message)

    def check(self, node: Node, kind: inspect.Type, owner: str, described: str = "") -> None:
        if isinstance(node, Scalar) and node.value is SILENT:
            return
        if isinstance(node, Scalar) and node.value is None:
            self.at(node, f"{owner} is empty; write it or remove it")
            return
        match kind:
            case inspect.Metadata(type=inner):
                extra = kind.extra_json_schema or {}
                self.check(node, inner, owner, str(extra.get("description", described)))
            case inspect.UnionType(types=types) if tags := tagged(types):
                self.one_of(node, tags, owner)
            case inspect.UnionType(types=types) if isinstance(node, Scalar) and is_draw(types):
                choice = "a list, or a map with from, to and step"
                self.at(node, f"{owner} is {found(node)}; expected {choice}")
            case inspect.UnionType(types=types):
                self.check(node, member(node, types), owner, described)
            case inspect.StructType():
                self.struct(node, kind, owner)
            case inspect.VarTupleType():
                self.sequence(node, kind, owner)
            case inspect.DictType():
                self.mapping(node, kind, owner)
            case inspect.StrType():
                self.text(node, kind, owner, described)
            case inspect.BoolType():
                if not (isinstance(node, Scalar) and isinstance(node.value, bool)):
                    self.at(node, f"{owner} is {found(node)}; write true or false")
            case inspect.IntType() | inspect.FloatType():
                self.number(node, kind, owner, described)
            case _:
                raise AssertionError(f"the model uses {kind}, which the checker does not know")

    def one_of(self, node: Node, tags: dict[str, inspect.StructType], owner: str) -> None:
        """Checks a card against the struct that its `kind` names."""
        if not isinstance(node, Map):
            self.at(node, f"{owner} is {found(node)}; expected a map that begins with an id")
            return
        entry = node.entry("kind")
        owner = titled(node, owner)
        if entry is None:
            self.at(node, f'{owner} lacks the key "kind"; it is one of {listed(tags)}')
        elif not isinstance(entry.node, Scalar):
            self.at(entry.node, f"{owner}: kind is {found(entry.node)}; expected text")
        elif entry.node.value is None:
            self.at(entry.node, f"{owner}: kind is empty; it is one of {listed(tags)}")
        elif entry.node.value is not SILENT:
            kind = entry.node.value
            if isinstance(kind, str) and kind in tags:
                self.struct(node, tags[kind], owner)
            else:
                hint = did_you_mean(shown(entry.node), tags) or f"; it is one of {listed(tags)}"
                self.at(entry.node, f"{owner}: there is no kind {quoted(entry.node)}{hint}")

    def struct(self, node: Node, kind: inspect.StructType, owner: str) -> None:
        name = kind.cls.__name__
        is_text, top = name == "Text", name in ("Deck", "Claims")
        keys = {f.encode_name: f for f in kind.fields}
        if not isinstance(node, Map):
            if is_text:
                self.at(node, f"{owner} is {found(node)}; write it in both languages, zh and en")
            else:
                self.at(node, f"{owner} is {found(node)}; expected a map with {listed(keys)}")
            return
        owner = titled(node, owner)
        known = [*keys, *([kind.tag_field] if kind.tag_field else [])]
        for entry in node.entries:
            if entry.key in keys:
                label = entry.key if top else f"{owner}: {entry.key}"
                self.check(entry.node, keys[entry.key].type, label)
            elif entry.key and entry.key not in known:
                key = brief(entry.key)
                hint = did_you_mean(key, known) or f"; it has {listed(known)}"
                self.wrong(entry.line, entry.column, f'{owner} has no key "{key}"{hint}')
        present = {entry.key for entry in node.entries}
        for key, field in keys.items():
            if field.required and key not in present:
                if is_text:
                    self.at(node, f"{owner} lacks the language {key}; write both zh and en")
                else:
                    self.at(node, f'{owner} lacks the key "{key}"')

    def sequence(self, node: Node, kind: inspect.VarTupleType, owner: str) -> None:
        if not isinstance(node, List):
            self.at(node, f"{owner} is {found(node)}; expected a list")
            return
        if kind.min_length and len(node.items) < kind.min_length:
            self.at(node, f"{owner} has {entries(node)}; write at least {kind.min_length}")
        if kind.max_length is not None and len(node.items) > kind.max_length:
            self.at(node, f"{owner} has {entries(node)}; at most {kind.max_length}")
        for number, item in enumerate(node.items, 1):
            self.check(item, kind.item_type, f"{owner}[{number}]")

    def mapping(self, node: Node, kind: inspect.DictType, owner: str) -> None:
        if not isinstance(node, Map):
            self.at(node, f"{owner} is {found(node)}; expected a map of names")
            return
        if kind.min_length and len(node.entries) < kind.min_length:
            self.at(node, f"{owner} is empty; give at least one name")
        for entry in node.entries:
            key = Scalar(entry.line, entry.column, entry.key or SILENT)
            self.check(key, kind.key_type, f"{owner}: the name")
            self.check(entry.node, kind.value_type, f"{owner}: {brief(entry.key)}")

    def text(self, node: Node, kind: inspect.StrType, owner: str, described: str) -> None:
        if not isinstance(node, Scalar):
            bracket = "[" if isinstance(node, List) else "{"
            hint = f"text that begins with {bracket} needs quotes"
            self.at(node, f"{owner} is {found(node)}; expected text ({hint})")
        elif isinstance(node.value, NotText):
            why = "which YAML takes for something else than text"
            self.at(node, f"{owner} is {found(node)}, {why}; put it in quotes")
        elif not isinstance(node.value, str):
            self.at(node, f"{owner} is {found(node)}; expected text: put it in quotes")
        elif kind.pattern is not None and not re.search(kind.pattern, node.value):
            self.at(node, f"{owner} is {quoted(node)}; expected {described}")
        elif kind.max_length is not None and len(node.value) > kind.max_length:
            self.at(node, f"{owner} has {len(node.value)} characters; at most {kind.max_length}")

    def number(
        self, node: Node, kind: inspect.IntType | inspect.FloatType, owner: str, described: str
    ) -> None:
        allowed = int if isinstance(kind, inspect.IntType) else (int, float)
        value = node.value if isinstance(node, Scalar) else None
        bounds = f" ({described})" if described else ""
        if not isinstance(value, allowed) or isinstance(value, bool):
            a = "a whole number" if allowed is int else "a number"
            self.at(node, f"{owner} is {found(node)}; expected {a}{bounds}")
        elif (kind.ge is not None and value < kind.ge) or (kind.le is not None and value > kind.le):
            self.at(node, f"{owner} is {value}; it is from {kind.ge} to {kind.le}{bounds}")


def tagged(types: tuple[inspect.Type, ...]) -> dict[str, inspect.StructType]:
    """The structs of a union by their tag; empty for a union of other things."""
    return {str(t.tag): t for t in types if isinstance(t, inspect.StructType) and t.tag is not None}


def is_draw(types: tuple[inspect.Type, ...]) -> bool:
    return any(isinstance(t, inspect.StructType) and t.cls.__name__ == "Range" for t in types)


def member(node: Node, types: tuple[inspect.Type, ...]) -> inspect.Type:
    """The member of an untagged union that the node is meant to be."""
    match node:
        case Map():
            order: tuple[Any, ...] = (inspect.StructType, inspect.StrType)
        case List():
            order = (inspect.VarTupleType, inspect.StrType, inspect.StructType)
        case _:
            order = (inspect.StrType, inspect.FloatType, inspect.VarTupleType)
    for wanted in (*order, inspect.StructType, inspect.FloatType):
        for kind in types:
            if isinstance(kind.type if isinstance(kind, inspect.Metadata) else kind, wanted):
                return kind
    raise AssertionError(f"the model uses the union {types}, which the checker does not know")


def titled(node: Map, owner: str) -> str:
    """`card bn-vs-ln` instead of `cards[3]`, where the entry has an id."""
    entry = node.entry("id")
    listing = owner.partition("[")[0]
    match entry and entry.node:
        case Scalar(value=str(name)) if listing in ("cards", "claims") and name.strip():
            return f"{listing.removesuffix('s')} {brief(name)}"
    return owner


def listed(words: Any) -> str:
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def shown(node: Scalar) -> str:
    """A scalar as it was written, or nearly."""
    match node.value:
        case bool():
            return "true" if node.value else "false"
        case NotText(written=written):
            return brief(written)
        case _:
            return brief(str(node.value))


def quoted(node: Scalar) -> str:
    text = shown(node)
    around = isinstance(node.value, str) and text and node.value != node.value.strip()
    return f'"{text}" with space around it' if around else f'"{text}"'


def entries(node: List) -> str:
    return {0: "no entries", 1: "1 entry"}.get(len(node.items), f"{len(node.items)} entries")


def found(node: Node) -> str:
    """What is there, in the user's words."""
    match node:
        case List():
            return "a list"
        case Map():
            return "a map"
        case Scalar(value=bool()):
            return shown(node)
        case Scalar(value=int() | float() as value):
            return f"the number {value}"
        case Scalar(value=NotText()):
            return shown(node)
        case _:
            return "text"
