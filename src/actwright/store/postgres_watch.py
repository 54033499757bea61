"""Noticing what others write to a server: every commit moves the server's snapshot, which is cheap to ask for.

``LISTEN`` and ``NOTIFY`` would let all commits that notify wait for one another, so that they no longer share the disk.
"""

from __future__ import annotations

import threading
from time import monotonic

from actwright.store.postgres_connections import Connections

_STEP_SECONDS = 0.05


class PostgresWatch:
    """Tells when something may have been written, by any process.

    Args:
        connections: Where to ask.

    Raises:
        StoreError: The server cannot be reached.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._closed = threading.Event()
        self._seen = self._snapshot()

    def wait(self, seconds: float) -> bool:
        """Wait until something was written since the last call; False where nothing was within ``seconds``."""
        until = monotonic() + seconds
        while (snapshot := self._snapshot()) == self._seen:
            left = until - monotonic()
            if left <= 0 or self._closed.wait(min(left, _STEP_SECONDS)):
                return False
        self._seen = snapshot
        return True

    def close(self) -> None:
        """Stop watching; whoever waits is let go."""
        self._closed.set()

    def _snapshot(self) -> str:
        with self._connections.one() as link:
            found = link.execute("SELECT pg_current_snapshot()::text").fetchone()
        return str(found)
