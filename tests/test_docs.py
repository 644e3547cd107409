"""What the documents promise."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from interview_cli.bank.deck import read_deck
from interview_cli.cli.app import COMMANDS, run
from tests.readme import command

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
JSON_DOC = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")

READING = [
    ["--json"],
    ["list", "--json"],
    ["search", "batch", "--json"],
    ["show", "bn-axes", "--json"],
    ["show", "batch-norm", "--json"],
    ["plan", "--date", f"{date.today() + timedelta(9)}", "--json"],
    ["readiness", "--date", f"{date.today() + timedelta(9)}", "--json"],
    ["optimize", "--json"],
    ["stats", "--json"],
    ["why", "bn-axes", "--json"],
    ["lint", "--json"],
    ["doctor", "--json"],
]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_shows_every_command(name):
    assert f"interview {name}" in README


def test_the_readme_has_the_two_commands_that_ci_runs():
    assert "interview quiz --topic normalization" in command("use")
    assert "make check" in command("test")


def test_the_card_in_the_readmes_session_exists():
    decks = [read_deck(p.read_bytes(), p.name) for p in (ROOT / "cards").glob("*.yaml")]
    ids = {card.id for deck in decks for card in deck.cards}
    shown = re.findall(r"normalization · ([a-z0-9-]+)", README)
    assert shown
    assert set(shown) <= ids


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_every_field_of_the_json_is_documented(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path))
    assert run(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    for key in keys_of(document):
        assert re.search(rf"\b{key}\b", JSON_DOC), key


def keys_of(value):
    """Every key at every depth, but for names that are data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link
