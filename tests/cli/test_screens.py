"""Whole screens as plain text, in tests/screens/; UPDATE_SCREENS=1 writes them anew."""

import pytest
from rich.cells import cell_len

from interview_cli.cli.out import write
from interview_cli.cli.view import proof as proofs
from interview_cli.cli.view.look import console, look
from interview_cli.domain.review import Event, Rating
from interview_cli.judge.prove import Comparison, Proof, Result
from tests.cli.material import SCREENS, Home, Stream, check_screen, interview, reviewed
from tests.cli.test_optimize import NAMES as OPTIMIZE
from tests.cli.test_plan_screens import NAMES as PLAN
from tests.cli.test_practice_screens import NAMES as PRACTICE
from tests.cli.test_statistics import NAMES as STATISTICS

LEECH = "a-card-with-a-long-name-that-is-forgotten"
ALL_LOOKS = [(width, lang) for width in (60, 80) for lang in ("zh", "en")]

# name: arguments of quiz, what is typed. --seed 1 puts the right option of the choice at b.
QUIZZES = {
    "recall": ("--tag plain", "\na\nb\nc\n3\n"),
    "cloze": ("--kind cloze", "\n\n\n2\n"),
    "choice-right": ("--kind choice", "{right}\n\n"),
    "choice-wrong": ("--kind choice", "{wrong}\n\n"),
    "numeric-right": ("--kind numeric", "many\n２００\n4\n"),
    "numeric-wrong": ("--kind numeric", "1600\n1\n"),
    "predict-right": ("--kind predict", "[2. 3.] [1.5 3.5] 1.25\n(2, 2)\n\n"),
    "predict-wrong": ("--kind predict", "[2. 3.] [1.5 3.5] 1.6666666666666667\n(2, 2)\n\n"),
    "derive": ("--kind derive", "\n\n1\n"),
    "code": ("--kind code", "\n3\n"),
    "leech": ("--tag leech", "\n1\n"),
    "changed": ("--tag changed", "\n3\n"),
    "cram": ("--kind cloze --cram", "3\n"),
    "keys": ("--kind derive", "?\nx\ns\nq\n"),
    "nothing-due": ("--kind derive --new 0", ""),
}
COMMANDS = {
    "today": "",
    "list": "list",
    "search": "search mean",
    "search-nothing": "search zzzz",
    "stats": "stats",
    "why": f"why {LEECH}",
    "why-new": "why axes",
    "show-card": "show axes",
    "show-solution": "show small-norm",
    "undo": "undo",
}


def history() -> list[Event]:
    """A few weeks: a leech, a card that was changed since, one learnt today, one due."""
    forgotten = [
        reviewed(LEECH, day, Rating.GOOD if day % 2 else Rating.AGAIN, elapsed_ms=30_000)
        for day in range(26, 5, -1)
    ]
    leech = [reviewed(LEECH, 40, Rating.EASY), *forgotten]
    changed = [reviewed("changed", day, Rating.GOOD, "00000000") for day in (12, 11.99)]
    others = [reviewed("bn-formula", 0.1, Rating.GOOD), reviewed("learnt", 3, Rating.EASY)]
    return sorted([*leech, *changed, *others], key=lambda review: review.reviewed_at)


@pytest.fixture(params=ALL_LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def suffix(request: pytest.FixtureRequest, home: Home, monkeypatch: pytest.MonkeyPatch) -> str:
    """A terminal of some width and language; the end of its screens' names."""
    width, lang = request.param
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("INTERVIEW_LANG", lang)
    home.write_reviews(history())
    return f"{width}-{lang}"


def letters(home: Home) -> dict[str, str]:
    """Where --seed 1 puts the right option, and a wrong one."""
    from random import Random

    order = [0, 1, 2]
    Random(1).shuffle(order)
    return {"right": "abc"[order.index(0)], "wrong": "abc"[order.index(1)]}


@pytest.mark.parametrize("name", QUIZZES)
def test_a_sitting_looks_like_its_screen(name: str, suffix: str, home: Home) -> None:
    options, typed = QUIZZES[name]
    typed = typed.format(**letters(home)) if "{" in typed else typed
    ran = interview(
        "quiz", *options.split(), "--seed=1", "--limit=1", typed=typed, in_terminal=True
    )
    assert ran.status == 0
    assert ran.err == ""
    check_screen(f"quiz-{name}-{suffix}", ran.out)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_looks_like_its_screen(name: str, suffix: str) -> None:
    ran = interview(*COMMANDS[name].split(), in_terminal=True)
    assert ran.status == 0
    assert ran.err == ""
    check_screen(f"{name}-{suffix}", ran.out)


def test_both_languages_look_like_their_screen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    typed = f"{letters(home)['right']}\n3\n"
    choice = interview(
        "quiz",
        "--kind=choice",
        "--lang=both",
        "--seed=1",
        "--limit=1",
        typed=typed,
        in_terminal=True,
    )
    check_screen("quiz-both-choice-60", choice.out)
    check_screen("show-both-60", interview("show", "axes", "--lang=both", in_terminal=True).out)


def test_a_pipe_gets_lines_without_boxes(home: Home) -> None:
    ran = interview("quiz", "--tag=plain", "--limit=1", typed="\na\n3\n")
    check_screen("quiz-recall-piped-80", ran.out)


def test_the_proof_table_looks_like_its_screen(
    suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(is_terminal=True)
    monkeypatch.setattr("sys.stdout", stream)
    view = look()
    names = ["y", "running_mean", "running_var", "dx", "dgamma"]
    results = [
        Result(case, dtype, tuple(Comparison(n, error, 1e-6) for n in names))
        for case, dtype, error in (
            ("plain", "float64", 3.1e-16),
            ("plain", "float32", 2.2e-7),
            ("one example, a picture", "float64", 0.0),
            ("far from zero", "float32", 4.5e-3),
        )
    ]
    results.append(
        Result(
            "constant",
            "float64",
            fault="raised ZeroDivisionError: division by zero, in the line that divides",
        )
    )
    out = console(view, stream)
    columns = proofs.Columns(names, [result.case for result in results], view)
    write(out, columns.heading())
    for result in results:
        write(out, columns.lines(result))
    summary = proofs.summary(
        Proof(tuple(results)), "torch.nn.functional.batch_norm", "2.13.0", 1.24, view
    )
    write(out, summary)
    check_screen(f"proof-{suffix}", strip(stream.getvalue()))


def strip(text: str) -> str:
    from tests.cli.material import ESCAPES

    return ESCAPES.sub("", text)


def test_no_line_is_wider_than_its_terminal() -> None:
    screens = sorted(SCREENS.glob("*.txt"))
    assert len(screens) > 90
    wide = [
        (path.name, line)
        for path in screens
        for line in path.read_text(encoding="utf-8").splitlines()
        if cell_len(line) > int(next(part for part in path.stem.split("-") if part in ("60", "80")))
    ]
    assert wide == []


def test_no_screen_is_left_over() -> None:
    """A screen that no test draws would be looked at in vain."""
    names = {f"quiz-{name}-{width}-{lang}" for name in QUIZZES for width, lang in ALL_LOOKS}
    names |= {
        f"{name}-{width}-{lang}" for name in (*COMMANDS, "proof") for width, lang in ALL_LOOKS
    }
    names |= {"quiz-both-choice-60", "show-both-60", "quiz-recall-piped-80"}
    assert {
        path.stem for path in SCREENS.glob("*.txt")
    } == names | OPTIMIZE | PLAN | PRACTICE | STATISTICS
