"""Continuation: a run that is held goes on with other inputs, or another way, after a preview and a yes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.opaque_scene import step
from tests.runs.continuing.wave_scene import Service, allowing, asking, late_task, waving
from tests.scenario import plan_of, task

from actwright import Actwright
from actwright.canonical import Json
from actwright.errors import InputError, PlanError, RunError
from actwright.testing import LocalOrg


@pytest.fixture
def service() -> Service:
    """Give a service that knows nothing of what is bad."""
    return Service()


@pytest.fixture
def calls(shared_org: LocalOrg, service: Service) -> Actwright:
    """Give Alice's Actwright."""
    return allowing(shared_org, service)


def held(calls: Actwright, deal: str, *behind: Mapping[str, Json]) -> str:
    """Return a run whose first step is done, and that is paused since the service refused."""
    preview = calls.preview(plan_of(calls, step("first", deal, "x"), asking(about="bad"), *behind))
    result = calls.run(preview, calls.confirm(preview, approver="alice"), on_failure="pause")
    assert (result.status, result.effects_done) == ("paused", 1)
    return result.run_id or ""


def behind_it(key: str = "note") -> dict[str, Json]:
    """Return the action that creates a task behind the question to the service."""
    return task(key) | {"dependsOn": ["ask"]}


def test_a_run_goes_on_with_other_inputs(calls: Actwright, service: Service, deal: str) -> None:
    """What is done is left out and said to be; what failed is previewed with the new value, and sent once."""
    run_id = held(calls, deal, behind_it())
    preview = calls.continuation_preview(run_id, inputs={"ask.About": "good"})
    assert [each.action_id for each in preview.actions] == ["ask", "note"]
    assert f"Done already by {run_id}, and not done again: first" in preview.notices[0]
    assert (preview.because, preview.stage) == ("inputs", 2)
    result = calls.go_on(run_id, calls.confirm(preview, approver="bob"))
    assert result.success, result.errors
    assert service.asked == ["bad", "good"]
    assert {each.id: each.status for each in result.results} == dict.fromkeys(
        ("first", "ask", "note"), "done"
    )
    assert calls.run_state(run_id).stages[1].approver == "bob"


def test_a_run_goes_on_another_way(calls: Actwright, service: Service, deal: str) -> None:
    """It goes on with the action that was named, although that was to come behind what is left out now."""
    run_id = held(calls, deal, behind_it())
    preview = calls.continuation_preview(run_id, target="note")
    assert ([each.action_id for each in preview.actions], preview.because) == (["note"], "branch")
    result = calls.go_on(run_id, calls.confirm(preview, approver="alice"))
    assert result.success, result.errors
    assert service.asked == ["bad"]
    assert {each.id: each.status for each in result.results}["note"] == "done"


def test_another_way_does_not_lead_past_what_is_needed(calls: Actwright, deal: str) -> None:
    """An output cannot be done without; and nothing that is done is done again."""
    run_id = held(calls, deal, late_task())
    with pytest.raises(PlanError, match="needs what ask puts out") as caught:
        calls.continuation_preview(run_id, target="note")
    assert caught.value.error_code == "branch_needs"
    with pytest.raises(PlanError, match="nothing is done twice"):
        calls.continuation_preview(run_id, target="first")
    with pytest.raises(PlanError, match="has no action 'nope'"):
        calls.continuation_preview(run_id, target="nope")


def test_what_is_done_takes_no_other_inputs(calls: Actwright, deal: str) -> None:
    """It is refused by name, and so is an input nobody has, or neither inputs nor a target."""
    run_id = held(calls, deal)
    with pytest.raises(PlanError, match="first is behind") as caught:
        calls.continuation_preview(run_id, inputs={"first.NextStep": "y"})
    assert caught.value.error_code == "action_behind"
    with pytest.raises(PlanError, match="has no input 'Nope'"):
        calls.continuation_preview(run_id, inputs={"ask.Nope": "y"})
    with pytest.raises(InputError, match="one of the two"):
        calls.continuation_preview(run_id)
    with pytest.raises(InputError, match="one of the two"):
        calls.continuation_preview(run_id, inputs={"ask.About": "x"}, target="ask")


def test_a_preview_goes_stale_when_the_run_moves_on(calls: Actwright, deal: str) -> None:
    """Two previews of one run: the yes to the second does nothing once the first was carried out."""
    run_id = held(calls, deal)
    first = calls.continuation_preview(run_id, inputs={"ask.About": "bad"})
    second = calls.continuation_preview(run_id, inputs={"ask.About": "good"})
    yes = calls.confirm(second, approver="alice")
    assert calls.go_on(run_id, calls.confirm(first, approver="alice")).status == "paused"
    before = calls.events(run_id)
    with pytest.raises(RunError, match="has moved on since") as caught:
        calls.go_on(run_id, yes)
    assert caught.value.error_code == "run_moved_on"
    assert calls.events(run_id) == before


def test_a_waiting_run_takes_a_value_by_hand(calls: Actwright, deal: str) -> None:
    """Whoever knows better than the output gives a literal in its place."""
    preview = calls.preview(waving(calls, deal))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    given = calls.continuation_preview(run_id, inputs={"note.Subject": "Mine"})
    (change,) = [each for each in given.effects[0].changes if each.field == "Subject"]
    assert (change.after, change.provenance) == ("Mine", "data")
    assert calls.go_on(run_id, calls.confirm(given, approver="alice")).success


def test_an_ended_run_goes_on_no_more(calls: Actwright, deal: str) -> None:
    """Nor does one that nobody has."""
    preview = calls.preview(plan_of(calls, step("first", deal, "y")))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    with pytest.raises(RunError, match="has ended: completed"):
        calls.continuation_preview(run_id, inputs={"first.NextStep": "z"})
