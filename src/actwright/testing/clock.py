"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FixedClock:
    """Tells the time it was given.

    Args:
        moment: The time, timezone-aware.
    """

    def __init__(self, moment: datetime = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return the time it was given, moved by all that `advance` was told."""
        return self._moment

    def advance(self, by: timedelta) -> None:
        """Move the time on."""
        self._moment += by
