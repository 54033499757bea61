"""Writing to a file: one transaction at a time, with the write lock, committed whole or taken back whole."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

from actwright.store.sqlite_errors import told


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


class Writing:
    """A transaction that holds the write lock; it commits on leaving, and rolls back on any error.

    Args:
        connection: The one connection that writes.
        lock: Held by whoever uses it.
        name: The path of the file, for errors.
    """

    __slots__ = ("_connection", "_lock", "_name")

    def __init__(self, connection: sqlite3.Connection, lock: threading.RLock, name: str) -> None:
        self._connection = connection
        self._lock = lock
        self._name = name

    def __enter__(self) -> SqliteTransaction:
        """Begin it.

        Raises:
            StoreError: Somebody else writes for too long, or the file cannot be written.
            RuntimeError: This very thread is inside a transaction, which stays as it is.
        """
        self._lock.acquire()
        try:
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
                return SqliteTransaction(self._connection)
        except BaseException as error:
            self._broken_off(error)
            raise
        self._lock.release()
        raise RuntimeError("this thread is inside a transaction already, and cannot begin another")

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Commit it, or take it back.

        Raises:
            StoreError: SQLite or the file system refused; nothing was written.
        """
        if error is not None:
            self._broken_off(error)
            return
        try:
            self._connection.execute("COMMIT")
        except BaseException as failed:
            self._broken_off(failed)
            raise
        self._lock.release()

    def _broken_off(self, error: BaseException) -> None:
        """Roll back, and let the next one write.

        Raises:
            StoreError: What broke it off was SQLite, or the file system.
        """
        try:
            roll_back(self._connection)
        finally:
            self._lock.release()
        if isinstance(error, (sqlite3.Error, OSError)):
            raise told(error, self._name) from error


def roll_back(connection: sqlite3.Connection) -> None:
    """Roll back, unless SQLite has done so itself, as it does where the disk is full."""
    with suppress(sqlite3.ProgrammingError):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
