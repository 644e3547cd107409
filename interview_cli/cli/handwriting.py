"""How the learner writes solutions by hand: what attempts came to, beside the solution's par."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.store.records import Record


class Handwriting(NamedTuple):
    """One solution. par_s: seconds that a prepared person needs. best_s: the quickest that was
    accepted. attempts: oldest first."""

    solution: str
    par_s: float | None
    best_s: float | None
    attempts: tuple[Record, ...]

    @property
    def last(self) -> Record:
        return self.attempts[-1]


class Often(NamedTuple):
    """A classic mistake, in how many attempts it was made, and the card that explains it."""

    mistake: str
    solution: str
    attempts: int
    card: str | None


def chosen(records: Iterable[Record], root: Path, topics: Sequence[str]) -> list[Record]:
    """Those whose solutions belong to these topics; all of them where no topic is named."""
    known = by_name(root) if topics else {}
    return [
        record
        for record in records
        if not topics or (record.solution in known and known[record.solution].topic in topics)
    ]


def handwriting(records: Iterable[Record], root: Path) -> list[Handwriting]:
    """Every solution that was tried, in the order of the first attempts."""
    known = by_name(root)
    attempts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        attempts[record.solution].append(record)
    return [
        Handwriting(
            name,
            known[name].par_s() if name in known else None,
            min((record.used_s for record in found if record.is_accepted), default=None),
            tuple(found),
        )
        for name, found in attempts.items()
    ]


def mistakes(records: Iterable[Record], root: Path, most: int) -> list[Often]:
    """The mistakes made in most attempts."""
    counts = Counter((record.solution, name) for record in records for name in record.mistakes)
    often = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    known = by_name(root)
    cards = {name: known[name].cards_of_mistakes() for (name, _), _ in often if name in known}
    return [
        Often(mistake, solution, count, cards.get(solution, {}).get(mistake))
        for (solution, mistake), count in often
    ]


def by_name(root: Path) -> Mapping[str, Solution]:
    return {solution.name: solution for solution in catalogue.solutions(root)}
