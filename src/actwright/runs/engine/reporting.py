"""Reporting: what a step that is out may tell before its answer comes, from whichever thread makes its call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from actwright.org.ports import SendProgress
from actwright.runs.engine import entries
from actwright.runs.engine.record import Record
from actwright.runs.engine.watch import Watch
from actwright.runs.engine.work import Attempt, Reports


@dataclass(frozen=True, slots=True)
class Reporting:
    """Hears the steps of one run; made in the thread of the loop that drives it.

    Attributes:
        record: The run's events.
        check_lease: Raises `RunError` where another process can be carrying the run out by now.
        progress: Told how many effects have been dealt with; None where nobody listens.
    """

    record: Record
    check_lease: Callable[[], None]
    progress: SendProgress | None
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def of(self, attempt: Attempt, dealt: int) -> Reports:
        """Return what a try of a step may report.

        Args:
            attempt: The try.
            dealt: How many effects the run has dealt with before.
        """
        watch = None if self.progress is None else Watch(self.progress, dealt)
        return Reports(watch, partial(self._submit, attempt), self.check_lease)

    def _submit(self, attempt: Attempt, job: str) -> None:
        """Put a job on the record, from the thread that has submitted it."""
        asyncio.run_coroutine_threadsafe(self._submitted(attempt, job), self._loop).result()

    async def _submitted(self, attempt: Attempt, job: str) -> None:
        self.record.note(entries.submitted(attempt, job))
        await self.record.flush()
