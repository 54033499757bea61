"""Errands: the parts of a step that go outside, each as a coroutine that comes back with an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from actwright.errors import OrgError, RunError, StoreError
from actwright.org.outcome import EffectOutcome, EffectStatus, GroupOutcome
from actwright.runs.engine.answers import Found, Looked, Seen, Sent
from actwright.runs.engine.reins import Reins
from actwright.runs.engine.retry import Retrying, Sleeper
from actwright.runs.engine.work import Attempt, Performed, Reconciled, Reports, Work


@dataclass(frozen=True, slots=True)
class Errands:
    """Goes outside for a work.

    Attributes:
        work: What is carried out.
        settling: How often, and when, it is asked again what became of a step.
        sleep: How it waits.
        reins: What is wished of the run meanwhile.
    """

    work: Work
    settling: Retrying
    sleep: Sleeper
    reins: Reins

    async def look(self, attempt: Attempt) -> Looked:
        """Take the last look."""
        return Looked(attempt, await self.work.look(attempt))

    async def perform(self, attempt: Attempt, reports: Reports) -> Sent:
        """Send a step; whatever breaks on the way, it may have happened."""
        started = time.perf_counter()
        try:
            performed = await self.work.perform(attempt, reports)
        except (RunError, StoreError):
            raise
        except Exception:  # noqa: BLE001 - whatever broke, it broke after the call had begun
            performed = Performed(same(attempt, "unknown"))
        taken = round((time.perf_counter() - started) * 1000, 3)
        return Sent(attempt, performed, taken or 0)  # a zero that is whole is written alike by all

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Seen:
        """Look at what a step left behind."""
        return Seen(attempt, await self.work.observe(attempt, outcome))

    async def reconcile(self, attempt: Attempt, ending: Callable[[], Awaitable[bool]]) -> Found:
        """Ask what became of a step, again and again where that may decide it.

        Args:
            attempt: The try whose answer was lost.
            ending: Tells whether the run is to end, by the record as it stands now; raises `RunError` where another
                process can be carrying the run out by now.

        Raises:
            RunError: Another process can be carrying the run out by now; this one may send nothing to find out.
            StoreError: The store cannot be read.
        """
        tried = 0
        while True:
            tried += 1
            found = await self._asked(attempt._replace(ends=await ending()))
            done = found.decided or not found.ask_again or not self.settling.allows(tried)
            if done or self.reins.handing_back:
                return Found(attempt, found)
            await self._rest(self.settling.wait(tried))

    async def _asked(self, attempt: Attempt) -> Reconciled:
        try:
            return await self.work.reconcile(attempt)
        except OrgError as error:
            told = (f"It could not be asked: {error}",)
            return Reconciled(same(attempt, "unknown"), "nobody", told, ask_again=True)

    async def _rest(self, seconds: float) -> None:
        """Wait, unless somebody wishes something meanwhile."""
        sleeping = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait((sleeping, self.reins.rung), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()


def same(attempt: Attempt, status: EffectStatus) -> GroupOutcome:
    """Return an outcome that is the same for every effect of a step."""
    sent = attempt.left or attempt.step.effects
    outcomes = tuple(EffectOutcome(effect_id=each, status=status) for each in sent)
    return GroupOutcome(group_id=attempt.step.id, outcomes=outcomes, job_id=attempt.job_id)
