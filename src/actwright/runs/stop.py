"""Why a run did not reach its end, in words that are true of what had been done by then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from actwright.errors import ActwrightError, DriftError, OrgRefusedError, RefusedError
from actwright.inert import inert
from actwright.org.outcome import GroupOutcome
from actwright.runs.readiness import Readiness

UNKNOWN = "outcome_unknown"
"""The ``stopped_by`` of a run whose last answer was lost."""

_LOST = "The org's answer was lost: the changes may have been made. They were not tried again."


@dataclass(frozen=True, slots=True)
class Stop:
    """What stopped a run: a code of the error tree, messages, and what to do next."""

    code: str
    errors: tuple[str, ...]
    hint: str | None = None

    @classmethod
    def by(cls, error: ActwrightError) -> Self:
        """Return the stop an error means."""
        return cls(type(error).code, (str(error),), error.hint)

    @classmethod
    def unready(cls, ready: Readiness) -> Self:
        """Return the stop of a group that was not sent: a refusal where there is one, else drift."""
        code = RefusedError.code if ready.refusals else DriftError.code
        return cls(code, tuple(each.message for each in ready.issues), ready.issues[0].hint)

    @classmethod
    def after(cls, outcome: GroupOutcome, failure: ActwrightError | None) -> Self:
        """Return the stop of a group that was sent, or tried to be, and is not committed."""
        if failure:
            return cls.by(failure)
        if any(each.status == "unknown" for each in outcome.outcomes):
            return cls(UNKNOWN, (_LOST,), "Look at the records before you do anything again.")
        faults = [fault for each in outcome.outcomes for fault in each.faults]
        stale = any(each.code == "PRECONDITION_FAILED" for each in faults)
        lines = tuple(f"{each.code}: {inert(each.message, limit=500)}" for each in faults)
        return cls(
            DriftError.code if stale else OrgRefusedError.code,
            lines or ("The org refused the changes.",),
            "This group of changes is atomic and was rolled back whole.",
        )

    def following(self, done: int, run_id: str) -> Stop:
        """Return the stop with a hint that says so where ``done`` effects had been carried out before it."""
        if not done:
            return self
        stands = f"{done} {'effect' if done == 1 else 'effects'} had been carried out and stand"
        first = f"{self.hint} " if self.hint else ""
        return replace(self, hint=f"{first}{stands}: actwright inspect {run_id}")
