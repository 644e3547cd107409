"""How fast the statistics are: the screen, the page, and what was written by hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measure import INTERVIEW, alternately, ms, process, python, row, seconds_of
from benchmarks.quiz import Home

ATTEMPTS = 3000
SAVES = 8


def bench_stats(folder: Path) -> None:
    """Whole processes with 10 000 cards and 100 000 reviews; then thousands of attempts."""
    home = Home(folder / "stats", 10_000, 200, 100_000)
    home.warm()
    page = str(folder / "stats.html")
    screen, written, floor = alternately(
        lambda: process([INTERVIEW, "stats"], home.env),
        lambda: process([INTERVIEW, "stats", "--html", page], home.env),
        lambda: python("import typer"),
    )
    row("stats, 100 000 reviews", ms(screen), ms(floor), screen / floor, "under 1 s")
    row("  as a page", ms(written), ms(floor), written / floor, "under 3 s")
    bench_attempts(folder / "by-hand")


def bench_attempts(folder: Path) -> None:
    from interview_cli.store.records import records

    write_attempts(folder)
    files = list(folder.glob("practice/*/*/attempt.jsonl"))
    mine, floor = alternately(
        lambda: seconds_of(lambda: records(folder)),
        lambda: seconds_of(lambda: [path.read_bytes() for path in files]),
    )
    row(f"  {ATTEMPTS} attempts by hand", ms(mine), ms(floor), mine / floor, "4x of reading them")


def write_attempts(folder: Path) -> None:
    """Two attempts a day, each accepted at the last of its saves."""
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(ATTEMPTS):
        at = begun + timedelta(hours=12 * number)
        place = folder / "practice" / f"solution_{number % 12}" / f"{at:%Y-%m-%d-%H%M%S}"
        place.mkdir(parents=True)
        lines = [line(at, "started", language="numpy", limit_s=900)]
        for save in range(1, SAVES + 1):
            at += timedelta(minutes=1)
            kind = "accepted" if save == SAVES else "mistake"
            lines.append(line(at, "save", number=save))
            lines.append(line(at, "verdict", kind=kind, mistakes=[], passed=save, stages=SAVES))
        lines.append(line(at, "ended", rating=3, is_accepted=True))
        (place / "attempt.jsonl").write_text("\n".join(lines) + "\n")


def line(at: datetime, event: str, **fields: object) -> str:
    return json.dumps({"at": at.isoformat(), "event": event, **fields})
