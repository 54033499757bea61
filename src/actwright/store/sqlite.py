"""The store in a file: SQLite in WAL mode, every commit synced to disk, several processes at once."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

from actwright.errors import StoreError
from actwright.store.commits import SharedCommits
from actwright.store.database import Transaction, forked
from actwright.store.facts import StoreFacts
from actwright.store.piece import Piece
from actwright.store.sqlite_backup import back_up
from actwright.store.sqlite_errors import is_busy, mapped
from actwright.store.sqlite_tables import VERSION, bring_up, version_of
from actwright.store.sqlite_watch import SqliteWatch
from actwright.store.sqlite_writing import SqliteTransaction, Writing, roll_back

T = TypeVar("T")

_BUSY_SECONDS = 15.0
_PATIENT = f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000:.0f}"
_FULL = 2
"""The level of SQLite's ``synchronous`` from which on each commit waits for the disk."""


class _ApartError(Exception):
    """One of several works failed: they are to be run again, so that it takes nothing of the others back."""


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
        self._commits = SharedCommits(self._carry_out, self._carry_out_in_place)
        with mapped(self.name):
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

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a transaction that holds the write lock; it commits on leaving, and rolls back on any error."""
        self._check_process()
        return Writing(self._connection, self._lock, self.name)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a connection for reading; each statement sees what was committed when it began."""
        self._check_process()
        with self._reading, mapped(self.name):
            yield SqliteTransaction(self._reader)

    def commit(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a transaction shared with concurrent callers, and return once it is on the disk."""
        self._check_process()
        return self._commits.commit(work)

    def acommit(self, work: Callable[[Transaction], T]) -> Awaitable[T]:
        """Do the same from an event loop, which is blocked for no more than a quick commit."""
        self._check_process()
        return self._commits.acommit(work)

    def watch(self) -> SqliteWatch:
        """Return what tells of writes from now on, by any process."""
        with mapped(self.name):
            return SqliteWatch(self._connect(), self.path)

    def facts(self) -> StoreFacts:
        """Return what the store is: the file with what is not yet written back to it."""
        with self._lock, mapped(self.name):
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
            InputError: There is such a file.
            StoreError: It cannot be written, or the copy is not sound.
        """
        with mapped(self.name), closing(self._connect()) as source:
            back_up(source, path)

    def _carry_out(self, pieces: Sequence[Piece[Any]]) -> None:
        try:
            with self.write() as transaction:
                self._run_all(transaction, pieces)
        except _ApartError:
            with self.write() as transaction:
                for each in pieces:
                    self._carry_out_one(transaction, each)

    def _carry_out_in_place(self, pieces: Sequence[Piece[Any]]) -> bool:
        """Do the same where nobody else is writing; False where somebody is, and nothing was written."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            with self._impatient():
                self._carry_out(pieces)
        except StoreError as error:
            if not is_busy(error.__cause__):
                raise
            return False
        finally:
            self._lock.release()
        return True

    @contextmanager
    def _impatient(self) -> Iterator[None]:
        """Let nobody be waited for meanwhile."""
        try:
            with mapped(self.name):
                self._connection.execute("PRAGMA busy_timeout = 0")
            yield
        finally:
            self._connection.execute(_PATIENT)

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
            with mapped(self.name):
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
        self._connection.execute("PRAGMA secure_delete = ON")
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
            roll_back(self._connection)
            raise
        return version
