"""Logs of several machines, merged in any order and in any pieces: one and the same memory.

Clocks are set back and jump, zones change, reviews are undone before and after they arrive, lines
stand twice, weights are fitted anew and change every memory, and what was rescued from one log
comes in a file of its own.
"""

from datetime import timedelta
from pathlib import Path
from random import Random

from interview_cli.domain.review import Event, Review
from interview_cli.store.history import History
from interview_cli.store.line import dump
from tests.store.material import (
    START,
    a_rating,
    aim,
    counted,
    due,
    history,
    memories,
    review,
    scratch,
    stored,
    stored_dues,
    stored_settings,
    undo,
    weights,
)
from tests.torture import promise

MERGES = 400
ORDERS = 3
CARDS = 5
EVENTS = 30

Logs = dict[str, bytes]


def run(folder: Path, share: float, seed: int) -> str:
    rng = Random(seed)
    merges = max(5, round(MERGES * share))
    reviews = steps = 0
    for number in range(merges):
        logs = some_logs(rng)
        place = folder / str(number)
        whole = place / "at-once"
        write(whole, logs)
        wanted = scratch(whole)
        for order in range(ORDERS):
            steps += merge(place / f"order-{order}", logs, rng)
            check(place / f"order-{order}", wanted)
        reviews += len(stored(wanted))
        names_do_not_matter(place, rng)
    return (
        f"{merges} sets of 2 to 4 logs, each merged in {ORDERS} orders and {steps} steps in all, "
        f"{reviews} reviews: the memories of a replay from scratch each time"
    )


def some_logs(rng: Random) -> Logs:
    """The logs of two or three machines, and at times a rescued one."""
    names = ["a.jsonl", "b.jsonl", "c.jsonl"][: rng.randint(2, 3)]
    ids: list[str] = []
    lines = {name: machine(rng, name[0], ids) for name in names}
    if rng.random() < 0.3:
        rescued = rng.choice(lines[names[0]])
        lines["interview-rescued-1.jsonl"] = [rescued, *rng.sample(lines[names[1]], 2)]
    return {name: b"".join(found) for name, found in lines.items()}


def machine(rng: Random, name: str, ids: list[str]) -> list[bytes]:
    """The lines of one machine. `ids` are those of all machines."""
    lines: list[bytes] = []
    minutes, zone = rng.uniform(-3000, 3000), 0
    for number in range(rng.randint(4, EVENTS)):
        # Mostly forward; now and then the clock is set back, or stands still.
        minutes += rng.choice((rng.expovariate(1 / 400), 0.0, -rng.uniform(0, 2000)))
        if rng.random() < 0.1:
            zone = rng.choice((-720, -210, 0, 60, 480, 840))
        event = an_event(rng, f"{name}{number}", minutes, zone, ids)
        lines.append(dump(event))
        if rng.random() < 0.1:
            lines.append(rng.choice(lines))
        if rng.random() < 0.03:
            lines.append(rng.choice((b"\n", b"torn and closed\n", lines[-1][9:])))
    return lines


def an_event(rng: Random, name: str, minutes: float, zone: int, ids: list[str]) -> Event:
    # An undo may name what another machine has not written yet, or what nobody ever wrote.
    if rng.random() < 0.15:
        target = rng.choice([*ids, f"b{rng.randrange(EVENTS)}", "nobody"])
        return undo(f"u-{name}", target, minutes)
    if rng.random() < 0.15:
        if rng.random() < 0.1:
            name = f"a{rng.randrange(9)}"  # one id, two cards
        return due(f"d-{name}", minutes, f"card-{rng.randrange(CARDS)}", zone)
    if rng.random() < 0.05:
        day = rng.choice((None, START.date() + timedelta(days=rng.randrange(99))))
        return aim(f"s-{name}", minutes, day)
    if rng.random() < 0.05:
        if rng.random() < 0.1:
            name = f"a{rng.randrange(9)}"  # one id, two fits, or an aim
        return weights(f"s-{name}", minutes, rng.uniform(0.1, 1))
    if ids and rng.random() < 0.03:
        name = rng.choice(ids)  # one id, two reviews: the first in the order counts everywhere
    ids.append(name)
    card = f"card-{rng.randrange(CARDS)}"
    cram = rng.random() < 0.1
    fields = {"rating": a_rating(rng), "zone_min": zone, "text": name, "is_cram": cram}
    return review(name, minutes, card, **fields)


def write(folder: Path, logs: Logs) -> None:
    folder.mkdir(parents=True)
    for name, data in logs.items():
        (folder / name).write_bytes(data)


def merge(folder: Path, logs: Logs, rng: Random) -> int:
    """Whole files or pieces of them arrive, and are read each time; how often."""
    folder.mkdir(parents=True)
    left = dict(logs)
    steps = 0
    in_pieces = rng.random() < 0.8
    while left:
        name = rng.choice(sorted(left))
        size = rng.randint(1, 1500) if in_pieces else len(left[name])
        with (folder / name).open("ab") as file:
            file.write(left[name][:size])
        left[name] = left[name][size:]
        if not left[name]:
            del left[name]
        if rng.random() < 0.7 or not left:
            reader = history(folder, folder / "index.sqlite")
            reader.refresh()
            reader.index.close()
            steps += 1
    return steps


def check(folder: Path, wanted: History) -> None:
    found = history(folder, folder / "index.sqlite")
    found.refresh()
    promise(memories(found) == memories(wanted), "the memories are those of a replay from scratch")
    promise(stored(found) == stored(wanted), "so are all reviews, and what was predicted of them")
    promise(stored_dues(found) == stored_dues(wanted), "and what was brought forward")
    promise(stored_settings(found) == stored_settings(wanted), "and every setting")
    promise((found.rules, found.aim) == (wanted.rules, wanted.aim), "and those that hold")
    promise(counted(found) == counted(wanted), "and which of them count")
    found.index.close()


def names_do_not_matter(place: Path, rng: Random) -> None:
    """Where no clock goes back, the memories are the same whatever the files are called."""
    lines: dict[str, list[bytes]] = {"x": [], "y": []}
    at = START
    for number in range(EVENTS):
        at += timedelta(minutes=rng.expovariate(1 / 400), microseconds=1)
        card = f"card-{rng.randrange(CARDS)}"
        event = review(f"r{number}", card=card, reviewed_at=at, rating=a_rating(rng))
        assert isinstance(event, Review)
        lines[rng.choice("xy")].append(dump(event))
    x, y = (b"".join(found) for found in lines.values())
    write(place / "names", {"a.jsonl": x, "b.jsonl": y})
    write(place / "swapped", {"a.jsonl": y, "b.jsonl": x})
    one, other = scratch(place / "names"), scratch(place / "swapped")
    promise(memories(one) == memories(other), "the names of files do not matter")
