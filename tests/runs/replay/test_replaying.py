"""Replay: a journal streamed at its own pace, a run at any of its events, and forks of it. Nothing is called."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.opaque_scene import step
from tests.runs.continuing.wave_scene import Service, allowing, asking, late_task, waving
from tests.scenario import action, blueprint, plan_of, task, value

from actwright import Actwright
from actwright.blueprints.argument import ValueArgument
from actwright.canonical import Json
from actwright.errors import InputError, NotFoundError, RefusedError, RunError
from actwright.runs.record.event import JournalEvent
from actwright.runs.replay.streaming import streamed
from actwright.testing import LocalOrg


class Raising:
    """An override that nobody may ask anything."""

    def promises(self, request: object) -> list[str]:
        """Fail."""
        raise AssertionError(request)

    def act(self, request: object) -> dict[str, str]:
        """Fail."""
        raise AssertionError(request)


@pytest.fixture
def calls(shared_org: LocalOrg) -> Actwright:
    """Give Alice's Actwright."""
    return allowing(shared_org, Service())


def carried_out(calls: Actwright, *actions: Mapping[str, Json]) -> str:
    """Carry a plan out, and return its run."""
    preview = calls.preview(plan_of(calls, *actions))
    return calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""


def place(calls: Actwright, run_id: str, kind: str, *, nth: int = 1) -> int:
    """Return the number of a run's nth event of a kind."""
    return [each.seq for each in calls.events(run_id) if each.kind == kind][nth - 1]


def quiet(calls: Actwright, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever would call the org or an override fail."""

    def refused(*_: object) -> None:
        raise AssertionError("something was called")

    calls.register("AskService", Raising(), replace=True)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(type(calls.org), "send", refused)
    monkeypatch.setattr(type(calls.org), "query", refused)
    monkeypatch.setattr(type(calls.org), "read", refused)


def events(*seconds: float) -> list[JournalEvent]:
    """Return events so many seconds after the hour."""
    return [
        JournalEvent(
            run_id="run_1",
            seq=at,
            at=f"2026-11-21T12:00:{each:09.6f}Z",
            kind="group_checked",
            actor="alice",
            data={},
            prev_hash="",
            hash="",
        )
        for at, each in enumerate(seconds, start=1)
    ]


@given(st.lists(st.integers(0, 59), min_size=1, max_size=20), st.integers(1, 50))
def test_a_journal_is_streamed_at_its_own_pace(seconds: list[int], speed: int) -> None:
    """Each event comes once, in order, after the time that passed; no clock that was set back is waited for."""
    slept: list[float] = []
    told = [each.seq for each in streamed(events(*seconds), speed=speed, sleep=slept.append)]
    assert told == list(range(1, len(seconds) + 1))
    forward = sum(max(b - a, 0) for a, b in pairwise(seconds))
    assert sum(slept) == pytest.approx(forward / speed)


def test_a_clock_that_was_wrong_stops_no_replay() -> None:
    """Centuries are a day."""
    told = events(0, 1, 2)
    told[1] = told[1].model_copy(update={"at": "9999-01-01T00:00:00Z"})
    slept: list[float] = []
    assert list(streamed(told, speed=1e-300, sleep=slept.append)) == told
    assert slept == [86_400.0]


def test_a_journal_is_streamed_without_waiting() -> None:
    """That is speed 0; below it there is none."""
    assert len(list(streamed(events(0, 30), speed=0, sleep=_never))) == 2
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="cannot be replayed at that speed"):
            streamed(events(0), speed=wrong, sleep=_never)


def _never(_: float) -> None:
    raise AssertionError("nobody waits")


def test_a_run_is_seen_at_any_of_its_events(
    calls: Actwright, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each state is what the events up to it add up to; the envelope grows, and at the end it is the one told."""
    run_id = carried_out(calls, step("first", deal, "a"), asking())
    quiet(calls, monkeypatch)
    count = len(calls.events(run_id))
    seen = [calls.state_at(run_id, seq) for seq in range(1, count + 1)]
    assert [each.seq for each in seen] == list(range(1, count + 1))
    done = [each.envelope.effects_done for each in seen]
    assert (done[0], done[-1], done) == (0, 2, sorted(done))
    assert seen[-1].envelope == calls.run_state(run_id).envelope
    sent = calls.state_at(run_id, place(calls, run_id, "group_intended"))
    assert (sent.state.in_doubt, sent.envelope.results[0].status) == (("g1",), "unknown")
    for wrong in (0, count + 1):
        with pytest.raises(NotFoundError, match=f"has no event {wrong}; it has 1 to {count}"):
            calls.state_at(run_id, wrong)


def test_a_run_between_an_answer_and_its_observation_warns_of_nothing(
    calls: Actwright, deal: str
) -> None:
    """What the org changed beside the step was looked at right behind it; nobody's process had ended."""
    run_id = carried_out(calls, step("a", deal, "Call"))
    found = calls.state_at(run_id, place(calls, run_id, "group_settled"))
    assert (found.state.status, found.envelope.effects_done) == ("running", 1)
    assert found.envelope.warnings == ()


def test_a_fork_holds_what_was_not_done_yet(
    calls: Actwright, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Arguments are as they were; an id that was put out by then is data, with the action it is of."""
    linked = task(
        "call",
        Subject={"from": "actions.ask.output.number"},
        WhatId={"from": "actions.account.output.id"},
    )
    account = action("account", blueprint("CREATE", "Account", "Name"), Name=value("Forked"))
    run_id = carried_out(calls, step("first", deal, "b"), account, asking(), linked)
    with monkeypatch.context() as patched:
        quiet(calls, patched)
        start = calls.fork(run_id, 1)
        middle = calls.fork(run_id, place(calls, run_id, "group_settled"))
        early = calls.fork(run_id, len(calls.events(run_id)))
    assert {each.id for each in start.actions} == {"first", "account", "ask", "call"}
    assert {each.id for each in middle.actions} == {"ask", "call"}
    assert {each.id for each in early.actions} == {"call"}
    (name,) = [each for each in early.data if each.startswith("fork.account")]
    assert str(early.data[name]).startswith("001")
    held = f"{run_id} has not ended: where it goes on, it does the same as this plan."
    again = f"Carried out since by {run_id}, at least in part, and again by this plan: "
    assert start.assumptions[1:] == (f"{again}account, ask, first.", held)
    assert middle.assumptions[1:] == (f"{again}ask.", held)
    assert early.assumptions[1:] == (held,)
    assert f"Forked from {run_id} at event" in early.assumptions[0]
    calls.register("AskService", Service(), replace=True)
    preview = calls.preview(early)
    assert preview.blocked == ()
    (what,) = [
        each for effect in preview.effects for each in effect.changes if each.field == "WhatId"
    ]
    assert (what.after, what.provenance, what.source) == (
        early.data[name],
        "data",
        "data fork.account.id",
    )
    assert preview.run_id is None


def test_a_run_in_doubt_or_at_its_end_is_not_forked(calls: Actwright, deal: str) -> None:
    """What became of something is not known then; or nothing is left to be done."""
    run_id = carried_out(calls, step("first", deal, "c"))
    out = place(calls, run_id, "group_intended")
    with pytest.raises(RunError, match=f"At event {out}, g1 of {run_id} was out") as caught:
        calls.fork(run_id, out)
    assert caught.value.error_code == "run_in_doubt"
    assert caught.value.hint == f"Fork before that (--at {out - 1}) or behind it (--at {out + 1})."
    seen = calls.state_at(run_id, out).envelope
    assert (seen.errors, seen.stopped_by, seen.hint) == ((), None, None)
    with pytest.raises(RefusedError, match="was left to be done"):
        calls.fork(run_id, len(calls.events(run_id)))


def test_a_run_that_takes_another_one_back_is_not_forked(calls: Actwright) -> None:
    """What is left is taken back by another try, which looks again and is booked on the run that is taken back."""
    run_id = carried_out(calls, task("one", "Once"))
    back = calls.preview(calls.undo(run_id), allow_delete=True)
    undone = calls.run(back, calls.confirm(back, approver="alice")).run_id or ""
    with pytest.raises(RunError, match=f"takes {run_id} back, and is not forked") as caught:
        calls.fork(undone, 1)
    assert caught.value.hint == f"What is left to be taken back: actwright undo {run_id}"
    fork = calls.fork(run_id, 1)
    assert fork.assumptions[1:] == (
        f"Carried out since by {run_id}, at least in part, and again by this plan: one.",
    )


def test_a_fork_of_a_waiting_run_keeps_what_comes_later(calls: Actwright, deal: str) -> None:
    """What the service had put out by then stands in the fork, as an output, and nothing has to wait any more."""
    preview = calls.preview(waving(calls, deal))
    run_id = calls.run(preview, calls.confirm(preview, approver="alice")).run_id or ""
    fork = calls.fork(run_id, len(calls.events(run_id)))
    (note,) = fork.actions
    (number,) = [
        each
        for each in note.arguments.values()
        if isinstance(each, ValueArgument) and each.value == "N-7"
    ]
    assert number.provenance == "output"
    preview = calls.preview(fork)
    assert preview.later == ()
    written = {
        each.provenance for one in preview.effects for each in one.changes if each.after == "N-7"
    }
    assert written == {"output"}, "a rule about outputs is not got around by forking"


def test_a_list_of_runs_is_read_from_the_register(
    calls: Actwright, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No journal is read for it; each run stands as its newest event left it."""
    done = carried_out(calls, step("first", deal, "d"))
    waiting = carried_out(calls, asking(), late_task())

    def unread(*_: object, **__: object) -> None:
        raise AssertionError("a journal was read")

    monkeypatch.setattr(type(calls.journal), "events", unread)
    found = {each.id: each for each in calls.listed_runs(limit=100)}
    assert (found[done].status, found[done].effects_done, found[done].in_part) == (
        "completed",
        1,
        False,
    )
    assert (found[waiting].status, found[waiting].waiting_for) == ("waiting", "confirmation")
    assert found[waiting].zone == calls.org.user.zone
    only = calls.listed_runs(limit=100, statuses={"waiting"})
    assert waiting in {each.id for each in only}
    assert {each.status for each in only} == {"waiting"}
    assert not calls.is_carried_out(waiting)
