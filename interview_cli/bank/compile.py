"""Keeps the compiled bank up to date: reads the decks that changed, and only those."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol
from zlib import adler32, crc32

import msgspec

from interview_cli.bank.model import CLASSES, AnyCard, Deck
from interview_cli.errors import BankError, Problem

# A file written this short a time ago may be written again without a new time stamp.
RACY_NS = 2_000_000_000


def encode(card: AnyCard) -> bytes:
    """A card as the cache keeps it."""
    return msgspec.msgpack.encode(card)


def decode(body: bytes, kind: str) -> AnyCard:
    """The card again. Only its own kind is asked for: a reader for all seven takes a while."""
    return msgspec.msgpack.decode(body, type=CLASSES[kind])


class CompiledCard(NamedTuple):
    """One card as the cache keeps it; `text` is a hash of what it says."""

    id: str
    level: int
    kind: str
    tags: str
    text: str
    body: bytes
    was: tuple[str, ...]


class CompiledDeck(NamedTuple):
    """One deck file as the cache keeps it."""

    path: str
    signature: str
    hash: bytes
    topic: str
    zh: str
    en: str
    cards: list[CompiledCard]


class Cache(Protocol):
    """Where compiled decks are kept: the index, or a test's dictionary."""

    def signatures(self) -> dict[str, tuple[str, bytes]]: ...
    def owners(self, cards: list[str]) -> dict[str, str]: ...
    def replace(self, deck: CompiledDeck, place: int) -> None: ...
    def touch(self, path: str, signature: str) -> None: ...
    def remove(self, path: str) -> None: ...
    def arrange(self, paths: list[str]) -> None: ...


class DeckFile(NamedTuple):
    """A deck on disk: where it is, and what it is called in messages."""

    path: Path
    name: str
    signature: str


def deck_files(folders: Iterable[Path], now_ns: int) -> list[DeckFile]:
    """All decks, by folder and name. A file changed just now has a signature that never fits."""
    return [file for folder in folders for file in in_folder(folder, now_ns)]


def in_folder(folder: Path, now_ns: int) -> Iterator[DeckFile]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((e for e in entries if e.name.endswith((".yaml", ".yml"))), key=by_name)
            for entry in found:
                stat = entry.stat()
                racy = "" if now_ns - stat.st_mtime_ns > RACY_NS else "?"
                signature = f"{stat.st_size} {stat.st_mtime_ns} {stat.st_ino}{racy}"
                yield DeckFile(folder / entry.name, f"{folder.name}/{entry.name}", signature)
    except FileNotFoundError:
        return


def by_name(entry: os.DirEntry[str]) -> str:
    return entry.name


def is_fresh(files: list[DeckFile], known: dict[str, tuple[str, bytes]]) -> bool:
    """Whether nothing has changed since the cache was filled."""
    return len(files) == len(known) and all(
        str(f.path) in known and known[str(f.path)][0] == f.signature and f.signature[-1] != "?"
        for f in files
    )


def refresh(files: list[DeckFile], cache: Cache) -> None:
    """Compiles what changed. Raises BankError with the problems of all decks."""
    known = cache.signatures()
    problems: list[Problem] = []
    for path in known.keys() - {str(f.path) for f in files}:
        cache.remove(path)
    changed: list[tuple[int, DeckFile, bytes, bytes]] = []
    for place, file in enumerate(files):
        signature, digest = known.get(str(file.path), ("", b""))
        if signature == file.signature and not signature.endswith("?"):
            continue
        try:
            raw = file.path.read_bytes()
        except OSError as error:
            problems.append(Problem(file.name, 1, 1, f"cannot be read: {error.strerror}"))
            continue
        found = fingerprint(raw)
        if found == digest:
            cache.touch(str(file.path), file.signature)
        else:
            changed.append((place, file, raw, found))
            cache.remove(str(file.path))
    for place, file, raw, digest in changed:
        problems.extend(compile_file(file, raw, digest, place, cache))
    if problems:
        raise BankError(problems)
    cache.arrange([str(f.path) for f in files])


def fingerprint(raw: bytes) -> bytes:
    """Tells contents apart. Not against malice: who can write a deck needs no collision, and
    importing hashlib would take longer than reading a deck."""
    return f"{len(raw)} {crc32(raw):08x} {adler32(raw):08x}".encode()


def compile_file(
    file: DeckFile, raw: bytes, digest: bytes, place: int, cache: Cache
) -> list[Problem]:
    # Not at the top: with a warm cache no deck is read, and YAML need not be imported.
    from interview_cli.bank.deck import read_deck

    try:
        deck = read_deck(raw, file.name)
    except BankError as error:
        return error.problems
    if clashes := list(taken(deck, file, raw, cache)):
        return clashes
    cards = [compiled(card) for card in deck.cards]
    row = CompiledDeck(
        str(file.path), file.signature, digest, deck.deck, deck.title.zh, deck.title.en, cards
    )
    cache.replace(row, place)
    return []


def compiled(card: AnyCard) -> CompiledCard:
    body = encode(card)
    tags = " ".join(card.tags)
    return CompiledCard(card.id, card.level, card.kind, tags, f"{crc32(body):08x}", body, card.was)


def taken(deck: Deck, file: DeckFile, raw: bytes, cache: Cache) -> Iterator[Problem]:
    """Ids that another deck has already."""
    for card, owner in cache.owners([card.id for card in deck.cards]).items():
        from interview_cli.bank.lint import Places, Source

        where = Places(Source(file.name, raw)).of(card, "id")
        name = Path(owner)
        message = f'the id "{card}" is taken by {name.parent.name}/{name.name}; ids are unique'
        yield Problem(file.name, *where, message)
