"""The store in a file: who may open it, its backup, and what every trouble of disk and file becomes."""

from __future__ import annotations

import asyncio
import os
import resource
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.store.rows import ADD, adding, names

from actwright.errors import InputError, StoreError
from actwright.store import sqlite
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that is not there yet."""
    return tmp_path / "deep" / "actwright.db"


def opened(path: Path) -> SqliteDatabase:
    """Open a store, put one document in, and return it."""
    store = SqliteDatabase(path)
    with store.write() as connection:
        connection.execute(ADD, ("plan_1",))
    return store


def count(store: SqliteDatabase) -> int:
    """Return how many documents there are."""
    with store.read() as connection:
        return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])


def test_a_new_store_is_its_owners_only(path: Path) -> None:
    """File and folder are made where missing, and nobody else may read them."""
    SqliteDatabase(path).close()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_every_commit_is_synced_to_disk(path: Path) -> None:
    """The journal of the file is write-ahead, and a commit waits for the disk."""
    store = SqliteDatabase(path)
    writer = store._connection
    assert writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert writer.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert store.facts().durable
    store.close()


def test_a_transaction_sqlite_took_back_itself_leaves_a_usable_store(path: Path) -> None:
    """Where SQLite has rolled back on its own, as on a full disk, the real error is told and the store works on."""
    store = opened(path)
    pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="full"), store.write() as connection:
        connection.execute(
            "INSERT INTO document (kind, id, body, at) VALUES ('plan', 'big', ?, 'now')",
            ("x" * 10**6,),
        )
    store._connection.execute("PRAGMA max_page_count = 100000")
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
        SqliteDatabase(path)
    assert "Upgrade" in (caught.value.hint or "")


@pytest.mark.parametrize("content", [b"this is no database, " * 50, b"SQLite format 3\x00" * 99])
def test_a_damaged_file_is_refused(path: Path, content: bytes) -> None:
    """A file that is no database is told as such, and not overwritten."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError):
        SqliteDatabase(path)
    assert path.read_bytes() == content


def test_a_damaged_page_is_told_when_it_is_read(path: Path) -> None:
    """Rubbish in the middle of the file is a store error, not a crash."""
    store = SqliteDatabase(path)
    with store.write() as connection:
        for number in range(200):
            connection.execute(ADD, (f"plan_{number}" + "x" * 300,))
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError):
        count(SqliteDatabase(path))


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A home below a file, or a store that is a folder, says where and what to do."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        SqliteDatabase(tmp_path / "file" / "actwright.db")
    assert "ACTWRIGHT_HOME" in (caught.value.hint or "")
    with pytest.raises(StoreError):
        SqliteDatabase(tmp_path)


def test_a_locked_store_is_told_after_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process holds the write lock, a write gives up with the reason, and reading goes on."""
    opened(path).close()
    monkeypatch.setattr(sqlite, "_BUSY_SECONDS", 0.05)
    store = SqliteDatabase(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"), store.write():
        pass
    with pytest.raises(StoreError, match="locked") as caught:
        store.commit(adding("plan_2"))
    assert "Another process is writing" in (caught.value.hint or "")
    assert names(store) == ["plan_1"]
    other.execute("ROLLBACK")
    store.commit(adding("plan_2"))
    assert names(store) == ["plan_1", "plan_2"]
    other.close()
    store.close()


@contextmanager
def disk_full_after(bytes_more: int, path: Path) -> Iterator[None]:
    """Let no file grow beyond what the write-ahead log has now, and a little more."""
    log = path.with_name(f"{path.name}-wal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + bytes_more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_commit_that_fails_fails_all_who_shared_it(path: Path) -> None:
    """Where the disk takes no more, each caller of the batch is told, none of their rows is there, and it works on."""
    store = opened(path)

    async def together() -> list[object]:
        """Commit all at once."""
        works = (adding(f"plan_{each}") for each in range(2, 7))
        return await asyncio.gather(*map(store.acommit, works), return_exceptions=True)

    with disk_full_after(100, path):
        told = asyncio.run(together())
    assert len(told) == 5
    assert all(isinstance(each, StoreError) and "disk" in each.message for each in told)
    assert len({id(each) for each in told}) == 5
    assert names(store) == ["plan_1"]
    asyncio.run(together())
    assert len(names(store)) == 6
    store.close()


def test_a_folder_nobody_may_write_to_is_refused() -> None:
    """Without the right to write, opening says so, and what is there stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "actwright.db"
        opened(path).close()
        before = path.read_bytes()
        with nobody(Path(folder), path), pytest.raises(StoreError) as caught:
            SqliteDatabase(path)
        assert caught.value.where == str(path)
        assert path.read_bytes() == before
        assert [each.name for each in Path(folder).iterdir()] == ["actwright.db"]


@contextmanager
def nobody(folder: Path, file: Path) -> Iterator[None]:
    """Be somebody who may look into a folder, and read the file in it, but change neither."""
    folder.chmod(0o555)
    file.chmod(0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)


def test_a_backup_is_a_store(path: Path, tmp_path: Path) -> None:
    """A copy made while others write holds what was committed, opens as a store, and is its owner's only."""
    store = opened(path)
    with store.write() as connection:
        connection.execute(ADD, ("plan_2",))
        store.backup_to(tmp_path / "backups" / "one.db")
    copy = SqliteDatabase(tmp_path / "backups" / "one.db")
    assert names(copy) == ["plan_1"]
    assert copy.path.stat().st_mode & 0o077 == 0
    copy.close()
    store.close()


def test_a_backup_takes_no_files_place(path: Path, tmp_path: Path) -> None:
    """A file that is there is left as it is."""
    store = opened(path)
    taken = tmp_path / "taken.db"
    taken.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already"):
        store.backup_to(taken)
    assert taken.read_text(encoding="utf-8") == "mine"
    store.close()


def test_a_backup_of_a_damaged_store_is_none(path: Path, tmp_path: Path) -> None:
    """A copy that is not sound is thrown away."""
    store = SqliteDatabase(path)
    for number in range(60):
        store.commit(adding(f"plan_{number:03}" + "x" * 500))
    store.close()
    content = bytearray(path.read_bytes())
    content[-8192:] = b"\xa5" * 8192
    path.write_bytes(content)
    damaged = SqliteDatabase(path)
    with pytest.raises(StoreError, match=r"sound|malformed"):
        damaged.backup_to(tmp_path / "copy.db")
    assert not list(tmp_path.glob("*copy*"))
    damaged.close()
