"""From a card's memory and a rating to its next memory: FSRS-6 with learning steps and fuzz."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple
from zlib import crc32

from interview_cli.domain.review import Due, Rating, Review
from interview_cli.scheduling.days import (
    ROLLOVER_HOUR,
    day_begins_at,
    elapsed_days,
    study_day,
)
from interview_cli.scheduling.fsrs import DEFAULT, Fsrs

LEARNING_STEPS_MIN = (1, 10)
RELEARNING_STEPS_MIN = (10,)
RETENTION = 0.9
MAX_INTERVAL_DAYS = 36_500
LEECH_LAPSES = 8

# Anki's: (from days, to days, share of the interval), on top of one day.
FUZZ_RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


class Rules(NamedTuple):
    """What holds for all cards of one learner."""

    fsrs: Fsrs = DEFAULT
    rollover_hour: int = ROLLOVER_HOUR


class Phase(IntEnum):
    """Where a card is: in its first steps, in the long run, or in steps after a lapse."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Memory(NamedTuple):
    """What is remembered of one card. A card that was never reviewed has none.

    due_at: the instant from which it is asked; due_day: the same as a study day, which is what
    counts in the phase REVIEW. step: index of the (re)learning step it waits for.
    """

    stability: float
    difficulty: float
    phase: Phase
    step: int
    due_at: datetime
    due_day: int
    reviewed_at: datetime
    reviewed_day: int
    first_day: int
    reps: int
    lapses: int

    @property
    def is_leech(self) -> bool:
        return self.lapses >= LEECH_LAPSES

    @property
    def interval_days(self) -> int:
        """Days from the last review to the next; 0 in (re)learning steps."""
        return self.due_day - self.reviewed_day if self.phase == Phase.REVIEW else 0


def retrievability(memory: Memory, day: int, fsrs: Fsrs) -> float:
    """Probability of recall on a study day."""
    return fsrs.retrievability(elapsed_days(memory.reviewed_day, day), memory.stability)


def predicted(memory: Memory | None, day: int, fsrs: Fsrs) -> float | None:
    """The probability of recall that a rating on that day puts to the test. None where it tests
    nothing: a card's first rating, and another on the same study day."""
    if memory is None or day <= memory.reviewed_day:
        return None
    return retrievability(memory, day, fsrs)


def is_due(memory: Memory, now: datetime, day: int) -> bool:
    """Steps come due at an instant, reviews with their study day."""
    return memory.due_day <= day if memory.phase == Phase.REVIEW else memory.due_at <= now


def review(
    memory: Memory | None,
    rating: Rating,
    at: datetime,
    zone_min: int,
    rules: Rules,
    fuzz: float | None = None,
) -> Memory:
    """The memory after one rating. `fuzz` in [0, 1) picks from Anki's bounds; None: no fuzz."""
    fsrs, rollover_hour = rules
    day = study_day(at, zone_min, rollover_hour)
    memory, wait = rated(memory, rating, at, day, predicted(memory, day, fsrs), fsrs)
    if wait is None:
        due_day = memory.reviewed_day + interval_days(memory.stability, fuzz, fsrs)
        due_at = day_begins_at(due_day, zone_min, rollover_hour)
    else:
        due_at = at + wait
        due_day = study_day(due_at, zone_min, rollover_hour)
    return memory._replace(due_at=due_at, due_day=due_day)


def rated(
    memory: Memory | None,
    rating: Rating,
    at: datetime,
    day: int,
    recall: float | None,
    fsrs: Fsrs,
) -> tuple[Memory, timedelta | None]:
    """The memory after one rating, due at once, and how long to wait; None: whole days. `recall`
    is what was `predicted` for that day."""
    if memory is None:
        stability = fsrs.initial_stability(rating)
        difficulty = fsrs.initial_difficulty(rating)
        phase, step, first_day, reps, lapses = Phase.LEARNING, 0, day, 0, 0
    else:
        stability, difficulty = after(memory, rating, recall, fsrs)
        phase, step, first_day = memory.phase, memory.step, memory.first_day
        reps, lapses = memory.reps, memory.lapses
        if rating == Rating.AGAIN and phase == Phase.REVIEW:
            lapses += 1
    phase, step, wait = next_step(phase, step, rating)
    return Memory(
        stability, difficulty, phase, step, at, day, at, day, first_day, reps + 1, lapses
    ), wait


def after(memory: Memory, rating: Rating, recall: float | None, fsrs: Fsrs) -> tuple[float, float]:
    """Stability and difficulty after a rating; with nothing to put to the test, on one study day,
    the short-term equation holds."""
    s, d = memory.stability, memory.difficulty
    if recall is None:
        stability = fsrs.stability_same_day(s, rating)
    elif rating == Rating.AGAIN:
        stability = fsrs.stability_after_lapse(d, s, recall)
    else:
        stability = fsrs.stability_after_recall(d, s, recall, rating)
    return stability, fsrs.next_difficulty(d, rating)


def next_step(phase: Phase, step: int, rating: Rating) -> tuple[Phase, int, timedelta | None]:
    """The next phase and step, and how long to wait; None: the days that stability gives."""
    if phase == Phase.REVIEW:
        if rating != Rating.AGAIN:
            return Phase.REVIEW, 0, None
        return Phase.RELEARNING, 0, timedelta(minutes=RELEARNING_STEPS_MIN[0])
    steps = LEARNING_STEPS_MIN if phase == Phase.LEARNING else RELEARNING_STEPS_MIN
    match rating:
        case Rating.AGAIN:
            return phase, 0, timedelta(minutes=steps[0])
        case Rating.HARD:
            return phase, step, hard_wait(steps, step)
        case Rating.GOOD if step + 1 < len(steps):
            return phase, step + 1, timedelta(minutes=steps[step + 1])
        case _:
            return Phase.REVIEW, 0, None


def hard_wait(steps: tuple[int, ...], step: int) -> timedelta:
    """*Hard* repeats a step; the first one is stretched, half-way to the second."""
    if step > 0:
        return timedelta(minutes=steps[step])
    return timedelta(minutes=(steps[0] + steps[1]) / 2 if len(steps) > 1 else steps[0] * 1.5)


def interval_days(stability: float, fuzz: float | None, fsrs: Fsrs) -> int:
    """Whole days, at least 1."""
    days = min(max(fsrs.interval(stability, RETENTION), 1.0), float(MAX_INTERVAL_DAYS))
    if fuzz is None:
        return round(days)
    lower, upper = fuzz_bounds(days)
    return lower + int(fuzz * (upper - lower + 1))


def fuzz_bounds(days: float) -> tuple[int, int]:
    """Anki's bounds, both included: a day and a share of the interval on either side."""
    if days < 2.5:
        return round(days), round(days)
    delta = 1.0 + sum(share * max(min(days, end) - start, 0.0) for start, end, share in FUZZ_RANGES)
    lower, upper = max(round(days - delta), 1), min(round(days + delta), MAX_INTERVAL_DAYS)
    return min(lower, upper), upper


def fuzz_of(card: str, reps: int) -> float:
    """A number in [0, 1) that is the same on every machine that replays the same log."""
    h = crc32(f"{card}\0{reps}".encode())
    h = (h ^ (h >> 16)) * 0x45D9F3B & 0xFFFFFFFF  # crc32 alone is linear: near ids, near numbers
    h = (h ^ (h >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    return (h ^ (h >> 16)) / 2**32


def fuzzed(
    card: str, memory: Memory | None, rating: Rating, at: datetime, zone_min: int, rules: Rules
) -> Memory:
    """The memory of a card after one rating, with the fuzz that is its own."""
    fuzz = fuzz_of(card, memory.reps if memory else 0)
    return review(memory, rating, at, zone_min, rules, fuzz)


def brought_forward(memory: Memory, due: Due, rules: Rules) -> Memory:
    """The memory of a card that is to be asked from a moment on: due no later than then, and
    otherwise as it was. No rating looks at when a card was due, so the next one forgets it."""
    day = study_day(due.due_at, due.zone_min, rules.rollover_hour)
    return memory._replace(due_at=min(memory.due_at, due.due_at), due_day=min(memory.due_day, day))


def step(memory: Memory | None, event: Review | Due, rules: Rules) -> Memory | None:
    """The memory after one logged event. Cramming leaves it as it was."""
    if isinstance(event, Due):
        return memory and brought_forward(memory, event, rules)
    if event.is_cram:
        return memory
    return fuzzed(event.card, memory, event.rating, event.reviewed_at, event.zone_min, rules)


def replay(events: Iterable[Review | Due], rules: Rules) -> Memory | None:
    """The memory of one card from all its events, in order."""
    return trace(events, rules)[0]


def trace(events: Iterable[Review | Due], rules: Rules) -> tuple[Memory | None, dict[str, float]]:
    """The memory of one card from all its events, in order, and what was `predicted` of each
    review that tests it, by id: `step` by `step`, but only the last review needs its due date,
    which is a third of the work."""
    events = list(events)
    fsrs, rollover_hour = rules
    memory: Memory | None = None
    last: Review | None = None
    day, recall = 0, None
    recalls: dict[str, float] = {}
    for event in events:
        if isinstance(event, Due) or event.is_cram:
            continue
        if last is not None:
            memory, _ = rated(memory, last.rating, last.reviewed_at, day, recall, fsrs)
        last, day = event, study_day(event.reviewed_at, event.zone_min, rollover_hour)
        recall = predicted(memory, day, fsrs)
        if recall is not None:
            recalls[event.id] = recall
    if last is None:
        return None, recalls
    memory = step(memory, last, rules)
    for due in standing(events):
        memory = step(memory, due, rules)
    return memory, recalls


def standing(events: Sequence[Review | Due]) -> list[Due]:
    """What brings a card forward: its events of that kind since its last review."""
    found: list[Due] = []
    for event in reversed(events):
        if isinstance(event, Due):
            found.append(event)
        elif not event.is_cram:
            break
    return found[::-1]
