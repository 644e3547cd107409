"""Where things are: the bank that came with the program, and what belongs to the learner."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from interview_cli.errors import UsageError


class Paths(NamedTuple):
    """reviews: the log's folder, the only thing worth a backup. decks: the learner's own.
    cache: the index, which can always be made again."""

    reviews: Path
    decks: Path
    cache: Path

    @property
    def config(self) -> Path:
        """What the learner sets by hand; it need not exist."""
        return self.reviews.parent / "config.toml"


def paths() -> Paths:
    """Below INTERVIEW_HOME if it is set, else where the system keeps such things."""
    home = os.environ.get("INTERVIEW_HOME", "")
    if home:
        root = Path(home).expanduser()
        return Paths(root / "reviews", root / "decks", root / "index.sqlite")
    from platformdirs import user_cache_path, user_data_path

    data = user_data_path("interview", appauthor=False)
    cache = user_cache_path("interview", appauthor=False)
    return Paths(data / "reviews", data / "decks", cache / "index.sqlite")


def bank_root() -> Path:
    """The folder that holds cards/ and solutions/: inside a wheel, else the repository."""
    package = Path(__file__).parent.parent
    packed = package / "_bank"
    return packed if packed.is_dir() else package.parent


def machine() -> str:
    """A name for this machine's log file: its host name and a part of its id, so that two
    machines of one name do not write to one file."""
    from hashlib import blake2b
    from platform import node

    host = "".join(c if c.isascii() and c.isalnum() else "-" for c in node().lower())[:32]
    return f"{host.strip('-') or 'machine'}-{blake2b(machine_id(), digest_size=3).hexdigest()}"


def machine_id() -> bytes:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            if found := Path(path).read_bytes().strip():
                return found
        except OSError:
            continue
    if sys.platform == "linux":
        return b"linux"
    from uuid import getnode

    return getnode().to_bytes(8, "big")


def rollover_hour() -> int:
    """The hour at which a study day begins, 4 unless INTERVIEW_ROLLOVER_HOUR says otherwise."""
    from interview_cli.scheduling.days import ROLLOVER_HOUR

    written = os.environ.get("INTERVIEW_ROLLOVER_HOUR", "")
    if not written:
        return ROLLOVER_HOUR
    if not written.isdigit() or int(written) > 23:
        raise UsageError(f'INTERVIEW_ROLLOVER_HOUR is "{written}"; give an hour from 0 to 23')
    return int(written)
