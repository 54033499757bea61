"""Retrying: what passes by itself is tried again, a few times, at growing and jittered distances."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import SystemRandom
from typing import TypeAlias

from actwright.errors import ActwrightError, OrgBusyError, OrgTimeoutError, OrgUnreachableError
from actwright.org.outcome import EffectStatus, GroupOutcome

Sleeper: TypeAlias = Callable[[float], Awaitable[object]]
"""Waits for so many seconds without holding a thread."""

_PASSING = (OrgBusyError, OrgUnreachableError, OrgTimeoutError)
_LOCKED = "UNABLE_TO_LOCK_ROW"
_UNDONE: frozenset[EffectStatus] = frozenset({"failed", "rolled_back"})


@dataclass(frozen=True, slots=True)
class Retrying:
    """How often, and when.

    Attributes:
        attempts: The most tries of a step in all.
        first: Seconds before the second try.
        factor: How much longer each further wait is.
        jitter: The part of a wait that is left to chance, so that runs that failed together do not come back together.
        random: A number from 0 to 1.
    """

    attempts: int = 3
    first: float = 1.0
    factor: float = 3.0
    jitter: float = 0.25
    random: Callable[[], float] = SystemRandom().random

    @property
    def longest(self) -> float:
        """The most seconds that are ever waited before a try."""
        return self.first * self.factor ** max(self.attempts - 2, 0)

    def wait(self, tried: int) -> float:
        """Return how many seconds to wait after so many tries; never more than before the last one that is allowed."""
        whole = min(self.first * self.factor ** max(tried - 1, 0), self.longest)
        return whole * (1 - self.jitter * self.random())

    def allows(self, tried: int) -> bool:
        """Tell whether there may be a further try after so many."""
        return tried < self.attempts


def is_passing(error: ActwrightError | None) -> bool:
    """Tell whether an error may pass by itself: the org is busy, or was not reached."""
    return isinstance(error, _PASSING)


def is_locked_out(outcome: GroupOutcome) -> bool:
    """Tell whether nothing of a group happened, because somebody else held a record of it."""
    for each in outcome.outcomes:
        if each.status not in _UNDONE:
            return False
    codes = {
        fault.code for each in outcome.outcomes if each.status == "failed" for fault in each.faults
    }
    return codes == {_LOCKED}
