"""A line is what was written, or it is damaged, or it is from the future; never something else."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Due, Event, Rating, Review, Undo
from interview_cli.store.line import Damaged, Newer, dump, load

from .material import due, review, undo

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
zones = st.integers(-14 * 60, 14 * 60)
reviews = st.builds(
    Review, texts, times, zones, texts, st.sampled_from(Rating), texts,
    st.integers(0, 2**40), texts, st.booleans(),
)  # fmt: skip
undos = st.builds(Undo, texts, times, zones, texts)
dues = st.builds(Due, texts, times, zones, texts)


def signed(body: str | bytes) -> bytes:
    """A line with a right checksum, whatever it says."""
    raw = body.encode() if isinstance(body, str) else body
    raw = raw.removesuffix(b"}")
    return b'%s,"sum":"%08x"}\n' % (raw, crc32(raw))


def changed(**fields: str) -> bytes:
    """A review's line with other JSON in some fields and a right checksum."""
    line = dump(review("r1")).decode()
    body = line[: line.index(',"sum"')] + "}"
    for name, value in fields.items():
        start = body.index(f'"{name}":') + len(name) + 3
        end = min(p for p in (body.find(",", start), body.find("}", start)) if p > 0)
        body = body[:start] + value + body[end:]
    return signed(body)


def test_a_line_is_the_one_that_the_documentation_shows() -> None:
    assert dump(review("r1")) == (
        b'{"type":"review","v":1,"id":"r1","at":"2026-11-21T08:46:37.123456Z","tz":480,'
        b'"card":"bn-axes","rating":3,"kind":"recall","elapsed_ms":8140,"text":"9f86d081",'
        b'"sum":"4083fdb3"}\n'
    )
    assert dump(undo("u1", "r1")) == (
        b'{"type":"undo","v":1,"id":"u1","at":"2026-11-21T08:46:37.123456Z","tz":480,'
        b'"review":"r1","sum":"bddcdb47"}\n'
    )
    assert dump(due("d1")) == (
        b'{"type":"due","v":1,"id":"d1","at":"2026-11-21T08:46:37.123456Z","tz":480,'
        b'"card":"bn-axes","sum":"f962302e"}\n'
    )


@given(reviews | undos | dues)
def test_what_was_written_is_read(event: Event) -> None:
    assert load(dump(event)) == event
    assert type(load(dump(event))) is type(event)
    assert dump(event).count(b"\n") == 1


def test_the_time_is_written_in_utc_whatever_zone_it_came_in() -> None:
    at = datetime(2026, 11, 21, 16, 0, tzinfo=timezone(timedelta(hours=8)))
    line = dump(review("r1", reviewed_at=at))
    assert b'"at":"2026-11-21T08:00:00Z"' in line
    assert load(line) == review("r1", reviewed_at=at)
    for event in (undo("u1", "r1")._replace(undone_at=at), due("d1")._replace(due_at=at)):
        assert b'"at":"2026-11-21T08:00:00Z"' in dump(event)
        assert load(dump(event)) == event


def test_a_line_that_git_ended_with_cr_lf_is_read() -> None:
    line = dump(review("r1"))
    assert load(line.replace(b"\n", b"\r\n")) == load(line)


@pytest.mark.parametrize("event", [review("r1"), undo("u1", "r1"), due("d1")])
def test_every_torn_line_is_damaged(event: Event) -> None:
    line = dump(event)
    for size in range(len(line) - 1):
        with pytest.raises(Damaged):
            load(line[:size])
        with pytest.raises(Damaged):
            load(line[-size - 1 :][1:] if size else b"")


def test_every_changed_byte_is_noticed() -> None:
    line = dump(review("r1")).rstrip(b"\n")
    rng = Random(1)
    for place in range(len(line)):
        for _ in range(3):
            other = rng.choice([b for b in range(256) if b != line[place]])
            with pytest.raises(Damaged):
                load(line[:place] + bytes([other]) + line[place + 1 :])


@given(st.binary(max_size=300))
def test_garbage_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        load(data)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(changed(rating="5"), id="a rating there is not"),
        pytest.param(changed(rating="3.5"), id="half a rating"),
        pytest.param(changed(tz="1440"), id="a day east"),
        pytest.param(changed(tz="null"), id="no zone"),
        pytest.param(changed(at='"2026-11-21T08:46:37"'), id="a time without a zone"),
        pytest.param(changed(at='"0001-01-01T00:00:00Z"'), id="a time before dates"),
        pytest.param(changed(at='"9999-12-31T23:59:59Z"'), id="a time after dates"),
        pytest.param(changed(elapsed_ms="9" * 30), id="more than SQLite holds"),
        pytest.param(changed(elapsed_ms="-1"), id="less than no time"),
        pytest.param(changed(id="7"), id="an id that is a number"),
        pytest.param(changed(v='"1"'), id="a version that is text"),
        pytest.param(changed(card='"\\ud800"'), id="half a character"),
        pytest.param(signed(b'{"type":"review","v":1,"id":"\xff"}'), id="not UTF-8"),
        pytest.param(signed('{"type":"review","v":1}'), id="fields missing"),
        pytest.param(signed('{"v":1}'), id="no type"),
        pytest.param(signed("[1, 2]"), id="a list"),
        pytest.param(signed("{}"), id="nothing"),
        pytest.param(signed('{"type":"due","v":1,"id":"d1","card":"x"}'), id="due at no time"),
        pytest.param(signed('{"type":"review","v":1,"x":' + "[" * 10**5), id="too deep"),
    ],
)
def test_a_right_checksum_does_not_make_nonsense_a_review(line: bytes) -> None:
    with pytest.raises(Damaged):
        load(line)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(changed(v="2"), id="our fields, version 2"),
        pytest.param(changed(v="9" * 30), id="version of the far future"),
        pytest.param(signed('{"type":"review","v":2,"id":7,"more":[1]}'), id="other fields"),
        pytest.param(signed('{"type":"note","v":1,"id":"n1","note":"x"}'), id="unknown type"),
        pytest.param(signed('{"v":3,"type":"pause"}'), id="both"),
    ],
)
def test_a_line_from_a_newer_version_is_not_damaged(line: bytes) -> None:
    with pytest.raises(Newer):
        load(line)


def test_a_newer_line_needs_a_right_checksum_too() -> None:
    line = changed(v="2")
    with pytest.raises(Damaged):
        load(line.replace(b'"v":2', b'"v":3'))


def test_fields_that_a_later_version_adds_are_passed_over() -> None:
    line = dump(review("r1")).decode()
    body = line[: line.index(',"sum"')] + ',"mood":"good"}'
    assert load(signed(body)) == review("r1")
