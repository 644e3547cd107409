"""What no single card shows: links, formulas, languages, and the claims that cards must cover."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from interview_cli import formula
from interview_cli.bank.deck import read_claims, read_deck
from interview_cli.bank.marks import FORMULA
from interview_cli.bank.model import AnyCard, Claims, Deck, Numeric
from interview_cli.bank.nodes import List, Map, Node, Scalar, nodes
from interview_cli.bank.problems import cards_of
from interview_cli.errors import BankError, FormulaError, Problem, did_you_mean

MAX_FORMULA_COLUMNS = 76
HAN = re.compile("[\u3400-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{3,}\b")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
VERBATIM = {"code", "prints", "cite", "id", "kind", "note", "compute", "solution"}


@dataclass
class Report:
    """What lint found: problems, and what was looked at."""

    decks: int = 0
    cards: int = 0
    claims: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A file as it is on disk; `path` stands in messages."""

    path: str
    raw: bytes


def lint(
    decks: list[Source],
    claims: list[Source],
    solutions: Path,
    elsewhere: Collection[str] = (),
) -> Report:
    """Checks decks against each other, against the claims and against the solutions folder.

    elsewhere: ids of cards in other decks, which these may name as follow-ups.
    """
    report = Report()
    good: list[tuple[Source, Deck]] = []
    for source in decks:
        try:
            good.append((source, read_deck(source.raw, source.path)))
        except BankError as error:
            report.problems.extend(error.problems)
    known: list[tuple[Source, Claims]] = []
    for source in claims:
        try:
            known.append((source, read_claims(source.raw, source.path)))
        except BankError as error:
            report.problems.extend(error.problems)
    report.decks, report.cards = len(decks), sum(len(deck.cards) for _, deck in good)
    report.claims = sum(len(c.claims) for _, c in known)
    report.problems.extend(duplicates(good))
    # Where a file cannot be read, what points into it is not yet wrong.
    all_ids = {card.id for _, deck in good for card in deck.cards} | set(elsewhere)
    ids = all_ids if len(good) == len(decks) else None
    all_items = {claim.id for _, c in known for claim in c.claims}
    items = all_items if claims and len(known) == len(claims) else None
    for source, deck in good:
        report.problems.extend(DeckLint(source, deck, ids, items, solutions).problems())
    if len(good) == len(decks):
        report.problems.extend(uncovered(good, known))
    report.problems = sorted(set(report.problems))
    return report


def duplicates(decks: list[tuple[Source, Deck]]) -> Iterator[Problem]:
    """Ids, and former ids, that two decks claim."""
    first: dict[str, str] = {}
    for source, deck in decks:
        for card in deck.cards:
            for name in (card.id, *card.was):
                if name in first:
                    place = Places(source).of(card.id, "id" if name == card.id else "was")
                    message = f'the id "{name}" is taken by {first[name]}; ids are unique, for ever'
                    yield Problem(source.path, *place, message)
                first.setdefault(name, source.path)


def uncovered(
    decks: list[tuple[Source, Deck]], known: list[tuple[Source, Claims]]
) -> Iterator[Problem]:
    """Claims of a topic with a deck that no card carries and that do not say why."""
    carried = {item for _, deck in decks for card in deck.cards for item in card.source.items}
    topics = {deck.deck for _, deck in decks}
    for source, claims in known:
        if claims.topic not in topics:
            continue
        places = Places(source, "claims")
        for claim in claims.claims:
            if claim.id not in carried and claim.no_card is None:
                message = f"no card carries the claim {claim.id}; write one, or say why in no_card"
                yield Problem(source.path, *places.of(claim.id, "id"), message)
            if claim.id in carried and claim.no_card is not None:
                message = f"a card carries the claim {claim.id}; remove no_card"
                yield Problem(source.path, *places.of(claim.id, "no_card"), message)


class Places:
    """Where the entries of a file stand."""

    def __init__(self, source: Source, key: str = "cards") -> None:
        root, _ = nodes(source.raw, source.path)
        maps = cards_of(root, key) if root is not None else []
        self.maps: dict[str, Map] = {}
        for entry in maps:
            name = entry.entry("id")
            if name and isinstance(name.node, Scalar):
                self.maps.setdefault(str(name.node.value), entry)

    def of(self, name: str, key: str) -> tuple[int, int]:
        """Line and column of a key of one entry."""
        entry = self.maps[name].entry(key)
        node = entry.node if entry else self.maps[name]
        return node.line, node.column

    def texts(self, name: str) -> Iterator[tuple[tuple[str, ...], Scalar]]:
        """Every text of one entry with the keys that lead to it."""
        todo: list[tuple[tuple[str, ...], Node]] = [((), self.maps[name])]
        while todo:
            keys, node = todo.pop()
            match node:
                case Map():
                    todo.extend(((*keys, e.key), e.node) for e in node.entries)
                case List():
                    todo.extend((keys, item) for item in node.items)
                case Scalar(value=str()) if not VERBATIM.intersection(keys):
                    yield keys, node


class DeckLint:
    """All that is checked of one readable deck."""

    def __init__(
        self,
        source: Source,
        deck: Deck,
        ids: set[str] | None,
        items: set[str] | None,
        solutions: Path,
    ) -> None:
        self.source, self.deck, self.ids, self.items = source, deck, ids, items
        self.solutions = solutions
        self.places = Places(source)
        self.functions: dict[str, set[str] | None] = {}

    def problems(self) -> Iterator[Problem]:
        for card in self.deck.cards:
            for where, message in (*self.links(card), *self.texts(card)):
                yield Problem(self.source.path, *where, f"card {card.id}: {message}")

    def links(self, card: AnyCard) -> Iterator[tuple[tuple[int, int], str]]:
        for other in card.follow_ups:
            if other == card.id:
                yield self.places.of(card.id, "follow_ups"), "it is its own follow-up"
            elif self.ids is not None and other not in self.ids:
                hint = did_you_mean(other, self.ids)
                yield self.places.of(card.id, "follow_ups"), f'no card is named "{other}"{hint}'
        if card.solution is not None and self.defined(card.solution) is None:
            yield self.places.of(card.id, "solution"), self.no_solution(card.solution)
        if isinstance(card, Numeric):
            name, _, function = card.compute.partition(":")
            functions = self.defined(name)
            if functions is None:
                yield self.places.of(card.id, "compute"), self.no_solution(name)
            elif function not in functions:
                hint = did_you_mean(function, functions)
                yield self.places.of(card.id, "compute"), f"{name} has no function {function}{hint}"
        if self.items is not None:
            for item in card.source.items:
                if item not in self.items:
                    hint = did_you_mean(item, self.items)
                    yield self.places.of(card.id, "source"), f'docs/claims has no "{item}"{hint}'

    def no_solution(self, name: str) -> str:
        if (self.solutions / f"{name}.py").is_file():
            return f"solutions/{name}.py is not valid Python"
        known = [f"{p.parent.name}/{p.stem}" for p in self.solutions.glob("*/*.py")]
        names = [n for n in known if not n.endswith("_spec")]
        return f"there is no solution {name}{did_you_mean(name, names)}"

    def defined(self, name: str) -> set[str] | None:
        """The functions of a solution, read without running it; None if there is no such file."""
        if name not in self.functions:
            path = self.solutions / f"{name}.py"
            try:
                tree = ast.parse(path.read_bytes())
                self.functions[name] = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                self.functions[name] = None
        return self.functions[name]

    def texts(self, card: AnyCard) -> Iterator[tuple[tuple[int, int], str]]:
        for keys, node in self.places.texts(card.id):
            place = (node.line, node.column)
            prose = CODE.sub(" ", node.value)
            if prose.replace("$$", "").count("$") % 2 or prose.count("$$") % 2:
                yield place, "a $ stands alone; write formulas as $...$ or $$...$$"
            for found in FORMULA.finditer(prose):
                for message in formula_faults(found[0]):
                    yield place, message
            yield from ((place, message) for message in language_faults(keys, prose))


def formula_faults(written: str) -> Iterator[str]:
    latex = written.strip("$")
    try:
        rows = formula.block(latex)
        formula.line(latex)
    except FormulaError as error:
        yield str(error)
        return
    if (columns := formula.width(rows[0])) > MAX_FORMULA_COLUMNS:
        name = formula.shortened(latex)
        yield f"{name} is {columns} columns wide; at most {MAX_FORMULA_COLUMNS}: break it up"


def language_faults(keys: tuple[str, ...], prose: str) -> Iterator[str]:
    words = FORMULA.sub(" ", prose)
    if keys[-1] == "en" and (han := HAN.search(words)):
        yield f'{".".join(keys)} has Chinese in it ("{han[0]}")'
    elif keys[-1] == "zh" and not HAN.search(words) and len(ENGLISH.findall(words)) > 3:
        yield f"{'.'.join(keys)} has no Chinese in it"
    elif keys[-1] in ("text", "show", "unit") and HAN.search(words):
        yield f"{'.'.join(keys)} is Chinese only; write it as {{zh: ..., en: ...}}"
