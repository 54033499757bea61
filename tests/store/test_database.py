"""The store's file: who may open it, what nobody may change, and what every error of SQLite becomes."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from actwright.errors import StoreError
from actwright.store import database
from actwright.store.database import Database

ADD = "INSERT INTO document (kind, id, body, at) VALUES ('plan', ?, '{}', 'now')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that is not there yet."""
    return tmp_path / "deep" / "actwright.db"


def opened(path: Path) -> Database:
    """Open a store, put one document in, and return it."""
    store = Database(path)
    with store.write() as connection:
        connection.execute(ADD, ("plan_1",))
    return store


def count(store: Database) -> int:
    """Return how many documents there are."""
    with store.read() as connection:
        return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])


def test_a_new_store_is_its_owners_only(path: Path) -> None:
    """File and folder are made where missing, and nobody else may read them."""
    Database(path).close()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_every_commit_is_synced_to_disk(path: Path) -> None:
    """The journal of the file is write-ahead, and a commit waits for the disk."""
    store = Database(path)
    with store.read() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    store.close()


def test_what_is_written_survives_the_process(path: Path) -> None:
    """A store closed and opened again holds what it held."""
    opened(path).close()
    again = Database(path)
    assert count(again) == 1
    again.close()


@pytest.mark.parametrize("table", ["document", "claim", "journal", "spent"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_no_row_is_ever_changed(path: Path, table: str, verb: str) -> None:
    """Triggers hold against anything that opens the file with SQL."""
    store = opened(path)
    with store.write() as connection:
        connection.execute("INSERT INTO claim VALUES ('c', 'k', 'h', 'now')")
        connection.execute("INSERT INTO journal VALUES ('r', 1, 'a', 'k', 'x', '{}', '0', '1')")
        connection.execute("INSERT INTO spent VALUES ('s', 'now', 1, 'h')")
    store.close()
    stranger = sqlite3.connect(path)
    statement = f"UPDATE {table} SET at = 'x'" if verb == "UPDATE" else f"DELETE FROM {table}"
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        stranger.execute(statement)
    stranger.close()


def test_a_store_of_the_version_before_is_brought_up(path: Path) -> None:
    """An older store keeps what it holds, gets the tables it lacks, and is brought up once."""
    opened(path).close()
    older = sqlite3.connect(path)
    older.executescript("DROP TABLE spent; PRAGMA user_version = 1")
    older.close()
    for _ in range(2):
        store = Database(path)
        assert count(store) == 1
        with store.read() as connection:
            assert connection.execute("SELECT count(*) FROM spent").fetchone()[0] == 0
            assert connection.execute("PRAGMA user_version").fetchone()[0] == 2
        store.close()


def test_an_error_inside_a_transaction_takes_it_back(path: Path) -> None:
    """Nothing of a failed transaction stays, and the next one works."""
    store = opened(path)
    with pytest.raises(StoreError, match="UNIQUE"), store.write() as connection:
        connection.executemany(ADD, [("plan_2",), ("plan_1",)])
    with store.write() as connection:
        connection.execute(ADD, ("plan_3",))
    assert count(store) == 2
    store.close()


def test_a_transaction_sqlite_took_back_itself_leaves_a_usable_store(path: Path) -> None:
    """Where SQLite has rolled back on its own, as on a full disk, the real error is told and the store works on."""
    store = opened(path)
    with store.read() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"), store.write() as connection:
        connection.execute(
            "INSERT INTO document (kind, id, body, at) VALUES ('plan', 'big', ?, 'now')",
            ("x" * 10**6,),
        )
    with store.read() as connection:
        connection.execute("PRAGMA max_page_count = 100000")
    with store.write() as connection:
        connection.execute(ADD, ("plan_2",))
    assert count(store) == 2
    store.close()


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.Error,
        sqlite3.DatabaseError,
        sqlite3.OperationalError,
        sqlite3.IntegrityError,
        sqlite3.DataError,
        sqlite3.InternalError,
        sqlite3.NotSupportedError,
        sqlite3.ProgrammingError,
        sqlite3.InterfaceError,
    ],
)
def test_every_error_of_sqlite_becomes_a_store_error(path: Path, error: type[Exception]) -> None:
    """Whatever SQLite raises is told as the store's failure, with the file and a way out."""
    store = opened(path)
    for entered in (store.read, store.write):
        with pytest.raises(StoreError) as caught, entered():
            raise error("as SQLite says it")
        assert caught.value.where == str(path)
        assert caught.value.hint
        assert isinstance(caught.value.__cause__, error)
    store.close()


def test_every_class_of_error_sqlite_has_is_covered() -> None:
    """No exception class of the sqlite3 module escapes the mapping."""
    for name in dir(sqlite3):
        found = getattr(sqlite3, name)
        if isinstance(found, type) and issubclass(found, Exception) and name != "Warning":
            assert issubclass(found, sqlite3.Error), name


def test_a_newer_store_is_refused(path: Path) -> None:
    """A file that a later program wrote is left alone."""
    opened(path).close()
    stranger = sqlite3.connect(path)
    stranger.execute("PRAGMA user_version = 99")
    stranger.close()
    with pytest.raises(StoreError, match="version 99") as caught:
        Database(path)
    assert "Upgrade" in (caught.value.hint or "")


@pytest.mark.parametrize("content", [b"this is no database, " * 50, b"SQLite format 3\x00" * 99])
def test_a_damaged_file_is_refused(path: Path, content: bytes) -> None:
    """A file that is no database is told as such, and not overwritten."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError):
        Database(path)
    assert path.read_bytes() == content


def test_a_damaged_page_is_told_when_it_is_read(path: Path) -> None:
    """Rubbish in the middle of the file is a store error, not a crash."""
    store = Database(path)
    with store.write() as connection:
        for number in range(200):
            connection.execute(ADD, (f"plan_{number}" + "x" * 300,))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError):
        count(Database(path))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A home below a file, or a store that is a folder, says where and what to do."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        Database(tmp_path / "file" / "actwright.db")
    assert "ACTWRIGHT_HOME" in (caught.value.hint or "")
    with pytest.raises(StoreError):
        Database(tmp_path)


def test_a_locked_store_is_told_after_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process holds the write lock, a write gives up with the reason."""
    opened(path).close()
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.05)
    store = Database(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"), store.write():
        pass
    assert count(store) == 1
    other.execute("ROLLBACK")
    with store.write() as connection:
        connection.execute(ADD, ("plan_2",))
    other.close()
    store.close()


def test_two_processes_share_a_store(path: Path) -> None:
    """Several processes make the file at once and write to it at once; no row is lost."""
    child = (
        "import sys; from pathlib import Path; from actwright.store.database import Database\n"
        "store = Database(Path(sys.argv[1]))\n"
        "for number in range(20):\n"
        "    with store.write() as connection:\n"
        f"        connection.execute({ADD!r}, (f'{{sys.argv[2]}}_{{number}}',))\n"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", child, str(path), str(each)]) for each in range(3)
    ]
    assert [each.wait(60) for each in children] == [0, 0, 0]
    store = Database(path)
    assert count(store) == 60
    store.close()


def test_a_closed_store_says_so(path: Path) -> None:
    """Using a store after it was closed is a store error."""
    store = opened(path)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        count(store)
