"""An attempt at a solution, from its beginning to the review that it becomes."""

import contextlib
import sys

from rich.text import Text

from interview_cli.bank.compile import decode
from interview_cli.bank.model import Code
from interview_cli.cli import desk as desks
from interview_cli.cli.desk import Desk, Outbox, brought_forward, review_of
from interview_cli.cli.editor import Editor
from interview_cli.cli.keys import EndOfInput, Keys, is_interactive
from interview_cli.cli.out import write
from interview_cli.cli.sitting import Sitting, Whiteboard
from interview_cli.cli.submission import check_stage
from interview_cli.cli.view import practice as screens
from interview_cli.cli.view import verdict as verdicts
from interview_cli.cli.view.look import Look, console
from interview_cli.domain.review import Rating
from interview_cli.errors import StoreError, UsageError
from interview_cli.judge.catalogue import Solution
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.nursery import Language, nursery, require
from interview_cli.judge.stub import answer, stub
from interview_cli.scheduling.handwriting import suggested_rating
from interview_cli.store import attempts
from interview_cli.store.attempts import Attempt
from interview_cli.store.shelf import Selection, Shelved


class Practice:
    """An attempt at the keyboard: opens it, sits through it, and makes a review of it."""

    def __init__(
        self, desk: Desk, solution: Solution, view: Look, stage: str | None, seed: int
    ) -> None:
        self.desk, self.solution, self.view, self.stage = desk, solution, view, stage
        self.exercise = Exercise(solution, seed)
        check_stage(self.exercise, stage)
        self.out = console(view)
        self.keys = Keys(is_interactive())
        self.name = solution.name.replace("_", "-")

    def run(
        self,
        language: Language | None,
        limit_s: float | None,
        opened: Editor | None,
        *,
        resume: bool,
    ) -> bool:
        """Whether the solution was accepted."""
        require(language or "numpy")
        with (
            self.attempt(language, limit_s, resume=resume) as attempt,
            nursery(attempt.language) as born,
        ):
            board = Whiteboard(attempt, self.exercise, born, self.view, self.keys, self.stage)
            has_ended = board.run(opened)
            sitting = board.sitting
            if not has_ended:
                with contextlib.suppress(OSError):  # the terminal may be gone
                    self.out.print(Text(screens.left_for_later(self.name, self.view)))
                return False
            is_saved = self.finish(attempt, sitting)
        return is_saved and sitting.is_accepted and not sitting.is_shown

    def attempt(self, language: Language | None, limit_s: float | None, *, resume: bool) -> Attempt:
        """A new attempt, or the last one that has not ended."""
        folder = self.desk.where.reviews.parent
        at = desks.now()
        if resume:
            found = attempts.resume(folder, self.solution.name)
            if found is None:
                raise UsageError(f"there is no attempt to resume; interview practice {self.name}")
            found.record("resumed", at)
            return found
        tongue = language or "numpy"
        empty = stub(self.exercise.source, self.exercise.spec, tongue)
        return attempts.begin(
            folder,
            self.solution.name,
            empty,
            at,
            language=tongue,
            limit_s=limit_s or 60 * self.exercise.spec.minutes,
        )

    def finish(self, attempt: Attempt, sitting: Sitting) -> bool:
        """The result, the rating, the review, and both answers. Whether the review is saved."""
        view = self.view
        if sitting.verdict is not None and not view.is_plain:
            write(self.out, verdicts.lines(sitting.verdict, view))
        used_s = sitting.used_s if sitting.first_correct_s is None else sitting.first_correct_s
        suggested = suggested_rating(
            is_accepted=sitting.is_accepted,
            used_s=used_s,
            limit_s=sitting.limit_s,
            hints=sitting.hints,
            is_shown=sitting.is_shown,
        )
        write(self.out, screens.result(sitting, suggested, view))
        rating = self.rated(suggested)
        attempt.record("ended", desks.now(), rating=int(rating), is_accepted=sitting.is_accepted)
        is_saved = self.review(rating, sitting)
        mine = attempt.path.read_text("utf-8", "replace") if attempt.path.exists() else ""
        shown = screens.difference if sitting.is_shown else screens.answer
        write(self.out, shown(mine, answer(self.exercise.source, self.exercise.spec), view))
        return is_saved

    def rated(self, suggested: Rating) -> Rating:
        """The suggestion, or a lower one that the learner gives."""
        self.out.print(Text(screens.question(suggested, self.view)))
        self.out.file.flush()
        try:
            while True:
                key = self.keys.key_within(3600)
                if key is None or key == "\n":
                    return suggested
                if key.isdigit() and 1 <= int(key) <= int(suggested):
                    return Rating(int(key))
        except (EndOfInput, KeyboardInterrupt):
            return suggested
        finally:
            self.keys.close()

    def review(self, rating: Rating, sitting: Sitting) -> bool:
        """Writes the review, and makes the cards of the named mistakes due. What cannot be saved
        is said, and put where it can be found; False then."""
        outbox = Outbox(self.desk)
        at = desks.now()
        card = self.card()
        due = [c for c in dict.fromkeys(sitting.mistakes.values()) if self.desk.shelf.card(c)]
        elapsed_ms = int(1000 * sitting.used_s)
        reviews = [review_of(card, rating, at, elapsed_ms, is_cram=False)] if card else []
        outbox.waiting += [*reviews, *(brought_forward(other, at) for other in due)]
        try:
            outbox.flush()
        except StoreError as error:
            rescued = outbox.rescue()
            print(error, file=sys.stderr)  # noqa: T201
            if rescued is not None:
                print(f"the review is in {rescued}", file=sys.stderr)  # noqa: T201
            return False
        write(self.out, screens.brought_forward(due, self.view))
        return True

    def card(self) -> Shelved | None:
        """The code card that asks for this solution."""
        wanted = f"{self.solution.topic}/{self.solution.name}"
        cards = self.desk.shelf.cards(Selection(kinds=("code",)))
        return next((c for c in cards if solution_of(c) == wanted), None)


def solution_of(card: Shelved) -> str:
    """The solution that a code card asks for."""
    found = decode(card.body, card.kind)
    assert isinstance(found, Code)
    return found.solution
