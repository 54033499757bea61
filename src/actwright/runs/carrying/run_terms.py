"""The terms of a run: what it may take, how long, what a failure does, and how long it waits for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from actwright.clock import timestamp
from actwright.errors import InputError
from actwright.runs.record.state import RunLimits

_MOST_PARALLEL = 100
_LONGEST = timedelta(days=3_650)


@dataclass(frozen=True, slots=True)
class RunTerms:
    """How a run is to be carried out.

    Attributes:
        limits: What it may take at most.
        on_failure: Whether a group that fails ends the run, or holds it for a person.
        parallel: How many groups that do not depend on each other may be out at once.
        deadline: How long it may take in all, waiting for people included.
        answer_within: How long it waits each time for a yes, or for somebody to say how it goes on; None is for ever.
    """

    limits: RunLimits | None = None
    on_failure: Literal["end", "pause"] = "end"
    parallel: int = 1
    deadline: timedelta | None = None
    answer_within: timedelta | None = None

    def check(self) -> None:
        """Make sure that a run can be carried out so.

        Raises:
            InputError: It cannot.
        """
        if not 1 <= self.parallel <= _MOST_PARALLEL:
            raise InputError(
                f"A run has 1 to {_MOST_PARALLEL} groups out at once.", where="parallel"
            )
        _check_length("deadline", self.deadline)
        _check_length("answer_within", self.answer_within)

    def told(self, now: datetime) -> dict[str, object]:
        """Return what ``run_started`` tells of them.

        Args:
            now: The present moment.
        """
        limits = self.limits.model_dump(mode="json", exclude_none=True) if self.limits else {}
        told: dict[str, object] = {"onFailure": self.on_failure, "parallel": self.parallel}
        if limits:
            told["limits"] = limits
        if self.deadline is not None:
            told["deadline"] = timestamp(now + self.deadline)
        if self.answer_within is not None:
            told["answerWithin"] = self.answer_within.total_seconds()
        return told


def _check_length(name: str, length: timedelta | None) -> None:
    if length is not None and not timedelta(0) < length <= _LONGEST:
        raise InputError(f"{name} lies ahead, by at most {_LONGEST.days:,} days.", where=name)
