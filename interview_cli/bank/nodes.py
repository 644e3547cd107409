"""The careful reader: a tree with positions, and everything that is wrong with a file's YAML.

It works on the same events as reader.py, by the same rules, without recursion.
"""

import unicodedata
from collections.abc import Callable, Iterator
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

from interview_cli.bank.reader import (
    HIDDEN,
    MAX_BYTES,
    MAX_DEPTH,
    Loader,
    NotText,
    decoded,
    key_of,
    spoilt,
    value_of,
)
from interview_cli.errors import Problem

MAX_PROBLEMS = 100

Wrong = Callable[[int, int, str], None]


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
    names: set[str] = field(default_factory=set)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)


class Enough(Exception):  # not an error: nobody reads more
    """MAX_PROBLEMS problems have been found."""


def collector(path: str, problems: list[Problem]) -> Wrong:
    """Appends what it is told to `problems`, and raises Enough when there are too many."""

    def wrong(line: int, column: int, message: str) -> None:
        if len(problems) >= MAX_PROBLEMS:
            last = max(problems)
            more = f"more problems follow; these are the first {MAX_PROBLEMS} that were found"
            problems.append(Problem(path, last.line, last.column, more))
            raise Enough
        problems.append(Problem(path, line, column, message))

    return wrong


def nodes(raw: bytes, path: str) -> tuple[Node | None, list[Problem]]:
    """The positioned tree of a file (None if it breaks off) and all that is wrong with its YAML."""
    problems: list[Problem] = []
    wrong = collector(path, problems)
    try:
        text = readable(raw, wrong)
        root = Builder(wrong).build(text) if text is not None else None
    except Enough:
        return None, problems
    return root, problems


def readable(raw: bytes, wrong: Wrong) -> str | None:
    """The text of a file if it is one that may be parsed."""
    if len(raw) > MAX_BYTES:
        wrong(1, 1, f"the file has {len(raw)} bytes; a deck may have {MAX_BYTES}: split it in two")
        return None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        wrong(1, 1, "the file is UTF-16; save it as UTF-8")
        return None
    try:
        text = decoded(raw)
    except UnicodeDecodeError as error:
        # error.object: what follows a byte order mark
        before = error.object[: error.start].decode().rpartition("\n")
        wrong(
            error.object.count(b"\n", 0, error.start) + 1,
            len(before[2]) + 1,
            "not UTF-8 from here on; save the file as UTF-8",
        )
        return None
    if not HIDDEN.search(text):
        return text
    for number, line in enumerate(text.split("\n"), 1):
        if hidden := list(HIDDEN.finditer(line)):
            more = f", and {len(hidden) - 1} more on this line" if hidden[1:] else ""
            do = "remove them" if more else "use spaces" if hidden[0][0] == "\t" else "remove it"
            where, what = hidden[0].start() + 1, described(hidden[0][0])
            wrong(number, where, f"hidden character {what}{more}; {do}")
    return None


CONTROLS = {
    "\0": "null",
    "\a": "bell",
    "\b": "backspace",
    "\t": "tab",
    "\v": "vertical tab",
    "\f": "form feed",
    "\r": "carriage return",
    "\x1b": "ESC",
    "\x7f": "delete",
    "\x85": "next line",
    "\ufeff": "byte order mark",
}


def described(character: str) -> str:
    """U+200B (zero width space)."""
    name = CONTROLS.get(character) or unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}" + (f" ({name})" if name else "")


def brief(text: str) -> str:
    """`text` as a message may carry it: one line, nothing hidden, not long."""
    first, more, _ = text.strip().partition("\n")
    first = HIDDEN.sub("\ufffd", first)
    return f"{first[:39]}…" if more or len(first) > 40 else first


# What to do about the parser's complaints, by a part of their words.
HINTS = {
    "escape character": 'inside double quotes YAML reads "\\..." as an escape: use a | block',
    "cannot start any token": "put the text in quotes or in a | block",
    "mapping values are not allowed": "text with ': ' inside needs quotes or a | block",
    "unexpected end of stream": "the quote that begins here is not closed",
    "',' or ']'": "close the [ of line LINE, or put the text in quotes",
    "',' or '}'": "close the { of line LINE, or put the text in quotes",
    "comment or line break": "the text of a | block begins on the next line",
    "hexdecimal": 'inside double quotes YAML reads "\\x" as an escape: use a | block',
    "incompatible": "remove the line %YAML",
    "could not find expected ':'": "a key ends in ': ', and text over several lines is indented",
    "expected key": "look at the indentation, and at the quotes, of this line and the one before",
    "expected '-' indicator": "look at the indentation of this line and the one before",
    "alphabetic or numeric character": "text that begins with & or * needs quotes",
    "tag": "text that begins with ! needs quotes",
    "directive": "text that begins with % needs quotes",
}


class Builder:
    """Builds the tree of one file from its events, without recursion; `wrong` takes problems."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        self.stack: list[tuple[Node, Entry | None]] = []
        self.root: Node | None = None
        self.entry: Entry | None = None
        self.current: Node | None = None
        self.skipping = 0
        self.broken = False

    def build(self, text: str) -> Node | None:
        """The tree, or None if the file breaks off: what it lacks then says nothing."""
        for event in self.events(text):
            if self.broken:
                break
            if isinstance(event, DocumentStartEvent) and self.root is not None:
                self.at(event, "a second document begins here; a deck is one document")
                break
            if isinstance(event, (SequenceEndEvent, MappingEndEvent)):
                self.close()
            elif isinstance(event, AliasEvent):
                if not self.skipping:
                    name = brief(str(event.anchor))
                    self.at(event, f"alias *{name}; write it out, or put the text in quotes")
                    self.place(event, Scalar(*position(event), SILENT))
            elif isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent)):
                self.open(event)
        if self.broken:
            return None
        if self.root is None:
            self.wrong(1, 1, "the file is empty")
        return self.root

    def events(self, text: str) -> Iterator[Event]:
        try:
            yield from yaml.parse(text, Loader=Loader)
        except yaml.YAMLError as error:
            self.broken = True
            what = getattr(error, "problem", None) or "it cannot be parsed"
            end: Any = getattr(error, "problem_mark", None)
            begin: Any = getattr(error, "context_mark", None)
            late = "unexpected end of stream" in what or "could not find expected ':'" in what
            mark = begin if begin and late else end or begin
            hint = next((f"; {hint}" for words, hint in HINTS.items() if words in what), "")
            hint = hint.replace("LINE", str(begin.line + 1) if begin else "1")
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.wrong(line, column, f"not valid YAML: {what}{hint}")

    def at(self, event: Event, message: str) -> None:
        self.wrong(*position(event), message)

    def open(self, event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> None:
        if self.skipping + len(self.stack) >= MAX_DEPTH and not isinstance(event, ScalarEvent):
            # Not a step further: the parser's time grows with the square of the depth.
            self.at(event, f"nested more than {MAX_DEPTH} deep; a deck never is")
            self.broken = True
            return
        if self.skipping:
            self.skipping += not isinstance(event, ScalarEvent)
            return
        if event.anchor is not None:
            name = brief(event.anchor)
            self.at(event, f"anchor &{name}; remove it, or put the text in quotes")
        if event.tag is not None:
            name = brief(event.tag.replace("tag:yaml.org,2002:", "!!", 1))
            self.at(event, f"tag {name}; remove it, or put the text in quotes")
        node: Node
        if isinstance(event, ScalarEvent):
            node = Scalar(*position(event), self.scalar(event))
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
                f"the double quotes hold {made}, as YAML reads a backslash in them "
                "(\\f \\b \\n \\t \\r \\a); put LaTeX in a | block or in no quotes",
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
            hint = "put it in quotes" if written else "write its name"
            self.at(event, f"a key must be text, not {brief(written) or 'nothing'}; {hint}")
        elif key == "":
            self.at(event, "a key must be text, not nothing; write its name")
        name = key if isinstance(key, str) else ""
        if name in owner.names:
            self.at(event, f'key "{brief(name)}" appears twice; keep one')
            name = ""
        elif name:
            owner.names.add(name)
        self.entry = Entry(name, *position(event), Scalar(*position(event), SILENT))
        owner.entries.append(self.entry)
        return isinstance(node, Scalar)

    def close(self) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        self.current, self.entry = self.stack.pop()


def position(event: Event) -> tuple[int, int]:
    mark: Any = event.start_mark
    return mark.line + 1, mark.column + 1


class Silent:
    """Stands for a value that has been complained about: whatever is expected, it will do."""


SILENT = Silent()
