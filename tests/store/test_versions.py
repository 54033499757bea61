"""Older stores: files that earlier programs wrote are brought up with every row they hold."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, intended, rows, settled

from actwright.errors import StoreError
from actwright.store.sqlite import SqliteDatabase
from actwright.store.sqlite_tables import STEPS, VERSION

VERSION_1 = """
CREATE TABLE document (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, body TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (kind, id)
) STRICT;
CREATE INDEX document_by_parent ON document (kind, parent);
CREATE TABLE claim (
    kind TEXT NOT NULL, key TEXT NOT NULL, holder TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
    run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
    actor TEXT NOT NULL, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_by_kind ON journal (kind, at);
"""
VERSION_2 = """
CREATE TABLE spent (
    scope TEXT NOT NULL, at TEXT NOT NULL, count INTEGER NOT NULL, holder TEXT NOT NULL
) STRICT;
CREATE INDEX spent_by_scope ON spent (scope, at);
"""
ROWS: dict[str, list[tuple[object, ...]]] = {
    "document": [
        (1, "plan", "plan_1", None, "{}", "t1"),
        (2, "preview", "p", "plan_1", "{}", "t2"),
    ],
    "claim": [("preview", "p", "run_1", "t3")],
    "journal": [
        ("run_1", 1, "t4", "run_started", "alice", '{"goal":"g"}', "0" * 64, "a" * 64),
        ("run_1", 2, "t5", "run_ended", "alice", "{}", "a" * 64, "b" * 64),
    ],
}
SPENT: list[tuple[object, ...]] = [("rate/o/u/b", "t6", 7, "run_1")]
GUARDED = {1: ("document", "claim", "journal"), 2: ("document", "claim", "journal", "spent")}
NEW_TABLES = ("run", "seal", "archived")


def old_file(path: Path, version: int) -> None:
    """Write a store as the program of that version did, with rows in every table."""
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1 + (VERSION_2 if version > 1 else ""))
    rows = ROWS | ({"spent": SPENT} if version > 1 else {})
    for table, kept in rows.items():
        marks = ", ".join("?" * len(kept[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", kept)
    for table in GUARDED[version]:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_of_an_earlier_version_keeps_every_row(tmp_path: Path, version: int) -> None:
    """All rows are there afterwards, events count as of the first form, and bringing up happens once."""
    path = tmp_path / "actwright.db"
    old_file(path, version)
    for _ in range(2):
        store = SqliteDatabase(path)
        with store.read() as rows:
            assert (
                rows.execute("SELECT * FROM document ORDER BY seq").fetchall() == ROWS["document"]
            )
            assert rows.execute("SELECT * FROM claim").fetchall() == ROWS["claim"]
            assert rows.execute("SELECT * FROM journal").fetchall() == [
                (*each, 1) for each in ROWS["journal"]
            ]
            assert rows.execute("SELECT * FROM spent").fetchall() == (SPENT if version > 1 else [])
            for table in NEW_TABLES:
                assert rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
            assert rows.execute("PRAGMA user_version").fetchone()[0] == VERSION
        store.close()


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_that_was_brought_up_is_a_new_one(tmp_path: Path, version: int) -> None:
    """Tables, indexes and triggers are those of a store made today."""
    old_file(tmp_path / "old.db", version)
    shapes = []
    for name in ("old.db", "new.db"):
        store = SqliteDatabase(tmp_path / name)
        with store.read() as rows:
            listed = rows.execute("SELECT type, name, tbl_name FROM sqlite_master").fetchall()
            columns = rows.execute("PRAGMA table_xinfo(journal)").fetchall()
        shapes.append((sorted(listed), columns))
        store.close()
    assert shapes[0] == shapes[1]


def kept_in(path: Path) -> Kept:
    """Open a store, with its key beside it."""
    return Kept(SqliteDatabase(path), path.parent, SteppingClock())


def third_file(path: Path, newer: Path) -> None:
    """Write a store as the program of the third version did, with the runs and the seals of another one."""
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS newer", (str(newer),))
    for statement in (each for step in STEPS[:3] for each in step):
        connection.execute(statement)
    for table in ("journal", "run", "seal"):
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM newer.{table}")
    connection.execute("PRAGMA user_version = 3")
    connection.commit()
    connection.close()


def test_a_store_of_the_third_version_keeps_its_chains_and_seals(tmp_path: Path) -> None:
    """Every row is there, the chains are whole, the guards stand, and what had moved is what is sealed next."""
    newer = kept_in(tmp_path / "newer.db")
    newer.run("run_1")
    head = newer.run("run_2", intended())
    newer.sealing.seal()
    newer.journal.append("run_2", [settled()], actor="al", after=head)
    newer.run("run_3")
    everything = "SELECT * FROM journal ORDER BY run_id, seq"
    before = rows(newer.database, everything)
    newer.database.close()
    third_file(tmp_path / "old.db", tmp_path / "newer.db")
    old = kept_in(tmp_path / "old.db")
    assert rows(old.database, everything) == before
    assert old.verify().whole
    for change in ("UPDATE journal SET actor = 'x'", "DELETE FROM journal"):
        with pytest.raises(StoreError, match="never changed"), old.database.write() as transaction:
            transaction.execute(change)
    seal = old.sealing.seal()
    assert seal is not None
    assert [each[:2] for each in seal.content().heads] == [("run_2", 3), ("run_3", 4)]
    assert old.sealing.seal() is None
    old.database.close()


def test_a_step_that_fails_leaves_the_older_store_as_it_was(tmp_path: Path) -> None:
    """Where a table of the new version is in the way, the file stays of the version it was."""
    path = tmp_path / "actwright.db"
    old_file(path, 2)
    stranger = sqlite3.connect(path)
    stranger.execute("CREATE TABLE seal (somebody TEXT)")
    stranger.close()
    with pytest.raises(Exception, match="seal already exists"):
        SqliteDatabase(path)
    stranger = sqlite3.connect(path)
    assert stranger.execute("PRAGMA user_version").fetchone()[0] == 2
    assert len(stranger.execute("SELECT * FROM journal").fetchall()[0]) == 8
    stranger.close()


def test_exchanges_move_to_where_they_may_be_purged(tmp_path: Path) -> None:
    """They were documents once; a damaged one moves too, and documents are guarded as before."""
    path = tmp_path / "actwright.db"
    old_file(path, 2)
    body = '{"model":"m","outcome":"ok","promptName":"plan"}'
    connection = sqlite3.connect(path)
    connection.executemany(
        "INSERT INTO document (kind, id, parent, body, at) VALUES ('exchange', ?, ?, ?, 't')",
        [("e1", "talk", body), ("e2", None, "{damaged")],
    )
    connection.commit()
    connection.close()
    store = SqliteDatabase(path)
    with store.read() as rows:
        moved = rows.execute(
            "SELECT id, conversation, at, prompt, model, outcome, body FROM exchange ORDER BY seq"
        ).fetchall()
        assert [
            each[0] for each in rows.execute("SELECT kind FROM document ORDER BY seq").fetchall()
        ] == [
            "plan",
            "preview",
        ]
    assert moved == [
        ("e1", "talk", "t", "plan", "m", "ok", body),
        ("e2", "e2", "t", "", "", "", "{damaged"),
    ]
    with pytest.raises(StoreError, match="document rows are never changed"), store.write() as open_:
        open_.execute("DELETE FROM document")
    store.close()
