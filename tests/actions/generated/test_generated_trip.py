"""A generated action on a real org: withheld until approved, previewed with its real writes, run, undone, revoked."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.generated_scene import SUMMED, case_blueprint, open_total
from tests.scenario import Rest, lookup, previewed
from tests.scenario import action as scenario_action

from actwright import Actwright, Preview
from actwright.actions.generated.action import GeneratedAction
from actwright.errors import ImplementationError, RefusedError
from actwright.runs.carrying.readiness import LastLook

pytestmark = pytest.mark.xdist_group("generated_trip")


@pytest.fixture
def action(request: pytest.FixtureRequest) -> GeneratedAction:
    """Give an action of each test's own: the store is shared."""
    name = "".join(filter(str.isalpha, request.node.name.title()))
    return open_total(blueprint=case_blueprint(name=name[:80]))


def shown(app: Actwright, action: GeneratedAction) -> Preview:
    """Return the preview of the action for the demo org's first case."""
    entry = action.blueprint.model_dump(mode="json")
    about = lookup("Case", "CaseNumber", "00001001")
    return previewed(app, scenario_action("total", entry, CaseId=about))


def approved(app: Actwright, action: GeneratedAction) -> GeneratedAction:
    """Return the action once it is stored and approved."""
    app.generated_actions.add(action)
    return app.generated.approve(action.id, approver="Ann Archer").action


def codes(preview: Preview) -> set[str]:
    """Return the codes of what blocks a preview."""
    return {each.code for each in preview.blocked}


def test_without_any_code_a_call_has_no_implementation(
    app: Actwright, action: GeneratedAction
) -> None:
    """A CALL nobody wrote anything for is refused as ever."""
    with pytest.raises(ImplementationError, match="no implementation"):
        shown(app, action)


def test_code_nobody_approved_blocks_its_preview(app: Actwright, action: GeneratedAction) -> None:
    """What waits for its review is named, with the command that shows it, and nothing of it runs."""
    app.generated_actions.add(action)
    preview = shown(app, action)
    assert codes(preview) == {"generated_unreviewed"}
    assert preview.blocked[0].hint == f"actwright actions review {action.name}"
    assert preview.effects == ()


def test_code_written_for_other_inputs_is_not_used(app: Actwright, action: GeneratedAction) -> None:
    """An approval holds for the blueprint's contract it was given for, and for no other one of that name."""
    approved(app, action)
    other = action.blueprint.inputs[0].model_copy(update={"default": None, "data_type": "String"})
    changed = action.blueprint.model_copy(update={"inputs": (other,)})
    preview = shown(app, action.model_copy(update={"blueprint": changed}))
    assert codes(preview) == {"generated_unreviewed"}
    assert "other inputs" in preview.blocked[0].message


def test_approved_code_shows_its_real_writes_and_runs_and_is_undone(
    app: Actwright, admin: Rest, action: GeneratedAction
) -> None:
    """The task holds the account's open total, its owner and the case, marked as worked out from records."""
    approved(app, action)
    preview = shown(app, action)
    assert preview.blocked == ()
    (told,) = preview.actions
    assert (told.implementation_kind, told.implementation) == ("generated", action.id)
    (effect,) = preview.effects
    (case,) = admin.rows(
        "SELECT AccountId, Account.OwnerId FROM Case WHERE CaseNumber = '00001001'"
    )
    where = f"IsClosed = false AND AccountId = '{case['AccountId']}'"
    deals = admin.rows(f"SELECT Amount FROM Opportunity WHERE {where}")
    values = {each.field: each.after for each in effect.changes}
    total = sum(each["Amount"] or 0 for each in deals)
    assert values["Description"] == f"Open opportunities: {total:,.2f}"
    assert values["OwnerId"] == case["Account"]["OwnerId"]
    said = f"worked out by {action.name} from Case, Account, Opportunity, its inputs"
    assert {(each.provenance, each.source) for each in effect.changes} == {("record", said)}
    before = admin.count("Task")
    done = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    assert done.success, done.errors
    assert admin.count("Task") == before + 1
    back = app.preview(app.undo(str(done.run_id)), allow_delete=True)
    gone = app.run(back, app.confirm(back, approver="Alice Archer"))
    assert gone.success, gone.errors
    assert admin.count("Task") == before


def test_code_revoked_after_the_yes_stops_the_run(
    app: Actwright, admin: Rest, action: GeneratedAction
) -> None:
    """A yes to what was approved then does not carry out what is revoked now."""
    approved(app, action)
    preview = shown(app, action)
    yes = app.confirm(preview, approver="Alice Archer")
    app.generated.revoke(action.id, why="it counts wrong", by="Ann Archer")
    before = admin.count("Task")
    stopped = app.run(preview, yes)
    assert (stopped.success, stopped.stopped_by) == (False, "refused")
    assert "it counts wrong" in stopped.errors[0]
    assert admin.count("Task") == before
    assert codes(shown(app, action)) == {"generated_revoked"}


def test_code_revoked_while_a_run_goes_on_stops_its_next_group(
    app: Actwright, action: GeneratedAction
) -> None:
    """Each last look asks anew whether the code behind its group may still be used."""
    approved(app, action)
    preview = shown(app, action)
    plan, (group,) = app.plans.get(preview.plan_id), preview.groups
    look = LastLook(app.org, app._factory, app.clock)
    assert look.at(plan, preview, group).issues == ()
    app.generated.revoke(action.id, why="it counts wrong", by="Ann Archer")
    with pytest.raises(RefusedError) as stopped:
        look.at(plan, preview, group)
    assert stopped.value.error_code == "generated_revoked"


def test_another_version_approved_after_the_yes_stops_the_run(
    app: Actwright, action: GeneratedAction
) -> None:
    """The confirmation binds the very code that was shown."""
    approved(app, action)
    preview = shown(app, action)
    yes = app.confirm(preview, approver="Alice Archer")
    approved(app, action.model_copy(update={"code": f"{action.code}\n# newer\n"}))
    stopped = app.run(preview, yes)
    assert (stopped.success, stopped.stopped_by) == (False, "drift")


def test_its_tests_run_with_the_schema_of_the_org(app: Actwright, action: GeneratedAction) -> None:
    """Testing asks the org for its schema, and hands the code its own sample records."""
    app.generated_actions.add(action.model_copy(update={"tests": (SUMMED,)}))
    assert [(each.name, each.passed) for each in app.generated.test(action.id)] == [
        (SUMMED.name, True)
    ]


def test_each_step_in_the_life_of_an_action(
    app: Actwright, tmp_path: Path, action: GeneratedAction
) -> None:
    """List, diff, promote and history tell what happened to each version."""
    approved(app, action)
    newer = action.model_copy(update={"code": action.code.replace("Look at", "See")})
    app.generated_actions.add(newer)
    found = [each for each in app.generated.list() if each.action.name == action.name]
    assert [(each.version, each.standing) for each in found] == [(1, "approved"), (2, "waiting")]
    changed = app.generated.diff(action.name)
    assert (changed.before, changed.after) == (action.id, newer.id)
    assert any("See" in each for each in changed.code)
    with pytest.raises(RefusedError):
        app.generated.promote(action.name, tmp_path, by="Ann Archer")
    app.generated.promote(action.id, tmp_path, by="Ann Archer")
    history = [each.kind for each in app.generated.get(action.id).history]
    assert history == ["approved", "promoted"]
