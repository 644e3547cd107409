"""Material to measure with: many cards made from the real ones, and a year of reviews."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import yaml

from interview_cli.bank.deck import read_deck
from interview_cli.domain.review import Rating, Review
from interview_cli.scheduling.days import study_day
from interview_cli.scheduling.scheduler import Memory, Rules, is_due, step
from interview_cli.store.line import dump

REPOSITORY = Path(__file__).parent.parent


def real_cards() -> list[dict[str, object]]:
    """Every card of the bank as plain data."""
    found = []
    for path in sorted((REPOSITORY / "cards").glob("*.yaml")):
        deck = read_deck(path.read_bytes(), path.name)
        found += [msgspec.to_builtins(card) for card in deck.cards]
    return found


class Dumper(yaml.CSafeDumper):
    """Blocks for several lines, as people write them; `"\\n"` in quotes is refused."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def as_block(dumper: Dumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, "|" if "\n" in text else None)


Dumper.add_representer(str, as_block)


def write_decks(folder: Path, cards: int, files: int) -> list[str]:
    """Decks with `cards` cards in all, in `files` files; returns the ids."""
    folder.mkdir(parents=True, exist_ok=True)
    models = real_cards()
    ids = [f"c{number:06d}" for number in range(cards)]
    share = -(-cards // files)
    for number in range(files):
        own = ids[number * share : (number + 1) * share]
        entries = []
        for index, name in enumerate(own):
            model = models[(number * share + index) % len(models)]
            entries.append({**model, "id": name, "follow_ups": [], "was": []})
        deck = {
            "deck": f"topic-{number}",
            "title": {"zh": f"主题 {number}", "en": f"Topic {number}"},
            "cards": entries,
        }
        text = yaml.dump(deck, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=1000)
        (folder / f"deck-{number:03d}.yaml").write_text(text, encoding="utf-8")
    return ids


def reviews(ids: list[str], count: int, now: datetime, seed: int = 0) -> Iterator[Review]:
    """`count` reviews over a year: every day some new cards, then what is due, then others, until
    yesterday. A tenth of the cards stays new."""
    rng = random.Random(seed)
    memories: dict[str, Memory] = {}
    rules = Rules()
    days = 360
    known = ids[: len(ids) * 9 // 10]
    made = 0
    for day in range(days):
        at = now - timedelta(days=days - day, hours=2)
        today = study_day(at, 0)
        new = known[len(known) * day // days : len(known) * (day + 1) // days]
        due = [card for card, memory in memories.items() if is_due(memory, at, today)]
        wanted = count * (day + 1) // days - made
        others = rng.choices(known[: len(memories) or 1], k=wanted) if memories else new * wanted
        for card in [*new, *due, *others][:wanted]:
            at += timedelta(seconds=20)
            rating = rng.choices(list(Rating), (12, 10, 60, 18))[0]
            review = Review(f"{made:09d}", at, 0, card, rating, "recall", 8000, "0" * 8)
            memory = step(memories.get(card), review, rules)
            assert memory is not None
            memories[card] = memory
            made += 1
            yield review


def write_log(folder: Path, ids: list[str], count: int) -> None:
    """A log of `count` reviews, up to two hours ago."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    with (folder / "benchmark.jsonl").open("wb") as file:
        file.writelines(map(dump, reviews(ids, count, now)))
