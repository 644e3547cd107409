"""interview replay: judge again what a verdict was about."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.text import Text

from interview_cli.cli.options import Lang, checked_lang
from interview_cli.cli.out import write
from interview_cli.cli.paths import bank_root
from interview_cli.cli.submission import check_stage, versions
from interview_cli.cli.view.look import console, look
from interview_cli.errors import UsageError
from interview_cli.judge import catalogue
from interview_cli.judge.nursery import Language
from interview_cli.judge.verdict import Kind

EXAMPLES = """\b
Examples:
  interview replay verdict.json
  interview replay verdict.json --lang zh
"""
MAX_FILE = 8 << 20


class Named(msgspec.Struct):
    """A mistake, by its name."""

    name: str


class Before(msgspec.Struct):
    """The verdict as it was."""

    kind: Kind
    language: Language
    seed: Annotated[int, msgspec.Meta(ge=0)]
    mistakes: list[Named]


class Told(msgspec.Struct):
    """What `practice --file --json` printed, as far as it is needed here."""

    solution: str
    source: str
    verdict: Before
    stage: str | None = None
    versions: dict[str, str | None] = {}


def command(
    file: Annotated[
        Path, typer.Argument(help="What practice --file --json printed.", metavar="FILE")
    ],
    lang: Lang = None,
) -> None:
    """Judge again what a verdict was about.

    With the same source and seed; exit 1 if the verdict is another one.
    """
    from interview_cli.cli.view import verdict as verdicts
    from interview_cli.judge.exercise import Exercise
    from interview_cli.judge.judging import verdict_of
    from interview_cli.judge.nursery import nursery

    view = look(checked_lang(lang))
    told = read(file)
    before = told.verdict
    solution = catalogue.get(bank_root() / "solutions", told.solution)
    language = before.language
    exercise = Exercise(solution, before.seed)
    check_stage(exercise, told.stage)
    with nursery(language) as born:
        verdict = verdict_of(exercise, told.source, language, born, told.stage)
    out = console(view)
    write(out, verdicts.lines(verdict, view))
    is_same = (verdict.kind, [m.name for m in verdict.mistakes]) == (
        before.kind, [m.name for m in before.mistakes],
    )  # fmt: skip
    out.print()
    for name, version in versions().items():
        if told.versions.get(name) != version:
            was = verdicts.clean(str(told.versions.get(name)))
            out.print(
                Text(
                    view.say(
                        f"{name}：当时 {was}，现在 {version}", f"{name} was {was}, now {version}"
                    )
                )
            )
    out.print(
        Text(
            view.say("结论相同", "the same verdict")
            if is_same
            else view.say(f"当时的结论是 {before.kind}", f"the verdict was {before.kind}")
        )
    )
    if not is_same:
        raise typer.Exit(1)


def read(path: Path) -> Told:
    """The JSON of a verdict. Raises UsageError, naming what is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    try:
        if len(data) > MAX_FILE:
            raise ValueError("it is too large")
        return msgspec.json.decode(data, type=Told)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path}: this is no verdict of interview practice --json ({error})"
        ) from None
