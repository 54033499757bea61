"""The goal of the issue on a real org: planned offline, written, reviewed, previewed, run, and undone."""

from __future__ import annotations

import pytest
from tests.scenario import Rest

from actwright import Actwright
from actwright.actions.generating.review_card import review_card

pytestmark = pytest.mark.xdist_group("generated_trip")

GOAL = (
    "Escalate case 00001001, open a task whose description holds the account's total open opportunity amount, and assign"
    " it to the account's owner"
)


def test_the_goal_is_planned_reviewed_run_and_undone(app: Actwright, admin: Rest) -> None:
    """The plan says what waits for a review; once it is approved the preview shows the real sum, and undo takes it back."""
    outcome = app.plan(GOAL)
    assert outcome.plan is not None, outcome.refusal
    name = outcome.plan.actions[1].blueprint.name
    (note,) = outcome.notes
    assert note.endswith(f"waits for a person's review: actwright actions review {name}")
    assert {each.code for each in app.preview(outcome.plan).blocked} == {"generated_unreviewed"}
    version = app.generated_actions.get(name)
    assert review_card(version.action).faults == ()
    app.generated.approve(version.action.id, approver="Dana")
    preview = app.preview(outcome.plan)
    assert preview.blocked == ()
    (case,) = admin.rows(
        "SELECT AccountId, Account.OwnerId FROM Case WHERE CaseNumber = '00001001'"
    )
    deals = admin.rows(
        f"SELECT Amount FROM Opportunity WHERE IsClosed = false AND AccountId = '{case['AccountId']}'"
    )
    total = sum(each["Amount"] or 0 for each in deals)
    (task,) = [each for each in preview.effects if each.object == "Task"]
    values = {each.field: each.after for each in task.changes}
    assert values["Description"] == f"The account's total open opportunity amount: {total:,.2f}"
    assert values["OwnerId"] == case["Account"]["OwnerId"]
    before = admin.count("Task")
    done = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert done.success, done.errors
    assert admin.count("Task") == before + 1
    back = app.preview(app.undo(str(done.run_id)), allow_delete=True)
    gone = app.run(back, app.confirm(back, approver="Alice Archer"))
    assert gone.success, gone.errors
    assert admin.count("Task") == before
    (again,) = app.plan(GOAL).notes
    assert again == f"a2 is carried out by {name}, which was approved before."
