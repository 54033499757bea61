"""Re-execution: the engine does the same again with the recorded answers, and calls nothing for it."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence

import pytest
from tests.opaque_scene import step
from tests.runs.continuing.wave_scene import Service, allowing, asking, waving
from tests.scenario import plan_of, task

from actwright import Actwright
from actwright.errors import InputError, RunError
from actwright.runs.record.event import JournalEvent
from actwright.testing import LocalOrg, re_execute


@pytest.fixture
def calls(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return allowing(shared_org, Service())


def again(calls: Actwright, run_id: str) -> tuple[JournalEvent, ...]:
    """Carry a run out again."""
    return altered(calls, calls.events(run_id), run_id)


def altered(
    calls: Actwright, events: Sequence[JournalEvent], run_id: str
) -> tuple[JournalEvent, ...]:
    """Carry a run out again by these events."""
    stages = calls.run_state(run_id).stages
    return re_execute(
        events,
        [calls.plans.get(each.plan_id) for each in stages],
        [calls.previews.get(each.preview_id) for each in stages],
    )


def _refused(*_: object) -> None:
    raise AssertionError("something was called")


def told(events: Sequence[JournalEvent]) -> list[str]:
    """Return the kinds of events."""
    return [each.kind for each in events]


def test_a_run_of_two_waves_is_carried_out_again(
    calls: Actwright, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every event comes again, through the wait and the second yes to the end; nobody is called for it."""
    preview = calls.preview(waving(calls, deal))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    calls.go_on(run_id, calls.confirm(calls.wave(run_id), approver="bob"))
    events = calls.events(run_id)
    monkeypatch.setattr(socket.socket, "connect", _refused)
    made = again(calls, run_id)
    assert told(made) == told(events)
    assert made[-1].data["envelope"]["success"]


def test_a_run_that_failed_is_carried_out_again(calls: Actwright, deal: str) -> None:
    """What failed, was held, and went on with other inputs does so again."""
    plan = plan_of(calls, step("first", deal, "x"), asking(about="bad"))
    preview = calls.preview(plan)
    yes = calls.confirm(preview, approver="alice")
    run_id = calls.run(preview, yes, on_failure="pause").run_id or ""
    assert told(again(calls, run_id))[-1] == "run_paused"
    given = calls.continuation_preview(run_id, inputs={"ask.About": "good"})
    calls.go_on(run_id, calls.confirm(given, approver="alice"))
    assert told(again(calls, run_id)) == told(calls.events(run_id))


def test_a_lost_answer_is_settled_again_as_it_was(shared_org: LocalOrg, calls: Actwright) -> None:
    """What the org said of it then is said again."""
    preview = calls.preview(plan_of(calls, task("lost", "Lost and found")))
    shared_org.faults.lose_answer()
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    assert "group_reconciled" in told(calls.events(run_id))
    assert told(again(calls, run_id)) == told(calls.events(run_id))


def test_a_journal_that_does_not_fit_is_named_at_its_first_strange_event(
    calls: Actwright, deal: str
) -> None:
    """The event is named with its number and its kind, and what the code does instead."""
    preview = calls.preview(plan_of(calls, step("first", deal, "again")))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    events = calls.events(run_id)
    place = told(events).index("group_intended")
    data = json.loads(json.dumps(events[place].data)) | {"key": "another"}
    with pytest.raises(RunError, match=rf"event {place + 1} \(group_intended\)") as caught:
        altered(calls, rechained(events, place, data), run_id)
    assert caught.value.error_code == "journal_differs"
    cut = events[:-1]
    assert told(altered(calls, cut, run_id)) == told(cut)


def test_what_was_put_out_is_compared_whatever_its_name(calls: Actwright) -> None:
    """Also where it is called like a time that is another one each time."""
    calls.register("AskService", Service(gives={"until": "noon"}), replace=True)
    preview = calls.preview(plan_of(calls, asking()))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    events = calls.events(run_id)
    data = json.loads(json.dumps(events[-1].data).replace("noon", "midnight"))
    with pytest.raises(RunError, match=r"\(run_ended\) is recorded, and the code writes another"):
        altered(calls, rechained(events, len(events) - 1, data), run_id)


def test_other_plans_and_previews_are_refused(calls: Actwright) -> None:
    """Only with those that the journal names it proves anything."""
    preview = calls.preview(plan_of(calls, asking()))
    other = calls.preview(plan_of(calls, asking(about="Other")))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    plan, events = calls.plans.get(preview.plan_id), calls.events(run_id)
    edited = preview.model_copy(update={"question": "May I?"})
    for previews in ([], [other], [preview, preview], [edited]):
        with pytest.raises(InputError, match="not those the journal names"):
            re_execute(events, [plan], previews)


def rechained(
    events: Sequence[JournalEvent], place: int, data: dict[str, object]
) -> list[JournalEvent]:
    """Return a journal with other data in one event, its chain mended."""
    made: list[JournalEvent] = []
    for at, each in enumerate(events):
        changed = each.model_copy(
            update={
                "data": data if at == place else each.data,
                "prev_hash": made[-1].hash if made else each.prev_hash,
            }
        )
        made.append(changed.model_copy(update={"hash": changed.expected_hash()}))
    return made
