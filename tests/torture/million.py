"""A million reviews, replayed from the log into a fresh index in less than 15 seconds."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from interview_cli.domain.review import Review
from interview_cli.store.history import History
from interview_cli.store.index import Index
from interview_cli.store.line import dump
from tests.store.material import a_rating
from tests.torture import promise

REVIEWS = 1_000_000
# The time for a share of them has to leave room for what every start costs.
SECONDS, START_S = 15.0, 1.0
CARDS = 2000


def run(folder: Path, share: float, seed: int) -> str:
    reviews = max(1000, round(REVIEWS * share))
    seconds = replay(folder, reviews, seed)
    limit = max(SECONDS * share, START_S)
    promise(seconds < limit, f"{reviews} reviews in {seconds:.1f} s, wanted in {limit:.1f} s")
    return f"{reviews} reviews replayed from the log into a fresh index in {seconds:.2f} s"


def replay(folder: Path, reviews: int, seed: int) -> float:
    """The seconds that it takes."""
    (folder / "reviews").mkdir()
    with (folder / "reviews" / "m.jsonl").open("wb") as file:
        file.writelines(map(dump, some_reviews(reviews, Random(seed))))
    began = time.perf_counter()
    history = History(Index(folder / "index.sqlite"), folder / "reviews")
    read = history.refresh()
    seconds = time.perf_counter() - began
    query = "SELECT count(*), sum(reps) FROM memory"
    cards, reps = history.index.db.execute(query).fetchone()
    history.index.close()
    promise(len(read.reviews) == reps == reviews, "every review is replayed")
    promise(cards <= CARDS, "every card has one memory")
    return seconds


def some_reviews(count: int, rng: Random) -> Iterator[Review]:
    """Six years of them, in the order of a log."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    for _ in range(count):
        at += timedelta(seconds=rng.randint(1, 200))
        name = f"{int(at.timestamp() * 1000):011x}-{rng.getrandbits(48):012x}"
        card = f"card-{rng.randrange(CARDS)}"
        yield Review(
            name, at, 480, card, a_rating(rng), "recall", rng.randrange(30_000), "9f86d081"
        )
