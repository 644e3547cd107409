"""The scheduler: steps, phases, lapses, fuzz and replay."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Due, Rating, Review
from interview_cli.scheduling import scheduler
from interview_cli.scheduling.days import day_begins_at, study_day
from interview_cli.scheduling.fsrs import DEFAULT as FSRS
from interview_cli.scheduling.fsrs import LOWER, MAX_DIFFICULTY, UPPER, WEIGHTS, Fsrs
from interview_cli.scheduling.scheduler import (
    LEECH_LAPSES,
    MAX_INTERVAL_DAYS,
    Memory,
    Phase,
    Rules,
    brought_forward,
    fuzz_bounds,
    fuzz_of,
    interval_days,
    is_due,
    predicted,
    replay,
    retrievability,
    review,
    standing,
    step,
    trace,
)

AGAIN, HARD, GOOD, EASY = Rating
LEARNING, REVIEW, RELEARNING = Phase
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
RULES = Rules()
MIDNIGHT = Rules(rollover_hour=0)


def minutes(count):
    return timedelta(minutes=count)


def after(*ratings, at=NOON, fuzz=None):
    """The memory after ratings, each given the moment the card comes due."""
    memory = None
    for rating in ratings:
        at = memory.due_at if memory else at
        memory = review(memory, rating, at, 0, RULES, fuzz)
    assert memory is not None
    return memory


# Learning and relearning steps.

# (phase, step) and rating -> (phase, step) and the wait in minutes; None: days.
STEPS = {
    (LEARNING, 0): {
        AGAIN: (LEARNING, 0, 1),
        HARD: (LEARNING, 0, 5.5),
        GOOD: (LEARNING, 1, 10),
        EASY: (REVIEW, 0, None),
    },
    (LEARNING, 1): {
        AGAIN: (LEARNING, 0, 1),
        HARD: (LEARNING, 1, 10),
        GOOD: (REVIEW, 0, None),
        EASY: (REVIEW, 0, None),
    },
    (REVIEW, 0): {
        AGAIN: (RELEARNING, 0, 10),
        HARD: (REVIEW, 0, None),
        GOOD: (REVIEW, 0, None),
        EASY: (REVIEW, 0, None),
    },
    (RELEARNING, 0): {
        AGAIN: (RELEARNING, 0, 10),
        HARD: (RELEARNING, 0, 15),
        GOOD: (REVIEW, 0, None),
        EASY: (REVIEW, 0, None),
    },
}


def walk(ratings):
    """Goes through the table and through the scheduler, side by side."""
    memory, place, lapses = None, (LEARNING, 0), 0
    for count, rating in enumerate(ratings, 1):
        at = memory.due_at if memory else NOON
        lapses += place[0] == REVIEW and rating == AGAIN
        *place, wait = STEPS[tuple(place)][rating]
        memory = review(memory, rating, at, 0, RULES)
        assert [memory.phase, memory.step] == place
        if wait is None:
            assert memory.interval_days >= 1
            assert memory.due_at == day_begins_at(memory.due_day, 0)
        else:
            assert memory.interval_days == 0
            assert memory.due_at == at + minutes(wait)
        assert (memory.reps, memory.lapses) == (count, lapses)
        assert memory.first_day == study_day(NOON, 0)


def test_every_sequence_of_ratings_walks_through_the_table_of_steps():
    for ratings in product(Rating, repeat=6):
        walk(ratings)


def test_a_new_card_waits_one_minute_and_then_ten():
    assert after(AGAIN).due_at == NOON + minutes(1)
    assert after(GOOD).due_at == NOON + minutes(10)
    assert after(AGAIN, GOOD).due_at == NOON + minutes(1 + 10)


def test_hard_on_the_first_step_waits_half_way_to_the_second():
    assert after(HARD).due_at == NOON + timedelta(minutes=5, seconds=30)


def test_hard_on_the_second_step_repeats_it():
    memory = after(GOOD, HARD)
    assert (memory.phase, memory.step) == (LEARNING, 1)
    assert memory.due_at == NOON + minutes(10 + 10)


def test_easy_graduates_at_once():
    assert after(EASY).phase == REVIEW
    assert after(EASY).interval_days == 8  # S0(easy) = 8.2956


def test_two_goods_graduate():
    assert after(GOOD, GOOD).phase == REVIEW


def test_again_goes_back_to_the_first_step():
    assert after(GOOD, AGAIN).step == 0
    assert after(GOOD, AGAIN, GOOD).phase == LEARNING


# Lapses and leeches.


def test_again_counts_as_a_lapse_only_in_the_phase_review():
    assert after(AGAIN, AGAIN, AGAIN).lapses == 0
    assert after(EASY, AGAIN).lapses == 1
    assert after(EASY, AGAIN, AGAIN, AGAIN).lapses == 1
    assert after(EASY, AGAIN, GOOD, AGAIN).lapses == 2


def test_a_card_is_a_leech_from_its_eighth_lapse():
    seven = after(EASY, *[AGAIN, GOOD] * 7)
    assert (seven.lapses, seven.is_leech) == (7, False)
    eight = review(seven, AGAIN, seven.due_at, 0, RULES)
    assert (eight.lapses, eight.is_leech) == (LEECH_LAPSES, True)
    assert review(eight, GOOD, eight.due_at, 0, RULES).is_leech


@st.composite
def learnt(draw):
    """A memory in the phase REVIEW after some successes, on the day it comes due or later."""
    count = draw(st.integers(0, 8))
    ratings = draw(st.lists(st.sampled_from([HARD, GOOD, EASY]), min_size=count, max_size=count))
    memory = after(EASY, *ratings)
    return memory, memory.due_at + timedelta(days=draw(st.integers(0, 1000)))


@given(learnt())
def test_a_lapse_shortens_the_interval(case):
    memory, at = case
    lapsed = review(memory, AGAIN, at, 0, RULES)
    assert lapsed.stability < memory.stability
    assert lapsed.difficulty > memory.difficulty or lapsed.difficulty == MAX_DIFFICULTY
    back = review(lapsed, GOOD, lapsed.due_at, 0, RULES)
    assert back.interval_days < memory.interval_days
    assert back.interval_days < review(memory, HARD, at, 0, RULES).interval_days


@given(learnt())
def test_a_success_when_due_never_shortens_the_interval(case):
    memory, at = case
    for rating in (HARD, GOOD, EASY):
        assert review(memory, rating, at, 0, RULES).interval_days >= memory.interval_days


# Days.


def test_a_second_review_on_one_study_day_uses_the_short_term_equation():
    memory = after(EASY)
    for rating in Rating:
        again = review(memory, rating, NOON + timedelta(hours=15, minutes=59), 0, RULES)  # 03:59
        assert again.stability == FSRS.stability_same_day(memory.stability, rating)
        assert again.difficulty == FSRS.next_difficulty(memory.difficulty, rating)


def test_a_review_after_the_roll_over_uses_the_long_term_equations():
    memory = after(EASY)
    s, d = memory.stability, memory.difficulty
    r = FSRS.retrievability(1, s)
    for rating in Rating:
        found = review(memory, rating, NOON + timedelta(hours=16), 0, RULES)  # 04:00
        right = (
            FSRS.stability_after_lapse(d, s, r)
            if rating == AGAIN
            else FSRS.stability_after_recall(d, s, r, rating)
        )
        assert found.stability == right != FSRS.stability_same_day(s, rating)


def test_only_study_days_count_not_hours():
    late = after(EASY, at=datetime(2026, 11, 21, 23, 0, tzinfo=UTC))
    early = after(EASY, at=datetime(2026, 11, 21, 5, 0, tzinfo=UTC))
    assert late.due_at == early.due_at
    at = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
    assert review(late, GOOD, at, 0, RULES).stability == review(early, GOOD, at, 0, RULES).stability


def test_retrievability_falls_with_the_study_days():
    memory = after(EASY)
    found = [retrievability(memory, memory.reviewed_day + days, FSRS) for days in range(-1, 30)]
    assert found[:2] == [1, 1]
    assert found[1:] == sorted(set(found), reverse=True)
    assert found[memory.interval_days + 1] == pytest.approx(0.9, abs=0.005)


@given(
    st.lists(st.sampled_from(Rating), min_size=1, max_size=6),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(-720, 840),
    st.integers(0, 23),
)
def test_the_due_day_and_the_due_instant_agree(ratings, at, zone, hour):
    memory, rules = None, Rules(rollover_hour=hour)
    for rating in ratings:
        memory = review(memory, rating, memory.due_at if memory else at, zone, rules)
        assert memory.due_day == study_day(memory.due_at, zone, hour)
        assert is_due(memory, memory.due_at, memory.due_day)
        before = memory.due_at - TICK
        assert not is_due(memory, before, study_day(before, zone, hour))


# Fuzz. The bounds are those of Anki's own tests, and two by hand from its formula.

BOUNDS = [
    (1.0, 1, 1),
    (2.49, 2, 2),
    (2.5, 2, 4),
    (6.9, 5, 9),
    (7.0, 5, 9),
    (7.1, 5, 9),
    (14.0, 12, 16),
    (17.0, 14, 20),
    (37.0, 33, 41),
    (100.0, 93, 107),
]


@pytest.mark.parametrize(("days", "lower", "upper"), BOUNDS)
def test_fuzz_has_ankis_bounds(days, lower, upper):
    assert fuzz_bounds(days) == (lower, upper)
    stability = days / FSRS.interval(1.0, 0.9)
    assert interval_days(stability, 0.0, FSRS) == lower
    assert interval_days(stability, 0.999999, FSRS) == upper


@pytest.mark.parametrize("stability", [2.5, 3.0, 7.0, 10.0, 25.0, 60.0, 365.0])
def test_fuzz_gives_every_day_within_the_bounds_equally_often(stability):
    lower, upper = fuzz_bounds(stability)
    days = range(lower, upper + 1)
    draws = 1000 * len(days)
    counts = Counter(interval_days(stability, i / draws, FSRS) for i in range(draws))
    assert set(counts) == set(days)
    assert max(counts.values()) - min(counts.values()) <= 2  # rounding at the edges


@pytest.mark.parametrize("stability", [2.5, 7.0, 25.0, 100.0])
@pytest.mark.parametrize("reps", [1, 7])
def test_near_ids_are_fuzzed_uniformly(stability, reps):
    """A chi-square test; the draws are fixed, so it gives the same answer for ever."""
    lower, upper = fuzz_bounds(stability)
    cells = upper - lower + 1
    draws = 1000 * cells
    counts = Counter(interval_days(stability, fuzz_of(f"bn-{i}", reps), FSRS) for i in range(draws))
    assert set(counts) == set(range(lower, upper + 1))
    chi_square = sum((n - 1000) ** 2 / 1000 for n in counts.values())
    freedom = cells - 1
    assert chi_square < freedom + 4 * (2 * freedom) ** 0.5


def test_one_cards_reviews_are_fuzzed_uniformly():
    tenths = Counter(int(10 * fuzz_of("bn-vs-ln", reps)) for reps in range(10_000))
    chi_square = sum((tenths[i] - 1000) ** 2 / 1000 for i in range(10))
    assert chi_square < 9 + 4 * 18**0.5


def test_fuzz_is_the_same_on_every_machine():
    """A promise: another number here gives every learner other days after an upgrade."""
    assert fuzz_of("bn-vs-ln", 0) == 0.3791017213370651
    assert fuzz_of("bn-vs-ln", 1) == 0.43146233656443655
    assert fuzz_of("adam-eps", 0) == 0.8082308461889625
    assert fuzz_of("归一化", 7) == 0.2515502027235925


@given(st.text(), st.integers(0, 10**6))
def test_fuzz_lies_in_its_interval(card, reps):
    assert 0 <= fuzz_of(card, reps) < 1


@given(st.floats(0.001, 2.49), st.floats(0, 1, exclude_max=True))
def test_below_two_and_a_half_days_nothing_is_fuzzed(stability, fuzz):
    assert (
        interval_days(stability, fuzz, FSRS)
        == interval_days(stability, None, FSRS)
        == max(1, round(stability))
    )


@given(
    st.floats(0.001, 1e12),
    st.one_of(st.none(), st.floats(0, 1, exclude_max=True)),
)
def test_an_interval_is_at_least_a_day_and_at_most_a_century(stability, fuzz):
    assert 1 <= interval_days(stability, fuzz, FSRS) <= MAX_INTERVAL_DAYS


def test_the_longest_interval_is_reached_and_never_passed():
    assert interval_days(1e9, None, FSRS) == MAX_INTERVAL_DAYS
    assert interval_days(1e9, 1 - 2**-32, FSRS) == MAX_INTERVAL_DAYS
    assert interval_days(1e9, 0.0, FSRS) < MAX_INTERVAL_DAYS


# Replay.


def events(history, at=NOON, card="bn-vs-ln"):
    """Reviews as they stand in the log, from (rating, time since the last one, zone, cram)."""
    found = []
    for count, (rating, gap, zone, is_cram) in enumerate(history):
        at += gap
        found.append(Review(f"{count}", at, zone, card, rating, is_cram=is_cram))
    return found


gaps = st.one_of(
    st.timedeltas(timedelta(0), timedelta(minutes=30)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.timedeltas(timedelta(days=-2), timedelta(0)),  # a clock that was set back
)
reviews = st.tuples(st.sampled_from(Rating), gaps, st.integers(-720, 840), st.just(False))
crams = st.tuples(st.sampled_from(Rating), gaps, st.integers(-720, 840), st.just(True))


bounds = zip(LOWER, UPPER, strict=True)
rules_of_anybody = st.builds(
    Rules,
    st.one_of(st.just(FSRS), st.tuples(*(st.floats(*ends) for ends in bounds)).map(Fsrs)),
    st.integers(0, 23),
)


@given(st.lists(reviews, max_size=20), rules_of_anybody)
def test_a_replay_equals_going_step_by_step(history, rules):
    memory, log = None, events(history)
    for count, event in enumerate(log):
        assert replay(log[:count], rules) == memory
        memory = step(memory, event, rules)
    assert replay(log, rules) == memory
    assert replay(log, rules) == replay(events(history), rules)


@pytest.mark.parametrize("gap", [TICK, timedelta(days=1)], ids=["same day", "next day"])
@pytest.mark.parametrize("second", [None, *Rating])
def test_the_weights_reach_every_rating_of_a_replay(second, gap):
    mine = Rules(Fsrs([(9 * w + high) / 10 for w, high in zip(WEIGHTS, UPPER, strict=True)]))
    log = events([(rating, gap, 0, False) for rating in (AGAIN, second) if rating])
    mean, other = replay(log, RULES), replay(log, mine)
    assert other.stability > mean.stability
    assert other.difficulty != mean.difficulty
    assert other.due_day > mean.due_day or other.phase == LEARNING


def test_the_weights_reach_the_interval(monkeypatch):
    """At a retention of 0.9 it is the stability whatever the weights; at others it is not."""
    monkeypatch.setattr(scheduler, "RETENTION", 0.8)
    for decay in (0.1, 0.8):
        fsrs = Fsrs([*WEIGHTS[:20], decay])
        found = review(None, EASY, NOON, 0, Rules(fsrs)).interval_days
        assert found == round(fsrs.interval(WEIGHTS[3], 0.8))


# What was predicted.


@given(st.lists(st.one_of(reviews, crams), max_size=16), rules_of_anybody)
def test_what_was_predicted_is_the_retrievability_before_each_review(history, rules):
    """Slowly: the memory of what came before, looked at on the day of the review."""
    log = events(history)
    wanted = {}
    for place, event in enumerate(log):
        before = replay(log[:place], rules)
        day = study_day(event.reviewed_at, event.zone_min, rules.rollover_hour)
        if before is not None and not event.is_cram and day > before.reviewed_day:
            wanted[event.id] = retrievability(before, day, rules.fsrs)
    memory, found = trace(log, rules)
    assert memory == replay(log, rules)
    assert found == wanted


def test_nothing_is_predicted_of_a_first_review_nor_of_another_on_one_study_day():
    memory = after(EASY)
    assert predicted(None, memory.reviewed_day, FSRS) is None
    assert predicted(memory, memory.reviewed_day, FSRS) is None
    assert predicted(memory, memory.reviewed_day - 1, FSRS) is None  # a clock that was set back
    tomorrow = memory.reviewed_day + 1
    assert predicted(memory, tomorrow, FSRS) == FSRS.retrievability(1, memory.stability) < 1


def test_cramming_and_wishes_are_nothing_to_predict_and_change_no_prediction():
    day = timedelta(days=1)
    log = events([(EASY, day, 0, False), (GOOD, day, 0, True), (GOOD, day, 0, False)])
    _, found = trace([log[0], Due("d", NOON, 0, "bn-vs-ln"), *log[1:]], RULES)
    assert found == {"2": FSRS.retrievability(2, WEIGHTS[3])}


@given(st.lists(st.one_of(reviews, crams), max_size=20))
def test_cramming_changes_nothing(history):
    log = events(history)
    assert replay(log, RULES) == replay([event for event in log if not event.is_cram], RULES)


def test_one_step_of_cramming_leaves_the_memory_as_it_was():
    memory = after(EASY)
    (event,) = events([(AGAIN, timedelta(days=30), 0, True)])
    assert step(memory, event, RULES) is memory
    assert step(None, event, RULES) is None


def test_a_replay_of_cramming_alone_remembers_nothing():
    assert replay([], RULES) is None
    assert replay(events([(GOOD, timedelta(0), 0, True)]), RULES) is None


def test_a_replay_fuzzes_by_the_card_and_by_how_often_it_was_reviewed():
    history = [(EASY, timedelta(0), 0, False), (GOOD, timedelta(days=30), 0, False)]
    memory = replay(events(history), RULES)
    assert memory is not None
    first = review(None, EASY, NOON, 0, RULES, fuzz_of("bn-vs-ln", 0))
    assert memory == review(
        first, GOOD, NOON + timedelta(days=30), 0, RULES, fuzz_of("bn-vs-ln", 1)
    )
    others = {replay(events(history, card=f"bn-{i}"), RULES).interval_days for i in range(50)}
    assert len(others) > 5


def test_the_roll_over_hour_reaches_every_step_of_a_replay():
    night = (GOOD, timedelta(hours=13), 0, False)  # 01:00
    for history in ([night], [night, (GOOD, timedelta(hours=30), 0, False)]):
        log = events([(EASY, timedelta(0), 0, False), *history])
        four, midnight = replay(log, RULES), replay(log, MIDNIGHT)
        assert four is not None
        assert midnight is not None
        assert midnight.stability != four.stability
        assert midnight.due_at.hour == 0
        memory = None
        for event in log:
            memory = step(memory, event, MIDNIGHT)
        assert midnight == memory


# Brought forward.

wishes = st.tuples(st.just("due"), gaps, st.integers(-720, 840), st.just(False))


def mixed(history):
    """Reviews as above, and at "due" the wish to be asked."""
    found, at = [], NOON
    for count, (what, gap, zone, is_cram) in enumerate(history):
        at += gap
        if what == "due":
            found.append(Due(f"{count}", at, zone, "bn-vs-ln"))
        else:
            found.append(Review(f"{count}", at, zone, "bn-vs-ln", what, is_cram=is_cram))
    return found


def reviews_of(log):
    return [event for event in log if isinstance(event, Review)]


anything = st.lists(st.one_of(reviews, crams, wishes), max_size=16)


@given(anything)
def test_a_replay_with_wishes_equals_going_step_by_step(history):
    memory, log = None, mixed(history)
    for event in log:
        memory = step(memory, event, RULES)
    assert replay(log, RULES) == memory


@given(anything)
def test_bringing_forward_never_makes_a_card_due_later_and_leaves_its_memory_alone(history):
    log = mixed(history)
    found, before = replay(log, RULES), replay(reviews_of(log), RULES)
    if before is None:
        assert found is None  # a new card has nothing to bring forward
        return
    assert found.due_at == min([before.due_at, *(due.due_at for due in standing(log))])
    assert found.due_day <= before.due_day
    assert found._replace(due_at=before.due_at, due_day=before.due_day) == before


@given(anything, gaps, st.integers(-720, 840))
def test_a_card_that_is_brought_forward_is_due_at_once_in_every_zone(history, gap, zone):
    log = mixed(history)
    at = (log[-1][1] if log else NOON) + gap
    memory = replay([*log, Due("now", at, zone, "bn-vs-ln")], RULES)
    assert memory is None or is_due(memory, at, study_day(at, zone))


@given(anything, st.sampled_from(Rating), gaps)
def test_the_next_review_forgets_what_brought_its_card_forward(history, rating, gap):
    log = mixed(history)
    at = (log[-1][1] if log else NOON) + gap
    last = Review("last", at, 0, "bn-vs-ln", rating)
    assert replay([*log, last], RULES) == replay([*reviews_of(log), last], RULES)
    assert standing([*log, last]) == []


@given(anything, st.sampled_from(Rating), gaps)
def test_cramming_does_not(history, rating, gap):
    log = mixed(history)
    cram = Review("last", (log[-1][1] if log else NOON) + gap, 0, "x", rating, is_cram=True)
    assert replay([*log, cram], RULES) == replay(log, RULES)
    assert standing([*log, cram]) == standing(log)


@given(st.lists(reviews, min_size=1, max_size=6), st.permutations(range(4)), st.data())
def test_several_wishes_are_the_same_in_any_order(history, order, data):
    log = events(history)
    asked = [
        Due(f"d{n}", log[-1].reviewed_at + data.draw(gaps), data.draw(st.integers(-720, 840)), "x")
        for n in range(4)
    ]
    assert replay([*log, *asked], RULES) == replay(
        [*log, *(asked[place] for place in order)], RULES
    )


def test_the_day_and_the_moment_come_forward_together():
    memory = after(EASY)
    at = NOON + timedelta(days=2, hours=15, minutes=59)  # 03:59
    found = brought_forward(memory, Due("d", at, 0, "bn-vs-ln"), RULES)
    assert found.due_at == at
    assert found.due_day == memory.reviewed_day + 2 < memory.due_day
    assert (
        brought_forward(memory, Due("d", at, 0, "bn-vs-ln"), MIDNIGHT).due_day == found.due_day + 1
    )


def test_a_step_comes_forward_to_the_moment():
    memory = after(GOOD)
    found = brought_forward(memory, Due("d", NOON + minutes(3), 0, "bn-vs-ln"), RULES)
    assert (found.phase, found.step) == (LEARNING, 1)
    assert found.due_at == NOON + minutes(3)


def test_the_roll_over_hour_reaches_a_card_that_is_brought_forward():
    night = Due("d", NOON + timedelta(days=1, hours=13), 0, "bn-vs-ln")  # 01:00
    log = [*events([(EASY, timedelta(0), 0, False)]), night]
    assert replay(log, MIDNIGHT).due_day == replay(log, RULES).due_day + 1


# Laws of any history.


def assert_is_valid(memory: Memory) -> None:
    assert 1 <= memory.difficulty <= 10
    assert 0 < memory.stability < float("inf")
    assert memory.due_at > memory.reviewed_at
    assert memory.due_day >= memory.reviewed_day
    assert 0 <= memory.lapses <= memory.reps
    if memory.phase == REVIEW:
        assert 1 <= memory.interval_days <= MAX_INTERVAL_DAYS
        assert memory.step == 0
    else:
        assert memory.interval_days == 0
        assert memory.step < (2 if memory.phase == LEARNING else 1)


@given(st.lists(reviews, min_size=1, max_size=30))
def test_after_any_history_the_memory_is_valid(history):
    memory = None
    for count, event in enumerate(events(history), 1):
        memory = step(memory, event, RULES)
        assert memory is not None
        assert_is_valid(memory)
        assert memory.reps == count
        assert memory.reviewed_at == event.reviewed_at


@given(st.lists(reviews, max_size=12), gaps, st.floats(0, 1, exclude_max=True))
def test_a_better_rating_never_gives_a_shorter_interval(history, gap, fuzz):
    log = events(history)
    memory = replay(log, RULES)
    at = (log[-1].reviewed_at if log else NOON) + gap
    found = [review(memory, rating, at, 0, RULES, fuzz) for rating in Rating]
    intervals = [m.interval_days for m in found]
    assert intervals == sorted(intervals)
    assert intervals[0] == 0  # again is a step, always
    stabilities = [m.stability for m in found]
    assert stabilities == sorted(stabilities)
    difficulties = [m.difficulty for m in found]
    assert difficulties == sorted(difficulties, reverse=True)
    steps = [m.due_at for m in found if m.phase != REVIEW]
    assert steps == sorted(steps)
