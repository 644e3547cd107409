"""interview show: a card with its answer, or a solution, and its proof."""

import sys
import time
from random import Random
from typing import Annotated, Any

import typer
from rich.text import Text

from interview_cli.bank import asking
from interview_cli.bank.compile import decode
from interview_cli.bank.model import AnyCard, Code, Numeric
from interview_cli.cli import desk as desks
from interview_cli.cli.commands.list import as_data
from interview_cli.cli.desk import Desk
from interview_cli.cli.options import Json, Lang, checked_lang
from interview_cli.cli.out import write, write_json, write_notices
from interview_cli.cli.view import card as cards
from interview_cli.cli.view import proof as proofs
from interview_cli.cli.view import words
from interview_cli.cli.view.card import Heading, Revealed
from interview_cli.cli.view.look import Look, console, look
from interview_cli.errors import UsageError, did_you_mean
from interview_cli.judge import catalogue
from interview_cli.judge.catalogue import Solution
from interview_cli.scheduling import scheduler
from interview_cli.store.shelf import Selection, Shelved

EXAMPLES = """\b
Examples:
  interview show bn-vs-ln
  interview show batch-norm --run
"""


def command(
    name: Annotated[
        str, typer.Argument(help="A card's id, or a solution's name.", metavar="CARD-OR-SOLUTION")
    ],
    run: Annotated[bool, typer.Option("--run", help="Prove the solution against torch.")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show a card, or a solution and its proof.

    --run proves the solution against torch, case by case.
    """
    view = look(checked_lang(lang))
    with Desk() as desk:
        is_right = show(desk, name, view, run=run, as_json=as_json)
    if not is_right:
        raise typer.Exit(1)


def show(desk: Desk, name: str, view: Look, *, run: bool, as_json: bool) -> bool:
    """A card or a solution by its name; --run of a card runs the solution it links."""
    shelved, solution = looked_up(desk, name, run=run)
    if not as_json:
        write_notices(desk)
    if run and solution is not None:
        require_proof(solution)
    found: dict[str, Any] = {}
    if shelved is not None and as_json:
        found["card"] = as_data(shelved, desk.day(desks.now()), desk.rules.fsrs)
    elif shelved is not None:
        show_card(desk, shelved, decode(shelved.body, shelved.kind), view)
    if solution is not None and as_json:
        full_name = f"{solution.topic}/{solution.name}"
        found["solution"] = {"name": full_name, "source": solution.source()}
    elif solution is not None:
        show_source(solution, view)
    is_right = True
    if run and solution is not None:
        found["proof"], is_right = prove(solution, view, as_json=as_json)
    if as_json:
        write_json(**found)
    return is_right


def looked_up(desk: Desk, name: str, *, run: bool) -> tuple[Shelved | None, Solution | None]:
    """The card of that name, and its solution if it is to run; else the solution of that name.
    Raises UsageError."""
    shelved = desk.shelf.card(name)
    if shelved is not None:
        card = decode(shelved.body, shelved.kind)
        if not run:
            return shelved, None
        if card.solution is None:
            raise UsageError(f"the card {card.id} links no solution; there is nothing to run")
        return shelved, linked(desk, card, card.solution)
    solution = catalogue.find(desk.solutions, name)
    if solution is None:
        names = [s.name.replace("_", "-") for s in catalogue.solutions(desk.solutions)]
        close = did_you_mean(name, [*desk.shelf.ids(Selection()), *names])
        raise UsageError(f'no card or solution is named "{name}"{close or "; see interview list"}')
    return None, solution


def show_source(solution: Solution, view: Look) -> None:
    """The solution; in a pipe exactly as it stands in its file."""
    code = solution.source()
    if view.is_plain:
        sys.stdout.write(code)
        return
    out = console(view)
    count = words.plural(len(code.splitlines()), "line")
    out.print(Text.assemble((solution.title(), "bold"), (f"   {count} · numpy", "dim")))
    write(out, proofs.source(code, view))


def show_card(desk: Desk, shelved: Shelved, card: AnyCard, view: Look) -> None:
    out = console(view)
    asked = asking.ask(card, Random(0))
    # What a deck may have wrong comes first: a question without its answer is of no use.
    verdict = source = None
    if isinstance(card, Numeric):
        value = desk.computed(card, asked.numbers)
        verdict = cards.Verdict(is_right=True, expected=cards.expected_of(asked, value, view))
    if isinstance(card, Code):
        source = linked(desk, card, card.solution).source()
    memory, day = shelved.memory, desk.day(desks.now())
    heading = Heading(
        shelved.topic,
        shelved.id,
        recall_now=memory and scheduler.retrievability(memory, day, desk.rules.fsrs),
        is_leech=bool(memory and memory.is_leech),
    )
    out.print(cards.question(asked, 0, heading, "", view))
    out.print(cards.answer(asked, Revealed(verdict), source, view))


def linked(desk: Desk, card: AnyCard, name: str) -> Solution:
    """The solution that a card names. Raises UsageError."""
    try:
        return catalogue.get(desk.solutions, name)
    except UsageError as error:
        raise UsageError(f"card {card.id}: {error}") from None


def require_proof(solution: Solution) -> None:
    """Before anything is printed: raises MissingExtra without torch, UsageError without a spec."""
    from interview_cli.judge.prove import require_torch

    solution.spec()
    require_torch()


def prove(solution: Solution, view: Look, *, as_json: bool) -> tuple[dict[str, Any], bool]:
    """Runs every case in a child process, a line each as it comes."""
    from interview_cli.judge import prove as judge

    started = time.monotonic()
    spec = solution.spec()
    out = console(view)
    results = []
    names = [*spec.outputs, *(f"d{name}" for name in spec.gradients)]
    columns = proofs.Columns(names, [case.name for case in spec.cases], view)
    if not as_json:
        heading = view.say(
            "对照 torch：每个量的最大误差", "Against torch: the largest error of each value"
        )
        out.print()
        out.print(Text(heading, "bold"))
        write(out, columns.heading())
    for result in judge.results(solution.source(), spec):
        results.append(result)
        if not as_json:
            write(out, columns.lines(result))
    proof = judge.Proof(tuple(results))
    seconds = time.monotonic() - started
    if not as_json:
        write(out, proofs.summary(proof, spec.oracle, judge.torch_version(), seconds, view))
        sys.stdout.flush()
    return proofs.as_data(proof, judge.torch_version(), seconds), proof.is_right
