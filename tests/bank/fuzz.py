"""Breaks good decks at random; whatever comes of it is a Deck, or problems with places."""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from interview_cli.bank.deck import read_deck
from interview_cli.bank.model import Deck
from interview_cli.bank.problems import problems
from interview_cli.bank.reader import HIDDEN
from interview_cli.errors import BankError

CARDS = Path(__file__).parents[2] / "cards"
HEAD = "deck: d\ntitle: {zh: 题目, en: Title}\ncards:\n"
SMALL = [
    "  - {id: a, kind: code, level: 1, ask: {zh: 写, en: Write}, solution: n/bn}\n",
    """\
  - id: b
    kind: recall
    level: 2
    ask: {zh: 问, en: "Ask: why?"}
    answer:
      zh: |
        - $\\frac{a}{b}$ 一
      en: >-
        one
        two
    points:
      - {zh: 点, en: 'point'}
    tags: [x, y-z]
    was: [e, f]
""",
    """\
  - id: c
    kind: numeric
    level: 3
    ask: {zh: "{n} 和 {m}", en: "{n} and {m}"}
    draw: {n: [1, 2.5], m: {from: 1, to: 9, step: 2}}
    compute: n/bn:count
    unit: MB
    tolerance: 0.05
    answer: {zh: 答, en: Answer}
""",
]  # fmt: skip
INDICATORS = [
    "&a ", "*a", "!!python/object:os.system ", "!x ", "! ", ": ", ":", "- ", "? ", "[", "]", "{",
    "}", "|", ">", '"', "'", "%", "@", "`", "#", " #", ",", "<<: ", "---\n", "...\n",
    "%YAML 1.1\n", "\\", '"\\f"', "\\n", "\n", "  ", "=", "~",
]  # fmt: skip
HIDDEN_CHARACTERS = [
    "\0", "\t", "\r", "\x1b[31m", "\x7f", "\x85", "\x9b", "\u00ad", "\u200b", "\u200f", "\u2028",
    "\u202e", "\u2066", "\ufeff", "\ufffe", "\U000e0041", "\r\n",
]  # fmt: skip
SCALARS = [
    "3", "1.5", "-1", "1e999", "yes", "no", "null", "~", "", "true", "2024-01-01", "0x1f", "[]",
    "{}", "[a]", "{a: b}", '""', "''", "|", "text", "题", "99999999999999999999",
]  # fmt: skip
KEYS = [
    "id",
    "kind",
    "level",
    "ask",
    "zh",
    "en",
    "answer",
    "points",
    "deck",
    "cards",
    "n",
    "1",
    '""',
]


def good_decks() -> list[str]:
    """Small decks that can be read: single cards of the bank, and a few made for the purpose."""
    decks = [HEAD + card for card in SMALL] + [HEAD + "".join(SMALL)]
    for path in sorted(CARDS.glob("*.yaml")):
        head, *cards = re.split(r"(?m)^(?=  - id: )", path.read_text(encoding="utf-8"))
        decks += [head + card for card in cards[:12]] + [head + "".join(cards[:3])]
    return decks


def mutated(text: str, other: str, rng: random.Random) -> bytes:
    """`text` after one to four mutations."""
    for _ in range(rng.randint(1, 4)):
        text = rng.choice(MUTATIONS)(text, other, rng)
    raw = text.encode("utf-8", "surrogatepass")
    return flip(raw, rng) if rng.random() < 0.1 else raw


def lines(change: Callable[[list[str], int, random.Random], None]) -> "Mutation":
    def mutate(text: str, other: str, rng: random.Random) -> str:
        rows = text.split("\n")
        change(rows, rng.randrange(len(rows)), rng)
        return "\n".join(rows)

    return mutate


def delete(rows: list[str], at: int, rng: random.Random) -> None:
    del rows[at]


def duplicate(rows: list[str], at: int, rng: random.Random) -> None:
    rows.insert(at, rows[at])


def swap(rows: list[str], at: int, rng: random.Random) -> None:
    to = rng.randrange(len(rows))
    rows[at], rows[to] = rows[to], rows[at]


def indent(rows: list[str], at: int, rng: random.Random) -> None:
    rows[at] = " " * rng.randrange(9) + rows[at].lstrip(" ")


def set_value(rows: list[str], at: int, rng: random.Random) -> None:
    rows[at] = re.sub(r": .*|- .*", lambda m: m[0][:2] + rng.choice(SCALARS), rows[at], count=1)


def rename_key(rows: list[str], at: int, rng: random.Random) -> None:
    rows[at] = re.sub(r"[a-z_]+(?=:)", lambda m: rng.choice([*KEYS, m[0] + "x"]), rows[at], count=1)


def insert(pieces: list[str]) -> "Mutation":
    def mutate(text: str, other: str, rng: random.Random) -> str:
        at = rng.randint(0, len(text))
        return text[:at] + rng.choice(pieces) + text[at:]

    return mutate


def inner_value(text: str, other: str, rng: random.Random) -> str:
    """One value anywhere, also inside { }, becomes another."""
    found = list(re.finditer(r"(?<=: )[^,{}\n]+", text))
    if not found:
        return text
    at = rng.choice(found)
    return text[: at.start()] + rng.choice(SCALARS) + text[at.end() :]


def cut(text: str, other: str, rng: random.Random) -> str:
    begin = rng.randint(0, len(text))
    return text[:begin] + text[begin + rng.randrange(20) :]


def truncate(text: str, other: str, rng: random.Random) -> str:
    return text[: rng.randint(0, len(text))]


def splice(text: str, other: str, rng: random.Random) -> str:
    return text[: rng.randint(0, len(text))] + other[rng.randint(0, len(other)) :]


def repeat(text: str, other: str, rng: random.Random) -> str:
    return text + other.partition("cards:\n")[2]


def flip(raw: bytes, rng: random.Random) -> bytes:
    changed = bytearray(raw)
    for _ in range(min(len(changed), rng.randint(1, 3))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


Mutation = Callable[[str, str, random.Random], str]
MUTATIONS: list[Mutation] = [
    *(lines(change) for change in (delete, duplicate, swap, indent, set_value, rename_key)),
    insert(INDICATORS), insert(INDICATORS), insert(HIDDEN_CHARACTERS), insert(SCALARS),
    inner_value, inner_value, cut, truncate, splice, repeat,
]  # fmt: skip


def check(raw: bytes) -> list[str] | None:
    """The messages about `raw`, or None for a deck. Fails if the reader does anything else."""
    try:
        deck = read_deck(raw, "fuzz.yaml")
    except BankError as error:
        refusal = error
    else:
        assert isinstance(deck, Deck)
        assert not problems(raw, "fuzz.yaml", Deck), "the quick reader accepts what has problems"
        return None
    assert refusal.problems, "refused without a problem"
    for problem in refusal.problems:
        assert problem.path == "fuzz.yaml"
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message.strip()
        assert not HIDDEN.search(problem.message)
        assert "\n" not in problem.message
        assert not problem.message.startswith("cannot be read:"), problem
    return [problem.message for problem in refusal.problems]


def run(count: int, seed: int) -> dict[str, int]:
    """Checks `count` mutations. A failure names its seed's number and shows the deck."""
    rng = random.Random(seed)
    decks = good_decks()
    for deck in decks:
        assert check(deck.encode()) is None, deck
    messages: Counter[str] = Counter()
    accepted = 0
    for number in range(count):
        raw = mutated(rng.choice(decks), rng.choice(decks), rng)
        try:
            found = check(raw)
        except Exception as error:
            raise AssertionError(
                f"mutation {number} of seed {seed}: {error!r} for {raw!r}"
            ) from error
        accepted += found is None
        # Without what they quote, messages are of the same sort.
        messages.update(re.sub(r'"[^"]*"|card \S+|\d+', "_", m) for m in found or ())
    return {"accepted": accepted, "refused": count - accepted, "messages": len(messages)}
