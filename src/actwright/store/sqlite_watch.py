"""Noticing what other processes write to an SQLite file: the file keeps a count of its changes, cheap to ask for."""

from __future__ import annotations

import sqlite3
import threading
from time import monotonic

_STEP_SECONDS = 0.005
"""How often the count is asked for: a few microseconds each time."""


class SqliteWatch:
    """Tells when something was written to a file, by any process.

    Args:
        connection: A connection of its own, from any thread; closed with the watch.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._closed = threading.Event()
        self._seen = self._count()

    def wait(self, seconds: float) -> bool:
        """Wait until something was written since the last call; False where nothing was within ``seconds``."""
        until = monotonic() + seconds
        while (count := self._count()) == self._seen:
            left = until - monotonic()
            if left <= 0 or self._closed.wait(min(left, _STEP_SECONDS)):
                return False
        self._seen = count
        return True

    def close(self) -> None:
        """Stop watching; whoever waits is let go."""
        self._closed.set()
        self._connection.close()

    def _count(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
