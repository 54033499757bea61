"""Noticing what other processes write to an SQLite file: the file keeps a count of its changes, cheap to ask for."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from time import monotonic

from actwright.errors import StoreError
from actwright.store.sqlite_errors import told

_STEP_SECONDS = 0.005
"""How often the count is asked for: a few microseconds each time."""


class SqliteWatch:
    """Tells when something was written to a file, by any process.

    Args:
        connection: A connection of its own, from any thread; closed with the watch.
        path: The file. Where it is moved away or removed, its open connections notice nothing by themselves.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._file = _identity(path)
        self._closed = threading.Event()
        self._seen = self._count()

    def wait(self, seconds: float) -> bool:
        """Wait until something was written since the last call; False where nothing was within ``seconds``.

        Raises:
            StoreError: The file is gone, another one stands in its place, or it cannot be read.
        """
        if _identity(self._path) != self._file:
            raise StoreError(
                "The store is gone: its file was moved away, removed or replaced.",
                where=str(self._path),
                hint="Put it back, and begin anew.",
                code="store_gone",
            )
        try:
            return self._changed(monotonic() + seconds)
        except sqlite3.Error as error:
            if self._closed.is_set():
                return False
            raise told(error, str(self._path)) from error

    def close(self) -> None:
        """Stop watching; whoever waits is let go."""
        self._closed.set()
        self._connection.close()

    def _changed(self, until: float) -> bool:
        while (count := self._count()) == self._seen:
            left = until - monotonic()
            if left <= 0 or self._closed.wait(min(left, _STEP_SECONDS)):
                return False
        self._seen = count
        return True

    def _count(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other one; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
