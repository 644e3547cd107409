"""A file with somebody's code: read, judged once, and the verdict shown."""

from pathlib import Path
from typing import TYPE_CHECKING

from interview_cli.cli.options import one_of
from interview_cli.cli.out import write, write_json
from interview_cli.cli.view.look import Look, console
from interview_cli.errors import UsageError
from interview_cli.judge.catalogue import Solution

if TYPE_CHECKING:
    from interview_cli.judge.exercise import Exercise
    from interview_cli.judge.nursery import Language

MAX_SOURCE = 256 << 10


def judged_once(
    solution: Solution,
    path: Path,
    language: "Language | None",
    stage: str | None,
    seed: int,
    view: Look,
    *,
    as_json: bool,
) -> bool:
    """Whether a file is accepted; the verdict on the screen, or as JSON."""
    from interview_cli.cli.view import verdict as verdicts
    from interview_cli.judge.exercise import Exercise
    from interview_cli.judge.judging import verdict_of
    from interview_cli.judge.nursery import nursery
    from interview_cli.judge.stub import language_of
    from interview_cli.judge.verdict import as_data

    source = text_of(path)
    exercise = Exercise(solution, seed)
    check_stage(exercise, stage)
    language = language or language_of(source)
    with nursery(language) as born:
        verdict = verdict_of(exercise, source, language, born, stage)
    if as_json:
        write_json(
            solution=exercise.name,
            source=source,
            stage=stage,
            versions=versions(),
            verdict=as_data(verdict),
        )
    else:
        write(console(view), verdicts.lines(verdict, view))
    return verdict.is_accepted


def text_of(path: Path) -> str:
    """A submission. Raises UsageError for what cannot be one."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    if len(data) > MAX_SOURCE:
        raise UsageError(f"{path}: {len(data)} bytes; at most {MAX_SOURCE} are judged")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UsageError(f"{path}:{line}: this is not UTF-8; save the file as UTF-8") from None


def check_stage(exercise: "Exercise", stage: str | None) -> None:
    """Raises UsageError for a stage that this solution does not have."""
    if stage is not None:
        one_of(stage, [s.name for s in exercise.sheet().stages], "--stage")


def versions() -> dict[str, str | None]:
    """What the verdict depends on."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    from interview_cli import __version__

    found: dict[str, str | None] = {
        "interview": __version__, "python": platform.python_version(),
    }  # fmt: skip
    for package in ("numpy", "torch"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found
