"""One event as one line of the log, and back.

    {"type":"review","v":1,"id":"...","at":"2026-11-21T08:46:37.123456Z","tz":480,
     "card":"bn-axes","rating":3,"kind":"recall","elapsed_ms":8140,"text":"9f86d081",
     "sum":"4083fdb3"}
    {"type":"undo", ..., "review":"...", "sum":"..."}
    {"type":"due", ..., "card":"bn-axes", "sum":"..."}
    {"type":"weights", ..., "weights":[0.212,1.2931, ...], "sum":"..."}
    {"type":"aim", ..., "date":"2026-12-18","minutes":30,"off":["sat","2026-12-01"], "sum":"..."}

`sum` is the CRC-32 of everything before it, so that a torn or damaged line is never taken for a
review. `v` grows when the meaning of a line changes.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, assert_never
from zlib import crc32

import msgspec

from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Undo, Weights
from interview_cli.scheduling.aim import WEEKDAYS
from interview_cli.scheduling.fsrs import checked

VERSION = 1
SUM_BYTES = len(',"sum":"00000000"}')
TYPES = ("review", "undo", "due", "weights", "aim")
# Beyond them a due date is no date; a clock that is as wrong as that says nothing.
FIRST_YEAR, LAST_YEAR = 1900, 9000


class Damaged(Exception):
    """A line that is not what was written; the message says why."""


class Newer(Exception):
    """A whole line from a newer version of this program."""


class ReviewLine(msgspec.Struct, tag="review", tag_field="type", omit_defaults=True):
    """The fields of a review, in the order in which they are written."""

    v: int
    id: str
    at: datetime
    tz: int
    card: str
    rating: Literal[1, 2, 3, 4]
    kind: str
    elapsed_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    text: str
    sum: str = ""
    cram: bool = False


class UndoLine(msgspec.Struct, tag="undo", tag_field="type", omit_defaults=True):
    """The fields of an undo."""

    v: int
    id: str
    at: datetime
    tz: int
    review: str
    sum: str = ""


class DueLine(msgspec.Struct, tag="due", tag_field="type", omit_defaults=True):
    """The fields of a card that is brought forward."""

    v: int
    id: str
    at: datetime
    tz: int
    card: str
    sum: str = ""


class WeightsLine(msgspec.Struct, tag="weights", tag_field="type", omit_defaults=True):
    """The fields of weights that were fitted."""

    v: int
    id: str
    at: datetime
    tz: int
    weights: tuple[float, ...]
    sum: str = ""


class AimLine(msgspec.Struct, tag="aim", tag_field="type", omit_defaults=True):
    """The fields of the day that the learner prepares for."""

    v: int
    id: str
    at: datetime
    tz: int
    date: date | None
    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)]
    off: tuple[str, ...]
    sum: str = ""


class AnyLine(msgspec.Struct):
    """What every version's lines have."""

    v: int
    type: str


encode = msgspec.json.Encoder().encode
Line = ReviewLine | UndoLine | DueLine | WeightsLine | AimLine
decode = msgspec.json.Decoder(Line).decode
decode_any = msgspec.json.Decoder(AnyLine).decode


def dump(event: Event) -> bytes:
    """The line of an event, with its newline."""
    body = encode(fields_of(event))[:-1]
    return b'%s,"sum":"%08x"}\n' % (body, crc32(body))


def fields_of(event: Event) -> Line:
    """An event as it is written."""
    name, at, zone_min, *_ = event
    head = (VERSION, name, at.astimezone(UTC), zone_min)
    match event:
        case Review():
            return ReviewLine(
                *head,
                event.card,
                int(event.rating),  # type: ignore[arg-type]
                event.kind,
                event.elapsed_ms,
                event.text,
                cram=event.is_cram,
            )
        case Undo():
            return UndoLine(*head, event.review)
        case Due():
            return DueLine(*head, event.card)
        case Weights():
            return WeightsLine(*head, event.weights)
        case Aim():
            return AimLine(*head, event.date, event.minutes, event.off)
        case _ as never:
            assert_never(never)


def load(line: bytes) -> Event:
    """The event of a line, with or without its newline (git may have made it CR LF). Raises
    Damaged or Newer."""
    line = line.rstrip(b"\r\n")
    body, tail = line[:-SUM_BYTES], line[-SUM_BYTES:]
    if not tail.startswith(b',"sum":"') or not tail.endswith(b'"}'):
        raise Damaged("it has no checksum at its end")
    if tail[8:16] != b"%08x" % crc32(body):
        raise Damaged("its checksum does not fit")
    try:
        fields = decode(line)
    except (ValueError, RecursionError) as error:  # msgspec's own, or not UTF-8, or too deep
        if is_newer(line):
            raise Newer from None
        raise Damaged(f"it is not a review: {error}") from None
    if fields.v > VERSION:
        raise Newer
    if fields.at.tzinfo is None or not -1440 < fields.tz < 1440:
        raise Damaged("its time has no zone")
    if not FIRST_YEAR <= fields.at.year <= LAST_YEAR:
        raise Damaged("its time is no time of ours")
    return event_of(fields)


def event_of(fields: Line) -> Event:
    """The event that was written. Raises Damaged for a setting that cannot be."""
    head = (fields.id, fields.at, fields.tz)
    match fields:
        case ReviewLine():
            return Review(
                *head, fields.card, RATINGS[fields.rating], fields.kind, fields.elapsed_ms,
                fields.text, fields.cram,
            )  # fmt: skip
        case UndoLine():
            return Undo(*head, fields.review)
        case DueLine():
            return Due(*head, fields.card)
        case WeightsLine():
            return Weights(*head, weights_of(fields))
        case AimLine():
            return Aim(*head, date_of(fields), fields.minutes, off_of(fields))
        case _ as never:
            assert_never(never)


def weights_of(fields: WeightsLine) -> tuple[float, ...]:
    try:
        return checked(fields.weights)
    except ValueError as error:
        raise Damaged(str(error)) from None


def date_of(fields: AimLine) -> date | None:
    if fields.date and not FIRST_YEAR <= fields.date.year <= LAST_YEAR:
        raise Damaged("its day is no day of ours")
    return fields.date


def off_of(fields: AimLine) -> tuple[str, ...]:
    for day in fields.off:
        if day not in WEEKDAYS and not is_date(day):
            raise Damaged("a day off is neither a weekday nor a date")
    return fields.off


def is_date(text: str) -> bool:
    """Whether it is a date as this program writes it; Python reads 2026-W49-2 too."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


RATINGS = (None, *Rating)


def is_newer(line: bytes) -> bool:
    """Whether a line that cannot be read says that it is from a newer version."""
    try:
        found = decode_any(line)
    except (ValueError, RecursionError):
        return False
    return found.v > VERSION or found.type not in TYPES
