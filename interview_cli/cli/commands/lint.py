"""interview lint: check decks before anybody learns from them."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from interview_cli.bank.deck import read_deck
from interview_cli.bank.lint import Report, Source, lint
from interview_cli.cli.options import Json
from interview_cli.cli.out import write_json
from interview_cli.cli.paths import bank_root, paths
from interview_cli.cli.view.words import plural
from interview_cli.errors import BankError, UsageError

EXAMPLES = """\b
Examples:
  interview lint
  interview lint my-decks --json
"""


def command(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of decks, or one deck; without it the bank and your decks.",
            metavar="DIR",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check decks before anybody learns from them.

    Format, links, formulas, both languages, and the claims they must cover.
    """
    report = lint(*sources(folder), bank_root() / "solutions", ids_of_the_bank())
    if as_json:
        write_json(
            decks=report.decks,
            cards=report.cards,
            claims=report.claims,
            problems=[
                {"path": p.path, "line": p.line, "column": p.column, "message": p.message}
                for p in report.problems
            ],
        )
    else:
        for problem in report.problems:
            typer.echo(str(problem))
        typer.echo(summary(report))
    if report.problems:
        raise typer.Exit(2)


def summary(report: Report) -> str:
    looked = f"{plural(report.decks, 'deck')}, {plural(report.cards, 'card')}"
    if report.claims:
        looked += f", {plural(report.claims, 'claim')}"
    return (
        f"{looked}: {plural(len(report.problems), 'problem') if report.problems else 'no problems'}"
    )


def sources(folder: Path | None) -> tuple[list[Source], list[Source]]:
    """The decks to check and the claims beside them. Raises UsageError."""
    if folder is None:
        root = bank_root()
        return [*decks(root / "cards"), *decks(paths().decks)], decks(root / "docs" / "claims")
    if folder.is_file():
        return [source(folder)], []
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    found = decks(folder)
    if not found:
        raise UsageError(f"{folder}: no decks here; a deck is a .yaml file")
    return found, decks(folder.resolve().parent / "docs" / "claims")


def ids_of_the_bank() -> set[str]:
    """Cards that any deck may name; a broken deck of the bank's own names none."""
    found: set[str] = set()
    for deck in decks(bank_root() / "cards"):
        with suppress(BankError):
            found.update(card.id for card in read_deck(deck.raw, deck.path).cards)
    return found


def decks(folder: Path) -> list[Source]:
    if not folder.is_dir():
        return []
    return [source(p) for p in sorted(folder.iterdir()) if p.suffix in (".yaml", ".yml")]


def source(path: Path) -> Source:
    try:
        return Source(shown(path), path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None


def shown(path: Path) -> str:
    """The path from here, if it lies below here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
