"""The JSON schema of a deck, for editors: generated from the model, never written by hand.

`python -m interview_cli.bank.schema` writes deck.schema.json; a test keeps it fresh.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from interview_cli.bank.model import Deck

PATH = Path(__file__).with_name("deck.schema.json")


def schema() -> dict[str, Any]:
    """The schema of a deck."""
    found = msgspec.json.schema(Deck)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A deck of interview cards",
        **found,
    }


def text() -> str:
    """The file as it stands in the repository."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
