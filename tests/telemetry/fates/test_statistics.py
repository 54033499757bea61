"""Statistics count what each version of a prompt came to, and nothing twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.telemetry.fates.asked import exchange, planning

from actwright.telemetry.fates.kind import Told
from actwright.telemetry.fates.statistics import figures, percentile


def test_repairs_count_towards_the_prompt_they_were_made_for() -> None:
    """A conversation of two rounds is two exchanges and one repair of one prompt; costs and tokens are summed."""
    first = exchange("c1", outcome="invalid", faults=2, seconds=1.0, cost="0.001")
    repair = exchange("c1", purpose="repair", prompt_name="repair", seconds=3.0, cost="0.0025")
    (found,) = figures([repair, first], [], {})
    assert (found.key.prompt, found.key.version, found.exchanges, found.repairs) == (
        "plan",
        "3",
        2,
        1,
    )
    assert (found.outcomes, found.faults) == ({"ok": 1, "invalid": 1}, 2)
    assert (found.input_tokens, found.cost, found.unpriced) == (200, "0.0035", 0)
    assert (found.seconds_p50, found.seconds_p95) == (1.0, 3.0)


def test_versions_and_models_are_kept_apart() -> None:
    """Another version or another model is another row, the one used last first; what has no price is told."""
    found = figures(
        [
            exchange("c3", model="other", cost=None),
            exchange("c2", prompt_version="2"),
            exchange("c1"),
        ],
        [],
        {},
    )
    assert [(each.key.version, each.key.model, each.unpriced) for each in found] == [
        ("3", "other", 1),
        ("2", "gpt-5", 0),
        ("3", "gpt-5", 0),
    ]


def test_a_request_nobody_answered_has_no_latency() -> None:
    """What failed is counted as failed, and its waiting is no latency of the model's."""
    (found,) = figures([exchange("c1", outcome="failed", seconds=60.0, input_tokens=0)], [], {})
    assert (found.outcomes, found.seconds_p50) == ({"failed": 1}, None)


def test_shares_are_of_plans_and_a_plan_made_twice_is_one() -> None:
    """Of four plans one completed, one was edited, one undone, which counts as confirmed too, one only asked."""
    plannings = [
        planning("plan_4", questions=("a1.Amount",)),
        planning("plan_3"),
        planning("plan_2"),
        planning("plan_1"),
        planning("plan_1"),
        planning(None, refusal="no_fit"),
        planning(None, error="model_timeout"),
    ]
    told = {
        "plan_1": Told("completed"),
        "plan_2": Told("edited"),
        "plan_3": Told("undone"),
        "plan_4": Told("planned"),
    }
    (found,) = figures([exchange("c1")], plannings, told)
    assert (found.plannings, found.plans, found.declined, found.errors) == (7, 4, 1, 1)
    assert found.fates == {"asked": 1, "undone": 1, "edited": 1, "completed": 1}
    assert found.shares == {
        "confirmed": 0.5,
        "edited": 0.25,
        "refused": 0.0,
        "failed": 0.0,
        "undone": 0.25,
    }


def test_a_planner_without_a_model_and_a_cached_plan_have_their_rows() -> None:
    """The offline planner is told by its kind, a cached plan by the prompt it was made with; extractions plan nothing."""
    offline = planning("plan_1", planner="offline", prompt_name=None, conversations=())
    refused = planning(None, planner=None, prompt_name=None, conversations=(), refusal="no_fit")
    cached = planning("plan_2", conversations=(), cached_from="plan_1")
    found = figures([], [offline, refused, cached, planning(None, call="extract")], {})
    assert [(each.key.prompt, each.key.model, each.plannings) for each in found] == [
        ("offline", "", 2),
        ("plan", "gpt-5", 1),
    ]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(
    values: list[float], percent: int
) -> None:
    """It is one of the values, at least so many percent are not above it, and fewer are below it."""
    found = percentile(sorted(values), percent)
    assert found in values
    assert sum(each <= found for each in values) * 100 >= percent * len(values)
    assert sum(each < found for each in values) * 100 < percent * len(values)
