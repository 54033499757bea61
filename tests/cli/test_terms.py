"""The terms of a run, as the command line names them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from tests import pages_scene as scene

from actwright.cli.terms import FailurePolicy, check_affordable, check_begun, limits_of, terms_of
from actwright.errors import InputError
from actwright.runs.record.state import RunLimits


def test_options_become_the_terms_of_a_run() -> None:
    """Each limit where it was named; none at all where none was."""
    named = limits_of(5, 7, 2.5, "12.50")
    assert named == RunLimits(calls=5, rows=7, seconds=2.5, cost=Decimal("12.5"))
    assert limits_of(None, None, None, "0") == RunLimits(cost=Decimal(0))
    assert limits_of(None, None, None, None) is None
    assert terms_of(FailurePolicy.PAUSE, 3, 60, None, 7_200) == {
        "limits": None,
        "on_failure": "pause",
        "parallel": 3,
        "deadline": timedelta(minutes=1),
        "answer_within": timedelta(hours=2),
    }


@pytest.mark.parametrize("seconds", [315_360_001, 1e300, float("inf"), float("nan")])
def test_a_length_of_time_nobody_waits_for_is_refused(seconds: float) -> None:
    """It is named, with the option."""
    with pytest.raises(InputError, match="more than ten years") as refused:
        terms_of(FailurePolicy.END, 1, None, None, seconds)
    assert refused.value.where == "--answer-within"


@pytest.mark.parametrize("text", ["much", "-1", "NaN", "Infinity", ""])
def test_a_cost_that_is_no_amount_is_refused(text: str) -> None:
    """It is named, with the option."""
    with pytest.raises(InputError, match="is no amount") as refused:
        limits_of(None, None, None, text)
    assert refused.value.where == "--max-cost"


def test_a_run_that_has_begun_keeps_its_own_terms() -> None:
    """No terms are no change; any other are refused."""
    check_begun("run_1", terms_of(FailurePolicy.END, 1, None, None))
    with pytest.raises(InputError, match="on terms of its own"):
        check_begun("run_1", terms_of(FailurePolicy.END, 1, None, RunLimits(calls=1)))


def test_a_price_beyond_the_limit_is_refused_before_anything_is_done() -> None:
    """Nobody starts what is known to stop midway; exactly the price is enough, and without a limit anything is."""
    preview = scene.preview((scene.update(1, scene.stage()),))
    cost = preview.cost.model_copy(update={"price": Decimal("3.75")})
    priced = preview.model_copy(update={"cost": cost})
    with pytest.raises(
        InputError, match=r"declared to cost 3\.75, and --max-cost allows 3\.49"
    ) as no:
        check_affordable(priced, RunLimits(cost=Decimal("3.49")))
    assert no.value.error_code == "cost_beyond_limit"
    check_affordable(priced, RunLimits(cost=Decimal("3.75")))
    check_affordable(priced, None)
