"""interview search: find cards by their words."""

import re
from typing import Annotated

import typer

from interview_cli.bank.compile import decode
from interview_cli.cli.commands.list import write_cards
from interview_cli.cli.desk import Desk
from interview_cli.cli.options import Json, Lang, checked_lang
from interview_cli.cli.view.look import look
from interview_cli.errors import UsageError
from interview_cli.store.shelf import Selection, Shelved

EXAMPLES = """\b
Examples:
  interview search running_var
  interview search 无偏 --lang zh
"""


def command(
    words: Annotated[
        list[str], typer.Argument(help="Words that all stand in the card.", metavar="WORD...")
    ],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Find cards by their words, in either language."""
    view = look(checked_lang(lang))
    with Desk() as desk:
        write_cards(desk, matching(desk, words), view, as_json=as_json)


def matching(desk: Desk, words: list[str]) -> list[Shelved]:
    """Cards with every word, those with it in the id or the question first. Raises UsageError."""
    wanted = [folded(word) for word in words if word.strip()]
    if not wanted:
        raise UsageError("nothing to search for; give a word that stands in the card")
    first, second = [], []
    for card in desk.shelf.cards(Selection()):
        ask = decode(card.body, card.kind).ask
        head = folded(f"{card.id} {ask.zh} {ask.en}")
        everything = folded(f"{card.id} {card.topic} {strings(card.body)}")
        if all(word in head for word in wanted):
            first.append(card)
        elif all(word in everything for word in wanted):
            second.append(card)
    return [*first, *second]


def strings(body: bytes) -> str:
    """All text of a compiled card; its keys do not count."""
    import msgspec

    found: list[str] = []
    todo = [msgspec.msgpack.decode(body)]
    while todo:
        match todo.pop():
            case dict() as node:
                todo.extend(node.values())
            case list() as node:
                todo.extend(node)
            case str() as text:
                found.append(text)
    return "\n".join(found)


def folded(text: str) -> str:
    """Without case, LaTeX braces and the difference between - and _."""
    return re.sub(r"[{}$\\]", "", text.casefold()).replace("_", "-")
