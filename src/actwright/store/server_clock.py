"""The clock of a store that many machines share: the server's, so that no machine's own clock decides who is late."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from actwright.errors import StoreError
from actwright.store.database import Database

_ASKED_AGAIN = 60.0
"""Seconds after which the server is asked for the time again."""

_NOW = "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def ticks() -> float:
    """Return seconds on a scale that never jumps, and that goes on while the machine sleeps where it can."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class ServerClock:
    """Tells the server's time, asked once and carried on by this machine's ticks; now and then it is asked again.

    Nobody waits for the server where it is asked again: until it has answered, the ticks go on.

    Args:
        database: The database on the server.
        ticks: Seconds on a scale that never jumps.

    Raises:
        StoreError: The server cannot be asked.
    """

    def __init__(self, database: Database, *, ticks: Callable[[], float] = ticks) -> None:
        self._database = database
        self._ticks = ticks
        self._asking = threading.Lock()
        self._known = self._asked()
        self._tried = self._known[1]

    def now(self) -> datetime:
        """Return the server's time in UTC."""
        began, at = self._known
        ticks = self._ticks()
        if ticks - self._tried > _ASKED_AGAIN and self._asking.acquire(blocking=False):
            self._tried = ticks
            threading.Thread(target=self._ask_again, daemon=True).start()
        return began + timedelta(seconds=ticks - at)

    def _ask_again(self) -> None:
        try:
            with suppress(StoreError):
                self._known = self._asked()
        finally:
            self._asking.release()

    def _asked(self) -> tuple[datetime, float]:
        """Return the server's time, and the ticks it belongs to: half way between question and answer."""
        before = self._ticks()
        with self._database.read() as transaction:
            (told,) = transaction.execute(_NOW).fetchone()
        at = (before + self._ticks()) / 2
        return datetime.fromisoformat(str(told)).replace(tzinfo=UTC), at
