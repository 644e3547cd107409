"""interview verify: prove the whole bank, and the judge against every mistake it lists."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from interview_cli.cli.options import Json, Lang, Topics, checked_lang
from interview_cli.cli.out import write, write_json
from interview_cli.cli.paths import bank_root
from interview_cli.cli.view import prose
from interview_cli.cli.view.look import Look, console, look
from interview_cli.cli.view.tables import GAP, cut, table, widest
from interview_cli.errors import UsageError, did_you_mean
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution

EXAMPLES = """\b
Examples:
  interview verify
  interview verify batch-norm adam --json
"""


def command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Only these solutions.", metavar="NAMES")
    ] = None,
    topic: Topics = None,
    jobs: Annotated[
        int,
        typer.Option("-j", "--jobs", min=1, max=64, help="Work on so many at once.", metavar="N"),
    ] = 1,
    answers: Annotated[
        bool, typer.Option("--answers", help="Only the solutions themselves, against torch.")
    ] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Prove the whole bank against torch.

    Every solution against torch, every mistake rejected and named, every snippet run.
    """
    from interview_cli.judge.prove import require_torch

    require_torch()
    view = look(checked_lang(lang))
    solutions = wanted(names or [], topic or [])
    from interview_cli.cli import proving

    reports = []
    out = console(view)
    decks = [] if names or answers else decks_of(topic or [])
    found = proving.reports(solutions, decks, bank_root(), jobs, only_answers=answers)
    for report in found:
        reports.append(report)
        if not as_json and sys.stderr.isatty():
            print(f"\r{len(reports)} {report.name:<40}", end="", file=sys.stderr)  # noqa: T201
    if not as_json and sys.stderr.isatty():
        print("\r" + " " * 44 + "\r", end="", file=sys.stderr)  # noqa: T201
    if as_json:
        write_json(
            is_proven=all(r.is_proven for r in reports), reports=[as_data(r) for r in reports]
        )
    else:
        write(out, lines(reports, view))
    if not all(r.is_proven for r in reports):
        raise typer.Exit(1)


def wanted(names: list[str], topics: list[str]) -> list[Solution]:
    """The solutions of those names and topics. Raises UsageError."""
    root = bank_root() / "solutions"
    found = catalogue.solutions(root)
    known = sorted({s.topic for s in found})
    if not names:
        return [s for s in found if not topics or s.topic in topics]
    for topic in topics:
        if topic not in known:
            hint = did_you_mean(topic, known) or f"; there is {', '.join(known)}"
            raise UsageError(f'no topic with solutions is named "{topic}"{hint}')
    chosen = [catalogue.get(root, name) for name in names]
    return [s for s in dict.fromkeys(chosen) if not topics or s.topic in topics]


def decks_of(topics: list[str]) -> list[Path]:
    decks = sorted((bank_root() / "cards").glob("*.yaml"))
    return [d for d in decks if not topics or d.stem in topics]


def as_data(report: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(report), "is_proven": report.is_proven, "seconds": round(report.seconds, 3)}


def lines(reports: list[Any], view: Look) -> Iterator[Any]:
    """A row for each solution and for the cards, the totals, and a line for each fault."""
    say = view.say
    headings = [
        say("名称", "Name"), say("用例", "cases"), say("拒绝", "rejected"), say("认出", "named"),
        say("约定", "conv."), say("写法", "alt."), "s",
    ]  # fmt: skip
    rows = [row(r, view) for r in reports]
    room = view.width - sum(GAP + widest(headings, rows, column) for column in range(1, 7))
    if any(name.cell_len > room for name, *_ in rows):
        rows = [[cut(without_topic(name), max(8, room)), *rest] for name, *rest in rows]
    yield table(headings, rows, view, right=(1, 2, 3, 4, 5, 6))
    for report in reports:
        for fault in report.faults:
            bad = "X" if view.math == "latex" else "✗"
            text = Text(f"{report.name}: {fault}", "red")
            yield from prose.wrapped(text, view.width, f"{bad} ", "  ")
    yield Text()
    yield from prose.listed(totals(reports, view), view.width)


def row(report: Any, view: Look) -> list[Any]:
    good, bad = ("ok", "X") if view.math == "latex" else ("✓", "✗")
    mark, style = (good, "green") if report.is_proven else (bad, "bold red")

    def of(count: int, whole: int) -> str:
        return f"{count}/{whole}" if whole else ""

    return [
        Text.assemble((mark.ljust(2), style), report.name), str(report.cases or ""),
        of(report.rejected, report.mistakes), of(report.named, report.mistakes),
        of(report.recognised, report.conventions), of(report.accepted, report.alternatives),
        f"{report.seconds:.1f}",
    ]  # fmt: skip


def without_topic(name: Text) -> Text:
    """`adam` for `optimizers/adam`; decks stay `cards/losses`."""
    path = name.plain[2:]
    is_deck = path.startswith("cards/")
    return name if is_deck else Text.assemble(name[:2], path.rpartition("/")[2])


def totals(reports: list[Any], view: Look) -> list[Text]:
    """Kill rate, names, false rejects, time; only the last where only answers were asked for."""
    mistakes = sum(r.mistakes for r in reports)
    rejected, named = sum(r.rejected for r in reports), sum(r.named for r in reports)
    refused = sum(r.alternatives - r.accepted for r in reports)
    spent = sum(r.seconds for r in reports)
    say = view.say
    is_proven = all(r.is_proven for r in reports)
    share, known = (f"{n / (mistakes or 1):.0%}" for n in (rejected, named))
    of_mistakes = [
        (say(f"错误拒绝率 {share}", f"{share} of the mistakes rejected"), ""),
        (say(f"认出 {known}", f"{known} named"), ""),
        (say(f"误拒 {refused}", f"{refused} false rejects"), ""),
    ]  # fmt: skip
    facts = [
        (say("全部证明", "proven") if is_proven else say("有缺口", "falls short"),
         "bold green" if is_proven else "bold red"),
        *(of_mistakes if mistakes else ()),
        (f"{spent:.1f} s", "dim"),
    ]  # fmt: skip
    return [Text(words, style) for words, style in facts]
