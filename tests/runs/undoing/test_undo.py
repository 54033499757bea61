"""Undo: the inverse plan of a run, previewed and confirmed like any other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.scenario import (
    Rest,
    action,
    amount,
    blueprint,
    carried_out,
    deal_rows,
    lookup,
    new_deal,
    plan_of,
    task,
    value,
    win,
)

from actwright import Actwright, Plan, Preview
from actwright.actions.factory import Factory
from actwright.canonical import Json
from actwright.errors import NotFoundError, PlanError, RefusedError
from actwright.org.read_only import ReadOnly
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.undoing.past_run import PastRun, PastStage
from actwright.runs.undoing.undo_plan import undo_plan
from actwright.runs.undoing.ways_back import WaysBack
from actwright.testing import LocalOrg, ScriptedPlanner


def _taken_back(app: Actwright, plan: Plan) -> OrchestratorResult:
    preview = app.preview(plan, allow_delete=True)
    assert preview.blocked == ()
    return app.run(preview, app.confirm(preview, approver="Alice Archer"))


def test_a_changed_record_gets_its_old_values_back(app: Actwright, admin: Rest, deal: str) -> None:
    """The values before the run are written again, by a plan that names the run it takes back."""
    done = carried_out(app, amount("a1", deal, 99_000))
    plan = app.undo(str(done.run_id))
    assert plan.planner.kind == "undo"
    assert plan.planner.undoes == done.run_id
    assert _taken_back(app, plan).success
    assert admin.field("Opportunity", deal, "Amount") == 120_000


def test_each_of_many_rows_gets_its_own_value_back(app: Actwright, admin: Rest) -> None:
    """Rows that differed before differ again, in one action with a row each."""
    names = [new_deal(admin, NextStep=f"step {each}") for each in range(30)]
    done = carried_out(app, deal_rows(names, NextStep="Call"))
    assert done.success, done.errors
    plan = app.undo(str(done.run_id))
    assert len(plan.actions) == 1
    assert _taken_back(app, plan).success
    found = admin.rows("SELECT Name, NextStep FROM Opportunity WHERE NextStep LIKE 'step %'")
    assert {each["Name"]: each["NextStep"] for each in found} == {
        name: f"step {place}" for place, name in enumerate(names)
    }


def test_what_was_created_is_deleted_children_first(app: Actwright, admin: Rest) -> None:
    """A new account and the contact in it go again, the contact before its account."""
    accounts, contacts = admin.count("Account"), admin.count("Contact")
    account = action("acc", "account_create", Name=value("Undo Ltd"))
    contact = action(
        "con",
        "contact_create",
        LastName=value("Undone"),
        AccountId={"from": "actions.acc.output.id"},
    )
    done = carried_out(app, account, contact)
    assert done.success, done.errors
    plan = app.undo(str(done.run_id))
    assert [each.blueprint.target_s_object for each in plan.actions] == ["Contact", "Account"]
    assert _taken_back(app, plan).success
    assert (admin.count("Account"), admin.count("Contact")) == (accounts, contacts)


def test_a_record_changed_since_is_left_and_named(app: Actwright, admin: Rest) -> None:
    """Somebody's later work stays, unless the person says otherwise."""
    first, second = new_deal(admin), new_deal(admin)
    done = carried_out(app, deal_rows([first, second], NextStep="Call"))
    admin.change("Opportunity", first, NextStep="Signed")
    plan = app.undo(str(done.run_id))
    rows = plan.actions[0].for_each
    assert rows is not None
    assert len(rows.rows or ()) == 1
    assert any(first in each and "Signed" in each for each in plan.assumptions)
    back = app.undo(str(done.run_id), also_moved=True)
    both = back.actions[0].for_each
    assert both is not None
    assert len(both.rows or ()) == 2
    (warning,) = [each for each in back.assumptions if each.startswith("Warning: ")]
    assert f'"{first}" was changed since: Next Step is Signed. This is overwritten.' in warning


def test_a_run_that_was_taken_back_cannot_be_taken_back_again(app: Actwright, deal: str) -> None:
    """The second undo finds the records as they were before the run, and says so."""
    done = carried_out(app, amount("a1", deal, 99_000))
    _taken_back(app, app.undo(str(done.run_id)))
    with pytest.raises(RefusedError) as caught:
        app.undo(str(done.run_id))
    assert caught.value.error_code == "nothing_to_undo"
    assert "is as it was before the run" in caught.value.message
    assert app.run_state(str(done.run_id)).undone_by != ()
    with pytest.raises(RefusedError, match="as it was before"):
        app.undo(str(done.run_id), also_moved=True)


def test_an_undo_can_itself_be_undone(app: Actwright, admin: Rest, deal: str) -> None:
    """It is a run like any other."""
    done = carried_out(app, amount("a1", deal, 99_000))
    back = _taken_back(app, app.undo(str(done.run_id)))
    assert _taken_back(app, app.undo(str(back.run_id))).success
    assert admin.field("Opportunity", deal, "Amount") == 99_000


def test_runs_know_which_run_took_them_back(app: Actwright, deal: str) -> None:
    """Neither the undo nor a run without one is said to have been taken back; an undo that did nothing counts not."""
    done = carried_out(app, amount("a1", deal, 99_000))
    plan = app.undo(str(done.run_id))
    preview = app.preview(plan)
    yes = app.confirm(preview, approver="Alice Archer")
    assert app.run_state(str(done.run_id)).undone_by == ()
    back = app.run(preview, yes)
    states = {each.id: each for each in app.runs()}
    assert states[str(done.run_id)].undone_by == (back.run_id,)
    assert states[str(back.run_id)].undoes == done.run_id
    assert states[str(back.run_id)].undone_by == ()


def test_an_undo_that_changed_nothing_took_nothing_back(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """A run that stopped before its first write leaves the other one as it was."""
    done = carried_out(app, amount("a1", deal, 99_000))
    preview = app.preview(app.undo(str(done.run_id)))
    yes = app.confirm(preview, approver="Alice Archer")
    admin.change("Opportunity", deal, Amount=77_000)
    assert app.run(preview, yes).stopped_by == "drift"
    assert app.run_state(str(done.run_id)).undone_by == ()


def test_ten_records_left_for_one_reason_are_one_sentence(app: Actwright, admin: Rest) -> None:
    """A second undo does not tell of each record that it is as it was before."""
    names = [new_deal(admin) for _ in range(10)]
    done = carried_out(app, deal_rows(names, NextStep="Call"))
    _taken_back(app, app.undo(str(done.run_id)))
    with pytest.raises(RefusedError) as caught:
        app.undo(str(done.run_id))
    assert caught.value.message.count("as it was before") == 1
    assert "10 records, each of them is as it was before the run: " in caught.value.message
    assert "and 7 more." in caught.value.message


def test_what_automation_changed_is_no_false_alarm(app: Actwright, deal: str) -> None:
    """The plan does not set it back by itself, and says that the org may."""
    done = carried_out(app, win("a1", deal))
    (note,) = app.undo(str(done.run_id)).assumptions
    assert note.startswith("The org's own automation had also changed: Closed, ")
    assert note.endswith("It may set that back by itself; this plan does not.")


def test_a_delete_cannot_be_taken_back(app: Actwright, deal: str) -> None:
    """It is named, and there is nothing else to do."""
    gone = action("gone", blueprint("DELETE", "Opportunity", "Id"))
    gone["arguments"] = {
        "Id": {"lookup": {"object": "Opportunity", "where": [{"field": "Name", "value": deal}]}}
    }
    done = carried_out(app, gone, allow_delete=True)
    with pytest.raises(RefusedError, match="recycle bin"):
        app.undo(str(done.run_id))


def test_a_run_that_does_not_exist_is_said(app: Actwright) -> None:
    """No run, no undo."""
    with pytest.raises(NotFoundError):
        app.undo("run_nowhere")


def test_a_planner_hands_in_nodeal_rows(app: Actwright, shared_org: LocalOrg, deal: str) -> None:
    """Rows with ids are the caller's own to give, never a planner's."""
    done = carried_out(app, amount("a1", deal, 99_000))
    rows = [each.model_dump(mode="json") for each in app.undo(str(done.run_id)).actions]
    with pytest.raises(PlanError) as caught:
        shared_org.as_user(planner=ScriptedPlanner(rows)).plan("take it back")
    assert caught.value.error_code == "rows_handed_in"


def _new_account(app: Actwright, name: str, *more: dict[str, Json]) -> OrchestratorResult:
    done = carried_out(app, action("acc", "account_create", Name=value(name)), *more)
    assert done.success, done.errors
    return done


def _row(admin: Rest, target: str, where: str) -> str:
    found: str = admin.rows(f"SELECT Id FROM {target} WHERE {where}")[0]["Id"]
    return found


def test_a_new_record_somebody_has_completed_is_not_deleted(app: Actwright, admin: Rest) -> None:
    """The fields the run wrote are as it left them, and yet the record holds another person's work by now."""
    done = _new_account(app, "Completed Ltd")
    admin.change("Account", "Completed Ltd", Description="hours of somebody's work")
    with pytest.raises(RefusedError, match='"Completed Ltd" was changed since') as caught:
        app.undo(str(done.run_id))
    assert "--also-moved" in (caught.value.hint or "")
    assert app.undo(str(done.run_id), also_moved=True).actions[0].blueprint.operation == "DELETE"


def test_a_new_record_with_children_of_others_is_not_deleted(app: Actwright, admin: Rest) -> None:
    """Deleting it would take a contact with it that the run never made; a contact of the run's own is no reason."""
    own = action(
        "con",
        "contact_create",
        LastName=value("Own"),
        AccountId={"from": "actions.acc.output.id"},
    )
    done = _new_account(app, "Parent Ltd", own)
    assert len(app.undo(str(done.run_id)).actions) == 2
    parent = _row(admin, "Account", "Name = 'Parent Ltd'")
    admin.call("POST", "/sobjects/Contact", {"LastName": "Late", "AccountId": parent})
    plan = app.undo(str(done.run_id))
    assert [each.blueprint.target_s_object for each in plan.actions] == ["Contact"]
    assert any("2 Contacts" in each and "Parent Ltd" in each for each in plan.assumptions)


def test_texts_come_back_that_an_input_would_not_take(app: Actwright, admin: Rest) -> None:
    """What stood in a phone or web address field is no number and no address, and is set back all the same."""
    admin.change("Account", "Acme", Phone="ask at reception", Website="acme")
    entry = blueprint(
        "UPDATE",
        "Account",
        "Id",
        {"apiName": "Phone", "dataType": "Phone"},
        {"apiName": "Website", "dataType": "Url"},
    )
    written = {"Phone": value("+1 212 555 0100"), "Website": value("https://acme.example")}
    act = action("a1", entry, Id=lookup("Account", "Name", "Acme"), **written)
    goal = "call Acme at +1 212 555 0100, and see https://acme.example"
    shown = app.preview(plan_of(app, act, goal=goal))
    done = app.run(shown, app.confirm(shown, approver="Alice Archer"))
    assert _taken_back(app, app.undo(str(done.run_id))).success
    assert admin.field("Account", "Acme", "Phone") == "ask at reception"
    assert admin.field("Account", "Acme", "Website") == "acme"


def test_a_run_of_another_org_is_refused(
    app: Actwright, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sandbox has its production's ids: what stands there under them is none of this run's."""
    done = carried_out(app, amount("a1", deal, 99_000))
    elsewhere = app.org.identity.model_copy(update={"id": "00D000000000001AAA"})
    monkeypatch.setattr(type(app.org), "identity", property(lambda _: elsewhere))
    with pytest.raises(RefusedError, match="was carried out in") as caught:
        app.undo(str(done.run_id))
    assert caught.value.error_code == "undo_foreign"


def _undone(app: Actwright, events: Sequence[JournalEvent], preview: Preview | None = None) -> Plan:
    """Return the plan that takes back what these events say, of the preview they name or of another."""
    state = fold(events)
    plan, seen = app.plans.get(state.plan_id), preview or app.previews.get(state.preview_id)
    run = PastRun(state, tuple(events), (PastStage(1, plan, seen),))
    made = undo_plan(run, ReadOnly(app.org), WaysBack(Factory(), app.clock)).made
    if isinstance(made, RefusedError):
        raise made
    return made


def test_what_was_sent_and_never_answered_is_named(app: Actwright, deal: str) -> None:
    """A process that died between sending and hearing may have written: nobody is told that nothing was."""
    done = carried_out(app, amount("a1", deal, 99_000))
    events = app.events(str(done.run_id))
    cut = next(at for at, each in enumerate(events) if each.kind == "group_settled")
    with pytest.raises(RefusedError, match="Not known whether it happened"):
        _undone(app, events[:cut])


def test_a_run_without_an_end_says_so(app: Actwright, deal: str) -> None:
    """It may still be going on: the plan tells that it takes back no more than has happened."""
    done = carried_out(app, amount("a1", deal, 99_000))
    plan = _undone(app, app.events(str(done.run_id))[:-1])
    assert "has no end" in plan.assumptions[0]


def test_a_run_in_doubt_is_ended_by_what_applies_then(app: Actwright, deal: str) -> None:
    """Cancelling it is refused, and so is not advised."""
    done = carried_out(app, amount("a1", deal, 99_000))
    *events, last = app.events(str(done.run_id))
    out = last.model_copy(update={"kind": "group_intended", "data": {"groupId": "g2", "key": "k"}})
    doubt = {"reason": "Nobody can tell.", "for": "clarification"}
    held = last.model_copy(update={"kind": "run_paused", "data": doubt, "seq": last.seq + 1})
    told = _undone(app, (*events, out, held)).assumptions[0]
    assert "it is paused. What it may do" in told
    assert f"actwright resume {done.run_id} --action abort_flow --why REASON" in told


@pytest.mark.parametrize(("cause", "taken_back"), [("automation", True), ("another user", False)])
def test_what_another_person_wrote_at_once_is_not_the_runs_own(
    app: Actwright, admin: Rest, deal: str, cause: str, *, taken_back: bool
) -> None:
    """A value seen right after the run counts as left by it where the org put it there, and not where a person did."""
    done = carried_out(app, amount("a1", deal, 99_000))
    record = _row(admin, "Opportunity", f"Name = '{deal}'")
    admin.change("Opportunity", deal, Amount=77_000)
    seen = {
        "object": "Opportunity",
        "recordId": record,
        "field": "Amount",
        "label": "Amount",
        "before": 99_000,
        "after": 77_000,
        "cause": cause,
    }
    events = [
        each.model_copy(update={"data": {**each.data, "sideChanges": [seen]}})
        if each.kind == "group_observed"
        else each
        for each in app.events(str(done.run_id))
    ]
    if taken_back:
        assert len(_undone(app, events).actions) == 1
        return
    with pytest.raises(RefusedError, match="was changed since"):
        _undone(app, events)


def test_what_an_override_did_by_itself_is_named(app: Actwright, deal: str) -> None:
    """Nobody but the override knows what it did, so it is not taken for a record that could be deleted."""
    done = carried_out(app, amount("a1", deal, 99_000), task())
    preview = app.previews.get(app.events(str(done.run_id))[0].data["previewId"])
    (group,) = preview.groups
    effects = tuple(
        each.model_copy(update={"kind": "opaque", "operation": "CALL"})
        if each.record_id is None
        else each
        for each in group.effects
    )
    opaque = preview.model_copy(update={"groups": (group.model_copy(update={"effects": effects}),)})
    plan = _undone(app, app.events(str(done.run_id)), opaque)
    assert [each.blueprint.operation for each in plan.actions] == ["UPDATE"]
    assert any("did by itself" in each for each in plan.assumptions)


def test_what_is_left_keeps_what_it_points_to(app: Actwright, admin: Rest, deal: str) -> None:
    """A new contact stays while somebody reports to it whose record others have worked on since."""
    alice = _row(admin, "User", "Alias = 'alice'")
    admin.call("POST", "/sobjects/Contact", {"LastName": f"Worker {deal}", "OwnerId": alice})
    boss = action("boss", "contact_create", LastName=value(f"Boss {deal}"))
    entry = blueprint(
        "UPDATE",
        "Contact",
        "Id",
        {"apiName": "ReportsToId", "dataType": "Reference"},
        {"apiName": "Title", "dataType": "String"},
    )
    to: Json = {"from": "actions.boss.output.id"}
    worker = lookup("Contact", "LastName", f"Worker {deal}")
    moved = action("mv", entry, Id=worker, ReportsToId=to, Title=value("Clerk"))
    done = carried_out(app, boss, moved)
    assert done.success, done.errors
    admin.change("Contact", f"Worker {deal}", Title="Director")
    with pytest.raises(RefusedError, match="what is left as it is still points to it"):
        app.undo(str(done.run_id))
    plan = app.undo(str(done.run_id), also_moved=True)
    assert [each.blueprint.operation for each in plan.actions] == ["UPDATE", "DELETE"]
    assert _taken_back(app, plan).success
    assert admin.rows(f"SELECT Id FROM Contact WHERE LastName = 'Boss {deal}'") == []
