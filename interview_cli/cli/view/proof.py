"""A solution's source, and the table of its cases against torch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tables import table

if TYPE_CHECKING:
    from interview_cli.judge.prove import Proof, Result


def source(code: str) -> RenderableType:
    """The solution, highlighted."""
    from rich.syntax import Syntax

    return Syntax(code.rstrip("\n"), "python", theme="ansi_dark", word_wrap=True, background_color="default")


def result_line(result: "Result", view: Look) -> Text:
    """One case: a mark, its name, and the largest error of each output and gradient."""
    good, bad = ("✓", "✗") if view.math != "latex" else ("ok", "NO")
    line = Text()
    line.append(f"{good if result.is_right else bad} ", "bold green" if result.is_right else "bold red")
    line.append(f"{result.case} ")
    line.append(f"{result.dtype}  ", "dim")
    if result.fault:
        line.append(result.fault, "red")
        return line
    for number, comparison in enumerate(result.comparisons):
        style = "" if comparison.is_right else "bold red"
        line.append("  " if number else "", style)
        line.append(f"{comparison.name} ", "dim")
        line.append(f"{comparison.error:.0e}", style)
        if not comparison.is_right:
            line.append(f" > {comparison.allowed:.0e}", style)
    return line


def summary(proof: "Proof", oracle: str, version: str, seconds: float, view: Look) -> Iterator[RenderableType]:
    """The largest error of each output and gradient, and the verdict."""
    worst: dict[tuple[str, str], tuple[float, float]] = {}
    for result in proof.results:
        for c in result.comparisons:
            key = (c.name, result.dtype)
            ratio = c.error / c.allowed if c.allowed else float(c.error > 0)
            error, share = worst.get(key, (0.0, 0.0))
            worst[key] = (max(error, c.error), max(share, ratio))
    names = list(dict.fromkeys(name for name, _ in worst))
    rows = []
    for name in names:
        cells = [name]
        for dtype in ("float64", "float32"):
            error, share = worst.get((name, dtype), (0.0, 0.0))
            cells += [f"{error:.1e}", f"{share:.1%}"]
        rows.append(cells)
    say = view.say
    share_word = say("占容差", "of allowed")
    headings = [say("量", "Value"), "float64", share_word, "float32", share_word]
    if rows:
        yield Text()
        yield table(headings, rows, view, right=(1, 2, 3, 4))
    right = sum(r.is_right for r in proof.results)
    count = len(proof.results)
    verdict = say(f"{right}/{count} 个用例通过", f"{right} of {words.plural(count, 'case')} right")
    style = "bold green" if proof.is_right else "bold red"
    yield Text.assemble((verdict, style), (f"   {oracle} · torch {version} · {seconds:.1f} s", "dim"))


def as_data(proof: "Proof", version: str, seconds: float) -> dict[str, Any]:
    """The proof for scripts."""
    return {
        "is_right": proof.is_right,
        "torch": version,
        "seconds": round(seconds, 3),
        "cases": [
            {
                "case": r.case,
                "dtype": r.dtype,
                "is_right": r.is_right,
                "fault": r.fault or None,
                "errors": {c.name: {"error": c.error, "allowed": c.allowed} for c in r.comparisons},
            }
            for r in proof.results
        ],
    }
