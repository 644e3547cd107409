"""Strict YAML: text, numbers, true and false, lists and maps, read from the parser's events.

Nothing is constructed: no tags, aliases or merges, and no recursion, so that a deck from somebody
else is only ever data. (The C composer crashes the interpreter on 100 KB of `[`; events do not.)

`values` gives up at the first doubt. nodes.py then goes over the same bytes again, keeps positions
and collects every problem. Both accept the same files, which a test checks.
"""

import math
import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

MAX_BYTES = 1 << 20
MAX_DEPTH = 12

# Everything a terminal acts on or hides: C0 but newline, DEL, C1, zero width, bidi, fillers, tags.
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff]"
)
# What some YAML reader takes for a boolean or nothing, in any case; and for a number or a date.
NOT_TEXT_WORDS = frozenset(
    ("~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<")
)
NOT_NUMBER_OR_TEXT = r"""(?xi)
      [-+]? ( 0x[0-9a-f_]+ | 0o?[0-7_]+ | 0b[01_]+ | [0-9][0-9_]* ( \.[0-9_]* )? ( e[-+]?[0-9]+ )?
            | \.[0-9][0-9_]* ( e[-+]?[0-9]+ )? | \.inf | [0-9]+ ( : [0-5]?[0-9] )+ ( \.[0-9]* )? )
    | \.nan | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} ( [Tt\ ]+ [0-9]{1,2} : .* )? """
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
NUMBER_FIRST = frozenset("+-.0123456789")
NOT_TEXT_FIRST = frozenset("~nNtTfFyYoO-+.=<0123456789")

Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Unclear(Exception):  # not an error: the slow reader looks again
    """The quick reader gives up; the slow one will say why."""


class NotText:
    """A plain scalar that is no text and no number we know: a date, `yes`, `0x1f`, nothing."""

    __match_args__ = ("written",)

    def __init__(self, written: str) -> None:
        self.written = written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NotText) and self.written == other.written


def value_of(event: ScalarEvent) -> Any:
    """A str for text, and int, float, bool, None or NotText for a plain scalar that is no text."""
    written: str = event.value
    if not event.implicit[0]:
        return written
    if written == "":
        return None
    if written[0] not in NUMBER_FIRST:
        if written.lower() not in NOT_TEXT_WORDS:
            return written
        return written == "true" if written in ("true", "false") else NotText(written)
    if INTEGER.fullmatch(written):
        return int(written)
    if NUMBER.fullmatch(written) and math.isfinite(number := float(written)):
        return number
    # Not compiled before it is needed: most decks need no more than the two patterns above.
    return NotText(written) if re.fullmatch(NOT_NUMBER_OR_TEXT, written) else written


def key_of(value: Any) -> Any:
    """As a key, `n`, `on` or `true` is the word it looks like."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.written if isinstance(value, NotText) and value.written.isalpha() else value


def decoded(raw: bytes) -> str:
    """The text of a file, whichever of the two line ends it has. Raises UnicodeDecodeError."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def values(raw: bytes) -> Any:
    """The plain value of a whole file, or Unclear at the first thing that is not right."""
    if len(raw) > MAX_BYTES:
        raise Unclear
    try:
        text = decoded(raw)
    except UnicodeDecodeError:
        raise Unclear from None
    if HIDDEN.search(text):
        raise Unclear
    root: list[Any] = []
    stack: list[Any] = []
    current: Any = root
    key: str | None = None
    try:
        next_event = Loader(text).get_event  # yaml.parse asks twice for every event
        event: Any = None  # mypy does not follow `kind`, and isinstance is slower
        while (kind := type(event := next_event())) is not StreamEndEvent:
            if kind is ScalarEvent:
                if event.anchor is not None or event.tag is not None:
                    raise Unclear
                value = event.value
                wants_key = key is None and type(current) is dict
                if event.implicit[0]:
                    if not value:
                        raise Unclear
                    # A word that stands for a key is that word, whatever it might mean as a value.
                    if value[0] in NOT_TEXT_FIRST and not (wants_key and value.isidentifier()):
                        value = value_of(event)
                elif event.style == '"' and spoilt(event):
                    raise Unclear
                if wants_key:
                    value = key_of(value)
                    if type(value) is not str or value == "" or value in current:
                        raise Unclear
                    key = value
                    continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if event.anchor is not None or event.tag is not None or len(stack) >= MAX_DEPTH:
                    raise Unclear
                value = {} if kind is MappingStartEvent else []
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                current, key = stack.pop()
                continue
            elif kind is AliasEvent or (kind is DocumentStartEvent and root):
                raise Unclear
            else:
                continue
            if type(current) is list:
                current.append(value)
            elif key is None:
                raise Unclear  # a list or a map for a key
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
    """The hidden character or newline inside double quotes, if there is one."""
    found = HIDDEN.search(event.value)
    return found[0] if found else "\n" if "\n" in event.value else None
