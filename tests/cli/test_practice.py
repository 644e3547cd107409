"""Practice in line mode, a file judged once, and a verdict judged again."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from interview_cli.domain.review import Due, Rating
from interview_cli.judge import nursery as nurseries
from interview_cli.store import attempts
from tests.cli import workshop
from tests.cli.material import NOW, Home, Ran, interview, reviewed
from tests.cli.test_quiz import failing_writes
from tests.cli.workshop import (
    EPS_OUTSIDE,
    NO_EPS_ARGUMENT,
    NOT_CENTRED,
    RIGHT,
    TORCH,
    TWICE,
    UNBIASED,
    Workshop,
    piped,
)

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")
ZH = {
    "✓ 全部正确": RIGHT,
    "✗ 经典错误：unbiased": UNBIASED,
    "约定 eps-outside-the-root": EPS_OUTSIDE,
    "✗ 结果不对": TWICE,
}
EN = {
    "✓ everything is right": RIGHT,
    "✗ a classic mistake: unbiased": UNBIASED,
    "convention eps-outside-the-root": EPS_OUTSIDE,
    "✗ wrong": TWICE,
}


Find = Callable[[nurseries.Language], nurseries.Nursery]


@pytest.fixture(scope="module")
def born() -> Iterator[Find]:
    """One warm process of each language for all of these tests, which would start their own."""
    found: dict[str, nurseries.Nursery] = {}
    real = nurseries.nursery

    with ExitStack() as stack:

        def find(language: nurseries.Language) -> nurseries.Nursery:
            nurseries.require(language)
            if language not in found:
                found[language] = stack.enter_context(real(language))
            return found[language]

        yield find


@pytest.fixture
def bench(home: Home, born: Find, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The small bank with a proof; no editor of whoever runs the tests."""
    for place in ("interview_cli.judge.nursery.nursery", "interview_cli.cli.practice.nursery"):
        monkeypatch.setattr(place, lambda language: nullcontext(born(language)))
    monkeypatch.setattr("interview_cli.cli.commands.replay.bank_root", lambda: home.bank)
    for name in ("VISUAL", "EDITOR", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    return Workshop(home)


def judged(bench: Workshop, source: str, *options: str) -> Ran:
    return interview("practice", "small-norm", "--file", bench.file(source), *options)


def told(bench: Workshop, source: str, *options: str) -> dict[str, Any]:
    """The JSON of a verdict."""
    ran = judged(bench, source, "--json", *options)
    assert ran.err == ""
    return json.loads(ran.out)  # type: ignore[no-any-return]


# A file, judged once.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_verdict_is_on_the_screen_in_ones_language(lang: str, bench: Workshop) -> None:
    for headline, source in (ZH if lang == "zh" else EN).items():
        ran = judged(bench, source, "--lang", lang)
        assert headline in map(str.strip, ran.out.splitlines())
        assert ran.err == ""
        assert ran.status == (0 if source in (RIGHT, EPS_OUTSIDE) else 1)


def test_a_named_mistake_is_explained_with_its_card(bench: Workshop) -> None:
    out = judged(bench, UNBIASED, "--lang", "en").out
    assert "normalised with the unbiased variance" in out
    assert "→ interview show which-variance" in out
    assert "the smallest counterexample" in out


def test_a_judged_file_leaves_no_attempt_and_no_review(bench: Workshop) -> None:
    judged(bench, UNBIASED)
    assert bench.attempts() == []
    assert bench.home.log_lines() == []


def test_the_json_of_a_verdict_is_complete(bench: Workshop) -> None:
    found = told(bench, UNBIASED, "--seed", "3")
    assert next(iter(found.items())) == ("version", 1)
    assert found["solution"] == "norms/small_norm"
    assert found["source"] == UNBIASED
    assert found["stage"] is None
    assert set(found["versions"]) == {"interview", "python", "numpy", "torch"}
    assert found["versions"]["numpy"] == np.__version__
    verdict = found["verdict"]
    assert (verdict["kind"], verdict["is_accepted"]) == ("mistake", False)
    assert (verdict["language"], verdict["seed"]) == ("numpy", 3)
    assert (verdict["stage"], verdict["case"]) == ("forward", "plain")
    assert (verdict["dtype"], verdict["output"]) == ("float64", "y")
    assert [s["state"] for s in verdict["stages"]] == ["passed", "failed", "open", "open"]
    assert verdict["errors"]["y"]["error"] > verdict["errors"]["y"]["allowed"]
    (mistake,) = verdict["mistakes"]
    assert (mistake["name"], mistake["card"]) == ("unbiased", "which-variance")
    assert mistake["zh"]
    assert mistake["en"]
    assert verdict["pattern"]["zh"]
    assert verdict["pattern"]["en"]


def test_the_counterexample_in_the_json_is_one(bench: Workshop) -> None:
    """Whoever runs both on its inputs gets both results."""
    found = told(bench, TWICE)["verdict"]["counterexample"]
    (call,) = found["calls"]
    names: dict[str, Any] = {}
    exec(TWICE, names)
    mine = names["small_norm"](np.array(call["arguments"]["x"]))
    np.testing.assert_allclose(found["yours"], mine)
    np.testing.assert_allclose(found["expected"], mine / 2)
    assert found["output"] == "y"
    assert np.abs(mine / 2).max() > found["allowed"]


def test_the_json_is_the_same_in_every_language(bench: Workshop) -> None:
    found = [told(bench, UNBIASED, "--lang", lang) for lang in ("zh", "en")]
    for each in found:
        each["verdict"].pop("elapsed_ms")
    assert found[0] == found[1]


def test_json_of_an_accepted_file_is_status_0_and_of_a_wrong_one_1(bench: Workshop) -> None:
    assert judged(bench, RIGHT, "--json").status == 0
    assert judged(bench, TWICE, "--json").status == 1


def test_a_stage_is_the_last_that_is_asked(bench: Workshop) -> None:
    """What ignores eps is right up to the stage that gives another."""
    assert judged(bench, NO_EPS_ARGUMENT).status == 1
    ran = judged(bench, NO_EPS_ARGUMENT, "--stage", "forward")
    assert ran.status == 0
    assert ran.out.splitlines()[0] == "✓ shape   ✓ forward"
    assert told(bench, NO_EPS_ARGUMENT, "--stage", "forward")["stage"] == "forward"


def test_a_seed_draws_other_cases_and_the_same_one_the_same(bench: Workshop) -> None:
    first, again, other = (
        told(bench, TWICE, "--seed", seed)["verdict"]["errors"] for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other


def test_any_whole_number_is_a_seed(bench: Workshop) -> None:
    """numpy's global state takes 32 bits of it."""
    assert judged(bench, RIGHT, "--seed", str(2**40)).status == 0


@needs_torch
def test_a_file_that_imports_torch_is_judged_in_torch(bench: Workshop) -> None:
    found = told(bench, TORCH)["verdict"]
    assert (found["kind"], found["language"]) == ("accepted", "torch")


@needs_torch
def test_in_torch_a_file_gets_tensors_though_it_does_not_import_torch(bench: Workshop) -> None:
    source = RIGHT.replace("    mean = x.mean(0)", "    mean = x.mean(dim=0)")
    assert judged(bench, source).status == 1
    assert judged(bench, source, "--in", "torch").status == 0


def test_without_torch_only_torch_is_missing(
    bench: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    missing = "this needs torch, which is not installed; pip install 'torch>=2.6,<2.14'\n"
    assert judged(bench, RIGHT, "--in", "torch") == Ran(3, "", missing)
    assert judged(bench, TORCH) == Ran(3, "", missing)
    ran = interview("practice", "small-norm", "--in", "torch", "--no-open")
    assert ran == Ran(3, "", missing)
    assert bench.attempts() == []
    assert judged(bench, RIGHT).status == 0


def test_a_byte_order_mark_is_no_part_of_the_code(bench: Workshop) -> None:
    assert judged(bench, "\ufeff" + RIGHT).status == 0


def test_a_card_that_asks_for_a_solution_is_its_name_too(bench: Workshop) -> None:
    ran = interview("practice", "small-norm-code", "--file", bench.file(RIGHT))
    assert (ran.status, ran.err) == (0, "")


# What is wrong with a command line.

WRONG = {
    "smal-norm": 'no solution is named "smal-norm"; did you mean "small-norm"?',
    "zzz": 'no solution is named "zzz"',
    "axes": 'no solution is named "axes"',
    "small-norm --file {nowhere}": "{nowhere}: No such file or directory",
    "small-norm --file {folder}": "{folder}: Is a directory",
    "small-norm --file {latin}": "{latin}:2: this is not UTF-8; save the file as UTF-8",
    "small-norm --file {large}": "{large}: 262145 bytes; at most 262144 are judged",
    "small-norm --file {right} --stage foward":
        '--stage is "foward"; did you mean "forward"?',
    "small-norm --file {right} --stage zzz":
        '--stage is "zzz"; it is shape, forward, options or stability',
    "small-norm --no-open --stage zzz":
        '--stage is "zzz"; it is shape, forward, options or stability',
    "small-norm --file {right} --in foo": '--in is "foo"; it is numpy or torch',
    "small-norm --file {right} --in numpi": '--in is "numpi"; did you mean "numpy"?',
    "small-norm --file {right} --seed -1":
        "interview practice: --seed is -1; it is at least 0; see interview practice --help",
    "small-norm --time 0": '--time is "0"; write 15m, 90s or 1h, at most 24h',
    "small-norm --time abc": '--time is "abc"; write 15m, 90s or 1h, at most 24h',
    "small-norm --time 99h": '--time is "99h"; write 15m, 90s or 1h, at most 24h',
    "small-norm --time -5m": '--time is "-5m"; write 15m, 90s or 1h, at most 24h',
    "small-norm --time 0.1s": '--time is "0.1s"; write 15m, 90s or 1h, at most 24h',
    "small-norm --time": "interview practice: --time needs a value; see interview practice --help",
    "small-norm --editor no-such-editor":
        '--editor is "no-such-editor", which is no program here; --no-open opens none',
    "small-norm --editor '\"'": '--editor is """: No closing quotation',
    "small-norm --json": "--json needs --file: an attempt at the keyboard has no JSON",
    "small-norm --no-open --resume":
        "there is no attempt to resume; interview practice small-norm",
    "small-norm extra": 'interview practice: unexpected "extra"; see interview practice --help',
    "--topic zzz": 'no topic is named "zzz"; there is norms, tools',
    "--topic tools": "there is nothing to write by hand there; see interview list --kind code",
    "--lang fr": '--lang is "fr"; it is zh, en or both',
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_gets_one_clear_sentence(line: str, bench: Workshop) -> None:
    places = {
        "nowhere": str(bench.home.root / "nowhere.py"),
        "folder": str(bench.home.root),
        "latin": bench.file(b"# x\n# \xe9\n", "latin.py"),
        "large": bench.file("#" * 262145, "large.py"),
        "right": bench.file(RIGHT, "right.py"),
    }
    arguments = [word.strip("'") for word in line.format(**places).split()]
    ran = interview("practice", *arguments)
    assert ran == Ran(2, "", WRONG[line].format(**places) + "\n")
    assert bench.attempts() == []


def test_a_solution_without_a_proof_cannot_be_practised(home: Home) -> None:
    ran = interview("practice", "small-norm", "--no-open")
    assert ran == Ran(2, "", "norms/small_norm has no proof yet (small_norm_spec.py)\n")


def test_an_editor_that_does_not_start_is_one_sentence(bench: Workshop) -> None:
    path = Path(bench.file("not a program", "ed"))
    path.chmod(0o700)
    ran = interview("practice", "small-norm", "--editor", str(path))
    assert ran.status == 2
    assert ran.err == f"the editor {path} does not start: Exec format error\n"


# Judged again.


def verdict_file(bench: Workshop, judged_source: str, **changes: Any) -> Path:
    path = Path(bench.file("", "verdict.json"))
    path.write_text(json.dumps({**told(bench, judged_source), **changes}), encoding="utf-8")
    return path


@pytest.mark.parametrize("source", [RIGHT, NOT_CENTRED, TWICE, EPS_OUTSIDE])
def test_the_same_verdict_again_is_status_0(source: str, bench: Workshop) -> None:
    ran = interview("replay", str(verdict_file(bench, source)))
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "the same verdict"
    before = judged(bench, source).out
    assert ran.out.startswith(before)


def test_another_verdict_is_status_1_and_the_old_one_is_told(bench: Workshop) -> None:
    path = verdict_file(bench, NOT_CENTRED, source=RIGHT)
    ran = interview("replay", str(path))
    assert ran.status == 1
    assert ran.out.splitlines()[-1] == "the verdict was mistake"
    assert interview("replay", str(path), "--lang", "zh").out.splitlines()[-1] == (
        "当时的结论是 mistake"
    )


def test_another_name_for_a_mistake_is_another_verdict(bench: Workshop) -> None:
    assert interview("replay", str(verdict_file(bench, NOT_CENTRED, source=TWICE))).status == 1
    path = verdict_file(bench, NOT_CENTRED, source=UNBIASED)
    assert interview("replay", str(path)).status == 1


def test_a_replay_ends_with_the_same_stage(bench: Workshop) -> None:
    path = verdict_file(bench, NO_EPS_ARGUMENT)
    assert interview("replay", str(path)).out.splitlines()[0] == (
        "✓ shape   ✓ forward   ✗ options   · stability"
    )
    path.write_text(json.dumps(told(bench, NO_EPS_ARGUMENT, "--stage", "forward")))
    ran = interview("replay", str(path))
    assert (ran.status, ran.out.splitlines()[0]) == (0, "✓ shape   ✓ forward")


def test_a_replay_draws_the_cases_of_the_same_seed(bench: Workshop) -> None:
    path = bench.file(judged(bench, TWICE, "--seed", "5", "--json").out, "verdict.json")
    out = interview("replay", path).out
    assert out.startswith(judged(bench, TWICE, "--seed", "5").out)
    assert not out.startswith(judged(bench, TWICE).out)


def test_versions_that_differ_are_told(bench: Workshop) -> None:
    versions = {**told(bench, RIGHT)["versions"], "numpy": "1.0.0"}
    path = verdict_file(bench, RIGHT, versions=versions)
    told_en = interview("replay", str(path)).out.splitlines()
    assert told_en[-2:] == [f"numpy was 1.0.0, now {np.__version__}", "the same verdict"]
    told_zh = interview("replay", str(path), "--lang", "zh").out.splitlines()
    assert told_zh[-2:] == [f"numpy：当时 1.0.0，现在 {np.__version__}", "结论相同"]


BROKEN = {
    "empty": b"",
    "cut": b'{"solution": "norms/small_norm", "sou',
    "a list": b"[]",
    "not UTF-8": b'{"solution": "\xff"}',
    "wrong keys": b'{"solution": "norms/small_norm", "text": ""}',
    "wrong type": b'{"solution": 7, "source": "", "verdict": {}}',
    "deep": b"[" * 100_000,
    "another language":
        b'{"solution": "a", "source": "", "verdict":'
        b' {"kind": "x", "language": "jax", "seed": 0, "mistakes": []}}',
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_verdict_gets_one_sentence(name: str, bench: Workshop) -> None:
    path = bench.file(BROKEN[name], "verdict.json")
    ran = interview("replay", path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{path}: this is no verdict of interview practice --json (")
    assert ran.err.count("\n") == 1
    assert len(ran.err) < len(path) + 200


def test_a_verdict_that_is_too_large_gets_one_sentence(bench: Workshop) -> None:
    path = verdict_file(bench, RIGHT)
    path.write_bytes(path.read_bytes().ljust((8 << 20) + 1))
    ran = interview("replay", str(path))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.endswith("(it is too large)\n")


def test_a_verdict_that_is_not_there_gets_one_sentence(bench: Workshop) -> None:
    nowhere, folder = bench.home.root / "nowhere.json", bench.home.root
    ran = interview("replay", str(nowhere))
    assert ran == Ran(2, "", f"{nowhere}: No such file or directory\n")
    assert interview("replay", str(folder)) == Ran(2, "", f"{folder}: Is a directory\n")


def test_a_verdict_of_a_solution_that_is_gone_gets_one_sentence(bench: Workshop) -> None:
    ran = interview("replay", str(verdict_file(bench, RIGHT, solution="norms/smal_norm")))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == 'no solution is named "norms/smal_norm"; did you mean "small-norm"?\n'


def test_a_verdict_with_nan_is_json_that_can_be_replayed(bench: Workshop) -> None:
    """One row has no unbiased variance."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    ran = judged(bench, UNBIASED, "--json")
    json.loads(ran.out, parse_constant=refuse)
    assert interview("replay", bench.file(ran.out, "verdict.json")).status == 0


def test_a_verdict_with_a_negative_seed_gets_one_sentence(bench: Workshop) -> None:
    verdict = {**told(bench, RIGHT)["verdict"], "seed": -1}
    ran = interview("replay", str(verdict_file(bench, RIGHT, verdict=verdict)))
    assert (ran.status, ran.err.count("\n")) == (2, 1)


def test_a_verdict_from_elsewhere_cannot_draw_on_the_screen(
    bench: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.cli.material.ESCAPES", re.compile("(?!)"))
    verdict = {**told(bench, NOT_CENTRED)["verdict"], "kind": "\x1b[31mred"}
    path = verdict_file(bench, NOT_CENTRED, verdict=verdict, versions={"numpy": "\x1b]0;title"})
    ran = interview("replay", str(path))
    assert "\x1b" not in ran.out + ran.err


# Without a name.


def asked_for(bench: Workshop, *options: str) -> str:
    """The solution that practice without a name takes."""
    with piped("") as stdin:
        ran = interview("practice", "--no-open", *options, stdin=stdin)
    assert ran.err == ""
    return ran.out.splitlines()[0].partition("   ")[2].partition(" ")[0]


def code_reviews(norm_days: float, double_days: float) -> list[Any]:
    return [
        reviewed("small-norm-code", norm_days, Rating.GOOD),
        reviewed("double-code", double_days, Rating.GOOD),
    ]


def test_without_a_name_the_due_one_that_is_remembered_least_is_taken(bench: Workshop) -> None:
    bench.add_double()
    bench.home.write_reviews(code_reviews(60, 90))
    assert asked_for(bench) == "doubles/double"
    bench.home.write_reviews([reviewed("double-code", 50, Rating.EASY)])
    assert asked_for(bench) == "norms/small_norm"


def test_a_due_one_comes_before_a_new_one(bench: Workshop) -> None:
    bench.add_double()
    bench.home.write_reviews([reviewed("double-code", 60, Rating.GOOD)])
    assert asked_for(bench) == "doubles/double"


def test_a_topic_narrows_what_is_taken(bench: Workshop) -> None:
    bench.add_double()
    bench.home.write_reviews(code_reviews(60, 90))
    assert asked_for(bench, "--topic", "norms") == "norms/small_norm"


def test_where_nothing_is_due_it_says_what_to_type(bench: Workshop) -> None:
    bench.home.write_reviews([reviewed("small-norm-code", 0.2, Rating.EASY)])
    ran = interview("practice", "--no-open")
    assert ran.status == 2
    assert ran.err == (
        "nothing to write by hand is due; name one: interview practice small-norm-code\n"
    )
    assert interview("practice", "small-norm-code", "--file", bench.file(RIGHT)).status == 0


# An attempt in line mode.


def test_a_mistake_is_named_and_a_correction_accepted(bench: Workshop) -> None:
    ran = bench.practise(saving=(UNBIASED, RIGHT), typed="e\n")
    assert (ran.status, ran.err) == (0, "")
    named, _, accepted = ran.out.partition("save 2, ")
    assert "✗ a classic mistake: unbiased" in named
    assert "✓ everything is right" in accepted
    assert "2 saves" in accepted


def test_every_save_is_kept_and_what_happened_is_written_down(bench: Workshop) -> None:
    bench.practise(saving=(UNBIASED, TWICE, RIGHT), typed="e\ne\n")
    assert bench.saves() == [UNBIASED, TWICE, RIGHT]
    assert bench.happened() == ["started", *["save", "verdict"] * 3, "ended"]
    (mine,) = bench.attempts()[0].glob("small_norm.py")
    assert mine.read_text() == RIGHT


def test_an_accepted_attempt_is_a_review_of_its_card(bench: Workshop) -> None:
    bench.practise(saving=(RIGHT,))
    (review,) = bench.log("rating")
    assert (review["card"], review["kind"], review["rating"]) == ("small-norm-code", "code", 4)
    assert review["at"] == "2026-11-21T08:00:00Z"
    assert "cram" not in review
    assert json.loads(interview("stats", "--json").out)["reviews"] == 1


def test_an_attempt_that_is_given_up_is_again(bench: Workshop) -> None:
    ran = bench.practise(saving=(TWICE,), typed="q\n")
    assert ran.status == 1
    assert "suggested rating 1 again" in ran.out
    assert [r["rating"] for r in bench.log("rating")] == [1]
    assert bench.happened()[-1] == "ended"


def test_q_at_once_is_again_too(bench: Workshop) -> None:
    ran = bench.practise(typed="q\n")
    assert ran.status == 1
    assert [r["rating"] for r in bench.log("rating")] == [1]


def test_the_card_of_a_named_mistake_is_due_now(bench: Workshop) -> None:
    ran = bench.practise(saving=(UNBIASED, NOT_CENTRED, RIGHT), typed="e\ne\n")
    assert "due now: which-variance, axes" in ran.out
    found = [line for line in map(json.loads, bench.home.log_lines()) if line["type"] == "due"]
    assert [line["card"] for line in found] == ["which-variance", "axes"]
    assert json.loads(interview("--json").out)["due"] == 2


def test_a_mistake_made_twice_makes_its_card_due_once(bench: Workshop) -> None:
    bench.practise(saving=(UNBIASED, TWICE, UNBIASED, RIGHT), typed="e\ne\ne\n")
    assert [line["type"] for line in map(json.loads, bench.home.log_lines())] == ["review", "due"]


def test_a_convention_makes_no_card_due(bench: Workshop) -> None:
    bench.practise(saving=(EPS_OUTSIDE,))
    assert [line["type"] for line in map(json.loads, bench.home.log_lines())] == ["review"]


def test_the_rating_can_be_lowered(bench: Workshop) -> None:
    ran = bench.practise(saving=(RIGHT,), typed="2\n")
    assert "Enter accepts; lower: 1 2 3" in ran.out
    assert [r["rating"] for r in bench.log("rating")] == [2]


def test_the_rating_cannot_be_raised(bench: Workshop) -> None:
    bench.practise(saving=(TWICE,), typed="q\n4\n3\n2\n\n")
    assert [r["rating"] for r in bench.log("rating")] == [1]


def test_enter_takes_the_suggested_rating(bench: Workshop) -> None:
    bench.practise(saving=(RIGHT,), typed="\n1\n")
    assert [r["rating"] for r in bench.log("rating")] == [4]


@pytest.mark.parametrize(
    ("limit", "used_s", "rating"),
    [("15m", 0, 4), ("15m", 500, 3), ("15m", 1000, 2), ("90s", 60, 3), ("1h", 1700, 4),
     ("1h", 2000, 3), ("10", 400, 3)],
)  # fmt: skip
def test_the_clock_suggests_the_rating(
    limit: str, used_s: float, rating: int, bench: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the time is easy, all of it good, more hard."""
    from interview_cli.cli import sitting

    late = SimpleNamespace(
        monotonic=lambda: sitting_time() + used_s, sleep=lambda seconds: wait(seconds)
    )
    sitting_time, wait = sitting.time.monotonic, sitting.time.sleep
    monkeypatch.setattr(sitting, "time", late)
    bench.practise("--time", limit, saving=(RIGHT,))
    (review,) = bench.log("rating")
    assert review["rating"] == rating
    assert review["elapsed_ms"] >= 1000 * used_s


def test_a_hint_is_shown_counted_and_makes_it_hard(bench: Workshop) -> None:
    ran = bench.practise(saving=(TWICE, RIGHT), typed="h\ne\n")
    assert "1. A mean and a variance per column: axis=0." in ran.out
    assert "2. Divide by" not in ran.out
    assert "1 hint" in ran.out
    assert "suggested rating 2 hard" in ran.out
    assert bench.happened() == [
        "started", "save", "verdict", "hint", "save", "verdict", "ended",
    ]  # fmt: skip


def test_each_hint_says_more_and_the_last_costs_nothing_twice(bench: Workshop) -> None:
    ran = bench.practise("--lang", "zh", typed="h\nh\nh\nq\n")
    assert ran.out.count("1. 每列有自己的均值和方差") == 3
    assert ran.out.count("2. 除以 √(σ² + ε)") == 2
    assert bench.happened().count("hint") == 2


def test_a_solution_without_hints_says_so(bench: Workshop) -> None:
    bench.add_double()
    with piped("h\nq\n") as stdin:
        ran = interview("practice", "double", "--no-open", stdin=stdin)
    assert "there are no hints for this one." in ran.out
    assert "0 hints" in ran.out


def test_d_shows_the_difference_and_ends_with_again(bench: Workshop) -> None:
    ran = bench.practise(saving=(UNBIASED,), typed="d\n4\n")
    assert ran.status == 1
    assert "-    var = x.var(0, ddof=1)" in ran.out.splitlines()
    assert '+    """x (N, C) -> y (N, C)."""' in ran.out.splitlines()
    assert [r["rating"] for r in bench.log("rating")] == [1]
    assert bench.happened()[-2:] == ["shown", "ended"]


def test_r_puts_the_stub_back_and_keeps_what_was_written(bench: Workshop) -> None:
    ran = bench.practise(saving=(UNBIASED,), typed="r\nq\n")
    assert "the file is as it was at first; yours is kept." in ran.out
    assert "raise NotImplementedError" in next(bench.attempts()[0].glob("*.py")).read_text()
    assert bench.saves() == [UNBIASED]
    assert "reset" in bench.happened()


def test_a_reset_keeps_what_was_saved_a_moment_before(bench: Workshop) -> None:
    """Nobody has judged it yet."""
    attempt = begun(bench)
    attempt.path.write_text(TWICE)
    bench.practise("--resume", typed="r\nq\n")
    assert bench.saves() == [TWICE]


def test_a_key_that_means_nothing_changes_nothing(bench: Workshop) -> None:
    bench.practise(typed="x\n7\n\n答案\n\x1b[A\nhelp\n")
    assert bench.happened() == ["started"]


def test_the_end_of_input_leaves_the_attempt_for_later(bench: Workshop) -> None:
    ran = bench.practise(saving=(TWICE,))
    assert ran.status == 1
    assert ran.out.splitlines()[-1] == (
        "everything is kept; interview practice small-norm --resume goes on."
    )
    assert bench.home.log_lines() == []
    assert bench.happened() == ["started", "save", "verdict"]
    assert bench.saves() == [TWICE]


def test_a_last_line_counts_though_it_has_no_end(bench: Workshop) -> None:
    assert bench.practise(saving=(TWICE, RIGHT), typed="e").status == 0
    assert len(bench.log("rating")) == 1


def test_a_saved_stub_is_not_written_yet(bench: Workshop) -> None:
    bench.practise(typed="q\n")
    stub = next(bench.attempts()[0].glob("*.py")).read_text()
    ran = bench.practise(saving=(stub + "# a note\n",), typed="q\n")
    assert "✗ not written yet" in ran.out


def test_the_stub_is_the_signature_and_its_shapes(bench: Workshop) -> None:
    bench.practise()
    assert next(bench.attempts()[0].glob("*.py")).read_text() == (
        '"""Normalise the columns."""\n\nimport numpy as np\n\n\n'
        'def small_norm(x, eps=1e-05):\n    """x (N, C) -> y (N, C)."""\n'
        "    raise NotImplementedError\n"
    )


def test_a_stage_ends_the_attempt_when_it_is_right(bench: Workshop) -> None:
    ran = bench.practise("--stage", "forward", saving=(NO_EPS_ARGUMENT,))
    assert ran.status == 0
    assert "✓ shape   ✓ forward\n" in ran.out


def test_what_an_attempt_came_to_is_in_the_statistics(bench: Workshop) -> None:
    bench.practise(saving=(UNBIASED, RIGHT), typed="e\n")
    bench.practise(saving=(NOT_CENTRED, UNBIASED), typed="e\nq\n")
    bench.practise("--stage", "forward", saving=(NO_EPS_ARGUMENT,))
    found = json.loads(interview("stats", "--json").out)
    (written,) = found["handwriting"]
    assert (written["solution"], written["par_s"]) == ("small_norm", 900)
    came_to = [
        (a["is_accepted"], a["passed"], a["stages"], a["mistakes"]) for a in written["attempts"]
    ]
    assert came_to == [
        (True, 4, 4, ["unbiased"]),
        (False, 1, 4, ["not-centred", "unbiased"]),
        (False, 2, 4, []),  # all that was asked, and not the whole
    ]
    assert written["best_s"] == written["attempts"][0]["used_s"]
    assert found["mistakes"] == [
        {"mistake": "unbiased", "solution": "small_norm", "attempts": 2, "card": "which-variance"},
        {"mistake": "not-centred", "solution": "small_norm", "attempts": 1, "card": "axes"},
    ]


def test_both_answers_are_shown_at_the_end(bench: Workshop) -> None:
    out = bench.practise(saving=(RIGHT,)).out
    yours, _, model = out.partition("\nyours\n")[2].partition("\nthe model answer\n")
    assert yours.strip() == RIGHT.strip()
    assert "return (x - x.mean(axis=0)) /" in model


def test_an_attempt_at_a_solution_that_no_card_asks_for_leaves_no_review(bench: Workshop) -> None:
    bench.add_double()
    (bench.home.folder / "decks" / "doubles.yaml").unlink()
    with piped("q\n") as stdin:
        ran = interview("practice", "double", "--no-open", stdin=stdin)
    assert (ran.status, ran.err) == (1, "")
    assert bench.home.log_lines() == []


def unsaved(bench: Workshop, monkeypatch: pytest.MonkeyPatch) -> tuple[Ran, list[dict[str, Any]]]:
    """An attempt whose review meets a full disk, and the events that were put elsewhere."""
    rescued = bench.home.root / "rescued"
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.gettempdir", lambda: str(rescued))
        failing_writes(patch, 1)
        ran = bench.practise(saving=(UNBIASED, RIGHT), typed="e\n")
    (path,) = rescued.glob("interview-rescued-*.jsonl")
    assert ran.err.splitlines()[-1] == f"the review is in {path}"
    return ran, [json.loads(line) for line in path.read_text().splitlines()]


def test_a_review_that_cannot_be_saved_is_told_and_put_elsewhere(
    bench: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran, found = unsaved(bench, monkeypatch)
    assert "not saved: No space left on device" in ran.err.splitlines()[0]
    assert [event["rating"] for event in found if event["type"] == "review"] == [4]


def test_with_the_review_its_mistakes_are_put_elsewhere(
    bench: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, found = unsaved(bench, monkeypatch)
    assert [event["type"] for event in found] == ["review", "due"]


# Going on with it.


def begun(bench: Workshop, **changes: Any) -> attempts.Attempt:
    """An attempt of five minutes ago that nobody has ended."""
    options = {"language": "numpy", "limit_s": 900.0, **changes}
    at = NOW - timedelta(minutes=5)
    return attempts.begin(bench.home.folder, "small_norm", "# stub\n", at, **options)


def test_resume_goes_on_with_time_saves_and_hints(bench: Workshop) -> None:
    with begun(bench) as attempt:
        attempt.record("save", NOW - timedelta(minutes=3), number=attempt.keep(TWICE.encode()))
        attempt.record("hint", NOW - timedelta(minutes=1), number=1)
        attempt.path.write_text(TWICE)
    ran = bench.practise("--resume", saving=(RIGHT,))
    assert ran.status == 0
    assert "save 2, 4:0" in ran.out
    assert "2 saves · 1 hint" in ran.out
    assert bench.saves() == [TWICE, RIGHT]
    (review,) = bench.log("rating")
    assert review["rating"] == 2
    assert review["elapsed_ms"] >= 240_000
    assert bench.happened() == [
        "started", "save", "hint", "resumed", "verdict", "save", "verdict", "ended"
    ]  # fmt: skip


def test_resume_keeps_the_time_limit_of_the_attempt(bench: Workshop) -> None:
    begun(bench, limit_s=1200.0).close()
    assert "20:00 given" in bench.practise("--resume", typed="q\n").out


def test_resume_goes_on_in_the_language_of_the_attempt(bench: Workshop) -> None:
    begun(bench).close()
    assert "small_norm · numpy" in bench.practise("--resume", typed="q\n").out


def test_resume_takes_the_newest_that_has_not_ended(bench: Workshop) -> None:
    bench.practise()
    bench.practise()
    bench.practise(typed="q\n")
    bench.practise("--resume", typed="q\n")
    ended = [path for path in bench.attempts() if "ended" in (path / "attempt.jsonl").read_text()]
    assert ended == bench.attempts()[1:]
    assert bench.practise("--resume", typed="q\n").status == 1
    ran = bench.practise("--resume")
    assert ran == Ran(2, "", "there is no attempt to resume; interview practice small-norm\n")


def test_a_new_attempt_begins_with_the_stub_though_another_is_open(bench: Workshop) -> None:
    begun(bench).path.write_text(TWICE)
    bench.practise()
    assert "NotImplementedError" in (bench.attempts()[-1] / "small_norm.py").read_text()
    assert (bench.attempts()[0] / "small_norm.py").read_text() == TWICE


def test_an_ended_attempt_keeps_everything(bench: Workshop) -> None:
    bench.practise(saving=(UNBIASED,), typed="d\n")
    bench.practise(saving=(RIGHT,))
    assert len(bench.attempts()) == 2
    first = bench.attempts()[0]
    assert (first / "saves" / "0001.py").read_text() == UNBIASED


def test_the_card_that_is_due_may_be_written_by_hand(bench: Workshop) -> None:
    """A card that was made due is taken, and its review settles it."""
    bench.home.write_reviews([Due("d1", NOW, 0, "small-norm-code")])
    with piped("q\n") as stdin:
        ran = interview("practice", "--editor", bench.editor(RIGHT), stdin=stdin)
    assert ran.status == 0
    assert json.loads(interview("why", "small-norm-code", "--json").out)["reviews"]


def test_the_tests_of_practice_read_a_pipe() -> None:
    """So that they see what a script sees, not what a string gives."""
    with workshop.piped("h\n") as stdin:
        assert os.read(stdin.fileno(), 9) == b"h\n"
