"""What planning took of a model, added up."""

from __future__ import annotations

from actwright.planning.planner import PlanningUsage


def test_usages_add_up_and_an_unknown_cost_stays_unknown() -> None:
    """Tokens and calls are summed; the cost is told only where that of every call is known."""
    plan = PlanningUsage(calls=1, input_tokens=100, output_tokens=10, cost="0.10", seconds=1.5)
    code = PlanningUsage(calls=2, input_tokens=50, cached_tokens=5, cost="0.025", seconds=0.5)
    both = plan.plus(code)
    assert (both.calls, both.input_tokens, both.output_tokens) == (3, 150, 10)
    assert (both.cached_tokens, both.cost, both.seconds) == (5, "0.125", 2.0)
    assert plan.plus(PlanningUsage(calls=1)).cost is None
    assert PlanningUsage().plus(code).cost == "0.025"
    assert plan.plus(None) == plan
    assert plan.plus(PlanningUsage()) == plan
