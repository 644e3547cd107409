"""config.toml, beside the reviews: what a learner sets by hand. It need not exist.

[topics]                 how much a topic counts, 1 where nothing is said; 0 leaves it out
normalization = 2

[levels]                 the same for the cards' levels 1, 2 and 3
3 = 0.5
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from interview_cli.errors import UsageError, did_you_mean

MOST = 100.0


class Config(NamedTuple):
    """How much topics and levels count."""

    topics: Mapping[str, float] = {}
    levels: Mapping[str, float] = {}

    def weight(self, topic: str, level: int) -> float:
        return self.topics.get(topic, 1.0) * self.levels.get(str(level), 1.0)


def config(path: Path, topics: Sequence[str]) -> Config:
    """What the file says; the defaults without one. Raises UsageError with file and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    import tomllib  # only where there is something to read

    try:
        written = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        raise UsageError(f"{path}: {error}") from None
    tables = {"topics": topics, "levels": ("1", "2", "3")}
    for name in written:
        if name not in tables:
            hint = did_you_mean(name, tables) or "; there are [topics] and [levels]"
            raise UsageError(f'{path}: no table is named "{name}"{hint}')
    return Config(
        **{
            name: weights(path, name, written.get(name, {}), known)
            for name, known in tables.items()
        }
    )


def weights(path: Path, table: str, written: Any, known: Sequence[str]) -> dict[str, float]:
    """The numbers of a table. Raises UsageError."""
    if not isinstance(written, dict):
        raise UsageError(f"{path}: {table} is a table: write [{table}] above it")
    for key, value in written.items():
        if key not in known:
            hint = did_you_mean(key, known) or f"; there is {', '.join(known)}"
            raise UsageError(f'{path}: [{table}] has no "{key}"{hint}')
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise UsageError(f"{path}: [{table}] {key} is no number; give one from 0 to {MOST:.0f}")
        if not 0 <= value <= MOST:  # so no NaN passes
            raise UsageError(
                f"{path}: [{table}] {key} = {value}; give a number from 0 to {MOST:.0f}"
            )
    return {key: float(value) for key, value in written.items()}
