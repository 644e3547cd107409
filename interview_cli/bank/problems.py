"""Everything that is wrong with one file: its YAML, its fit to the model, its cards' own faults."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from interview_cli.bank.check import check
from interview_cli.bank.faults import faults
from interview_cli.bank.model import AnyCard, Claims, Deck
from interview_cli.bank.nodes import Enough, Entry, List, Map, Node, Scalar, brief, collector, nodes
from interview_cli.errors import Problem


def problems(raw: bytes, path: str, model: type[Deck] | type[Claims]) -> list[Problem]:
    """Everything wrong with a file, with line and column; the slow way."""
    root, found = nodes(raw, path)
    if root is None:
        return found
    wrong = collector(path, found)
    with suppress(Enough):
        check(root, model, "the deck" if model is Deck else "the file", wrong)
        entries = cards_of(root, "cards" if model is Deck else "claims")
        for place, message in repeated(entries):
            wrong(place.line, place.column, message)
        for entry in entries if model is Deck else ():
            for key, message in card_faults_at(entry):
                at = entry.entry(key) or entry
                wrong(at.line, at.column, message)
    return found


def cards_of(root: Node, key: str = "cards") -> list[Map]:
    """The maps in the list that is the deck's `cards`."""
    entry = root.entry(key) if isinstance(root, Map) else None
    items = entry.node.items if entry and isinstance(entry.node, List) else []
    return [item for item in items if isinstance(item, Map)]


def repeated(entries: list[Map]) -> Iterator[tuple[Node, str]]:
    first: dict[str, int] = {}
    for entry in entries:
        match entry.entry("id"):
            case Entry(node=Scalar(value=str(name)) as node):
                if name in first:
                    taken = f'the id "{brief(name)}" is taken by line {first[name]}'
                    yield node, f"{taken}; ids are unique"
                first.setdefault(name, node.line)


def card_faults_at(entry: Map) -> Iterator[tuple[str, str]]:
    try:
        card: AnyCard = msgspec.convert(plain(entry), AnyCard)
    except msgspec.ValidationError:
        return
    yield from faults(card)


def plain(node: Node) -> Any:
    match node:
        case Map():
            return {entry.key: plain(entry.node) for entry in node.entries}
        case List():
            return [plain(item) for item in node.items]
        case Scalar():
            return node.value
    raise AssertionError(node)
