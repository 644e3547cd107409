"""A line is what was written, or it is damaged, or it is from the future; never something else."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Aim, Due, Event, Rating, Review, Undo, Weights
from interview_cli.scheduling.fsrs import LOWER, UPPER, WEIGHTS
from interview_cli.store.line import WEEKDAYS, Damaged, Newer, dump, load

from .material import aim, due, review, undo, weights

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
times = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
zones = st.integers(-14 * 60, 14 * 60)
reviews = st.builds(
    Review, texts, times, zones, texts, st.sampled_from(Rating), texts,
    st.integers(0, 2**40), texts, st.booleans(),
)  # fmt: skip
undos = st.builds(Undo, texts, times, zones, texts)
dues = st.builds(Due, texts, times, zones, texts)
fitted = st.builds(
    Weights, texts, times, zones,
    st.tuples(*(st.floats(low, high) for low, high in zip(LOWER, UPPER, strict=True))),
)  # fmt: skip
dates = st.dates(date(1900, 1, 1), date(9000, 12, 31))
aims = st.builds(
    Aim, texts, times, zones, st.none() | dates, st.integers(1, 1440),
    st.lists(st.sampled_from(WEEKDAYS) | dates.map(str), max_size=9).map(tuple),
)  # fmt: skip


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


def setting(event: Weights | Aim, **fields: object) -> bytes:
    """The line of a setting with other fields and a right checksum; None as a field is null."""
    whole = json.loads(dump(event))
    del whole["sum"]
    return signed(json.dumps(whole | fields))


def fit(place: int, weight: object) -> bytes:
    """The line of weights, one of which is something else."""
    return setting(weights("w1"), weights=[*WEIGHTS[:place], weight, *WEIGHTS[place + 1 :]])


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
    assert dump(weights("w1")._replace(weights=WEIGHTS)) == (
        b'{"type":"weights","v":1,"id":"w1","at":"2026-11-21T08:46:37.123456Z","tz":480,'
        b'"weights":[0.212,1.2931,2.3065,8.2956,6.4133,0.8334,3.0194,0.001,1.8722,0.1666,0.796,'
        b"1.4835,0.0614,0.2629,1.6483,0.6014,1.8729,0.5425,0.0912,0.0658,0.1542],"
        b'"sum":"3a13e81c"}\n'
    )
    assert dump(aim("a1")) == (
        b'{"type":"aim","v":1,"id":"a1","at":"2026-11-21T08:46:37.123456Z","tz":480,'
        b'"date":"2026-12-18","minutes":30,"off":["sat","2026-12-01"],"sum":"641a06f2"}\n'
    )
    assert b'"date":null,"minutes":30,' in dump(aim("a1", day=None))


@given(reviews | undos | dues | fitted | aims)
def test_what_was_written_is_read(event: Event) -> None:
    assert load(dump(event)) == event
    assert type(load(dump(event))) is type(event)
    assert dump(event).count(b"\n") == 1


def test_the_time_is_written_in_utc_whatever_zone_it_came_in() -> None:
    at = datetime(2026, 11, 21, 16, 0, tzinfo=timezone(timedelta(hours=8)))
    line = dump(review("r1", reviewed_at=at))
    assert b'"at":"2026-11-21T08:00:00Z"' in line
    assert load(line) == review("r1", reviewed_at=at)
    for event in (
        undo("u1", "r1")._replace(undone_at=at),
        due("d1")._replace(due_at=at),
        weights("w1")._replace(fitted_at=at),
        aim("a1")._replace(aimed_at=at),
    ):
        assert b'"at":"2026-11-21T08:00:00Z"' in dump(event)
        assert load(dump(event)) == event


def test_a_line_that_git_ended_with_cr_lf_is_read() -> None:
    line = dump(review("r1"))
    assert load(line.replace(b"\n", b"\r\n")) == load(line)


@pytest.mark.parametrize(
    "event", [review("r1"), undo("u1", "r1"), due("d1"), weights("w1"), aim("a1")]
)
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
        *(pytest.param(fit(n, math.nextafter(LOWER[n], -9)), id=f"w{n} below") for n in range(21)),
        *(pytest.param(fit(n, math.nextafter(UPPER[n], 999)), id=f"w{n} above") for n in range(21)),
        pytest.param(fit(3, math.nan), id="a weight that is no number"),
        pytest.param(fit(3, math.inf), id="a weight without end"),
        pytest.param(signed(fit(3, 7.5).split(b',"sum"')[0].replace(b"7.5", b"1e999") + b"}"),
                     id="a weight without end in digits"),
        pytest.param(fit(3, "8"), id="a weight in words"),
        pytest.param(fit(3, True), id="a weight that is true"),
        pytest.param(fit(3, None), id="a weight that is nothing"),
        pytest.param(fit(3, [8.0]), id="a weight in a list"),
        pytest.param(setting(weights("w1"), weights=[]), id="no weights"),
        pytest.param(setting(weights("w1"), weights=WEIGHTS[:20]), id="20 weights"),
        pytest.param(setting(weights("w1"), weights=[*WEIGHTS, 0.5]), id="22 weights"),
        pytest.param(setting(weights("w1"), weights=None), id="weights that are nothing"),
        pytest.param(setting(weights("w1"), tz=1440), id="fitted a day east"),
        pytest.param(setting(weights("w1"), at="0001-01-01T00:00:00Z"), id="fitted before dates"),
        pytest.param(setting(aim("a1"), minutes=0), id="no minute a day"),
        pytest.param(setting(aim("a1"), minutes=1441), id="more minutes than a day has"),
        pytest.param(setting(aim("a1"), minutes=29.5), id="half a minute"),
        pytest.param(setting(aim("a1"), minutes=None), id="minutes that are nothing"),
        pytest.param(setting(aim("a1"), date="2026-12-32"), id="a day there is not"),
        pytest.param(setting(aim("a1"), date="18 December"), id="a day in words"),
        pytest.param(setting(aim("a1"), date="1899-12-31"), id="a day before days"),
        pytest.param(setting(aim("a1"), date="9001-01-01"), id="a day after days"),
        pytest.param(setting(aim("a1"), off=["someday"]), id="a weekday there is not"),
        pytest.param(setting(aim("a1"), off=["Sat"]), id="a weekday with a capital"),
        pytest.param(setting(aim("a1"), off=["sat", "2026-02-29"]), id="a date there is not"),
        pytest.param(setting(aim("a1"), off=["20261201"]), id="a date without dashes"),
        pytest.param(setting(aim("a1"), off=["2026-W49-2"]), id="a date by its week"),
        pytest.param(setting(aim("a1"), off=[6]), id="a weekday by its number"),
        pytest.param(setting(aim("a1"), off="sat"), id="days off that are no list"),
        pytest.param(signed(b'{"type":"aim","v":1,"id":"a1","at":"2026-11-21T08:46:37Z","tz":0,'
                            b'"minutes":30,"off":[]}'), id="no date, not even none"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_damaged(line: bytes) -> None:
    with pytest.raises(Damaged):
        load(line)


def test_settings_at_the_ends_of_what_can_be_are_read() -> None:
    for ends in (LOWER, UPPER):
        assert load(setting(weights("w1"), weights=ends)) == weights("w1")._replace(weights=ends)
    whole = [int(weight) if weight == int(weight) else weight for weight in UPPER]
    found = load(setting(weights("w1"), weights=whole))
    assert found == weights("w1")._replace(weights=UPPER)
    assert all(isinstance(weight, float) for weight in found[3])  # type: ignore[misc]
    for minutes in (1, 1440):
        assert load(setting(aim("a1"), minutes=minutes)) == aim("a1")._replace(minutes=minutes)
    for off in ((), WEEKDAYS, ("2028-02-29",)):
        assert load(setting(aim("a1"), off=off)) == aim("a1")._replace(off=off)
    assert load(setting(aim("a1"), date=None)) == aim("a1", day=None)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(changed(v="2"), id="our fields, version 2"),
        pytest.param(changed(v="9" * 30), id="version of the far future"),
        pytest.param(signed('{"type":"review","v":2,"id":7,"more":[1]}'), id="other fields"),
        pytest.param(signed('{"type":"note","v":1,"id":"n1","note":"x"}'), id="unknown type"),
        pytest.param(signed('{"v":3,"type":"pause"}'), id="both"),
        pytest.param(setting(weights("w1"), v=2, weights=[0.1] * 35), id="weights of FSRS to come"),
        pytest.param(setting(aim("a1"), v=2, off=["afternoons"]), id="an aim of another kind"),
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
