"""Hands: the runs a worker drives at this moment, each once, and no more than it has hands for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

_FIRST_HOLD, _LONGEST_HOLD = 1.0, 60.0


class Hands:
    """Bounds what is driven at once, and leaves alone for a while what cannot be driven now.

    Args:
        drive: Drives one run; returns False where it could not be, and is to be tried again later.
        concurrency: How many at once.
    """

    def __init__(self, drive: Callable[[str], Awaitable[bool]], concurrency: int) -> None:
        self._drive = drive
        self.concurrency = concurrency
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, tuple[float, float]] = {}
        self.freed = asyncio.Event()

    @property
    def free(self) -> int:
        """How many more runs could be taken."""
        return self.concurrency - len(self._busy)

    @property
    def busy(self) -> int:
        """How many are being driven."""
        return len(self._busy)

    @property
    def room(self) -> int:
        """How many runs to look for, so that those in hand or left alone do not hide the others."""
        return self.free + len(self._busy) + len(self._held)

    def takes(self, run_id: str) -> bool:
        """Tell whether a run may be taken: there is a hand for it, it is in none, and it is not left alone."""
        until, _ = self._held.get(run_id, (0.0, 0.0))
        return self.free > 0 and run_id not in self._busy and until <= monotonic()

    def take(self, run_id: str) -> asyncio.Task[None] | None:
        """Begin to drive a run; None where it may not be taken."""
        if not self.takes(run_id):
            return None
        task = asyncio.create_task(self._driven(run_id), name=run_id)
        self._busy[run_id] = task
        return task

    async def rest(self) -> None:
        """Wait until every run has left."""
        while self._busy:
            await asyncio.wait(self._busy.values())

    async def _driven(self, run_id: str) -> None:
        try:
            if await self._drive(run_id):
                self._held.pop(run_id, None)
            else:
                self._hold(run_id)
        finally:
            del self._busy[run_id]
            self.freed.set()

    def _hold(self, run_id: str) -> None:
        """Leave a run alone, twice as long as the last time."""
        now = monotonic()
        _, last = self._held.get(run_id, (0.0, 0.0))
        seconds = min(max(2 * last, _FIRST_HOLD), _LONGEST_HOLD)
        self._held = {
            each: held for each, held in self._held.items() if held[0] > now - _LONGEST_HOLD
        }
        self._held[run_id] = (now + seconds, seconds)
