"""The time, as a port: whatever needs the time is handed a clock, so that tests own it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of machines that share a store may lie apart."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


def timestamp(moment: datetime) -> str:
    """Return ``moment`` in the one form all documents use: UTC, milliseconds, ``Z``."""
    there = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{there.isoformat('T', 'milliseconds')[:-6]}Z"
