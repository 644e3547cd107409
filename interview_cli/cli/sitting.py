"""A sitting at the whiteboard: watches the learner's file, has every save judged, keeps the clock.

Every save is kept before it is judged, and what happens is written down as it happens, so that a
closed terminal costs nothing: `--resume` goes on.
"""

import contextlib
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.live import Live
from rich.text import Text

from interview_cli.cli import desk as desks
from interview_cli.cli.editor import Editor
from interview_cli.cli.keys import EndOfInput, Keys
from interview_cli.cli.out import write
from interview_cli.cli.view import practice as screens
from interview_cli.cli.view import verdict as verdicts
from interview_cli.cli.view.look import Look, console
from interview_cli.errors import StoreError
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import judge
from interview_cli.judge.nursery import Nursery
from interview_cli.judge.stub import stub
from interview_cli.judge.verdict import StageResult, Verdict
from interview_cli.store.attempts import Attempt

TICK_S = 0.02
EMPTY_LOOKS = 10


class HangUp(Exception):
    """The terminal was closed, or somebody ended us."""


@dataclass
class Sitting:
    """What has happened so far. seconds: used up to now, earlier sittings included."""

    limit_s: float
    before_s: float = 0.0
    started: float = field(default_factory=time.monotonic)
    saves: int = 0
    hints: int = 0
    is_shown: bool = False
    first_correct_s: float | None = None
    verdict: Verdict | None = None
    passing: list[StageResult] = field(default_factory=list)
    is_judging: bool = False
    has_editor: bool = True
    mistakes: dict[str, str] = field(default_factory=dict)  # name -> card

    @property
    def used_s(self) -> float:
        return self.before_s + time.monotonic() - self.started

    @property
    def is_accepted(self) -> bool:
        return self.verdict is not None and self.verdict.is_accepted


class Whiteboard:
    """Watches the learner's file until it is right, given up, or left for later."""

    def __init__(
        self,
        attempt: Attempt,
        exercise: Exercise,
        nursery: Nursery,
        view: Look,
        keys: Keys,
        until: str | None = None,
    ) -> None:
        self.attempt, self.exercise, self.nursery = attempt, exercise, nursery
        self.view, self.keys, self.until = view, keys, until
        self.out = console(view)
        limit_s = attempt.limit_s or 60 * exercise.spec.minutes
        saves, hints = len(attempt.saves), attempt.hints
        self.sitting = Sitting(limit_s, attempt.used_s, saves=saves, hints=hints)
        self.ahead = exercise.ahead()
        self.seen = self.stub().encode()  # which nobody wrote
        self.looked_empty = 0
        self.live: Live | None = None
        self.is_brief = False
        self.drawn_s = -1
        self.notice = ""

    def run(self, editor: Editor | None) -> bool:
        """Whether the attempt has ended: accepted, given up or shown. False: left for later."""
        self.sitting.has_editor = editor is not None
        write(self.out, screens.opening(self.exercise, self.attempt, self.view))
        with hang_ups():
            try:
                running = editor.open(self.attempt.path) if editor else None
                if editor and running and editor.takes_terminal:
                    self.until_closed(running)
                return self.watch(editor)
            except (KeyboardInterrupt, EndOfInput):
                with contextlib.suppress(StoreError):
                    self.look()
                return self.sitting.is_accepted
            except (HangUp, OSError):  # nobody is there any more to see or rate anything
                self.live = None
                with contextlib.suppress(StoreError, OSError):
                    self.look()
                return False
            finally:
                self.keys.close()

    def until_closed(self, running: subprocess.Popen[bytes]) -> None:
        """While the editor has the terminal every save is judged, and nothing is drawn."""
        while running.poll() is None:
            if not self.look():
                next(self.ahead, None)
                time.sleep(TICK_S)
        self.look()

    def watch(self, editor: Editor | None) -> bool:
        """Judges every save and obeys every key, until the attempt ends."""
        self.keys.open()
        if not self.view.is_plain and self.keys.is_interactive:
            self.live = Live(console=self.out, auto_refresh=False, transient=True)
        with self.live or contextlib.nullcontext():
            self.draw()
            while not self.sitting.is_accepted:
                key = self.keys.key_within(TICK_S)
                has_saved = self.look()  # first: a key answers for what was saved before it
                if key is not None and not self.sitting.is_accepted and self.obey(key, editor):
                    return True
                if not has_saved:
                    next(self.ahead, None)
                if int(self.sitting.used_s) != self.drawn_s:
                    self.draw()
        return True

    def obey(self, key: str, editor: Editor | None) -> bool:
        """Does what a key asks for; True ends the attempt."""
        match key:
            case "h":
                self.hint()
            case "r":
                self.attempt.reset(self.stub(), desks.now())
                self.seen = self.attempt.path.read_bytes()
                self.sitting.verdict, self.sitting.passing = None, []
                self.say(screens.was_reset(self.view))
            case "e" if editor is not None:
                self.reopen(editor)
            case "d":
                self.sitting.is_shown = True
                self.attempt.record("shown", desks.now())
                return True
            case "q":
                return True
            case _:
                self.say("")
        return False

    def reopen(self, editor: Editor) -> None:
        if not editor.takes_terminal:
            editor.open(self.attempt.path)
            return
        if self.live:
            self.live.stop()
        self.keys.close()
        self.until_closed(editor.open(self.attempt.path))
        self.keys.open()
        if self.live:
            self.live.start()
        self.draw()

    def hint(self) -> None:
        hints = self.exercise.spec.hints
        are_all = self.sitting.hints >= len(hints)
        if not are_all:
            self.sitting.hints += 1
            self.attempt.record("hint", desks.now(), number=self.sitting.hints)
        self.say(screens.hint(hints[: self.sitting.hints], self.view, are_all=are_all))

    def look(self) -> bool:
        """Keeps and judges the file if it has changed."""
        try:
            source = self.attempt.path.read_bytes()
        except OSError:  # between an editor's two steps of saving
            return False
        if source == self.seen:
            return False
        if not source and self.looked_empty < EMPTY_LOOKS:  # an editor that is still writing
            self.looked_empty += 1
            return False
        self.seen, self.looked_empty = source, 0
        number = self.attempt.keep(source)
        if number > self.sitting.saves:
            self.sitting.saves = number
            self.attempt.record("save", desks.now(), number=number)
        self.notice = ""
        self.judge(source.decode("utf-8", "replace"))
        return True

    def judge(self, source: str) -> None:
        self.sitting.passing, self.sitting.is_judging = [], True
        for event in judge(self.exercise, source, self.attempt.language, self.nursery, self.until):
            if isinstance(event, Verdict):
                self.decided(event)
            else:
                self.sitting.passing.append(event)
                if self.live:
                    self.draw()
        self.draw(is_new=True)

    def decided(self, verdict: Verdict) -> None:
        now = self.sitting
        now.verdict, now.is_judging = verdict, False
        now.mistakes |= {m.name: m.card for m in verdict.mistakes}
        if verdict.is_accepted and now.first_correct_s is None:
            now.first_correct_s = now.used_s
        self.attempt.record(
            "verdict",
            desks.now(),
            kind=verdict.kind,
            mistakes=[m.name for m in verdict.mistakes],
            passed=sum(result.state == "passed" for result in verdict.stages),
            stages=len(self.exercise.sheet().stages),
            save=now.saves,
        )

    def stub(self) -> str:
        return stub(self.exercise.source, self.exercise.spec, self.attempt.language)

    def say(self, words: str) -> None:
        self.notice = words
        self.draw(is_new=True)

    def draw(self, *, is_new: bool = False) -> None:
        """The live screen; without one, what is new as lines."""
        self.drawn_s = int(self.sitting.used_s)
        if self.live:
            self.live.update(self.fitting(is_new=is_new), refresh=True)
        elif is_new:
            write(self.out, self.news())
            self.out.file.flush()

    def fitting(self, *, is_new: bool) -> Text:
        """The live screen. What is taller than the terminal would be cut: then the verdict is
        printed once, above, where it can be scrolled to."""
        if is_new:
            rows = list(screens.live(self.sitting, self.notice, self.view))
            self.is_brief = len(rows) >= self.out.height
            verdict = self.sitting.verdict
            if self.is_brief and verdict is not None and not self.notice:
                write(self.out, verdicts.lines(verdict, self.view))
        rows = list(screens.live(self.sitting, self.notice, self.view, is_brief=self.is_brief))
        return Text("\n").join(rows)

    def news(self) -> Iterator[Text]:
        return screens.news(self.sitting, self.notice, self.view)


@contextlib.contextmanager
def hang_ups() -> Iterator[None]:
    """Turns a closed terminal and a polite kill into an exception, so that all is put away."""

    def hang_up(*_: object) -> None:
        raise HangUp

    before = {s: signal.signal(s, hang_up) for s in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
