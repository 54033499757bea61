"""What planning took of a model, as the outcome tells it."""

from __future__ import annotations

from actwright.model.budget import Budget
from actwright.model.prices import cost_text
from actwright.planning.planner import PlanningUsage


def usage_of(budget: Budget, seconds: float) -> PlanningUsage:
    """Return what all replies took, those included of which nothing was kept: candidates, repairs, extractions.

    Args:
        budget: What they were counted against.
        seconds: How long it all took.
    """
    calls, taken, cost = budget.taken
    return PlanningUsage(
        calls=calls,
        input_tokens=taken.input,
        output_tokens=taken.output,
        cached_tokens=taken.cached,
        cost=cost_text(cost),
        seconds=round(seconds, 3),
    )
