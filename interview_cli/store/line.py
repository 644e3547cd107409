"""One event as one line of the log, and back.

    {"type":"review","v":1,"id":"...","at":"2026-11-21T08:46:37.123456Z","tz":480,
     "card":"bn-axes","rating":3,"kind":"recall","elapsed_ms":8140,"text":"9f86d081",
     "sum":"4083fdb3"}
    {"type":"undo", ..., "review":"...", "sum":"..."}
    {"type":"due", ..., "card":"bn-axes", "sum":"..."}

`sum` is the CRC-32 of everything before it, so that a torn or damaged line is never taken for a
review. `v` grows when the meaning of a line changes.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal
from zlib import crc32

import msgspec

from interview_cli.domain.review import Due, Event, Rating, Review, Undo

VERSION = 1
SUM_BYTES = len(',"sum":"00000000"}')
TYPES = ("review", "undo", "due")
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


class AnyLine(msgspec.Struct):
    """What every version's lines have."""

    v: int
    type: str


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(ReviewLine | UndoLine | DueLine).decode
decode_any = msgspec.json.Decoder(AnyLine).decode


def dump(event: Event) -> bytes:
    """The line of an event, with its newline."""
    fields: ReviewLine | UndoLine | DueLine
    if isinstance(event, Review):
        fields = ReviewLine(
            v=VERSION,
            id=event.id,
            at=event.reviewed_at.astimezone(UTC),
            tz=event.zone_min,
            card=event.card,
            rating=int(event.rating),  # type: ignore[arg-type]
            kind=event.kind,
            elapsed_ms=event.elapsed_ms,
            text=event.text,
            cram=event.is_cram,
        )
    elif isinstance(event, Undo):
        fields = UndoLine(
            v=VERSION,
            id=event.id,
            at=event.undone_at.astimezone(UTC),
            tz=event.zone_min,
            review=event.review,
        )
    else:
        fields = DueLine(
            v=VERSION,
            id=event.id,
            at=event.due_at.astimezone(UTC),
            tz=event.zone_min,
            card=event.card,
        )
    body = encode(fields)[:-1]
    return b'%s,"sum":"%08x"}\n' % (body, crc32(body))


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
    if isinstance(fields, UndoLine):
        return Undo(fields.id, fields.at, fields.tz, fields.review)
    if isinstance(fields, DueLine):
        return Due(fields.id, fields.at, fields.tz, fields.card)
    return Review(
        fields.id,
        fields.at,
        fields.tz,
        fields.card,
        RATINGS[fields.rating],
        fields.kind,
        fields.elapsed_ms,
        fields.text,
        fields.cram,
    )


RATINGS = (None, *Rating)


def is_newer(line: bytes) -> bool:
    """Whether a line that cannot be read says that it is from a newer version."""
    try:
        found = decode_any(line)
    except (ValueError, RecursionError):
        return False
    return found.v > VERSION or found.type not in TYPES
