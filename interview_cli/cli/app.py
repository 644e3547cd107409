"""The command line: which commands there are, and how errors leave it.

Only the module of the command that is called is imported, so that a question comes at once.
"""

import contextlib
import os
import sys
from importlib import import_module
from typing import Annotated, TextIO

import typer

from interview_cli.errors import InterviewError, UsageError, did_you_mean

# In the order of --help, which shows these lines and imports nothing else.
COMMANDS = {
    "quiz": "Ask what is due and new, or what the plan asks.",
    "show": "Show a card, or a solution and its proof.",
    "practice": "Write a solution by hand, against the clock.",
    "list": "List the cards and when each is due.",
    "search": "Find cards by their words, in either language.",
    "plan": "Plan what to learn on which day until the interview.",
    "readiness": "Tell what will be known on the day, and how surely.",
    "optimize": "Fit the memory model to your own reviews.",
    "stats": "Show what was done and how well it is remembered.",
    "why": "Explain why a card comes when it comes.",
    "undo": "Take back the newest review.",
    "lint": "Check decks before anybody learns from them.",
    "verify": "Prove the whole bank against torch.",
    "replay": "Judge again what a verdict was about.",
    "doctor": "Check everything that can be wrong.",
}

EPILOG = (
    "Exit status: 0 done, 1 checks failed, 2 wrong usage or a bad deck, 3 something optional is "
    "missing, 4 time limit, 130 Ctrl-C."
)


def build(arguments: list[str]) -> typer.Typer:
    """The application with the commands that the arguments can need."""
    app = typer.Typer(
        name="interview",
        no_args_is_help=False,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog=EPILOG,
    )
    app.callback()(today)
    wanted = next((a for a in arguments if a in COMMANDS), "")
    if wanted:
        module = import_module(f"interview_cli.cli.commands.{wanted}")
        app.command(wanted, epilog=module.EXAMPLES)(module.command)
    else:
        for name, purpose in COMMANDS.items():
            app.command(name, help=purpose)(later)
    return app


def later() -> None:
    """Stands for a command in the list of all."""
    raise AssertionError("only the command that is called is built")


def today(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print today as JSON, without a command.")
    ] = False,
    lang: Annotated[str | None, typer.Option(help="zh, en or both.", metavar="LANG")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Flash cards and quizzes for machine-learning interviews, with executable answers.

    Without a command: today at a glance.
    """
    if version:
        from interview_cli import __version__

        print(f"interview {__version__}")  # noqa: T201
        raise typer.Exit
    if debug:
        os.environ["INTERVIEW_DEBUG"] = "1"
    if lang:
        from interview_cli.cli.options import checked_lang

        os.environ["INTERVIEW_LANG"] = checked_lang(lang) or ""
    if as_json and context.invoked_subcommand is not None:
        name = context.invoked_subcommand
        raise UsageError(f"--json goes behind the command: interview {name} --json")
    if context.invoked_subcommand is None:
        from interview_cli.cli.commands.today import command

        command(as_json=as_json)


def check_command(arguments: list[str]) -> None:
    """Raises UsageError for a command there is not, with a suggestion."""
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        hint = did_you_mean(arguments[0], COMMANDS) or "; interview --help lists them"
        raise UsageError(f'there is no command "{arguments[0]}"{hint}')


def run(arguments: list[str]) -> int:
    """The exit status. A sentence on stderr for every error that a user can meet."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            # A terminal that lacks a character shows another; a traceback helps nobody.
            stream.reconfigure(errors=errors_of(stream))  # type: ignore[union-attr]
    try:
        check_command(arguments)
        result = build(arguments)(arguments, standalone_mode=False, prog_name="interview")
        status = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except InterviewError as error:
        if os.environ.get("INTERVIEW_DEBUG"):
            raise
        for line in getattr(error, "problems", None) or (error,):
            print(printable(str(line)), file=sys.stderr)  # noqa: T201
        status = error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        print(file=sys.stderr)  # noqa: T201
        status = 130
    except BrokenPipeError:
        # `interview list | head`: whoever read has had enough.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except typer.Exit as stop:
        status = stop.exit_code
    except Exception as error:
        if not os.environ.get("INTERVIEW_DEBUG") and (told := told_of_index(error)):
            print(printable(told), file=sys.stderr)  # noqa: T201
            return 1
        sentence = getattr(error, "format_message", None)  # typer's own: a wrong option or argument
        if sentence is None:
            raise
        context = getattr(error, "ctx", None)
        names = ["interview", *(a for a in arguments[:1] if a in COMMANDS)]
        command = context.command_path if context else " ".join(names)
        line = f"{command}: {plainer(sentence())}; see {command} --help"
        print(printable(line), file=sys.stderr)  # noqa: T201
        status = getattr(error, "exit_code", 2)
    return status


def told_of_index(error: Exception) -> str | None:
    """Throws a damaged index away and says so; None for any other error."""
    if type(error).__module__ != "sqlite3":  # which is slow to import
        return None
    from interview_cli.cli.paths import paths
    from interview_cli.store.index import is_broken

    if not is_broken(error):
        return None
    path = paths().cache
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    found = "delete it" if path.exists() else "it is thrown away"
    return f"{path}: damaged, {error}; {found}, and comes back from the log: start again"


def errors_of(stream: TextIO) -> str:
    """What a stream does with characters that it lacks."""
    if "utf" in (stream.encoding or "").lower():
        return "replace"
    from interview_cli.cli.spelling import install

    return install()


# Typer's sentences, and ours.
PLAINER = (
    (
        r"Invalid value for '([^']*)': '(.*)' is not a valid int(?: range)?",
        r'\1 is "\2", not a number',
    ),
    (
        r"Invalid value for '([^']*)': (\S+) is not in the range 1<=x<=(\d+)",
        r"\1 is \2; it goes from 1 to \3",
    ),
    (
        r"Invalid value for '([^']*)': (\S+) is not in the range x>=(\d+)",
        r"\1 is \2; it is at least \3",
    ),
    (r"Got unexpected extra argument\(s\) \((.*)\)", r'unexpected "\1"'),
    (r"Missing argument '(.*)'", r"\1 is missing"),
    (
        r"No such option: (\S+) \(Possible options: ([^,)]+).*\)",
        r"there is no option \1; did you mean \2?",
    ),
    (r"No such option: (.*)", r"there is no option \1"),
    (r"Option '(.*)' requires an argument", r"\1 needs a value"),
)


def plainer(sentence: str) -> str:
    """What typer says of a wrong option or argument, in the words of this program."""
    import re

    line = sentence.rstrip(".")
    for theirs, ours in PLAINER:
        line = re.sub(theirs, ours, line, flags=re.DOTALL)
    return line


def printable(message: str) -> str:
    """The message without control characters that came in with an argument."""
    return "".join("?" if c < " " or "\x7f" <= c < "\xa0" else c for c in message)
