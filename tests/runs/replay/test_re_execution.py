"""Re-execution: the engine does the same again with the recorded answers, and calls nothing for it."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence

import pytest
from tests.opaque_scene import step
from tests.runs.continuing.wave_scene import Service, allowing, asking, waving
from tests.scenario import plan_of, task

from actwright import ActionRequest, Actwright, Reconciliation
from actwright.errors import InputError, RunError
from actwright.org.query import JsonScalar
from actwright.runs.engine.retry import Retrying
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


class Deaf(Service):
    """Loses its first two answers, and knows that nothing had been done."""

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Break down, twice."""
        given = super().act(request)
        if len(self.asked) <= 2:
            raise TimeoutError
        return given

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Say so."""
        del request, key
        return Reconciliation(happened=False)


def test_an_answer_lost_again_is_settled_again_as_it_was(
    calls: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the third try the run pauses; a journal from before it did so is done again without the pause."""
    monkeypatch.setattr(Retrying, "wait", lambda *_: 0.01)
    calls.register("AskService", Deaf(), replace=True)
    preview = calls.preview(plan_of(calls, asking()))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    events = calls.events(run_id)
    kinds = told(events)
    assert (kinds.count("group_reconciled"), kinds.count("group_retrying")) == (2, 1)
    assert told(again(calls, run_id)) == kinds
    older = rechained([each for each in events if each.kind != "group_retrying"])
    assert told(altered(calls, older, run_id)) == told(older)
    found_out = [each.seq for each in older if each.kind == "group_reconciled"]
    broken_off = older[: found_out[-1]]
    assert told(altered(calls, broken_off, run_id)) == told(broken_off)


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
        altered(calls, with_other(events, place, data), run_id)
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
        altered(calls, with_other(events, len(events) - 1, data), run_id)


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


def with_other(
    events: Sequence[JournalEvent], place: int, data: dict[str, object]
) -> list[JournalEvent]:
    """Return a journal with other data in one event, its chain mended."""
    changed = events[place].model_copy(update={"data": data})
    return rechained([*events[:place], changed, *events[place + 1 :]])


def rechained(events: Sequence[JournalEvent]) -> list[JournalEvent]:
    """Return events as one whole journal, numbered and chained anew."""
    made: list[JournalEvent] = []
    for seq, each in enumerate(events, start=1):
        before = made[-1].hash if made else each.prev_hash
        linked = each.model_copy(update={"seq": seq, "prev_hash": before})
        made.append(linked.model_copy(update={"hash": linked.expected_hash()}))
    return made
