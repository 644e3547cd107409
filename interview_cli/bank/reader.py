"""Strict YAML: text, numbers, true and false, lists and maps, read from the parser's events.

Nothing is constructed: no tags, aliases or merges, and no recursion, so that a deck from somebody
else is only ever data. (The C composer crashes the interpreter on 100 KB of `[`; events do not.)

`values` is the quick way and gives up at the first doubt; `nodes` goes over the same bytes again,
keeps positions and collects every problem. Both accept the same files, which a test checks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from interview_cli.errors import Problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 12

# Everything a terminal acts on or hides: C0 but newline, DEL and C1, zero width, bidi, tags.
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
# What some YAML reader takes for a number, a boolean or nothing.
NOT_TEXT = re.compile(
    r"""(?xi) ~ | null | true | false | yes | no | on | off | y | n
    | [-+]? ( 0x[0-9a-f_]+ | 0o?[0-7_]+ | 0b[01_]+ | [0-9][0-9_]* ( \.[0-9_]* )? ( e[-+]?[0-9]+ )?
            | \.[0-9][0-9_]* ( e[-+]?[0-9]+ )? | \.inf | [0-9]+ ( : [0-5]?[0-9] )+ ( \.[0-9]* )? )
    | \.nan | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} ( [Tt\ ] .* )? | = | << """
)
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
NOT_TEXT_FIRST = frozenset("~nNtTfFyYoO-+.=<0123456789")

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unclear(Exception):  # noqa: N818 - not an error: the slow reader looks again
    """The quick reader gives up; the slow one will say why."""


@dataclass(slots=True)
class NotText:
    """A plain scalar that is no text and no number we know: a date, `yes`, `0x1f`, nothing."""

    written: str


def value_of(event: ScalarEvent) -> Any:
    """A str for text, and int, float, bool, None or NotText for a plain scalar that is no text."""
    written: str = event.value
    if not event.implicit[0]:
        return written
    if written == "":
        return None
    if written[0] in NOT_TEXT_FIRST and NOT_TEXT.fullmatch(written):
        if INTEGER.fullmatch(written):
            return int(written)
        if NUMBER.fullmatch(written):
            return float(written)
        if written in ("true", "false"):
            return written == "true"
        return NotText(written)
    return written


def key_of(value: Any) -> Any:
    """As a key, `n` or `on` is the word it looks like."""
    return value.written if isinstance(value, NotText) and value.written.isalpha() else value


def values(raw: bytes) -> Any:
    """The plain value of a whole file, or Unclear at the first thing that is not as it should be."""
    if len(raw) > MAX_BYTES:
        raise Unclear
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unclear from None
    if HIDDEN.search(text):
        raise Unclear
    root: list[Any] = []
    stack: list[Any] = []
    current: Any = root
    key: str | None = None
    try:
        for event in yaml.parse(text, Loader=Loader):
            kind = type(event)
            if kind is ScalarEvent:
                if event.anchor is not None or event.tag is not None:
                    raise Unclear
                if event.style == '"' and spoilt(event):
                    raise Unclear
                value = value_of(event)
                if value is None:
                    raise Unclear
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if event.anchor is not None or event.tag is not None or len(stack) >= MAX_DEPTH:
                    raise Unclear
                value = {} if kind is MappingStartEvent else []
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                current, key = stack.pop()
                continue
            elif kind is AliasEvent:
                raise Unclear
            else:
                if kind is DocumentStartEvent and root:
                    raise Unclear
                continue
            if type(current) is list:
                current.append(value)
            elif key is None:
                value = key_of(value)
                if type(value) is not str or value in current:
                    raise Unclear
                key = value
                continue
            else:
                current[key] = value
                key = None
            if kind is not ScalarEvent:
                stack.append((current, key))
                current, key = value, None
    except yaml.YAMLError:
        raise Unclear from None
    if not root:
        raise Unclear
    return root[0]


def spoilt(event: ScalarEvent) -> str | None:
    """The hidden character or newline that a backslash made inside double quotes, if there is one."""
    if found := HIDDEN.search(event.value):
        return found[0]
    if "\n" in event.value and event.start_mark.line == event.end_mark.line:
        return "\n"
    return None


@dataclass(slots=True)
class Node:
    """A value with the place where it begins, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Scalar(Node):
    value: Any


@dataclass(slots=True)
class List(Node):
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One key of a map; `line` and `column` are the key's."""

    key: str
    line: int
    column: int
    node: Node


@dataclass(slots=True)
class Map(Node):
    entries: list[Entry] = field(default_factory=list)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


def nodes(raw: bytes, path: str) -> tuple[Node | None, list[Problem]]:
    """The positioned tree of a file as far as it can be read, and everything wrong with its YAML."""
    problems: list[Problem] = []

    def wrong(line: int, column: int, message: str) -> None:
        problems.append(Problem(path, line, column, message))

    if len(raw) > MAX_BYTES:
        wrong(1, 1, f"the file has {len(raw)} bytes; a deck may have {MAX_BYTES}: split it in two")
        return None, problems
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        wrong(line, column, "not UTF-8 from here on; save the file as UTF-8")
        return None, problems
    hidden = list(HIDDEN.finditer(text))
    for found in hidden:
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        wrong(line, column, f"hidden character {described(found[0])}; remove it")
    if hidden:
        # The parser refuses most of them in words of its own.
        text = HIDDEN.sub(" ", text)
    root = Builder(wrong).build(text)
    return root, problems


def described(character: str) -> str:
    names = {"\x1b": " (ESC)", "\t": " (a tab; use spaces)", "\r": " (a carriage return)"}
    return f"U+{ord(character):04X}{names.get(character, '')}"


class Builder:
    """Builds the tree of one file from its events, without recursion; `wrong` takes the problems."""

    def __init__(self, wrong: Any) -> None:
        self.wrong = wrong
        self.stack: list[tuple[Node, Entry | None]] = []
        self.root: Node | None = None
        self.entry: Entry | None = None
        self.current: Node | None = None
        self.skipping = 0

    def build(self, text: str) -> Node | None:
        events = self.events(text)
        for event in events:
            if isinstance(event, DocumentStartEvent) and self.root is not None:
                self.at(event, "a second document begins here; a deck is one document")
                break
            if isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                self.close()
            elif isinstance(event, AliasEvent):
                self.at(event, f"alias *{event.anchor}; write the text out, aliases are not allowed")
                self.place(event, Scalar(*position(event), SILENT))
            elif isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent)):
                self.open(event)
        if self.root is None:
            self.wrong(1, 1, "the file is empty; a deck has the keys deck, title and cards")
        return self.root

    def events(self, text: str) -> Iterator[Event]:
        try:
            yield from yaml.parse(text, Loader=Loader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
            what = getattr(error, "problem", None) or "it cannot be parsed"
            hint = ""
            if "escape character" in what:
                hint = '; inside double quotes YAML reads "\\..." as an escape: use a | block'
            elif "cannot start any token" in what:
                hint = "; put the text in quotes or in a | block"
            elif "mapping values are not allowed" in what:
                hint = "; text with ': ' inside needs quotes or a | block"
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.wrong(line, column, f"not valid YAML: {what}{hint}")
            self.root = self.root or Scalar(1, 1, SILENT)

    def at(self, event: Event, message: str) -> None:
        self.wrong(*position(event), message)

    def open(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> None:
        if self.skipping:
            self.skipping += not isinstance(event, ScalarEvent)
            return
        if event.anchor is not None:
            self.at(event, f"anchor &{event.anchor}; remove it, anchors are not allowed")
        if event.tag is not None:
            self.at(event, f"tag {event.tag}; remove it, tags are not allowed")
        node: Node
        if isinstance(event, ScalarEvent):
            node = Scalar(*position(event), self.scalar(event))
        elif len(self.stack) >= MAX_DEPTH:
            self.at(event, f"nested more than {MAX_DEPTH} deep; a deck never is")
            self.place(event, Scalar(*position(event), SILENT))
            self.skipping = 1
            return
        elif isinstance(event, MappingStartEvent):
            node = Map(*position(event))
        else:
            node = List(*position(event))
        if self.place(event, node) and not isinstance(node, Scalar):
            self.stack.append((self.current, self.entry))  # type: ignore[arg-type]
            self.current, self.entry = node, None

    def scalar(self, event: ScalarEvent) -> Any:
        if event.tag is not None:
            return SILENT
        if event.style == '"' and (character := spoilt(event)):
            made = "a line break" if character == "\n" else described(character)
            self.at(
                event,
                f'a backslash in double quotes made {made} (in YAML "\\f \\b \\n \\t \\r \\a" are '
                "escapes); put LaTeX in a | block or in no quotes",
            )
            return SILENT
        return value_of(event)

    def place(self, event: Event, node: Node) -> bool:
        """Puts a node where it belongs; False if it is skipped because it stands for a key."""
        if self.current is None:
            self.root = self.root or node
        elif isinstance(self.current, List):
            self.current.items.append(node)
        elif isinstance(self.current, Map):
            if self.entry is not None:
                self.entry.node = node
                self.entry = None
            else:
                return self.key(event, node, self.current)
        return True

    def key(self, event: Event, node: Node, owner: Map) -> bool:
        key = key_of(getattr(node, "value", None))
        if not isinstance(node, Scalar):
            self.at(event, "a key must be one word, not a list or a map")
            self.skipping = 1
        elif not isinstance(key, str) and key is not SILENT:
            written = key.written if isinstance(key, NotText) else "" if key is None else str(key)
            self.at(event, f"a key must be text, not {written or 'nothing'}; put it in quotes")
        name = key if isinstance(key, str) else ""
        if name and any(entry.key == name for entry in owner.entries):
            self.at(event, f'key "{name}" appears twice; keep one')
            name = ""
        self.entry = Entry(name, *position(event), Scalar(*position(event), SILENT))
        owner.entries.append(self.entry)
        return isinstance(node, Scalar)

    def close(self) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        self.current, self.entry = self.stack.pop()


def position(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class Silent:
    """Stands for a value that has been complained about: whatever is expected, it will do."""


SILENT = Silent()
