"""How fast the day is aimed at, with 100 000 reviews: today, the plan, the first question by it."""

from datetime import date, timedelta
from pathlib import Path

from benchmarks.measure import INTERVIEW, alternately, ms, process, python, row
from benchmarks.quiz import Home


def bench_aim(folder: Path) -> None:
    home = Home(folder / "aim", 1_000, 20, 100_000)
    home.warm()
    day = f"{date.today() + timedelta(60)}"
    plan = [INTERVIEW, "plan", "--date", day, "--minutes", "60"]
    solved, floor = alternately(
        lambda: process(plan, home.env), lambda: python("import typer, numpy"), rounds=3
    )
    what = "plan, 1 000 cards and the bank, 60 days"
    row(what, ms(solved), ms(floor), solved / floor, "under 2 s")
    ready, floor = alternately(
        lambda: process([INTERVIEW, "readiness"], home.env),
        lambda: python("import typer, numpy"),
        rounds=1,
    )
    row("readiness, with the fit", ms(ready), ms(floor), ready / floor, "")
    shown, asked, floor = alternately(
        lambda: process([INTERVIEW], home.env), home.first_question, lambda: python("import typer")
    )
    row("today", ms(shown), ms(floor), shown / floor, "under 200 ms")
    row("first question by the plan", ms(asked), ms(floor), asked / floor, "1.6x of import typer")
