"""Screens of the plan and of readiness as plain text, in tests/screens/. What is simulated is made
up here, so that no digit depends on a processor."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from rich.console import RenderableType

from interview_cli.cli import agenda as agendas
from interview_cli.cli.desk import Desk
from interview_cli.cli.view import plan as plans
from interview_cli.cli.view import readiness
from interview_cli.cli.view.look import console, look
from interview_cli.domain.review import Aim, Rating
from tests.cli.material import ESCAPES, NOW, Home, Stream, check_screen, interview, reviewed

ALL_LOOKS = [(width, lang) for width in (60, 80) for lang in ("zh", "en")]
TODAY = NOW.date()
CARDS = (
    "bn-vs-ln", "softmax-gradient", "kl-direction", "adam-bias-correction", "attention-scale",
    "rope-by-hand", "label-smoothing-as-a-kl-to-the-uniform", "warmup", "dropout-at-test",
    "auc-by-ranks", "transposed-convolution", "beam-search", "flash-attention", "mixup", "he-init",
)  # fmt: skip


@pytest.fixture(params=ALL_LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def suffix(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """A terminal of some width and language; the end of its screens' names."""
    width, lang = request.param
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("INTERVIEW_LANG", lang)
    return f"{width}-{lang}"


def drawn(lines: Any, found: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """What a view makes of data, in a terminal."""
    stream = Stream(is_terminal=True)
    monkeypatch.setattr("sys.stdout", stream)
    view = look()
    found_lines: Iterable[RenderableType] = lines(found, view)
    for line in found_lines:
        console(view, stream).print(line)
    return ESCAPES.sub("", stream.getvalue())


def a_day(number: int, minutes: int, off: tuple[int, ...]) -> dict[str, Any]:
    on = TODAY + timedelta(number)
    is_off = on.weekday() in off
    used = 0.0 if is_off else minutes * (0.4 + 0.6 * (number % 3 < 2))
    return {
        "date": f"{on}", "is_off": is_off, "cards": 2.1 * used,
        "new": 1.3 * used if number < 12 else 0.0, "minutes": used,
    }  # fmt: skip


def a_plan(days: int, minutes: int, off: tuple[str, ...], cards: int) -> dict[str, Any]:
    weekdays = tuple(plans.words.WEEKDAYS)
    numbers = tuple(weekdays.index(name) for name in off if name in weekdays)
    return {
        "aim": {
            "date": f"{TODAY + timedelta(days)}", "days_left": days, "minutes": minutes,
            "off": list(off),
        },
        "today": [
            {"card": card, "kind": "code" if "by-hand" in card else "recall", "is_new": n % 2 > 0}
            for n, card in enumerate(CARDS[:cards])
        ],
        "days": [a_day(number, minutes, numbers) for number in range(max(days, 1))],
        "recall": {"plan": 0.934, "fsrs": 0.871, "stop_now": 0.064},
        "too_long": [],
    }  # fmt: skip


PLANS = {
    "plan": a_plan(27, 30, ("sun", "2026-12-06"), 15),
    "plan-eve": {
        **a_plan(1, 9, (), 1),
        "too_long": [
            {"card": "small-norm-code", "minutes": 10.0},
            {"card": "a-solution-with-a-long-name", "minutes": 45.4},
        ],
    },
    "plan-far": a_plan(400, 1440, ("sat", "sun"), 0),
    "plan-today": {**a_plan(0, 1, (), 0), "days": [{**a_day(0, 0, ()), "cards": 0.0}]},
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_looks_like_its_screen(
    name: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_screen(f"{name}-{suffix}", drawn(plans.lines, PLANS[name], monkeypatch))


def an_outlook(expected: float, low: float, high: float) -> dict[str, float]:
    return {"expected": expected, "low": low, "high": high}


TOPICS = (
    ("归一化", "Normalization", 20, (0.311, 0.274, 0.352), (0.842, 0.8, 0.874)),
    ("位置编码与注意力", "Attention and positions", 31, (0.0, 0.0, 0.0), (0.694, 0.61, 0.77)),
    ("优化", "Optimization", 1, (0.996, 0.951, 1.0), (1.0, 0.996, 1.0)),
)


def an_outlook_of_all(is_planned: bool) -> dict[str, Any]:
    def part(cards: int, stop: tuple[float, ...], plan: tuple[float, ...]) -> dict[str, Any]:
        ways = {"stop_now": an_outlook(*stop), "plan": an_outlook(*plan) if is_planned else None}
        return {"cards": cards, **ways}

    return {
        "date": "2026-12-18", "days_left": 27, "minutes": 30 if is_planned else None,
        "reviews": 412, "total": part(52, (0.201, 0.172, 0.243), (0.741, 0.69, 0.79)),
        "topics": [
            {"topic": en.lower(), "title": {"zh": zh, "en": en}, **part(cards, stop, plan)}
            for zh, en, cards, stop, plan in TOPICS
        ],
    }  # fmt: skip


READINESS = {"readiness": True, "readiness-alone": False}


@pytest.mark.parametrize("name", READINESS)
def test_readiness_looks_like_its_screen(
    name: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = an_outlook_of_all(READINESS[name])
    check_screen(f"{name}-{suffix}", drawn(readiness.lines, found, monkeypatch))


# Through the program, where nothing is simulated. name: the aim, what is kept of today's cards,
# the arguments.
AIMS = {
    "today-planned": ((date(2026, 12, 18), "sun"), ("axes", "changed", "bn-formula"), ""),
    "today-unsolved": ((date(2026, 11, 22),), None, ""),
    "today-off": ((date(2026, 11, 25), "sat"), None, ""),
    "today-day": ((date(2026, 11, 21),), ("axes",), ""),
    "today-passed": ((date(2026, 11, 20),), None, ""),
    "plan-passed": ((date(2026, 11, 20),), None, "plan"),
    "plan-clear": ((date(2026, 12, 18),), None, "plan --clear"),
    "quiz-day-off": ((date(2026, 12, 18), "sat"), None, "quiz"),
    "quiz-passed": ((date(2026, 11, 20),), None, "quiz --new 0 --topic norms"),
}


def test_both_languages_fit_into_a_narrow_terminal(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("INTERVIEW_LANG", "both")
    deck = (home.bank / "cards" / "tools.yaml").read_text(encoding="utf-8")
    long = "{zh: 卷积神经网络和别的, en: Convolutional networks and others}"
    title = next(line for line in deck.splitlines() if line.startswith("title"))
    (home.bank / "cards" / "tools.yaml").write_text(deck.replace(title, f"title: {long}"))
    home.write_reviews([Aim("a1", NOW, 0, date(2026, 12, 18), 30, ("sat",))])
    check_screen("today-both-60", interview(in_terminal=True).out)


@pytest.mark.parametrize("name", AIMS)
def test_a_command_with_a_plan_looks_like_its_screen(name: str, suffix: str, home: Home) -> None:
    (day, *off), kept, arguments = AIMS[name]
    aim = Aim("a1", NOW, 0, day, 30, tuple(off))
    home.write_reviews([reviewed("learnt", 3, Rating.EASY), reviewed("axes", 2, Rating.EASY)])
    home.write_reviews([reviewed("changed", 0.01, Rating.EASY, elapsed_ms=424_000), aim])
    with Desk() as desk:
        if kept:
            agendas.keep(desk.index, desk.day(NOW), aim, kept)
    ran = interview(*arguments.split(), in_terminal=True)
    assert (ran.status, ran.err) == (0, "")
    check_screen(f"{name}-{suffix}", ran.out)


NAMES = {
    f"{name}-{width}-{lang}" for name in (*PLANS, *READINESS, *AIMS) for width, lang in ALL_LOOKS
} | {"today-both-60"}
