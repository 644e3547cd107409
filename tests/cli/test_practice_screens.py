"""The screens of practice and of every kind of verdict, in tests/screens/."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from rich.text import Text

from interview_cli.cli import sitting as sittings
from interview_cli.cli.out import write
from interview_cli.cli.sitting import Sitting
from interview_cli.cli.spelling import install
from interview_cli.cli.view import practice as screens
from interview_cli.cli.view import verdict as verdicts
from interview_cli.cli.view.look import Look, console, look
from interview_cli.domain.review import Rating
from interview_cli.judge import catalogue
from interview_cli.judge.exercise import Exercise
from interview_cli.judge.judging import verdict_of
from interview_cli.judge.nursery import nursery
from interview_cli.judge.pattern import Pattern
from interview_cli.judge.verdict import Verdict
from tests.cli.material import ESCAPES, Home, Stream, check_screen
from tests.cli.workshop import (
    EPS_OUTSIDE,
    FRAGILE,
    RIGHT,
    TWICE,
    UNBIASED,
    Workshop,
)

ALL_LOOKS = [(width, lang) for width in (60, 80) for lang in ("zh", "en")]
SUBMISSIONS = {
    "accepted": RIGHT,
    "mistake": UNBIASED,
    "two-mistakes": UNBIASED.replace("return (x - mean)", "return x"),
    "wrong": TWICE,
    "fragile": FRAGILE,
    "convention": EPS_OUTSIDE,
    "shape": RIGHT.replace("return ", "return (").rstrip() + ").T\n",
    "raised": RIGHT.replace("x.mean(0)\n", "x.mean(0, where=x > undefined_name)\n"),
    "syntax": RIGHT.replace("eps) ** 0.5", "eps ** 0.5"),
    "forbidden": RIGHT.replace("(var + eps) ** 0.5", "(np.std(x, 0) ** 2 + eps) ** 0.5").replace(
        "def ", "import numpy as np\n\n\ndef "
    ),
    "refused": RIGHT.replace("    mean", "    open('/etc/hosts').read()\n    mean", 1),
    "modified": RIGHT.replace("    mean", "    x -= x.mean(0)\n    mean", 1),
    "missing": RIGHT.replace("small_norm", "tiny_norm"),
    "signature": RIGHT.replace("eps", "epsilon"),
    "unwritten": "def small_norm(x, eps=1e-5):\n    raise NotImplementedError\n",
    "printed": TWICE.replace("    mean", "    print('x', x.shape, 0.1 * 3)\n    mean", 1),
}
# What a pattern says is its own tests' business.
PATTERN = Pattern(
    "factors",
    "每一列都有自己的倍数，约为 √(3/4) ≈ 0.866：−0.866，0.8659，0.8661",
    "each column has its own factor, about √(3/4) ≈ 0.866: −0.866, 0.8659, 0.8661",
)


class Fixed(Sitting):
    """A sitting whose clock stands still."""

    @property
    def used_s(self) -> float:
        return self.before_s


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Verdict]]:
    """The verdict of a submission, judged once for all widths and languages."""
    home = Home(tmp_path_factory.mktemp("screens"))
    Workshop(home)
    exercise = Exercise(catalogue.get(home.bank / "solutions", "small-norm"))
    known: dict[str, Verdict] = {}
    with nursery("numpy") as born:

        def verdict(name: str) -> Verdict:
            if name not in known:
                found = verdict_of(exercise, SUBMISSIONS[name], "numpy", born)
                known[name] = replace(found, pattern=found.pattern and PATTERN)
            return known[name]

        yield verdict


@pytest.fixture(params=ALL_LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def view(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Look:
    """A terminal of some width and language."""
    width, lang = request.param
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr("sys.stdout", Stream(is_terminal=True))
    return look(lang)


def check(name: str, rows: Iterator[Any], view: Look) -> None:
    out = Stream(is_terminal=True)
    write(console(view, out), rows)
    check_screen(f"{name}-{view.width}-{view.lang}", ESCAPES.sub("", out.getvalue()))


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_verdict_looks_like_its_screen(
    name: str, view: Look, judged: Callable[[str], Verdict]
) -> None:
    check(f"verdict-{name}", verdicts.lines(judged(name), view), view)


def hints(view: Look) -> str:
    from tests.cli.workshop import SPEC

    names: dict[str, Any] = {}
    exec(SPEC, names)
    return screens.hint(names["SPEC"].hints, view)


def live(judged: Callable[[str], Verdict], view: Look) -> dict[str, Iterator[Text]]:
    """The live screen at its start and afterwards."""
    failed = Fixed(900, 205, saves=1, verdict=judged("mistake"))
    hinted = Fixed(900, 465, hints=2)
    over = Fixed(900, 1000, saves=12, hints=1, verdict=judged("raised"))
    reset = Fixed(900, 899, saves=3)
    return {
        "start": screens.live(Fixed(900), "", view),
        "failed": screens.live(failed, "", view),
        "hint": screens.live(hinted, hints(view), view),
        "overtime": screens.live(over, "", view),
        "reset": screens.live(reset, screens.was_reset(view), view),
    }


def ended(judged: Callable[[str], Verdict], view: Look) -> dict[str, list[Any]]:
    """What comes after the last save."""
    right = Fixed(900, 510, saves=4, hints=0, first_correct_s=505, verdict=judged("accepted"))
    shown = Fixed(900, 77, saves=1, hints=1, is_shown=True, verdict=judged("mistake"))
    source = RIGHT.replace("# biased", "")
    return {
        "result": [
            *screens.result(right, Rating.GOOD, view),
            Text(screens.question(Rating.GOOD, view)),
            *screens.brought_forward(["which-variance", "axes", "bn-formula"], view),
            *screens.answer(RIGHT, source, view),
        ],
        "shown": [
            *screens.result(shown, Rating.AGAIN, view),
            Text(screens.question(Rating.AGAIN, view)),
            *screens.brought_forward([], view),
            *screens.difference(UNBIASED, source, view),
        ],
        "later": [Text(screens.left_for_later("small-norm", view))],
    }


LIVE = ("start", "failed", "hint", "overtime", "reset")
ENDED = ("result", "shown", "later")


@pytest.mark.parametrize("name", LIVE)
def test_the_live_screen_looks_like_its_screen(
    name: str, view: Look, judged: Callable[[str], Verdict]
) -> None:
    check(f"practice-{name}", live(judged, view)[name], view)


@pytest.mark.parametrize("name", ENDED)
def test_the_end_of_an_attempt_looks_like_its_screen(
    name: str, view: Look, judged: Callable[[str], Verdict]
) -> None:
    check(f"practice-{name}", iter(ended(judged, view)[name]), view)


def in_ascii(width: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Look, Callable[[], str]]:
    """A terminal that has ASCII alone, and what it shows."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors=install())
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setenv("COLUMNS", str(width))
    view = look("en")

    def shown() -> str:
        stream.flush()
        return raw.getvalue().decode("ascii")

    return view, shown


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_verdict_in_ascii_looks_like_its_screen(
    name: str, width: int, judged: Callable[[str], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    view, shown = in_ascii(width, monkeypatch)
    write(console(view), verdicts.lines(judged(name), view))
    check_screen(f"verdict-{name}-{width}-ascii", shown())


@pytest.mark.parametrize("width", [60, 80])
def test_an_attempt_in_ascii_looks_like_its_screen(
    width: int, judged: Callable[[str], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lines, because such a terminal has no live screen."""
    view, shown = in_ascii(width, monkeypatch)
    out = console(view)
    failed = Fixed(900, 205, saves=1, verdict=judged("mistake"))
    write(out, screens.news(failed, "", view))
    write(out, screens.news(failed, hints(view), view))
    write(out, ended(judged, view)["result"])
    write(out, ended(judged, view)["shown"])
    check_screen(f"practice-lines-{width}-ascii", shown())


@pytest.mark.parametrize(
    ("used_s", "told"), [(0, "15:00 left"), (1, "14:59 left"), (899, "0:01 left"),
                         (900, "0:00 left"), (901, "0:01 over"), (4500, "60:00 over")],
)  # fmt: skip
def test_the_clock_counts_down_and_then_up(used_s: float, told: str) -> None:
    assert screens.clock(Fixed(900, used_s), Look()).plain.startswith(f"{told}  ")


def test_the_bar_is_as_long_as_the_time_that_is_used() -> None:
    for used_s, share in ((0, 0.0), (450, 0.5), (900, 1.0), (2000, 1.0)):
        clock = screens.clock(Fixed(900, used_s), Look())
        used, rest = (
            sum(span.end - span.start for span in clock.spans if span.style in styles)
            for styles in (("green", "red"), ("dim",))
        )
        assert abs(used - share * (used + rest)) <= 1, used_s


def test_a_sitting_counts_what_was_used_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "time", SimpleNamespace(monotonic=lambda: 130.0))
    assert Sitting(900, 60, started=100).used_s == 90


NAMES = {
    f"{kind}-{name}-{width}-{lang}"
    for kind, names in (("verdict", SUBMISSIONS), ("practice", (*LIVE, *ENDED)))
    for name in names
    for width, lang in ALL_LOOKS
}
NAMES |= {f"verdict-{name}-{width}-ascii" for name in SUBMISSIONS for width in (60, 80)}
NAMES |= {f"practice-lines-{width}-ascii" for width in (60, 80)}
