"""What the plan asks today. It is solved anew for each sitting, in a thread of its own while the
learner reads the first question; until then what was solved last tells what to ask."""

from contextlib import suppress
from pathlib import Path
from sqlite3 import DatabaseError
from threading import Thread

from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk
from interview_cli.cli.paths import Paths
from interview_cli.domain.review import Aim
from interview_cli.scheduling.aim import days_left, is_off
from interview_cli.store import effort
from interview_cli.store.index import Index
from interview_cli.store.shelf import Selection

KEY = "agenda"  # in the table `meta`


class Agenda:
    """Today's cards of a selection by the plan, best first."""

    def __init__(self, desk: Desk, aim: Aim, selection: Selection) -> None:
        self.desk, self.aim, self.selection = desk, aim, selection
        self.day = desk.day(desks.now())
        self.is_off = is_off(aim, self.day)
        noted_day, noted_aim, cards = kept(desk.index)
        self.kept = cards if (noted_day, noted_aim) == (self.day, aim.id) else None
        self.left_s = 60.0 * aim.minutes - effort.spent_s(desk.index, self.day)
        self.is_solved = self.is_closed
        self.found: tuple[str, ...] = ()
        self.error: Exception | None = None
        self.thread: Thread | None = None

    @property
    def has_passed(self) -> bool:
        """Whether the day of the aim lies behind us."""
        return days_left(self.aim, self.day) < 0

    @property
    def is_closed(self) -> bool:
        """Whether today asks nothing: a day off, or its minutes are used up."""
        return self.is_off or self.left_s <= 0

    @property
    def is_partial(self) -> bool:
        """Whether the sitting is about some of the cards only."""
        return self.selection != Selection()

    @property
    def is_known(self) -> bool:
        """Whether this day of this aim was solved before."""
        return self.kept is not None

    def first(self) -> tuple[str, ...]:
        """What to ask before the plan is solved: what was solved last."""
        return self.chosen(() if self.kept is None or self.is_closed else self.kept)

    def chosen(self, cards: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the selection that today has not had, behind what the judge asked for."""
        shelf = self.desk.shelf
        early = shelf.asked_for(self.selection)
        gone = shelf.reviewed_on(self.day).union(early)
        wanted = {*shelf.ids(self.selection)} if self.is_partial else None
        rest = (c for c in cards if c not in gone and (wanted is None or c in wanted))
        return (*early, *rest)

    def start(self) -> None:
        """Begins to solve, so that no question waits for numpy and the work."""
        if self.thread is None and not self.is_solved:
            self.thread = Thread(target=self.work, daemon=True)
            self.thread.start()

    def work(self) -> None:
        try:
            self.found = solved(self.desk.where, self.desk.root, self.aim)
        except Exception as error:  # it is raised where the cards are asked for
            self.error = error

    def solution(self, *, wait: bool) -> tuple[str, ...] | None:
        """Today's cards, once they are known; None before that, and ever after. Raises
        InterviewError, which says why there are none."""
        if self.is_solved or self.thread is None or (self.thread.is_alive() and not wait):
            return None
        self.thread.join()
        self.is_solved = True
        if self.error is not None:
            raise self.error
        return self.chosen(self.found)


def solved(where: Paths, root: Path, aim: Aim) -> tuple[str, ...]:
    """Today's cards, found and kept."""
    # With an index of its own: a connection belongs to its thread.
    from interview_cli.cli.planning import today

    with Desk(where, root) as desk:
        at = desks.now()
        cards = today(desk, aim, at)
        keep(desk.index, desk.day(at), aim, cards)
    return cards


def keep(index: Index, day: int, aim: Aim, cards: tuple[str, ...]) -> None:
    """Writes down what a later sitting of that day may begin with."""
    text = " ".join([str(day), aim.id, *cards])  # json takes longer to import than all of this
    with suppress(DatabaseError), index.transaction() as db:  # a cache of a cache
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, text))


def kept(index: Index) -> tuple[int, str, tuple[str, ...]]:
    """The study day, the aim's id, and the cards."""
    row = index.db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    if row is None:
        return 0, "", ()
    with suppress(ValueError, AttributeError):  # what another version wrote, or a torn page
        day, aim, *cards = row[0].split()
        return int(day), aim, tuple(cards)
    return 0, "", ()
