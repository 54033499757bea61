"""What became of a plan is told from what the store holds, and from nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.kept_runs import Kept
from tests.telemetry.fates.plan_life import PlanLife

from actwright.canonical import Json
from actwright.errors import NotFoundError
from actwright.guardrails.issue import Issue
from actwright.store.database import Database

FLS = Issue(
    code="field_not_editable",
    action_id="a1",
    object="Opportunity",
    field="Amount",
    guardrail="FLS_EDIT",
    message="Amount of Jane Roe's deal may not be changed.",
)


def test_a_plan_nobody_looked_at_is_planned(life: PlanLife) -> None:
    """A plan that was only made is planned, since it was stored."""
    plan = life.planned()
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.previews, fate.run_id) == ("planned", (), None)
    assert fate.at


def test_a_plan_with_open_questions_asked(life: PlanLife) -> None:
    """A plan that was not previewed since it has questions is told apart from one that has none."""
    question: Json = {
        "id": "a1.Amount",
        "actionId": "a1",
        "input": "Amount",
        "reason": "missing",
        "text": "Which?",
    }
    plan = life.planned()
    asking = life.planned(questions=[question])
    assert [life.fates.of(each.id).kind for each in (plan, asking)] == ["planned", "asked"]


def test_an_unanswered_preview_is_previewed_with_what_was_found(life: PlanLife) -> None:
    """Violations are told by code, kind and field, each once with how often one preview had it, and without words."""
    plan = life.planned()
    shown = [life.previewed(plan, (FLS, FLS)), life.previewed(plan, (FLS,))]
    fate = life.fates.of(plan.id)
    assert fate.kind == "previewed"
    assert fate.previews == tuple(each.id for each in shown)
    (found,) = fate.violations
    assert (found.code, found.guardrail, found.field) == (
        "field_not_editable",
        "FLS_EDIT",
        "Opportunity.Amount",
    )
    assert found.times == 2
    assert "Jane" not in fate.model_dump_json()


def test_a_yes_waits_and_then_expires(life: PlanLife) -> None:
    """A yes that no run has used is confirmed until its time is over."""
    plan = life.planned()
    life.answered(life.previewed(plan))
    assert life.fates.of(plan.id).kind == "confirmed"
    life.clock.moment += timedelta(hours=1)
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.by) == ("expired", "Alice Archer")


def test_a_no_is_refused_and_the_last_word_counts(life: PlanLife) -> None:
    """A later no takes a yes back, and a later yes a no."""
    plan = life.planned()
    preview = life.previewed(plan)
    life.answered(preview)
    life.answered(preview, "no")
    assert life.fates.of(plan.id).kind == "refused"
    life.answered(preview)
    assert life.fates.of(plan.id).kind == "confirmed"


def test_a_plan_somebody_changed_is_edited_and_says_into_what(life: PlanLife) -> None:
    """Editing tells both ways; the plan it became has a fate of its own, and a later yes to the first one counts."""
    plan = life.planned()
    preview = life.previewed(plan)
    better = life.edited(plan, a1_Amount=99000)
    life.ran(life.previewed(better))
    before, after = life.fates.of(plan.id), life.fates.of(better.id)
    assert (before.kind, before.edited_into) == ("edited", (better.id,))
    assert (after.kind, after.edited_from) == ("completed", plan.id)
    life.answered(preview)
    assert life.fates.of(plan.id).kind == "confirmed"


@pytest.mark.parametrize(
    ("status", "done", "kind"),
    [("completed", 1, "completed"), ("failed", 1, "partial"), ("failed", 0, "failed")],
)
def test_a_run_decides_before_all_else(life: PlanLife, status: str, done: int, kind: str) -> None:
    """How its run ended is the plan's fate, with who said yes, also where somebody edited the plan since."""
    plan = life.planned()
    run_id = life.ran(life.previewed(plan), status, done=done)
    life.edited(plan, a1_Amount=1)
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.run_id, fate.run_status) == (kind, run_id, status)
    assert fate.by == "Alice Archer"


def test_the_time_of_each_action_is_told(life: PlanLife) -> None:
    """Once the run has ended, its envelope says what became of each action and how long the org took."""
    plan = life.planned()
    done: Json = {
        "id": "a1",
        "blueprint": "UpdateOpportunity",
        "status": "done",
        "durationMs": 250.0,
    }
    left: Json = {"id": "a2", "blueprint": "CreateTask", "status": "not_run"}
    life.ran(life.previewed(plan), "failed", results=[done, left])
    assert [
        (each.action_id, each.status, each.seconds) for each in life.fates.of(plan.id).actions
    ] == [
        ("a1", "done", 0.25),
        ("a2", "not_run", 0.0),
    ]


def test_a_run_that_was_moved_out_is_all_that_is_known(life: PlanLife, tmp_path: Path) -> None:
    """A run whose journal stands in a file is named, and nobody claims to know how it ended."""
    plan = life.planned()
    run_id = life.ran(life.previewed(plan))
    kept = Kept(life.database, tmp_path, life.clock)
    life.clock.moment += timedelta(days=90)
    kept.compacting.compact(life.clock.now(), tmp_path / "old", undoable=True)
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.run_id, fate.run_status) == ("confirmed", run_id, "archived")
    assert fate.actions == ()


def test_a_run_that_goes_on_is_confirmed(life: PlanLife) -> None:
    """Until its run has ended, nothing is told but the yes."""
    plan = life.planned()
    life.ran(life.previewed(plan), ends=False)
    assert life.fates.of(plan.id).kind == "confirmed"


def test_what_was_taken_back_is_undone_unless_the_undo_did_nothing(life: PlanLife) -> None:
    """A run that undid something makes the plan undone; one that failed before it changed anything does not."""
    plan = life.planned()
    run_id = life.ran(life.previewed(plan))
    life.ran(life.previewed(life.planned("undo it")), "failed", done=0, undoes=run_id)
    assert life.fates.of(plan.id).kind == "completed"
    undo = life.ran(life.previewed(life.planned("undo it again")), undoes=run_id)
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.undone_by) == ("undone", (undo,))


def test_many_are_told_at_once_as_one_by_one(database: Database) -> None:
    """Told together, more plans than fit one statement have the fates they have alone; strangers are planned."""
    life = PlanLife(database)
    plans = [life.planned(f"close deal {number}") for number in range(3)]
    life.answered(life.previewed(plans[1]), "no")
    life.ran(life.previewed(plans[2]))
    strangers = [f"plan_{number}" for number in range(900)]
    changed = life.edited(plans[0], a1_Amount=1)
    undo = life.planned("undo the third")
    life.ran(life.previewed(undo), undoes=life.fates.of(plans[2].id).run_id)
    assert life.fates.agreed([plans[0].id]) == {}
    life.answered(life.previewed(changed))
    assert life.fates.agreed([plans[0].id]) == {plans[0].id: changed.id}
    told = life.fates.told([*strangers, *(each.id for each in plans), "plan_é"])
    assert [told[each.id].kind for each in plans] == ["edited", "refused", "undone"]
    assert {told[each].kind for each in (*strangers, "plan_é")} == {"planned"}
    with pytest.raises(NotFoundError):
        life.fates.of("plan_0")


def test_whoever_said_yes_is_named_though_another_says_no_since(life: PlanLife) -> None:
    """A later no is about another preview: who let the run begin stays who it was."""
    plan = life.planned()
    life.ran(life.previewed(plan))
    life.confirmations.record(life.previewed(plan), approver="Bob", answer="no")
    fate = life.fates.of(plan.id)
    assert (fate.kind, fate.by) == ("completed", "Alice Archer")
