"""The JSON schema that editors use."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from interview_cli.bank import schema

DECKS = sorted((Path(__file__).parents[2] / "cards").glob("*.yaml"))


def test_the_schema_in_the_repository_is_the_models():
    """If not: python -m interview_cli.bank.schema."""
    assert schema.PATH.read_text(encoding="utf-8") == schema.text()


@pytest.mark.parametrize("path", DECKS, ids=lambda path: path.name)
def test_every_deck_fits_the_schema(path):
    deck = yaml.safe_load(path.read_text(encoding="utf-8"))  # the parser in Python reads it too
    jsonschema.validate(deck, json.loads(schema.text()))


def test_the_schema_refuses_an_unknown_key():
    deck = {"deck": "a", "title": {"zh": "甲", "en": "a"}, "cards": [], "tittle": 1}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(deck, schema.schema())
