"""Every command's help, JSON, exit status and errors."""

import json
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from interview_cli.bank.model import KINDS
from interview_cli.cli.app import COMMANDS
from interview_cli.cli.view.look import LANGUAGES
from interview_cli.domain.review import Due, Rating, Weights
from interview_cli.judge.child import Child
from interview_cli.scheduling.fsrs import WEIGHTS, Fsrs
from tests.cli.material import NOW, Home, Stream, interview, reviewed

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_commands_line_in_the_list_is_the_first_of_its_docstring(command: str) -> None:
    module = import_module(f"interview_cli.cli.commands.{command}")
    assert module.command.__doc__.splitlines()[0] == COMMANDS[command]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("columns", ["60", "100"])
def test_help_has_a_purpose_and_two_examples(
    command: str, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for option in ("--help", "-h"):
        ran = interview(command, option)
        assert (ran.status, ran.err) == (0, "")
        assert COMMANDS[command] in ran.out
        examples = ran.out.partition("Examples:\n")[2].splitlines()
        assert len(examples) == 2
        assert all(line.startswith(f"  {'  '}interview {command}") for line in examples)
        assert max(map(len, ran.out.splitlines())) <= int(columns)


def test_the_examples_in_the_help_work(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the small bank's names in the place of the real ones."""
    monkeypatch.chdir(home.root)
    names = {
        "normalization": "norms", "losses": "norms", "bn-vs-ln": "axes", "batch-norm": "small-norm",
    }  # fmt: skip
    for command in COMMANDS:
        for line in import_module(f"interview_cli.cli.commands.{command}").EXAMPLES.splitlines()[
            2:
        ]:
            _, *arguments = [names.get(word, word) for word in line.split()]
            if "--run" in arguments or command in ("practice", "verify", "replay"):
                continue  # they need a proof, a file or a terminal
            if "my-decks" in arguments:
                continue
            ran = interview(*arguments)
            assert (ran.status, ran.err) == (0, ""), line


def test_the_list_of_commands_tells_each_ones_purpose() -> None:
    ran = interview("--help")
    assert ran.status == 0
    for command, purpose in COMMANDS.items():
        assert re.search(rf"^  {command} +{re.escape(purpose)}$", ran.out, re.MULTILINE)


READING = [
    "--json", "list --json", "list --topic norms --kind recall --json", "search mean --json",
    "search nothing-has-this --json", "stats --json", "why axes --json", "why learnt --json",
    "show axes --json", "show small-norm --json", "show per-channel --json", "lint --json",
    "doctor --json", "plan --date 2026-11-23 --minutes 9 --off sun --json", "plan --clear --json",
    "readiness --date 2026-11-23 --json",
]  # fmt: skip


@pytest.mark.parametrize("arguments", READING)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_json_is_one_document_of_version_1_and_all_of_the_output(
    arguments: str, lang: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_LANG", lang)
    home.write_reviews([reviewed("learnt", 3, Rating.EASY)])
    ran = interview(*arguments.split())
    found = json.loads(ran.out)
    assert next(iter(found)) == "version"
    assert found["version"] == 1
    assert (ran.status, ran.err) == (0, "")


def test_json_tells_the_same_as_the_screen(home: Home) -> None:
    home.write_reviews([reviewed("learnt", 3, Rating.EASY), reviewed("axes", 1, Rating.GOOD)])
    assert json.loads(interview("--json").out)["unseen"] == 8
    stats = json.loads(interview("stats", "--json").out)
    assert (stats["reviews"], stats["cards_seen"], stats["ratings"]["easy"]) == (2, 2, 1)
    cards = json.loads(interview("list", "--json").out)["cards"]
    assert [c["id"] for c in cards if c["memory"]] == ["axes", "learnt"]
    assert {c["kind"] for c in cards} == set(KINDS)
    why = json.loads(interview("why", "learnt", "--json").out)
    assert [r["rating"] for r in why["reviews"]] == [4]
    assert why["due_at"].endswith("Z")


def test_every_command_goes_by_the_weights_of_the_log(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")
    home.write_reviews([reviewed("learnt", 3, Rating.EASY)])
    mine = Fsrs([1.0] * 4 + [*WEIGHTS[4:8], 1.0, *WEIGHTS[9:20], 0.8])
    home.write_reviews([Weights("w1", NOW, 0, mine.weights)], "third.jsonl")
    stability = mine.weights[3]
    recall = mine.retrievability(3, stability)
    why = json.loads(interview("why", "learnt", "--json").out)
    assert (why["stability_days"], why["retrievability"]) == (stability, recall)
    good = mine.stability_after_recall(why["difficulty"], stability, recall, 3)
    assert why["ratings"]["good"]["stability_days"] == good
    (memory,) = [c["memory"] for c in listed() if c["memory"]]
    assert (memory["stability_days"], memory["retrievability"]) == (stability, recall)
    shown = json.loads(interview("show", "learnt", "--json").out)["card"]["memory"]
    assert shown == memory
    for command in ([], ["stats"]):
        topics = json.loads(interview(*command, "--json").out)["topics"]
        assert [t["recall"] for t in topics if t["recall"]] == [recall]
    for command in (["why", "learnt"], ["show", "learnt"], ["list"]):
        assert f"{recall:.2f}" in interview(*command).out
    home.write_reviews([Due("d1", NOW, 0, "learnt")], "third.jsonl")
    asked = interview("quiz", "--new", "0", "--kind", "recall", typed="\n3\nq\n").out
    assert f"R {recall:.2f}" in asked
    assert f"good → {why['ratings']['good']['interval_days']}d" in asked
    assert json.loads(interview("why", "learnt", "--json").out)["stability_days"] == good


def listed() -> list[dict[str, Any]]:
    return json.loads(interview("list", "--json").out)["cards"]  # type: ignore[no-any-return]


def test_a_card_that_is_brought_forward_is_due_and_why_says_since_when(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    home.write_reviews([reviewed("learnt", 3, Rating.EASY)])
    before = {name: json.loads(interview(name, "--json").out) for name in ("stats", "list")}
    today = json.loads(interview("--json").out)
    why = json.loads(interview("why", "learnt", "--json").out)
    assert why["brought_forward_at"] is None
    assert "Brought forward" not in interview("why", "learnt").out
    at = NOW - timedelta(minutes=30)
    home.write_reviews([Due(f"d-{card}", at, 0, card) for card in ("learnt", "axes")])
    home.write_reviews([Due(f"again-{card}", NOW, 0, card) for card in ("learnt", "axes")])
    for card in ("learnt", "axes"):
        found = json.loads(interview("why", card, "--json").out)
        assert found["brought_forward_at"] == "2026-11-21T07:30:00Z"
        assert "Brought forward: 2026-11-21 07:30" in interview("why", card).out.splitlines()
    why_now = json.loads(interview("why", "learnt", "--json").out)
    assert why_now["due_at"] == "2026-11-21T07:30:00Z"
    assert why_now["ratings"] == why["ratings"]
    assert "Due: now" in interview("why", "learnt").out.splitlines()
    found = json.loads(interview("--json").out)
    assert (found["due"], found["unseen"]) == (today["due"] + 2, today["unseen"])
    assert found["new"] == today["new"] - 1  # the one that is due already
    after = json.loads(interview("stats", "--json").out)
    assert after.pop("due_days") != before["stats"].pop("due_days")
    assert after == before["stats"]


WRONG = {
    "foo": 'there is no command "foo"; interview --help lists them',
    "quizz": 'there is no command "quizz"; did you mean "quiz"?',
    "Quiz": 'there is no command "Quiz"; did you mean "quiz"?',
    "help": 'there is no command "help"; interview --help lists them',
    "--foo": "interview: there is no option --foo; see interview --help",
    "-x": "interview: there is no option -x; see interview --help",
    "--lang": "interview: --lang needs a value; see interview --help",
    "--lang fr": '--lang is "fr"; it is zh, en or both',
    "--lang ZH": '--lang is "ZH"; it is zh, en or both',
    "quiz --foo": "interview quiz: there is no option --foo; see interview quiz --help",
    "quiz --limt 3": "interview quiz: there is no option --limt; did you mean --limit?; "
    "see interview quiz --help",
    "quiz --limit": "interview quiz: --limit needs a value; see interview quiz --help",
    "quiz --limit x": 'interview quiz: --limit is "x", not a number; see interview quiz --help',
    "quiz --limit 2.5": 'interview quiz: --limit is "2.5", not a number; see interview quiz --help',
    "quiz --limit 0": "interview quiz: --limit is 0; it is at least 1; see interview quiz --help",
    "quiz --limit -3": "interview quiz: --limit is -3; it is at least 1; see interview quiz --help",
    "quiz --new -1": "interview quiz: --new is -1; it is at least 0; see interview quiz --help",
    "quiz --seed x": 'interview quiz: --seed is "x", not a number; see interview quiz --help',
    "quiz --level 9": "interview quiz: --level is 9; it goes from 1 to 3; "
    "see interview quiz --help",
    "quiz --kind recal": '--kind is "recal"; did you mean "recall"?',
    "quiz --kind zzz": f'--kind is "zzz"; it is {", ".join(KINDS[:-1])} or code',
    "quiz --topic nroms": 'no topic is named "nroms"; did you mean "norms"?',
    "quiz --topic zzz": 'no topic is named "zzz"; there is norms, tools',
    "quiz --tag plane": 'no tag is named "plane"; did you mean "plain"?',
    "quiz --lang fr": '--lang is "fr"; it is zh, en or both',
    "quiz extra": 'interview quiz: unexpected "extra"; see interview quiz --help',
    "quiz two words": 'interview quiz: unexpected "two words"; see interview quiz --help',
    "show": "interview show: CARD-OR-SOLUTION is missing; see interview show --help",
    "show axis": 'no card or solution is named "axis"; did you mean "axes"?',
    "show zzz": 'no card or solution is named "zzz"; see interview list',
    "show smal-norm": 'no card or solution is named "smal-norm"; did you mean "small-norm"?',
    "show axes axes": 'interview show: unexpected "axes"; see interview show --help',
    "show changed --run": "the card changed links no solution; there is nothing to run",
    "show small-norm --run": "norms/small_norm has no proof yet (small_norm_spec.py)",
    "list --kind zzz": f'--kind is "zzz"; it is {", ".join(KINDS[:-1])} or code',
    "list x": 'interview list: unexpected "x"; see interview list --help',
    "search": "interview search: WORD... is missing; see interview search --help",
    "search ''": "nothing to search for; give a word that stands in the card",
    "stats --topic zzz": 'no topic is named "zzz"; there is norms, tools',
    "why": "interview why: CARD is missing; see interview why --help",
    "why axs": 'no card is named "axs"; did you mean "axes"?',
    "why zzz": 'no card is named "zzz"; interview list shows them all',
    "why small-norm": 'no card is named "small-norm"; did you mean "small-norm-code"?',
    "undo --times 0": "interview undo: --times is 0; it is at least 1; see interview undo --help",
    "undo --times x": 'interview undo: --times is "x", not a number; see interview undo --help',
    "undo x": 'interview undo: unexpected "x"; see interview undo --help',
    "lint /nowhere": "/nowhere: there is no such folder",
    "lint a b": 'interview lint: unexpected "b"; see interview lint --help',
    "doctor x": 'interview doctor: unexpected "x"; see interview doctor --help',
    "doctor --all": "interview doctor: there is no option --all; see interview doctor --help",
}  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_gets_one_clear_sentence(line: str, home: Home) -> None:
    arguments = ["" if word == "''" else word for word in line.split()]
    ran = interview(*arguments)
    assert ran.err == WRONG[line] + "\n"
    assert ran.status == 2
    assert ran.out == ""


def test_control_characters_in_an_argument_do_not_reach_the_terminal(home: Home) -> None:
    for arguments in (
        ["\x1b[31mred"],
        ["show", "a\nb\x9b"],
        ["quiz", "--limit", "\x07"],
        ["list", "\x1b]0;"],
    ):
        ran = interview(*arguments)
        assert ran.status == 2
        assert not CONTROL.search(ran.err)
        assert ran.err.count("\n") == 1


BROKEN = """\
deck: mine
title: {zh: 我的, en: Mine}
cards:
  - id: one
    kind: recall
    level: 7
    ask: {zh: 问, en: Ask}
    anwser: {zh: 答, en: A}
    points: [{zh: 点, en: p}]
"""


@pytest.mark.parametrize(
    "arguments",
    ["", "--json", "quiz", "show axes", "show small-norm", "list", "search mean", "stats",
     "why axes", "undo", "lint"],
)  # fmt: skip
def test_a_broken_deck_is_a_line_for_each_problem_and_status_2(arguments: str, home: Home) -> None:
    home.deck(BROKEN)
    ran = interview(*arguments.split())
    lines = (ran.out if arguments == "lint" else ran.err).splitlines()[:3]
    assert ran.status == 2
    assert [re.sub(r"^.*(mine\.yaml:\d+:\d+): .*", r"\1", line) for line in lines] == [
        "mine.yaml:4:5", "mine.yaml:6:12", "mine.yaml:8:5",
    ]  # fmt: skip
    assert lines[2].endswith('card one has no key "anwser"; did you mean "answer"?')


def test_an_id_that_is_taken_is_one_line_and_status_2(home: Home) -> None:
    home.deck((home.bank / "cards" / "tools.yaml").read_text().replace("id: learnt", "id: other"))
    ran = interview("list")
    assert ran.status == 2
    assert ran.err.count("\n") == 1
    assert 'the id "changed" is taken by cards/tools.yaml' in ran.err


def test_doctor_finds_a_broken_deck_and_goes_on(home: Home) -> None:
    home.deck(BROKEN)
    ran = interview("doctor")
    assert ran.status == 1
    assert "✗ problem: " in ran.out
    assert "mine.yaml:4:5" in ran.out


@pytest.mark.usefixtures("home")
def test_doctor_names_every_wall_and_what_to_do_where_one_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        Child, "start", lambda child: child.walls.update(limits="on", seccomp="off: no such call")
    )
    ran = interview("doctor")
    assert "judge: limits on, seccomp off: no such call" in ran.out
    assert "practise only code that you would run yourself" in " ".join(ran.out.split())


def test_without_torch_a_proof_is_status_3(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = home.bank / "solutions" / "norms" / "small_norm_spec.py"
    spec.write_text(SPEC, encoding="utf-8")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = interview("show", "small-norm", "--run")
    assert ran.status == 3
    assert ran.err == ("this needs torch, which is not installed; pip install 'torch>=2.6,<2.14'\n")


SPEC = '''"""A proof that is not run here."""

from interview_cli.spec import Case, Spec


def draw(rng):
    return {"x": rng.standard_normal((3, 2))}


def reference(x):
    return x


SPEC = Spec(
    function="small_norm", outputs=("y",), gradients=(), reference=reference, oracle="itself",
    cases=(Case("plain", draw),),
)
'''


def test_ctrl_c_is_status_130_and_keeps_what_was_answered(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from interview_cli.cli.keys import Keys

    keys = iter("4")

    def key(self: Keys) -> str:
        for typed in keys:
            return typed
        raise KeyboardInterrupt

    monkeypatch.setattr(Keys, "key", key)
    ran = interview("quiz", "--kind=recall")
    assert ran.status == 130
    assert "1 answer: easy 1" in ran.out
    assert len(home.log_lines()) == 1


def test_debug_shows_the_traceback_of_an_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from interview_cli.errors import UsageError

    monkeypatch.setenv("INTERVIEW_DEBUG", "")  # so that it is unset again afterwards
    with pytest.raises(UsageError):
        interview("--debug", "show", "zzz")


def test_undo_takes_back_as_many_as_asked(home: Home) -> None:
    home.write_reviews([reviewed("learnt", day, Rating.GOOD) for day in (9, 6, 3)])
    ran = interview("undo", "--times", "2")
    assert ran.out.splitlines() == [
        "took back learnt, good, 2026-11-18 08:00",
        "took back learnt, good, 2026-11-15 08:00",
    ]
    assert json.loads(interview("stats", "--json").out)["reviews"] == 1
    ran = interview("undo", "--times", "9", "--lang", "zh")
    assert ran.out.splitlines() == ["已撤销：learnt，良好，2026-11-12 08:00", "没有可以撤销的"]
    assert ran.status == 0


def test_lint_checks_a_folder_and_a_file(home: Home, tmp_path: Path) -> None:
    for place in (home.bank / "cards", home.bank / "cards" / "tools.yaml"):
        assert interview("lint", str(place)).status == 0
    home.deck(BROKEN)
    ran = interview("lint", str(home.folder / "decks"))
    assert ran.status == 2
    assert ran.out.splitlines()[-1] == "1 deck, 0 cards: 3 problems"


def test_search_reads_both_languages_and_forgives(home: Home) -> None:
    def found(*words: str) -> list[str]:
        cards = json.loads(interview("search", *words, "--json").out)["cards"]
        return [card["id"] for card in cards]

    assert found("running-var") == found("RUNNING_VAR") == ["which-variance", "axes"] or found(
        "running-var"
    ) == ["axes", "which-variance"]
    assert found("无偏") == found("unbiased")
    assert found("mean", "gradient") == ["backward"]
    assert found("zzzz") == []


def test_a_card_can_be_shown_with_its_numbers_filled_in(home: Home) -> None:
    ran = interview("show", "per-channel")
    assert "x has the shape (8, 64, 5, 5)" in ran.out
    assert "exactly: 200 numbers" in ran.out


def test_a_card_whose_solution_is_missing_is_one_sentence(home: Home) -> None:
    (home.bank / "solutions" / "norms" / "small_norm.py").unlink()
    for card in ("small-norm-code", "per-channel"):
        ran = interview("show", card)
        assert ran == (2, "", f'card {card}: no solution is named "norms/small_norm"\n')


def test_a_terminal_without_utf_8_gets_lines_without_boxes(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stream, "encoding", "latin-1")
    ran = interview("show", "axes", in_terminal=True)
    assert ran.out.startswith("norms · axes  [new]\n")
    assert not set(ran.out) & set("╭│╰┌|")


def test_a_pipe_that_is_closed_is_no_error(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(self: Stream, text: str) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(Stream, "write", write)
    for arguments in (["list"], ["show", "axes"], ["stats", "--json"], ["quiz"]):
        assert interview(*arguments).status == 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "gbk", "big5"])
def test_what_a_stream_cannot_encode_is_spelled(
    encoding: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, formulas as LaTeX, and no Chinese unless it is asked for."""
    import io
    import sys

    from interview_cli.cli.app import run

    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for arguments in (
        ["show", "axes"],
        ["show", "backward"],
        ["list"],
        ["stats"],
        ["doctor"],
        ["quiz"],
        [],
    ):
        raw = io.BytesIO()
        with monkeypatch.context() as patch:
            stream = io.TextIOWrapper(raw, encoding=encoding)
            patch.setattr(sys, "stdout", stream)
            patch.setattr(sys, "stdin", io.StringIO("\n"))
            assert run(arguments) == 0
            stream.flush()
            text = raw.getvalue().decode(encoding)
        assert "?" not in re.sub(r"\?[ \n]", "", text)  # none but at the end of a question
        if arguments == ["show", "axes"]:
            assert r"$$\tilde x=\frac{x-\mu}{\sqrt{\sigma^2+\epsilon}}$$" in text
            assert ("输入是" if encoding == "gbk" else "For images of shape") in text
