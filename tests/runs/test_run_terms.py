"""How a run is to be carried out: limits, deadlines, several groups at once, and what a failure does."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from tests.runs.memory_app import Post, five_groups, mail, memory_app, subjects, task
from tests.scenario import amount, plan_of
from tests.writable_org import WritableOrg, writable_org

from actwright import ActionRequest, Actwright, Intervention
from actwright.clock import timestamp
from actwright.errors import ConfirmationUsedError, InputError, InterventionError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.org.query import JsonScalar
from actwright.org.settlement import Settlement
from actwright.runs.engine.lease import Lease
from actwright.runs.record.state import RunLimits
from actwright.testing import FixedClock


@pytest.fixture
def org() -> WritableOrg:
    """Give an org in memory."""
    return writable_org()


@pytest.fixture
def app(tmp_path: Path, org: WritableOrg) -> Iterator[Actwright]:
    """Give an Actwright over it."""
    made = memory_app(tmp_path, org)
    yield made
    made.close()


def test_a_run_stops_where_its_limit_of_effects_is_reached(app: Actwright, org: WritableOrg) -> None:  # fmt: skip
    """What fits is done and stands; the envelope says which limit it was."""
    envelope = app.run(*five_groups(app), limits=RunLimits(rows=3))
    assert (envelope.status, envelope.stopped_by) == ("failed", "limit_reached")
    assert "at most 3" in envelope.errors[0]
    assert "3 effects have been carried out and stand" in (envelope.hint or "")
    assert subjects(org) == ["a", "c"]


def test_a_run_stops_where_its_calls_are_used_up(app: Actwright, org: WritableOrg) -> None:
    """Calls that carry effects count."""
    envelope = app.run(*five_groups(app), limits=RunLimits(calls=2))
    assert (envelope.stopped_by, subjects(org)) == ("limit_reached", ["a", "c"])


def test_a_run_that_is_late_ends(tmp_path: Path, org: WritableOrg) -> None:
    """Its deadline passes while a group is out: that is finished, and the next is not begun."""
    clock = FixedClock()
    app = memory_app(tmp_path, org, clock=clock)
    org.on_send = lambda _: clock.advance(timedelta(minutes=6))
    envelope = app.run(*five_groups(app), deadline=timedelta(minutes=5))
    assert (envelope.status, envelope.stopped_by) == ("failed", "deadline_passed")
    assert subjects(org) == ["a"]
    app.close()


@pytest.mark.parametrize("terms", [{"parallel": 0}, {"parallel": 101}, {"deadline": timedelta(0)}, {"answer_within": timedelta(0)}, {"answer_within": timedelta(days=9_999)}])  # fmt: skip
def test_terms_nobody_can_keep_start_nothing(app: Actwright, terms: dict[str, object]) -> None:
    """The yes is not used up."""
    preview, yes = five_groups(app)
    envelope = app.run(preview, yes, **terms)  # type: ignore[arg-type]  # each is wrong in its value only
    assert (envelope.stopped_by, envelope.run_id) == (InputError.code, None)
    assert app.run(preview, yes).success


@pytest.fixture
def held(tmp_path: Path, org: WritableOrg) -> Iterator[tuple[Actwright, FixedClock, str]]:
    """Give a run that waits for two hours at most for somebody to say how it goes on after a failure, and its clock."""
    clock = FixedClock()
    app = memory_app(tmp_path, org, clock=clock)
    org.on_send = lambda group: org.troubles.append("locked") if group.id == "g3" else None
    envelope = app.run(*five_groups(app), on_failure="pause", answer_within=timedelta(hours=2))
    org.on_send = None
    yield app, clock, envelope.run_id or ""
    app.close()


def test_a_wait_ends_by_itself_where_nobody_answers_in_time(
    held: tuple[Actwright, FixedClock, str],
) -> None:
    """Whoever drives it on after that carries its end out; until then it stays as it is."""
    app, clock, run_id = held
    until = timestamp(clock.now() + timedelta(hours=2))
    assert app.run_state(run_id).until == until
    clock.advance(timedelta(hours=1, minutes=59))
    assert app.resume(run_id).status == "paused"
    clock.advance(timedelta(minutes=1))
    envelope = app.resume(run_id)
    assert (envelope.status, envelope.stopped_by) == ("failed", "deadline_passed")
    assert "Nobody answered by" in app.run_state(run_id).reason


def test_an_answer_after_that_comes_too_late(held: tuple[Actwright, FixedClock, str]) -> None:
    """Also where nobody has looked at the run since: it is refused, and the run ends as it was to."""
    app, clock, run_id = held
    clock.advance(timedelta(hours=3))
    with pytest.raises(InterventionError, match="is about to end as failed"):
        app.intervene(run_id, Intervention(action="retry", actor="Al", why="now"))
    assert app.resume(run_id).status == "failed"


def test_a_person_is_waited_for_as_long_as_the_settings_say(
    tmp_path: Path, org: WritableOrg
) -> None:
    """Where the run says nothing else of it; after each answer anew."""
    clock = FixedClock()
    app = memory_app(tmp_path, org, clock=clock, answer_seconds=60)
    org.on_send = lambda group: org.troubles.append("locked") if group.id == "g3" else None
    run_id = app.run(*five_groups(app), on_failure="pause").run_id or ""
    clock.advance(timedelta(seconds=50))
    app.intervene(run_id, Intervention(action="retry", actor="Al", why="again"))
    app.resume(run_id)
    assert app.run_state(run_id).until == timestamp(clock.now() + timedelta(seconds=60))
    app.close()


def test_a_run_whose_person_cannot_be_logged_in_waits_no_longer_either(
    tmp_path: Path, org: WritableOrg
) -> None:
    """Somebody has to see to that as well."""
    clock = FixedClock()
    app = memory_app(tmp_path, org, clock=clock)
    run_id = app.enqueue(*five_groups(app), answer_within=timedelta(hours=2))
    app.hold(run_id, reason="alice cannot be logged in")
    assert app.run_state(run_id).until == timestamp(clock.now() + timedelta(hours=2))
    clock.advance(timedelta(hours=2))
    assert app.resume(run_id).status == "failed"
    assert subjects(org) == []
    app.close()


class Together(Post):
    """Sends a mail only while another one is being sent."""

    both = threading.Barrier(2, timeout=5)

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Wait for the other."""
        self.both.wait()
        return super().act(request)


def test_groups_that_do_not_wait_for_each_other_are_out_together(
    tmp_path: Path, org: WritableOrg
) -> None:
    """Two mails wait for the records only, and are sent at the same time."""
    post = Together()
    app = memory_app(tmp_path, org, post)
    preview = app.preview(plan_of(app, task("a"), mail("x", "a"), mail("y", "a")))
    envelope = app.run(preview, app.confirm(preview, approver="Alice"), parallel=2)
    assert envelope.success, envelope
    assert sorted(post.sent.values()) == ["x", "y"]
    app.close()


def test_a_failure_can_hold_the_run_until_a_person_has_mended_it(
    app: Actwright, org: WritableOrg
) -> None:
    """The third group is locked for too long: the run is paused, and says how it goes on."""
    org.on_send = lambda group: org.troubles.append("locked") if group.id == "g3" else None
    envelope = app.run(*five_groups(app), on_failure="pause")
    assert (envelope.status, envelope.success, envelope.stopped_by) == (
        "paused",
        False,
        "org_refused",
    )
    assert f"actwright resume {envelope.run_id} --action retry" in (envelope.hint or "")
    state = app.run_state(envelope.run_id or "")
    assert state.waiting_for == "retry"
    assert state.reason.startswith("g3 was not done: ")
    assert app.resume(envelope.run_id or "") == envelope
    org.on_send = None
    assert subjects(org) == ["a"]


def test_a_lease_that_is_over_right_before_the_call_lets_nothing_out(
    app: Actwright, org: WritableOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread that makes the call looks once more: the intent stands, and nothing is sent under it."""
    asked = iter((True, True, False))
    monkeypatch.setattr(Lease, "is_ours", property(lambda _: next(asked, False)))
    envelope = app.run(*five_groups(app))
    assert "sends nothing more" in " ".join(envelope.errors)
    assert subjects(org) == []
    assert [each.kind for each in app.events(envelope.run_id or "")][-1] == "group_intended"


def test_a_lock_that_is_gone_a_moment_later_is_no_failure(app: Actwright, org: WritableOrg) -> None:
    """It is tried three times in all, each time under another key."""
    org.troubles = ["locked", "locked"]
    envelope = app.run(*five_groups(app))
    assert envelope.success
    keys = [
        each.data["key"].rpartition(":")[2]
        for each in app.events(envelope.run_id or "")
        if each.kind == "group_intended" and each.data["groupId"] == "g1"
    ]
    assert keys == ["1", "2", "3"]
    assert envelope.results[0].issues == ()


def test_the_first_ctrl_c_lets_what_is_out_be_finished(app: Actwright, org: WritableOrg) -> None:
    """The group that is out is finished, the next is not begun, and the run ends as cancelled."""

    def press(group: EffectGroup) -> None:
        if group.id == "g3":
            os.kill(os.getpid(), signal.SIGINT)

    org.on_send = press
    envelope = app.run(*five_groups(app))
    assert (envelope.status, envelope.stopped_by) == ("cancelled", "cancelled")
    assert subjects(org) == ["a", "c"]
    assert "The run was cancelled: Ctrl-C" in envelope.errors[0]
    assert "3 effects have been carried out and stand" in (envelope.hint or "")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_second_ctrl_c_stops_at_once_and_the_run_can_be_resumed(
    app: Actwright, org: WritableOrg
) -> None:
    """Nothing is claimed of the group that is out; the next process settles it, and ends the run as was wished.

    What the first process still had in a thread comes too late: its key has been given up.
    """
    gate = threading.Event()

    def press(group: EffectGroup) -> None:
        if group.id == "g3":
            os.kill(os.getpid(), signal.SIGINT)
            while not app.runs()[0].ending:
                gate.wait(0.01)
            os.kill(os.getpid(), signal.SIGINT)
            gate.wait(10)

    org.on_send = press
    preview, yes = five_groups(app)
    with pytest.raises(KeyboardInterrupt):
        app.run(preview, yes)
    (state,) = app.runs()
    assert (state.status, state.ending, state.in_doubt) == ("running", "cancelled", ("g3",))
    envelope = app.resume(state.id)
    gate.set()
    assert (envelope.status, envelope.effects_done) == ("cancelled", 2)
    assert subjects(org) == ["a"]


def test_the_blocking_calls_work_inside_a_running_loop(app: Actwright, org: WritableOrg) -> None:
    """And the asynchronous ones hold no thread: several runs share the loop."""
    confirmed = [five_groups(app) for _ in range(3)]

    async def inside() -> list[str]:
        """Call both kinds of calls."""
        first = app.run(*confirmed[0])
        others = await asyncio.gather(*(app.arun(*each) for each in confirmed[1:]))
        again = await app.aresume(first.run_id or "")
        return [each.status for each in (first, *others, again)]

    assert asyncio.run(inside()) == ["completed"] * 4
    assert len(subjects(org)) == 9


def test_an_enqueued_run_is_left_to_whoever_takes_it(app: Actwright, org: WritableOrg) -> None:
    """The yes is used up, nothing is sent, and carrying it on brings it to its end."""
    preview, yes = five_groups(app)
    run_id = app.enqueue(preview, yes, parallel=2)
    assert app.run_state(run_id).status == "queued"
    assert org.sent == []
    with pytest.raises(ConfirmationUsedError):
        app.enqueue(preview, yes)
    assert app.resume(run_id, why="queued").success


def test_a_call_settled_in_part_sends_only_the_rest(app: Actwright, org: WritableOrg) -> None:
    """Of two transactions in one call the first is known to have happened: the second is sent alone."""
    plan = plan_of(app, task("a"), task("b"))
    preview = app.preview(plan, apart=True)
    (group,) = preview.groups
    assert len(group.parts) == 2

    def half(sent: EffectGroup) -> None:
        if len(sent.effects) == 2:
            key = next(iter(app.journal.events(app.runs()[0].id)[-1:])).data["key"]
            org._transaction(f"{key}:0", [sent.effects[0]])
            org.troubles = ["lost before commit"]

    org.on_send = half
    envelope = app.run(preview, app.confirm(preview, approver="Alice"))
    assert envelope.success, envelope
    assert subjects(org) == ["a", "b"]
    assert [each.status for each in envelope.results] == ["done", "done"]
    intended = [
        each.data["effects"]
        for each in app.events(envelope.run_id or "")
        if each.kind == "group_intended"
    ]
    assert [len(each) for each in intended] == [2, 1]
    assert envelope.effects_done == 2


def test_what_is_known_of_half_a_call_survives_the_doubt_about_the_rest(
    app: Actwright, org: WritableOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction surely did not happen, nobody knows of the other: a person's "happened" means that one only."""
    deals = [
        amount(f"a{n}", name, 5 + n) for n, name in enumerate(("Acme Renewal", "Globex Pilot"))
    ]
    preview = app.preview(plan_of(app, *deals), apart=True)
    (group,) = preview.groups
    assert len(group.parts) == 2

    def half(sent: EffectGroup, *_: object, **__: object) -> Settlement:
        known = ("not_sent", "unknown")
        outcomes = tuple(
            EffectOutcome(effect_id=each.id, status=status, record_id=each.record_id)
            for each, status in zip(sent.effects, known, strict=True)
        )
        told = GroupOutcome(group_id=sent.id, outcomes=outcomes)
        return Settlement(outcome=told, by="nobody", evidence=("Look yourself.",))

    org.troubles = ["lost before commit"]
    monkeypatch.setattr(org, "settle", half)
    held = app.run(preview, app.confirm(preview, approver="Alice"))
    assert held.status == "paused"
    run_id = held.run_id or ""
    said = Intervention(
        action="provide_clarification", actor="Alice", why="seen", key="k", answer="happened"
    )
    app.intervene(run_id, said)
    envelope = app.resume(run_id)
    assert envelope.success, envelope
    intended = [e.data["effects"] for e in app.events(run_id) if e.kind == "group_intended"]
    assert intended == [[each.id for each in group.effects], [group.effects[0].id]]
