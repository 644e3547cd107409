"""How this learner answers: seconds a card takes, how often each rating is given."""

from collections import defaultdict
from typing import NamedTuple

from interview_cli.domain.review import Rating
from interview_cli.store.index import Index

COUNTED = "cram = 0 AND id NOT IN (SELECT review FROM undone)"
# Whoever took longer was called away, or left the terminal open. Code takes its time.
LONGEST_MS, LONGEST_CODE_MS = 600_000, 7_200_000
WORKED = f"min(elapsed_ms, CASE kind WHEN 'code' THEN {LONGEST_CODE_MS} ELSE {LONGEST_MS} END)"


class Ratings(NamedTuple):
    """How often again, hard, good and easy were given: on a card's first review, and on a later
    day than the one before."""

    first: tuple[int, ...]
    later: tuple[int, ...]


def seconds_by_card(index: Index) -> dict[str, list[float]]:
    """What each card took in all on each study day."""
    found: dict[str, list[float]] = defaultdict(list)
    query = f"SELECT card, sum(elapsed_ms) FROM reviews WHERE {COUNTED} GROUP BY card, day"
    for card, elapsed_ms in index.db.execute(query):
        found[card].append(elapsed_ms / 1000)
    return found


def spent_s(index: Index, day: int) -> float:
    """Seconds spent on reviews on a study day, without what must have been an interruption."""
    query = f"SELECT coalesce(sum({WORKED}), 0) FROM reviews WHERE day = ? AND {COUNTED}"
    return float(index.db.execute(query, (day,)).fetchone()[0]) / 1000


def ratings(index: Index) -> Ratings:
    """All ratings ever, counted."""
    later = dict(
        index.db.execute(
            f"SELECT rating, count(*) FROM reviews WHERE recall NOT NULL AND {COUNTED}"
            " GROUP BY rating"
        )
    )
    # With min(), SQLite takes the other columns from the row that has it.
    first = dict(
        index.db.execute(
            "SELECT rating, count(*) FROM"
            f" (SELECT rating, min(turn) FROM reviews WHERE {COUNTED} GROUP BY card)"
            " GROUP BY rating"
        )
    )
    return Ratings(counts(first), counts(later))


def counts(found: dict[int, int]) -> tuple[int, ...]:
    return tuple(found.get(rating, 0) for rating in Rating)


def histories(index: Index) -> dict[str, list[tuple[int, int]]]:
    """Of each card its reviews in order, as (study day, rating)."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    query = f"SELECT card, day, rating FROM reviews WHERE {COUNTED} ORDER BY turn, log, line"
    for card, day, rating in index.db.execute(query):
        found[card].append((day, rating))
    return found
