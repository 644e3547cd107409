"""A solution's source, and the table of its cases against torch."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tables import table

if TYPE_CHECKING:
    from interview_cli.judge.prove import Proof, Result


def source(code: str, view: Look) -> Iterator[Text]:
    """The solution, highlighted; lines that are too long are folded like any code."""
    from rich.syntax import Syntax

    shown = Syntax("", "python", theme="ansi_dark", background_color="default")
    for line in shown.highlight(code.rstrip("\n")).split("\n"):
        yield from prose.folded(line, "", view, view.width)


MARK, DTYPE, ERROR = 2, 8, 6


class Columns:
    """How wide the columns of the table of cases are; in a narrow terminal each case is a
    paragraph instead."""

    def __init__(self, names: Sequence[str], cases: Sequence[str], view: Look) -> None:
        self.names, self.view = names, view
        self.parts = [name.split("_") for name in names]
        self.widths = [max(ERROR, *map(len, parts)) for parts in self.parts]
        self.case = max(map(len, cases))
        errors = sum(width + 1 for width in self.widths)
        self.is_table = MARK + self.case + 1 + DTYPE + errors <= view.width

    def heading(self) -> Iterator[Text]:
        """The names, `running_mean` over two lines."""
        if not self.is_table:
            return
        rows = max(map(len, self.parts))
        for row in range(rows):
            line = Text(" " * (MARK + self.case + 1 + DTYPE), "dim")
            for parts, width in zip(self.parts, self.widths, strict=True):
                padded = [""] * (rows - len(parts)) + parts
                line.append(f" {padded[row]:>{width}}")
            yield line

    def lines(self, result: "Result") -> Iterator[Text]:
        """One case: a mark, its name, and the largest error of each output and gradient."""
        good, bad = ("✓", "✗") if self.view.math != "latex" else ("o", "X")
        mark = (f"{good} ", "bold green") if result.is_right else (f"{bad} ", "bold red")
        head = Text.assemble(
            mark, f"{result.case:<{self.case}} ", (f"{result.dtype:<{DTYPE}}", "dim")
        )
        if result.fault:
            yield from hanging(Text.assemble(head, " ", (result.fault, "red")), self.view)
        elif self.is_table:
            for comparison, width in zip(result.comparisons, self.widths, strict=True):
                style = "" if comparison.is_right else "bold red"
                head.append(f" {comparison.error:>{width}.0e}", style)
            yield head
        else:
            for comparison in result.comparisons:
                style = "" if comparison.is_right else "bold red"
                head.append(f"  {comparison.name}\u00a0", "dim")
                head.append(f"{comparison.error:.0e}", style)
            yield from hanging(head, self.view)


def hanging(text: Text, view: Look) -> Iterator[Text]:
    return prose.wrapped(text, view.width, "", " " * (MARK + 2))


def summary(
    proof: "Proof", oracle: str, version: str, seconds: float, view: Look
) -> Iterator[RenderableType]:
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
    facts = (oracle, f"torch {version}", f"{seconds:.1f} s")
    pieces = [Text(verdict, style), *(Text(fact, "dim") for fact in facts)]
    yield from prose.listed(pieces, view.width)


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
