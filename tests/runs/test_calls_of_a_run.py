"""The API calls a run takes: the figure that the capacity page counts with is the measured one."""

from __future__ import annotations

from pathlib import Path

from actwright.testing import LocalOrg

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"
GOAL = "Close the Acme Renewal as won and add a task to call them"


def test_the_capacity_page_counts_the_calls_that_are_made(shared_org: LocalOrg) -> None:
    """A deal closed as won and a task on it, once the caches are warm."""
    app = shared_org.as_user()
    planned = app.plan(GOAL).plan
    assert planned is not None
    app.preview(planned)
    before = app.org.api_calls
    planned = app.plan(GOAL).plan
    assert planned is not None
    to_plan = app.org.api_calls - before
    cost = app.preview(planned).cost
    assert app.org.api_calls - before == to_plan + cost.preview_calls
    told = f"{to_plan} to plan, {cost.preview_calls} to preview, {cost.apply_calls} to apply"
    assert told in OPERATIONS.read_text(encoding="utf-8")
