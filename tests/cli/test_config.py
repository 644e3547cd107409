"""config.toml: what it may say, and one line for each thing that it may not."""

from pathlib import Path

import pytest

from interview_cli.cli.config import Config, config
from interview_cli.errors import UsageError
from tests.cli.material import Home, interview

TOPICS = ("norms", "tools")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(path: Path, text: str) -> Config:
    path.write_text(text, encoding="utf-8")
    return config(path, TOPICS)


def test_without_a_file_everything_counts_one(path: Path) -> None:
    assert config(path, TOPICS).weight("norms", 3) == 1


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[topics]\n", "\n[levels]\n[topics]\n"])
def test_what_is_not_said_counts_one(text: str, path: Path) -> None:
    assert read(path, text).weight("norms", 3) == 1


def test_a_card_counts_its_topic_times_its_level(path: Path) -> None:
    found = read(path, "[topics]\nnorms = 2\n[levels]\n3 = 0.5\n1 = 100\n2 = 0\n")
    weights = {(t, level): found.weight(t, level) for t in TOPICS for level in (1, 2, 3)}
    assert weights == {
        ("norms", 1): 200, ("norms", 2): 0, ("norms", 3): 1,
        ("tools", 1): 100, ("tools", 2): 0, ("tools", 3): 0.5,
    }  # fmt: skip


NUMBER = "give a number from 0 to 100"
NO_NUMBER = "is no number; give one from 0 to 100"
WRONG = {
    "[topics]\nnrms = 2": '[topics] has no "nrms"; did you mean "norms"?',
    "[topics]\nzzz = 2": '[topics] has no "zzz"; there is norms, tools',
    "[levels]\n4 = 2": '[levels] has no "4"; there is 1, 2, 3',
    "[levels]\n0 = 2": '[levels] has no "0"; there is 1, 2, 3',
    "[topics]\nnorms = -1": f"[topics] norms = -1; {NUMBER}",
    "[topics]\nnorms = 100.5": f"[topics] norms = 100.5; {NUMBER}",
    f"[topics]\nnorms = {10**400}": f"[topics] norms = {10**400}; {NUMBER}",
    "[topics]\nnorms = nan": f"[topics] norms = nan; {NUMBER}",
    "[topics]\nnorms = inf": f"[topics] norms = inf; {NUMBER}",
    '[topics]\nnorms = "2"': f"[topics] norms {NO_NUMBER}",
    '[topics]\nnorms = """a\nb"""': f"[topics] norms {NO_NUMBER}",
    "[topics]\nnorms = true": f"[topics] norms {NO_NUMBER}",
    "[topics]\nnorms = [1, 2]": f"[topics] norms {NO_NUMBER}",
    "[topics.norms]\nweight = 2": f"[topics] norms {NO_NUMBER}",
    "[levels]\n2 = 2026-11-21": f"[levels] 2 {NO_NUMBER}",
    "[topic]\nnorms = 2": 'no table is named "topic"; did you mean "topics"?',
    "[zzz]\nnorms = 2": 'no table is named "zzz"; there are [topics] and [levels]',
    "norms = 2": 'no table is named "norms"; there are [topics] and [levels]',
    "topics = 2": "topics is a table: write [topics] above it",
    "[[topics]]\nnorms = 2": "topics is a table: write [topics] above it",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_one_line_with_the_file_and_the_key(text: str, path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(path, text)
    assert f"{caught.value}" == f"{path}: {WRONG[text]}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[topics]\nnorms = \n", "line 2, column 9"),
        ("[topics\nnorms = 1", "line 1, column 8"),
        ("[topics]\nnorms = 1\nnorms = 2\n", "line 3"),
        ("[topics]\n[topics]", "line 2"),
        ("[topics]\nnorms = 1\x00", "line 2"),
        ("[topics]\nnorms = " + 5000 * "9", "4300 digits"),
        ("\ufeff[topics]", "line 1, column 1"),
    ],
)
def test_what_is_no_toml_is_one_line_that_says_where(text: str, told: str, path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(path, text)
    line = f"{caught.value}"
    assert line.startswith(f"{path}: ")
    assert told in line
    assert "\n" not in line


def test_what_cannot_be_read_is_one_line(path: Path) -> None:
    path.write_bytes(b"[topics]\nnorms = 1 # \xff")
    for damage in (lambda: None, lambda: (path.unlink(), path.mkdir())):
        damage()
        with pytest.raises(UsageError) as caught:
            config(path, TOPICS)
        assert f"{caught.value}".startswith(f"{path}: cannot be read: ")
        assert "\n" not in f"{caught.value}"


PLANS = ("plan --date 2026-11-23 --json", "readiness --date 2026-11-23 --json")


@pytest.mark.parametrize("arguments", PLANS)
def test_a_mistake_is_status_2_and_keeps_nothing(arguments: str, home: Home) -> None:
    written = home.folder / "config.toml"
    home.folder.mkdir()
    written.write_text("[topics]\nnrms = 2\n", encoding="utf-8")
    ran = interview(*arguments.split())
    assert ran == (2, "", f'{written}: [topics] has no "nrms"; did you mean "norms"?\n')
    assert home.log_lines() == []


@pytest.mark.parametrize("arguments", PLANS)
def test_nothing_can_be_planned_where_every_card_counts_0(arguments: str, home: Home) -> None:
    written = home.folder / "config.toml"
    home.folder.mkdir()
    written.write_text("[topics]\nnorms = 0\ntools = 0\n", encoding="utf-8")
    ran = interview(*arguments.split())
    assert ran == (2, "", f"{written}: every card counts 0; there is nothing to plan\n")
    assert home.log_lines() == []
