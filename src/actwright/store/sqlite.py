"""The store in a file: SQLite in WAL mode, every commit synced to disk, several processes at once."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, TypeVar

from actwright.errors import StoreError
from actwright.store.commits import Piece, SharedCommits
from actwright.store.database import Transaction, forked
from actwright.store.facts import StoreFacts
from actwright.store.sqlite_backup import back_up
from actwright.store.sqlite_tables import VERSION, bring_up, version_of
from actwright.store.sqlite_watch import SqliteWatch

T = TypeVar("T")

_BUSY_SECONDS = 15.0
_FULL = 2
"""The level of SQLite's ``synchronous`` from which on each commit waits for the disk."""

_WAYS_OUT = {
    sqlite3.SQLITE_FULL: "Make room on the disk, then try again; nothing was written.",
    sqlite3.SQLITE_BUSY: "Another process is writing; try again, or end it. Nothing was written.",
    sqlite3.SQLITE_READONLY: "Give the user who runs this the right to write the file and its folder.",
    sqlite3.SQLITE_CORRUPT: "The file is damaged: put it away, and bring back the newest backup.",
    sqlite3.SQLITE_NOTADB: "The file is no store: point ACTWRIGHT_HOME at another folder.",
}


class _ApartError(Exception):
    """One of several works failed: they are to be run again, so that it takes nothing of the others back."""


class SqliteTransaction:
    """A transaction on one connection.

    Args:
        connection: The connection.
    """

    __slots__ = ("execute",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.execute = connection.execute

    def hold(self, name: str, /) -> None:
        """Hold nothing more: who writes to a file is alone with it."""


class SqliteDatabase:
    """One open database file, shared by the threads of this process.

    Writing goes through one connection, reading through another, so that nobody who reads waits for the disk.

    Args:
        path: The file; made with its folder where missing, readable by its owner only.

    Raises:
        StoreError: The file cannot be opened, is no database, or was written by a newer program.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._reading = threading.RLock()
        self._commits = SharedCommits(self._carry_out)
        with self._mapped():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600, exist_ok=True)
            self._connection = self._connect()
            try:
                self._prepare()
                self._reader = self._connect()
                self._reader.execute("PRAGMA query_only = ON")
            except BaseException:
                self._connection.close()
                raise

    @property
    def name(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]:
        """SQLite's."""
        return "sqlite"

    def close(self) -> None:
        """Commit what waits, and close the file."""
        self._commits.close()
        with self._lock, self._reading:
            self._reader.close()
            self._connection.close()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction that holds the write lock; it commits on leaving, and rolls back on any error."""
        self._check_process()
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield SqliteTransaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, (sqlite3.Error, OSError)):
                    raise self._told(error) from error
                raise

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a connection for reading; each statement sees what was committed when it began."""
        self._check_process()
        with self._reading, self._mapped():
            yield SqliteTransaction(self._reader)

    def commit(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a transaction shared with concurrent callers, and return once it is on the disk."""
        self._check_process()
        return self._commits.commit(work)

    async def acommit(self, work: Callable[[Transaction], T]) -> T:
        """Do the same from an event loop, which is never blocked."""
        self._check_process()
        return await self._commits.acommit(work)

    def watch(self) -> SqliteWatch:
        """Return what tells of writes from now on, by any process."""
        with self._mapped():
            return SqliteWatch(self._connect())

    def facts(self) -> StoreFacts:
        """Return what the store is: the file with what is not yet written back to it."""
        with self._lock, self._mapped():
            synced = self._connection.execute("PRAGMA synchronous").fetchone()[0]
            beside = self.path.with_name(f"{self.path.name}-wal")
            return StoreFacts(
                name=self.name,
                engine=f"SQLite {sqlite3.sqlite_version}",
                version=version_of(self._connection),
                bytes=sum(each.stat().st_size for each in (self.path, beside) if each.exists()),
                durable=synced >= _FULL,
            )

    def backup_to(self, path: Path) -> None:
        """Write a copy of the store as it is now into a new file, while others go on writing.

        Raises:
            StoreError: There is such a file, it cannot be written, or the copy is not sound.
        """
        with self._mapped(), closing(self._connect()) as source:
            back_up(source, path)

    def _carry_out(self, pieces: Sequence[Piece[Any]]) -> None:
        try:
            with self.write() as transaction:
                self._run_all(transaction, pieces)
        except _ApartError:
            with self.write() as transaction:
                for each in pieces:
                    self._carry_out_one(transaction, each)

    @staticmethod
    def _run_all(transaction: Transaction, pieces: Sequence[Piece[Any]]) -> None:
        """Run all works without a savepoint each, which takes half the time and nearly always goes well.

        Raises:
            _ApartError: One of several failed.
        """
        if len(pieces) == 1:
            pieces[0].run(transaction)
            return
        try:
            for each in pieces:
                each.run(transaction)
        except Exception as error:
            raise _ApartError from error

    def _carry_out_one(self, transaction: Transaction, piece: Piece[Any]) -> None:
        """Run one of several works, so that one that fails takes nothing of the others back."""
        transaction.execute("SAVEPOINT piece")
        try:
            with self._mapped():
                piece.run(transaction)
        except Exception as error:
            if not self._connection.in_transaction:
                raise
            transaction.execute("ROLLBACK TO piece")
            piece.fail(error)
        transaction.execute("RELEASE piece")

    def _check_process(self) -> None:
        """Refuse to go on in a child process, whose locks and threads are copies of nothing."""
        if self._process != os.getpid():
            raise forked(self.name)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        version = version_of(self._connection)
        if version < VERSION:
            version = self._bring_up()
        if version != VERSION:
            raise StoreError(
                f"The store has version {version}, this program knows {VERSION}.",
                where=str(self.path),
                hint="Upgrade Actwright, or point ACTWRIGHT_HOME at another folder.",
            )

    def _bring_up(self) -> int:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            version = bring_up(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        return version

    def _roll_back(self) -> None:
        """Roll back, unless SQLite has done so itself, as it does where the disk is full."""
        with suppress(sqlite3.ProgrammingError):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        """Turn the errors of SQLite and of the file system into ours."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._told(error) from error

    def _told(self, error: sqlite3.Error | OSError) -> StoreError:
        if isinstance(error, OSError):
            return StoreError(
                f"The store cannot be opened: {error.strerror or error}.",
                where=self.name,
                hint="Point ACTWRIGHT_HOME at a folder you may write to.",
            )
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return StoreError(
            f"The store cannot be used: {error}.",
            where=self.name,
            hint=_WAYS_OUT.get(code, "Check the file, the free space and who may write there."),
        )
