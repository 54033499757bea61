"""Objections: a run is held at once, and goes on or ends only as enough registered approvers decide."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from tests.runs.interventions.staged_run import IN_DOUBT, WAYS, StagedRun

from actwright.cli.render.interventions import objections as shown_objections
from actwright.errors import InterventionError
from actwright.runs.continuing.going_on_checks import agreed_inputs
from actwright.runs.interventions.intervention import InterventionAction
from actwright.runs.interventions.objection import objections
from actwright.runs.interventions.standing import Standing


def test_an_objection_holds_the_run_at_once(staged: StagedRun) -> None:
    """It says until when, who objects, and who may decide."""
    state = staged.at("override").state
    assert (state.status, state.waiting_for) == ("paused", "override")
    assert state.until == "2026-11-24T12:00:00.000Z"
    assert state.reason == "Bob objects: because"
    (objection,) = objections(staged.events)
    assert (objection.id, objection.filed_by, objection.needed) == ("objection", "Bob", 2)
    assert len(objection.may_sign) == 3


def test_too_few_approvers_hold_nothing(staged: StagedRun) -> None:
    """An objection nobody could ever decide is refused, and the way to stop the run is named."""
    staged.at("running")
    staged.register("Ann")
    staged.register("Ben")
    with pytest.raises(
        InterventionError, match="3 registered approvers, and there are 2"
    ) as caught:
        staged.step_in("override")
    assert "actwright cancel" in (caught.value.hint or "")
    assert staged.step_in("override", needed=2, among=2).state.waiting_for == "override"


@pytest.mark.parametrize("standing", ["queued", "running", "confirmation", "retry", "doubt"])
def test_the_way_to_stop_a_run_applies_to_it(staged: StagedRun, standing: Standing) -> None:
    """The command that the refusal names does what it says, however the run stands."""
    staged.at(standing)
    with pytest.raises(InterventionError) as caught:
        staged.step_in("override")
    ending: InterventionAction = (
        "abort_flow" if "abort_flow" in str(caught.value.hint) else "cancel"
    )
    assert ("actwright cancel" in str(caught.value.hint)) == (ending == "cancel")
    assert staged.step_in(ending).state.ending


def test_a_revoked_approver_is_not_counted(staged: StagedRun) -> None:
    """Three names, two of which count, are two."""
    staged.at("running")
    for name in ("Ann", "Ben", "Cleo"):
        staged.register(name)
    staged.approvers.revoke("Ben", by="root", why="left")
    with pytest.raises(InterventionError, match="there are 2"):
        staged.step_in("override")


@pytest.mark.parametrize(
    ("choice", "status", "ending"), [("uphold", "running", "aborted"), ("dismiss", "running", "")]
)
def test_the_second_signature_decides(
    staged_on_both: StagedRun, choice: InterventionAction, status: str, ending: str
) -> None:
    """One alone changes nothing but the record."""
    staged_on_both.at("override")
    first = staged_on_both.step_in(choice, signed_by="Ann")
    assert (first.state.status, first.state.waiting_for, first.state.ending) == (
        "paused",
        "override",
        "",
    )
    second = staged_on_both.step_in(choice, signed_by="Cleo")
    assert (second.state.status, second.state.ending) == (status, ending)
    (objection,) = objections(staged_on_both.events)
    assert objection.decided == choice
    assert [each.name for each in objection.signatures] == ["Ann", "Cleo"]
    assert [each.actor for each in staged_on_both.events[-2:]] == ["Ann", "Cleo"]


def test_an_upheld_objection_says_why_the_run_ends(staged: StagedRun) -> None:
    """The end names who objected, and why."""
    staged.at("override")
    staged.step_in("uphold", signed_by="Ann")
    state = staged.step_in("uphold", signed_by="Ben").state
    assert state.ending_why == "The objection of Bob was upheld: because"


def test_what_a_key_signed_before_it_was_revoked_is_void(staged: StagedRun) -> None:
    """A stolen key that has signed already does not decide together with the next one."""
    staged.at("override").step_in("dismiss", signed_by="Ann")
    staged.approvers.revoke("Ann", by="root", why="lost")
    staged.step_in("dismiss", signed_by="Ben")
    assert staged.state.waiting_for == "override"
    staged.step_in("dismiss", signed_by="Cleo")
    assert staged.state.status == "running"


def test_an_idempotency_key_is_no_second_signature(staged: StagedRun) -> None:
    """Said again by the same approver it is the same; by another one, or with a wrong key, it is refused."""
    staged.at("override").step_in("dismiss", signed_by="Ann", key="k")
    assert staged.step_in("dismiss", signed_by="Ann", key="k").repeated
    for other in ("Ben", "wrong"):
        with pytest.raises(InterventionError, match="the key k was used"):
            staged.step_in("dismiss", signed_by=other, key="k")
    assert staged.state.waiting_for == "override"


def test_two_who_disagree_decide_nothing(staged: StagedRun) -> None:
    """The third does."""
    staged.at("override")
    staged.step_in("uphold", signed_by="Ann")
    assert staged.step_in("dismiss", signed_by="Ben").state.waiting_for == "override"
    assert staged.step_in("dismiss", signed_by="Cleo").state.status == "running"


def test_new_values_have_to_be_the_same_ones(staged: StagedRun) -> None:
    """Two who want different values do not agree; decided values wait for a yes."""
    staged.at("override")
    staged.step_in("modify", signed_by="Ann", inputs={"a3.Name": "One"})
    staged.step_in("modify", signed_by="Ben", inputs={"a3.Name": "Two"})
    assert staged.state.waiting_for == "override"
    state = staged.step_in("modify", signed_by="Cleo", inputs={"a3.Name": "Two"}).state
    assert (state.status, state.waiting_for) == ("waiting", "confirmation")
    assert agreed_inputs(staged.events) == {"a3.Name": "Two"}


def test_what_approvers_decided_is_not_replaced(staged: StagedRun) -> None:
    """Neither other values nor another way are taken, nor does a second objection lose them."""
    staged.at("override")
    values = {"a3.Name": "Two"}
    for name in ("Ann", "Ben"):
        staged.step_in("modify", signed_by=name, inputs=values)
    with pytest.raises(InterventionError, match="only those may be tried"):
        staged.step_in("retry_with_inputs", inputs={"a3.Name": "Mine"})
    with pytest.raises(InterventionError, match="nothing may be left out"):
        staged.step_in("force_branch", target="a4")
    staged.step_in("override")
    for name in ("Ann", "Ben"):
        staged.step_in("dismiss", signed_by=name)
    assert staged.state.waiting_for == "confirmation"
    assert agreed_inputs(staged.events) == values


@pytest.mark.parametrize(
    ("inputs", "match"), [({}, "needs new values"), ({"a9.Name": 1}, "no action for a9.Name")]
)
def test_values_have_to_be_some(staged: StagedRun, inputs: dict[str, int], match: str) -> None:
    """None, or those of an action that is not there, are refused before anybody has signed."""
    before = staged.at("override").events
    with pytest.raises(InterventionError, match=match):
        staged.step_in("modify", signed_by="Ann", inputs=inputs)
    assert staged.events == before


def test_a_doubt_can_be_cleared_up_while_the_run_is_held(staged: StagedRun) -> None:
    """The objection goes on holding it; values wait until the doubt is gone."""
    staged.begun(*IN_DOUBT).objected_to()
    with pytest.raises(InterventionError, match="whether g1 happened"):
        staged.step_in("modify", signed_by="Ann", inputs={"a3.Name": "Two"})
    state = staged.step_in("provide_clarification", answer="did not happen").state
    assert (state.in_doubt, state.waiting_for) == ((), "override")
    with pytest.raises(InterventionError, match="no group is in doubt"):
        staged.step_in("provide_clarification", answer="did not happen")
    staged.step_in("modify", signed_by="Ann", inputs={"a3.Name": "Two"})


def test_a_held_run_can_still_be_ended_by_anybody(staged: StagedRun) -> None:
    """Stopping is always the safe side."""
    assert staged.at("override").step_in("cancel").state.ending == "cancelled"


def test_a_queued_run_can_be_objected_to(staged: StagedRun) -> None:
    """No worker takes it before the objection is decided."""
    state = staged.begun(first=WAYS["queued"][0]).objected_to().state
    assert (state.status, state.waiting_for) == ("paused", "override")


def test_whoever_signed_once_may_sign_the_next_objection(staged: StagedRun) -> None:
    """Each objection is decided anew."""
    staged.at("override")
    for name in ("Ann", "Ben"):
        staged.step_in("dismiss", signed_by=name)
    staged.step_in("override", key="again")
    staged.step_in("dismiss", signed_by="Ann")
    assert staged.step_in("uphold", signed_by="Ben").state.waiting_for == "override"
    assert [each.decided for each in objections(staged.events)] == ["dismiss", ""]


def test_signers_of_other_values_do_not_agree(staged: StagedRun) -> None:
    """Each signature tells the values it is for, and the objection that they differ."""
    staged.at("override")
    staged.step_in("modify", signed_by="Ann", inputs={"a1.Subject": "x"})
    staged.step_in("modify", signed_by="Ben", inputs={"a1.Subject": "y"})
    (objection,) = objections(staged.events)
    assert [each.inputs for each in objection.signatures] == [
        {"a1.Subject": "x"},
        {"a1.Subject": "y"},
    ]
    assert objection.disagree
    stream = io.StringIO()
    Console(file=stream, width=200).print(*shown_objections([objection], "UTC"))
    told = stream.getvalue()
    assert "modify to a1.Subject = y by Ben" in told
    assert "they do not agree" in told
