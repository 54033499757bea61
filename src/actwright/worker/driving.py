"""Driving one run: the session of its person, the timers that are due, and the engine, which does the rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from actwright.app import Actwright
from actwright.clock import timestamp
from actwright.errors import (
    ActwrightError,
    ConfigError,
    JournalConflictError,
    OrgAuthenticationError,
    RunBusyError,
)
from actwright.runs.engine.engine import Why
from actwright.runs.interventions.timers import Due
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.register import Register, RunRow
from actwright.worker.notice import Notice, Tell
from actwright.worker.sessions import Sessions

_HELD = frozenset({"waiting", "paused"})


@dataclass(frozen=True)
class Driving:
    """Drives runs of one org.

    Attributes:
        app: The worker's own calls.
        sessions: Each person's own.
        register: Where the runs stand.
        org: The id of the org whose runs these are.
        tell: Told what happens.
    """

    app: Actwright
    sessions: Sessions
    register: Register
    org: str
    tell: Tell

    async def drive(self, run_id: str) -> bool:
        """Drive a run as far as it goes. False where it could not be driven, and is to be looked at again later.

        It never raises but for a programming error inside this package: one run does not stop the others.
        """
        try:
            return await self._looked_at(run_id)
        except (RunBusyError, JournalConflictError):
            return True
        except ActwrightError as error:
            self._hold(run_id, str(error))
        except Exception as error:  # noqa: BLE001 - one run must not take the worker down
            self._hold(run_id, f"a fault in the program: {error!r}")
        return False

    async def _looked_at(self, run_id: str) -> bool:
        row = await asyncio.to_thread(self.register.row, run_id)
        if row.ended_at or row.org != self.org or row.is_leased(self._now()):
            return True
        if row.status in _HELD or (row.deadline and row.deadline <= self._now()):
            fired = await asyncio.to_thread(self.app.fire, run_id)
            self._tell_of(row, fired)
            row = await asyncio.to_thread(self.register.row, run_id)
            if row.status in _HELD or row.ended_at:
                return True
        return await self._taken(row)

    def _tell_of(self, row: RunRow, fired: Sequence[Due]) -> None:
        """Tell of timers that need somebody; what a run ends by is told where it ends."""
        for each in fired:
            if not each.ends:
                self.tell(Notice("escalated", each.why, row.run_id, row.status))

    async def _taken(self, row: RunRow) -> bool:
        try:
            async with self.sessions.of(row.username) as app:
                self.tell(Notice("took", run_id=row.run_id, status=row.status))
                self._left(row, await app.aresume(row.run_id, why=_why(row)))
        except (ConfigError, OrgAuthenticationError) as error:
            if await asyncio.to_thread(self._only_ends, row.run_id):
                self._left(row, await self.app.aresume(row.run_id, why=_why(row)))
            else:
                await asyncio.to_thread(self._pause, row, error)
        return True

    def _only_ends(self, run_id: str) -> bool:
        """Tell whether a run is only to end, with nothing of it out or in doubt: that takes nobody's rights."""
        state = self.app.run_state(run_id)
        return bool(state.ending) and not state.in_doubt

    def _left(self, row: RunRow, result: OrchestratorResult) -> None:
        waits = result.warnings[-1:] if result.status == "waiting" else ()
        told = next(iter((*result.errors, *waits)), "")
        self.tell(Notice("left", told, row.run_id, result.status or row.status))

    def _pause(self, row: RunRow, error: ActwrightError) -> None:
        """Pause a run whose person cannot be logged in: somebody has to see to that, and to say that it may go on."""
        reason = f"{row.username} cannot be logged in to the org: {error}"
        self.app.hold(row.run_id, reason=reason)
        self.tell(Notice("left", reason, row.run_id, "paused"))

    def _hold(self, run_id: str, text: str) -> None:
        self.tell(Notice("held", text, run_id))

    def _now(self) -> str:
        return timestamp(self.app.clock.now())


def _why(row: RunRow) -> Why:
    if row.status == "queued":
        return "queued"
    return "recovered" if row.lease_until else "resumed"
