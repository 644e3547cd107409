"""The files of the log in their folder: one for each machine, and what was set aside."""

import os
from collections.abc import Iterator
from pathlib import Path

from interview_cli.errors import StoreError

SUFFIX = ".jsonl"


def logs(folder: Path) -> Iterator[os.DirEntry[str]]:
    """All machines' files in a folder, by name; none if there is no folder."""
    try:
        with os.scandir(folder) as entries:
            found = [e for e in entries if e.name.endswith(SUFFIX) and e.is_file()]
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(unreadable(folder, error)) from None
    yield from sorted(found, key=lambda entry: entry.name)


def unreadable(path: Path, error: OSError) -> str:
    return f"{path}: cannot be read: {error.strerror or error}; allow reading it, or move it away"


def unsaved(path: Path, error: OSError) -> str:
    return f"{path}: not saved: {error.strerror or error}; make room or allow writing"


def set_aside(path: Path, lines: list[bytes]) -> Path | None:
    """Copies damaged lines to `<log>.rejected`, each once; None where that cannot be written."""
    rejected = path.with_name(path.name + ".rejected")
    try:
        known = set(rejected.read_bytes().split(b"\n")) if rejected.exists() else set()
        new = [line for line in dict.fromkeys(lines) if line not in known]
        if new:
            with rejected.open("ab") as file:
                file.write(b"".join(line + b"\n" for line in new))
    except OSError:
        return None
    return rejected
