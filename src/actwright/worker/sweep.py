"""The sweep: what a worker finds by itself, so that a job that was lost costs a few seconds and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.clock import Clock, timestamp
from actwright.runs.record.register import Register, RunRow


@dataclass(frozen=True, slots=True)
class Sweep:
    """Finds the runs of one org that can go on.

    Attributes:
        register: Where the runs stand.
        clock: The time.
        org: The org's id.
    """

    register: Register
    clock: Clock
    org: str

    def found(self, limit: int) -> tuple[RunRow, ...]:
        """Return runs that are queued, that nobody drives any more, or that are due; longest untouched first.

        Raises:
            StoreError: The store cannot be read.
        """
        return self.register.runnable(timestamp(self.clock.now()), limit, org=self.org)
