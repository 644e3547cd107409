"""The index is a cache: whatever happens to it, everything still works and nothing raises."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

import pytest

from interview_cli.cli import desk as desks
from interview_cli.cli.app import run
from interview_cli.cli.desk import Desk, Outbox
from interview_cli.cli.paths import Paths
from interview_cli.domain.review import Rating, Weights
from interview_cli.errors import StoreError
from interview_cli.scheduling.fsrs import WEIGHTS, Fsrs
from interview_cli.scheduling.scheduler import Rules
from interview_cli.store import index as indexes
from interview_cli.store.index import SCHEMA_VERSION, Index, healed
from interview_cli.store.log import ReviewLog
from interview_cli.store.shelf import Selection

from .material import (
    START,
    aim,
    counted,
    due,
    history,
    home,
    memories,
    review,
    scratch,
    weights,
    write,
    write_deck,
)

CARDS = 6


def a_home(tmp_path: Path) -> tuple[Paths, Path]:
    """A learner's things after a session, index included."""
    where, root = home(tmp_path, CARDS)
    desk = Desk(where, root)
    for number in range(4):
        desk.log.append(review(f"r{number}", number, f"card-{number % 3}"))
    desk.read_reviews()
    desk.close()
    return where, root


def works(where: Paths, root: Path) -> Desk:
    """A session in which everything works; the desk, still open."""
    desk = Desk(where, root)
    assert desk.notices == []
    before = counted(desk.history)
    assert before[:4] == ["r0", "r1", "r2", "r3"]
    assert len(desk.shelf.cards(Selection())) == CARDS
    assert memories(desk.history) == memories_with_topics(where)
    queue, _ = desk.shelf.queue(Selection(), desk.day(START) + 99, 20, 100)
    assert queue.size == CARDS
    name = f"r{len(before)}"
    Outbox(desk).send(review(name, len(before), "card-5"))
    desk.read_reviews()
    assert counted(desk.history) == [*before, name]
    assert len(desk.shelf.cards(Selection())) == CARDS
    return desk


def memories_with_topics(where: Paths) -> list[tuple[object, ...]]:
    return [(*row[:13], "tiny") for row in memories(scratch(where.reviews))]


def delete(path: Path) -> None:
    path.unlink()


def garbage(path: Path) -> None:
    path.write_bytes(Random(1).randbytes(9000))


def garbage_after_a_good_head(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100] + Random(1).randbytes(9000))


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def older(path: Path) -> None:
    changed(path, "DROP TABLE memory", "PRAGMA user_version = 1")


def newer(path: Path) -> None:
    changed(path, "CREATE VIEW v AS SELECT * FROM reviews", "PRAGMA user_version = 99")


def without_what_was_brought_forward(path: Path) -> None:
    changed(path, "DROP TABLE dues", "DELETE FROM logs")


def without_settings(path: Path) -> None:
    changed(path, "DROP TABLE settings", "DELETE FROM logs")


def of_another_program(path: Path) -> None:
    path.unlink()
    changed(path, "CREATE TABLE cards (x)", "CREATE TRIGGER t DELETE ON cards BEGIN SELECT 1; END")


def without_a_table(path: Path) -> None:
    changed(path, "DROP TABLE memory", "DELETE FROM logs")


def without_a_column(path: Path) -> None:
    changed(path, "ALTER TABLE reviews DROP COLUMN text", "DELETE FROM logs")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def changed(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path)
    for statement in statements:
        db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "harm",
    [
        delete, garbage, garbage_after_a_good_head, cut_in_half, empty, older, newer,
        of_another_program, without_a_table, without_a_column,
        without_what_was_brought_forward, without_settings,
    ],
)  # fmt: skip
def test_a_harmed_index_comes_back(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    where, root = a_home(tmp_path)
    harm(where.cache)
    desk = works(where, root)
    assert not desk.index.in_memory
    desk.close()
    desk = works(where, root)
    assert not desk.index.in_memory
    desk.close()


def test_where_no_file_can_be_the_index_lives_in_memory(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    a_folder(where.cache)
    for _ in range(2):
        desk = works(where, root)
        assert desk.index.in_memory
        desk.close()


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    (tmp_path / "file").write_text("")
    desk = works(where._replace(cache=tmp_path / "file" / "index.sqlite"), root)
    assert desk.index.in_memory
    desk.close()


def test_a_broken_index_that_cannot_be_removed_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, root = a_home(tmp_path)
    for harm in (garbage, without_a_table):
        where.cache.unlink()
        Desk(where, root).close()
        harm(where.cache)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", refuse)
            desk = works(where, root)
            assert desk.index.in_memory
            desk.close()


def refuse(path: Path, missing_ok: bool = False) -> None:
    raise PermissionError(30, "Read-only file system")


def test_an_index_that_can_only_be_read_is_left_for_one_in_memory(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    desk.index.db.execute("PRAGMA query_only = ON")  # fails with the words of a read-only disk
    desk.log.append(review("r4", 9, "card-4"))
    desk.read_reviews()
    assert desk.index.in_memory
    assert counted(desk.history) == ["r0", "r1", "r2", "r3", "r4"]
    assert memories(desk.history) == memories_with_topics(where)
    assert len(desk.shelf.cards(Selection())) == CARDS  # the bank is there again too
    desk.close()


def test_a_full_disk_is_no_obstacle(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    desk.index.db.execute("PRAGMA max_page_count = 1")  # SQLite takes what it has as the least
    for number in range(4, 700):
        write(where.reviews / "other.jsonl", review(f"r{number}", number, f"card-{number % 6}"))
    desk.read_reviews()
    assert desk.index.in_memory
    assert len(counted(desk.history)) == 700
    assert memories(desk.history) == memories_with_topics(where)
    assert len(desk.shelf.cards(Selection())) == CARDS
    desk.close()
    desk = works(where, root)
    assert not desk.index.in_memory
    desk.close()


def test_a_disk_too_full_for_any_index_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, root = a_home(tmp_path)
    where.cache.unlink()
    schema = "PRAGMA max_page_count = 3;" + indexes.SCHEMA
    real = indexes.make_schema

    def make_schema(db: sqlite3.Connection) -> None:
        is_file = db.execute("PRAGMA database_list").fetchone()[2]
        monkeypatch.setattr(indexes, "SCHEMA", schema if is_file else schema.partition(";")[2])
        real(db)

    monkeypatch.setattr(indexes, "make_schema", make_schema)
    desk = works(where, root)
    assert desk.index.in_memory
    desk.close()


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_an_index_that_stays_locked_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    monkeypatch.setattr(indexes, "BUSY_TIMEOUT_S", 0.0)
    where, root = a_home(tmp_path)
    other = sqlite3.connect(where.cache, isolation_level=None)
    other.execute(f"BEGIN {lock}")
    desk = works(where, root)
    assert desk.index.in_memory
    desk.close()
    other.execute("ROLLBACK")
    other.close()
    desk = works(where, root)
    assert not desk.index.in_memory
    desk.close()


def test_an_index_deleted_during_a_session_is_no_obstacle(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    where.cache.unlink()
    for number in range(4, 7):
        Outbox(desk).send(review(f"r{number}", number, "card-4"))
        desk.read_reviews()
    assert counted(desk.history) == [f"r{n}" for n in range(7)]
    assert len(desk.shelf.cards(Selection())) == CARDS
    desk.close()
    desk = works(where, root)
    assert not desk.index.in_memory
    desk.close()


def test_an_index_broken_during_a_session_is_made_again_with_its_bank(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    desk.index.db.execute("DROP TABLE memory")
    Outbox(desk).send(review("r4", 4, "card-4"))
    desk.read_reviews()
    assert not desk.index.in_memory
    assert counted(desk.history) == [f"r{n}" for n in range(5)]
    assert len(desk.shelf.cards(Selection())) == CARDS
    assert memories(desk.history) == memories_with_topics(where)
    desk.close()


def test_a_stale_journal_does_not_spoil_a_new_index(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    journal = where.cache.with_name("index.sqlite-journal")
    db = sqlite3.connect(where.cache, isolation_level=None)
    db.execute("PRAGMA cache_spill = 1")
    db.execute("BEGIN IMMEDIATE")
    db.execute("PRAGMA cache_size = 1")
    db.execute("UPDATE reviews SET text = 'x'")
    db.execute("INSERT INTO meta SELECT randomblob(9000), hex(randomblob(9000))")
    hot = journal.read_bytes()
    db.execute("ROLLBACK")
    db.close()
    garbage(where.cache)
    journal.write_bytes(hot)
    desk = works(where, root)
    assert not desk.index.in_memory
    assert desk.index.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    desk.close()


def test_work_is_tried_in_a_new_file_and_then_in_memory(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")
    index.db.execute("INSERT INTO meta VALUES ('old', '')")
    seen: list[tuple[bool, int]] = []

    def work() -> str:
        rows = index.db.execute("SELECT count(*) FROM meta").fetchone()[0]
        seen.append((index.in_memory, rows))
        if len(seen) == 1:
            raise sqlite3.DatabaseError("database disk image is malformed")
        if len(seen) == 2:
            raise sqlite3.OperationalError("database or disk is full")
        return "done"

    assert healed(index, work) == "done"
    assert seen == [(False, 1), (False, 0), (True, 0)]
    index.close()


def test_an_error_that_is_not_the_indexs_passes_through(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")

    def work() -> None:
        with index.transaction() as db:
            db.execute("INSERT INTO meta VALUES ('a', '')")
            raise StoreError("no")

    with pytest.raises(StoreError):
        healed(index, work)
    assert index.db.execute("SELECT * FROM meta").fetchall() == []
    assert not index.in_memory
    index.close()


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")

    def interrupted() -> None:
        with index.transaction() as db:
            db.execute("INSERT INTO meta VALUES ('a', '')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with index.transaction() as db:
        db.execute("INSERT INTO meta VALUES ('b', '')")
    index.close()
    index = Index(tmp_path / "index.sqlite")
    assert index.db.execute("SELECT key FROM meta").fetchall() == [("b",)]
    index.close()


def test_a_transaction_that_sqlite_ended_by_itself_shows_the_first_error(tmp_path: Path) -> None:
    index = Index(tmp_path / "index.sqlite")

    def full() -> None:
        with index.transaction() as db:
            db.execute("ROLLBACK")  # as SQLite does when the disk is full
            raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError, match="full"):
        full()
    index.close()


def test_a_closed_index_is_one_file_that_a_read_only_disk_can_hold(tmp_path: Path) -> None:
    where, _ = a_home(tmp_path)
    assert [p.name for p in tmp_path.glob("index*")] == ["index.sqlite"]
    db = sqlite3.connect(f"file:{where.cache}?mode=ro&immutable=0", uri=True)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    db.close()


def test_damage_that_shows_only_later_is_a_sentence_and_gone_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path))
    monkeypatch.delenv("INTERVIEW_DEBUG", raising=False)
    assert run(["list"]) == 0
    changed(tmp_path / "index.sqlite", "DROP TABLE memory")
    capsys.readouterr()
    assert run(["list"]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path / 'index.sqlite'}: damaged, no such table: memory; it is thrown away, and "
        "comes back from the log: start again\n"
    )
    assert run(["list"]) == 0


# Names of cards.


def test_a_renamed_card_keeps_its_history(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    write_deck(root, CARDS + 3, {"card-8": "card-1"})
    without = (root / "cards" / "tiny.yaml").read_text().replace("id: card-1,", "id: card-x,")
    (root / "cards" / "tiny.yaml").write_text(without)
    before = scratch(where.reviews).memory("card-1")
    for _ in range(2):
        desk = Desk(where, root)
        found, _ = desk.card("card-1")
        assert (found.id, found.memory, found.seen_text) == ("card-8", *after_rename(desk))
        assert desk.history.memory("card-1") is None
        assert found.memory is not None
        assert before is not None
        assert found.memory.stability == before[0].stability
        desk.log.append(review("old-name", 5000, "card-1"))  # a machine without the new deck
        desk.read_reviews()
        assert "old-name" in [row.id for row in desk.history.rows("card-8")]
        desk.close()
        before = scratch(where.reviews).memory("card-1")


def test_a_renamed_card_stays_brought_forward(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    write(where.reviews / "other.jsonl", due("d1", 5000, "gone"))
    Desk(where, root).close()
    write_deck(root, CARDS + 1, {"card-6": "gone"})
    desk = Desk(where, root)
    assert desk.shelf.brought_forward(Selection()) == ["card-6"]
    assert desk.history.events("card-6") == [due("d1", 5000, "card-6")]
    desk.close()


def after_rename(desk: Desk) -> tuple[object, str]:
    found = desk.history.memory("card-8")
    assert found is not None
    return found


def test_a_name_that_is_taken_back_gives_the_history_back(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    write_deck(root, CARDS + 3, {"card-8": "gone"})
    write(where.reviews / "m.jsonl", review("g1", 50, "gone"))
    desk = Desk(where, root)
    assert desk.history.memory("card-8") is not None
    desk.close()
    write_deck(root, CARDS + 3, {})
    desk = Desk(where, root)
    assert desk.history.memory("card-8") is None
    assert desk.history.memory("gone") is not None
    assert [r[0] for r in memories(desk.history)] == ["card-0", "card-1", "card-2", "gone"]
    desk.close()


def test_reviews_of_cards_that_no_deck_has_are_kept(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    write(where.reviews / "m.jsonl", review("g1", 50, "of-a-deck-to-come"))
    desk = Desk(where, root)
    assert desk.history.memory("of-a-deck-to-come") is not None
    queue, _ = desk.shelf.queue(Selection(), desk.day(START) + 99, 20, 100)
    assert "of-a-deck-to-come" not in str(queue)
    desk.close()


# The outbox.


def test_a_card_is_brought_forward_through_the_outbox(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    outbox = Outbox(desk)
    assert not outbox.send(desks.brought_forward("card-0", START))
    assert not outbox.send(desks.brought_forward("card-5", START))
    desk.read_reviews()
    assert desk.history.memory("card-0")[0].due_at == START  # type: ignore[index]
    assert desk.shelf.brought_forward(Selection()) == ["card-5"]
    newest = outbox.undo_newest()
    assert newest is not None
    assert newest.id == "r3"
    assert memories(desk.history) == memories_with_topics(where)
    desk.close()


def test_the_event_that_brings_a_card_forward_has_the_zone_of_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "zone_min", lambda at: 480)
    event = desks.brought_forward("card-0", START)
    assert event == due(event.id, card="card-0")
    assert event.id != desks.brought_forward("card-0", START).id


def test_what_waits_with_a_review_is_not_taken_back_with_it(tmp_path: Path) -> None:
    desk, log = full(*home(tmp_path))
    outbox = Outbox(desk)
    for event in (review("r0", 0, "card-0"), desks.brought_forward("card-1", START)):
        with pytest.raises(StoreError):
            outbox.send(event)
    assert outbox.take_back(START) == review("r0", 0, "card-0")
    log.is_full = False
    outbox.flush()
    desk.read_reviews()
    assert counted(desk.history) == []
    assert desk.shelf.brought_forward(Selection()) == ["card-1"]
    desk.close()


# Settings.


def test_settings_go_through_the_outbox_and_hold_at_once(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    assert (desk.rules, desk.aim) == (Rules(), None)
    outbox = Outbox(desk)
    fitted = weights("w").weights
    assert not outbox.send(desks.weights_of(fitted, START))
    assert not outbox.send(desks.aim_of(date(2026, 12, 18), 30, ["sat", "2026-12-01"], START))
    desk.read_reviews()
    assert desk.rules == Rules(Fsrs(fitted))
    assert desk.aim is not None
    assert desk.aim[3:] == aim("a")[3:]
    again = Desk(where, root)
    assert (again.rules, again.aim) == (desk.rules, desk.aim)
    again.close()
    outbox.send(desks.aim_of(None, 30, (), START))
    desk.read_reviews()
    assert desk.aim is None
    assert desk.history.aim is not None  # it says that there is no day any more
    newest = outbox.undo_newest()
    assert newest is not None
    assert newest.id == "r3"
    assert desk.rules == Rules(Fsrs(fitted))
    desk.close()


def test_what_each_rating_would_do_goes_by_the_weights(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    desk = Desk(where, root)
    before = desk.outcomes("new", None, START)
    desk.log.append(weights("w1", first=0.9))
    desk.read_reviews()
    after = desk.outcomes("new", None, START)
    assert before[Rating.AGAIN].stability == WEIGHTS[0]
    assert after[Rating.AGAIN].stability == 0.9
    desk.close()


def test_a_setting_has_the_zone_of_here_and_an_id_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desks, "zone_min", lambda at: 480)
    fitted = desks.weights_of(list(WEIGHTS), START)
    assert fitted == Weights(fitted.id, START, 480, WEIGHTS)
    assert fitted.id != desks.weights_of(WEIGHTS, START).id
    aimed = desks.aim_of(date(2026, 12, 18), 30, ["sat", "2026-12-01"], START)
    assert aimed == aim(aimed.id)
    assert aimed.id != desks.aim_of(None, 30, (), START).id


def test_no_event_is_made_of_weights_that_no_log_may_hold() -> None:
    with pytest.raises(ValueError):
        desks.weights_of(WEIGHTS[:20], START)


class Full(ReviewLog):
    """A log on a disk that is full until it is not."""

    is_full = True

    def append(self, event: object) -> bool:
        if self.is_full:
            raise StoreError(f"{self.path}: not saved: No space left; make room or allow writing")
        return super().append(event)  # type: ignore[arg-type]


def full(where: Paths, root: Path) -> tuple[Desk, Full]:
    desk = Desk(where, root)
    log = Full(where.reviews, "m")
    desk._log = log
    return desk, log


def test_what_cannot_be_saved_waits_in_order(tmp_path: Path) -> None:
    desk, log = full(*home(tmp_path))
    outbox = Outbox(desk)
    for number in range(3):
        with pytest.raises(StoreError):
            outbox.send(review(f"r{number}", number, "card-0"))
    log.is_full = False
    outbox.send(review("r3", 3, "card-0"))
    assert outbox.waiting == []
    desk.read_reviews()
    assert counted(desk.history) == ["r0", "r1", "r2", "r3"]
    desk.close()


def test_a_rescued_log_counts_once_where_it_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    where, root = home(tmp_path)
    desk, log = full(where, root)
    outbox = Outbox(desk)
    for number in range(3):
        with pytest.raises(StoreError):
            outbox.send(review(f"r{number}", number, "card-0"))
    place = outbox.rescue()
    assert place is not None
    assert place.parent == tmp_path
    log.is_full = False
    outbox.flush()
    desk.read_reviews()
    before = memories(desk.history)
    place.rename(where.reviews / place.name)
    desk.read_reviews()
    assert counted(desk.history) == ["r0", "r1", "r2"]
    assert memories(desk.history) == before
    assert outbox.rescue() is None
    desk.close()


def test_a_rescue_that_fails_too_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    desk, _ = full(*home(tmp_path))
    outbox = Outbox(desk)
    with pytest.raises(StoreError):
        outbox.send(review("r0"))
    assert outbox.rescue() is None
    assert len(outbox.waiting) == 1
    desk.close()


def test_an_answer_that_was_taken_back_unsaved_does_not_come_back(tmp_path: Path) -> None:
    """It was written, but not made safe: after a restart it would count."""
    where, root = home(tmp_path)
    desk, log = full(where, root)
    outbox = Outbox(desk)
    for number in range(3):
        with pytest.raises(StoreError):
            outbox.send(review(f"r{number}", number, "card-0"))
    write(where.reviews / "m.jsonl", review("r0", 0, "card-0"), review("r2", 2, "card-0"))
    taken = [outbox.take_back(START) for _ in range(2)]
    assert [r.id for r in taken if r] == ["r2", "r1"]
    log.is_full = False
    outbox.flush()
    desk.read_reviews()
    assert counted(desk.history) == ["r0"]
    assert outbox.take_back(START) is None
    desk.close()


def test_damage_and_newer_lines_are_told_once(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    path = write(where.reviews / "m.jsonl", b"torn\n", b"also torn\n")
    desk = Desk(where, root)
    assert desk.notices == [
        f"{path}.rejected: 2 damaged lines were set aside; every other review is there"
    ]
    desk.close()
    desk = Desk(where, root)
    assert desk.notices == []
    desk.close()


def test_a_torn_line_of_this_machine_is_closed_and_told_at_the_first_answer(
    tmp_path: Path,
) -> None:
    where, root = a_home(tmp_path)
    (path,) = where.reviews.glob("*.jsonl")
    write(path, b'{"type":"rev')
    desk = Desk(where, root)
    assert desk.notices == []
    assert not Outbox(desk).send(desks.review_of(
        desk.card("card-1")[0], review("x").rating, START, 5, is_cram=False
    ))  # fmt: skip
    assert desk.notices == [
        f"{path}.rejected: 1 damaged line was set aside; every other review is there"
    ]
    desk.read_reviews()
    assert len(counted(desk.history)) == 5
    assert memories(desk.history) == memories_with_topics(where)
    desk.close()


def test_two_sessions_share_one_index(tmp_path: Path) -> None:
    where, root = a_home(tmp_path)
    one, two = Desk(where, root), Desk(where, root)
    assert not Outbox(one).send(review("one", 10, "card-3"))
    assert Outbox(two).send(review("two", 11, "card-4"))
    one.read_reviews()
    two.read_reviews()
    assert counted(one.history) == counted(two.history)
    assert counted(one.history)[-2:] == ["one", "two"]
    one.close()
    two.close()
    assert history(where.reviews, where.cache).states().keys() == {
        p.name for p in where.reviews.glob("*.jsonl")
    }
