"""Falling back: another planner where the first one's model gave nothing, if the caller allowed that."""

from __future__ import annotations

from collections.abc import Callable

from actwright.errors import ModelError
from actwright.inert import inert
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest

_LONGEST = 300


class FallbackPlanner:
    """Plans with the first planner, and with the second where the first one's model fails.

    Only a `ModelError` counts: an org that cannot be asked, or a goal without a plan, is an answer and stays one.

    Args:
        first: The planner that was asked for.
        second: The one that stands in.
        allowed: Tells whether the caller allowed it; without it, the error is the caller's to handle.
    """

    def __init__(
        self, first: Planner, second: Planner, *, allowed: bool | Callable[[], bool]
    ) -> None:
        self._first = first
        self._second = second
        self._allowed = allowed

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return the first planner's answer, or the second's, which then says so.

        Raises:
            ModelError: The model gave nothing, and falling back is not allowed.
            OrgError: The org cannot be asked.
        """
        try:
            return self._first.plan(request)
        except ModelError as error:
            allowed = self._allowed() if callable(self._allowed) else self._allowed
            if not allowed:
                raise
            reason = inert(f"{error.error_code}: {error.message}", limit=_LONGEST)
            request.progress("planning without the model")
            return _said(self._second.plan(request), reason)


def _said(outcome: PlanningOutcome, reason: str) -> PlanningOutcome:
    """Return the outcome with the reason told once: in its plan, or in its notes where there is none."""
    note = "The model could not be used, so the offline planner answered"
    plan = outcome.plan
    if plan is None:
        note = f"{note} ({reason})"
    else:
        planner = plan.planner.model_copy(update={"fallback_for": reason})
        plan = plan.model_copy(update={"planner": planner})
    return outcome.model_copy(update={"plan": plan, "notes": (f"{note}.", *outcome.notes)})
