"""The lease of a run: one process at a time carries it out, and says again and again that it is still there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TypeAlias

from actwright.clock import Clock, timestamp
from actwright.errors import ActwrightError, RunBusyError, StoreError
from actwright.runs.engine.owner import is_dead_here
from actwright.runs.engine.record import fenced
from actwright.runs.record.register import Register, RunRow

Renew: TypeAlias = Callable[[Callable[[], bool]], Awaitable[bool]]
"""Makes a blocking call without keeping the event loop from anything."""

_BEATS = 3
"""How often a lease is renewed before it would run out."""


def is_held(row: RunRow, now: str, *, alone: bool) -> bool:
    """Tell whether a process has a run that is neither overdue nor known to be gone.

    Args:
        row: The run.
        now: The present moment.
        alone: Whether no other machine uses the store, so that the lease of a process that is gone counts no more.
    """
    return row.is_leased(now) and not (alone and is_dead_here(row.lease_owner))


class Lease:
    """One process's lease of one run.

    Args:
        register: Where leases stand.
        clock: The time, as other processes read it.
        run_id: The run.
        owner: The process.
        seconds: How long the process may be silent.
        alone: Whether no other machine uses the store, so that the lease of a process that is gone counts no more.
        monotonic: A time that never jumps, by which the process itself knows whether it was silent too long.
    """

    def __init__(
        self,
        register: Register,
        clock: Clock,
        run_id: str,
        owner: str,
        seconds: float,
        *,
        alone: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = register
        self._clock = clock
        self._run_id = run_id
        self._owner = owner
        self._seconds = seconds
        self._alone = alone
        self._monotonic = monotonic
        self._over = 0.0

    def take(self, seq: int) -> bool:
        """Take the lease behind the event ``seq``; False where that has to be tried again.

        Raises:
            RunBusyError: Another process carries the run out.
        """
        asked, now = self._monotonic(), self._clock.now()
        until = timestamp(now + timedelta(seconds=self._seconds))
        if self._register.take(self._run_id, self._owner, until=until, now=timestamp(now), seq=seq):
            self._over = asked + self._seconds
            return True
        row = self._register.row(self._run_id)
        if self._alone and is_dead_here(row.lease_owner):
            self._register.release(self._run_id, row.lease_owner or "")
        elif row.ended_at is None and row.is_leased(timestamp(now)):
            raise RunBusyError(
                f"{self._run_id} is being carried out by {row.lease_owner}.",
                hint=f"actwright inspect {self._run_id}",
            )
        return False

    def held(self, since: float) -> None:
        """Note that the lease was taken together with the run's first event, at this monotonic time."""
        self._over = since + self._seconds

    @property
    def is_ours(self) -> bool:
        """Whether no other process can have taken it."""
        return self._monotonic() < self._over

    def check(self) -> None:
        """Make sure that no other process can be carrying the run out by now.

        Raises:
            RunError: One can.
        """
        if not self.is_ours:
            raise fenced(self._run_id)

    @contextmanager
    def kept(self, renew: Renew) -> Iterator[None]:
        """Renew it again and again meanwhile, unless it is lost; most runs are over before the first time.

        Args:
            renew: Makes a blocking call without keeping the event loop from anything.
        """
        beating: list[asyncio.Task[None]] = []

        def begin() -> None:
            beating.append(asyncio.ensure_future(self._beat(renew)))

        first = asyncio.get_running_loop().call_later(self._seconds / _BEATS, begin)
        try:
            yield
        finally:
            first.cancel()
            for each in beating:
                each.cancel()

    async def _beat(self, renew: Renew) -> None:
        while await self._prolonged(renew):  # noqa: ASYNC110 - a beat, not a wait
            await asyncio.sleep(self._seconds / _BEATS)

    async def _prolonged(self, renew: Renew) -> bool:
        """Renew it once; False where it is lost. A store that cannot be asked says nothing about that."""
        asked = self._monotonic()
        try:
            still = await renew(self._renew)
        except StoreError:
            return True
        self._over = asked + self._seconds if still else 0.0
        return still

    def give_back(self) -> None:
        """Give it back, so that the next process need not wait until it runs out; a store that cannot is no matter."""
        self._over = 0.0
        with suppress(ActwrightError):
            self._register.release(self._run_id, self._owner)

    def _renew(self) -> bool:
        until = timestamp(self._clock.now() + timedelta(seconds=self._seconds))
        return self._register.renew(self._run_id, self._owner, until)
