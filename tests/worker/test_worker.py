"""A worker drives what can go on, for whomever it belongs to, on a file and on a server alike."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.chaos.ten_steps import PUT_ON_THE_TALLY
from tests.scenario import action, plan_of, task, value
from tests.worker.conftest import Scene, until

from actwright.clock import timestamp
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.record.journal import Entry
from actwright.runs.record.register import Register
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker


def test_each_run_is_driven_with_its_own_persons_rights(scene: Scene) -> None:
    """Queued runs of two people end, each as its person's, and each effect stands once."""
    runs = {"alice": scene.ten_steps("alice"), "bob": scene.queued("bob")}
    scene.drained("alice")
    for user, run_id in runs.items():
        state = scene.person().run_state(run_id)
        assert (state.status, state.user.partition("@")[0]) == ("completed", user)
        assert set(scene.effects(run_id)) == {1}


def test_a_worker_needs_no_person_of_its_own(scene: Scene) -> None:
    """Where nobody is named, the worker learns which org it serves from the people whose runs wait."""
    queued = scene.queued("bob")
    told = scene.drained(None)
    assert scene.status(queued) == "completed"
    assert told[0].what == "started"


def test_an_abandoned_run_is_carried_on_once_its_lease_is_over(scene: Scene) -> None:
    """A run whose process is silent is left alone while its lease lasts, and taken over after."""
    queued, app = scene.queued(), scene.person()
    register, head = Register(app.store[0]), app.journal.head(queued)
    now = app.clock.now()
    until = timestamp(now + timedelta(hours=1))
    assert register.take(queued, "elsewhere:1:x", until=until, now=timestamp(now), seq=head.seq)
    scene.drained()
    assert scene.status(queued) == "queued"
    past = timestamp(now - timedelta(seconds=1))
    assert register.renew(queued, "elsewhere:1:x", past)
    scene.drained()
    assert scene.status(queued) == "completed"
    assert scene.effects(queued) == [1]


def test_a_person_who_cannot_log_in_pauses_the_run_and_not_the_worker(scene: Scene) -> None:
    """The run says why it is paused, other people's runs go on, and a retry lets it go on later."""
    barred, other = scene.queued("carol"), scene.queued("bob")
    _set_active(scene, "carol", active=False)
    try:
        scene.drained("alice")
    finally:
        _set_active(scene, "carol", active=True)
    app = scene.person()
    state = app.run_state(barred)
    assert (state.status, state.waiting_for) == ("paused", "retry")
    assert "carol@" in state.reason
    assert "cannot be logged in" in state.reason
    assert scene.effects(barred) == [0]
    assert scene.status(other) == "completed"
    again = Intervention(action="retry", actor="Alice Archer", why="she is back", key="again")
    scene.person("carol").intervene(barred, again)
    scene.drained("alice")
    assert scene.status(barred) == "completed"


def test_a_wait_of_a_person_who_cannot_log_in_ends_all_the_same(scene: Scene) -> None:
    """What is only to end takes nobody's rights."""
    app, data = scene.person(), scene.person().events(scene.queued("carol"))[0].data
    past = timestamp(app.clock.now() - timedelta(seconds=1))
    waiting: Entry = ("run_waiting", {"reason": "say yes", "for": "confirmation", "until": past})
    begun: Entry = ("run_started", {**data, "queued": False})
    app.journal.append("run_late", [begun, waiting], actor="Al", after=None)
    _set_active(scene, "carol", active=False)
    try:
        scene.drained("alice")
    finally:
        _set_active(scene, "carol", active=True)
    assert scene.status("run_late") == "failed"


def test_runs_of_other_orgs_are_left_alone(scene: Scene) -> None:
    """A worker touches only runs of the org it is logged in to, whatever else the store holds."""
    app = scene.person()
    data = app.journal.events(scene.queued())[0].data
    foreign = "run_of_another_org"
    elsewhere = data | {"org": "00D000000000099AAA"}
    app.journal.append(foreign, [("run_started", elsewhere)], actor="Al", after=None)
    scene.drained()
    assert app.journal.head(foreign).seq == 1


def test_what_breaks_one_run_stops_no_other(scene: Scene) -> None:
    """A run that cannot be read is told of and left for later; the others end."""
    app, good = scene.person(), scene.queued()
    data = app.journal.events(good)[0].data
    broken = "run_without_plan"
    queued = data | {"planId": "plan_gone", "previewId": "preview_gone"}
    app.journal.append(broken, [("run_started", queued)], actor="Al", after=None)
    told = scene.drained()
    assert [each.run_id for each in told if each.what == "held"] == [broken]
    assert scene.status(good) == "completed"


def test_a_timer_that_is_due_ends_its_run(scene: Scene) -> None:
    """A queued run whose deadline has passed is ended by the worker, and nothing of it is sent."""
    app = scene.person()
    good = scene.queued()
    data = app.journal.events(good)[0].data
    late = "run_too_late"
    past = timestamp(app.clock.now() - timedelta(seconds=1))
    app.journal.append(late, [("run_started", data | {"deadline": past})], actor="Al", after=None)
    scene.drained()
    state = app.run_state(late)
    assert (state.status, state.changed_something) == ("failed", False)


def test_a_wait_for_a_yes_ends_by_itself(scene: Scene) -> None:
    """A run that waits for the yes to its next wave, which nobody says in time, ends as failed; its first part stands."""
    app, tally = scene.person(), scene.folder / "tally"
    tally.touch()
    marked = action("s1", PUT_ON_THE_TALLY, File=value(str(tally)), Mark=value("once"))
    later = task("t2", Subject={"from": "actions.s1.output.mark"})
    preview = app.preview(plan_of(app, marked, later))
    yes = app.confirm(preview, approver="Alice Archer")
    run_id = app.enqueue(preview, yes, answer_within=timedelta(milliseconds=1))
    scene.drained()
    scene.drained()
    state = app.run_state(run_id)
    assert (state.status, state.changed_something) == ("failed", True)
    assert state.reason.startswith("Nobody answered by")
    assert [each.kind for each in app.events(run_id)].count("run_waiting") == 1


def test_what_waits_for_too_long_is_told_of_once(scene: Scene) -> None:
    """The worker names the run and why, lists flag it, and it waits on."""
    app = scene.person()
    data = app.journal.events(scene.queued())[0].data
    waiting: Entry = ("run_waiting", {"reason": "say yes", "for": "confirmation"})
    yesterday = timestamp(app.clock.now() - timedelta(hours=25))
    begun: Entry = ("run_started", {**data, "queued": False})
    app.journal.append("run_old", [begun, waiting], actor="Al", after=None, at=yesterday)
    told = [*scene.drained(), *scene.drained()]
    (escalated,) = (each for each in told if each.what == "escalated")
    assert (escalated.run_id, escalated.status) == ("run_old", "waiting")
    assert escalated.text == "It waited for more than 24 hours: say yes"
    listed = {each.id: each for each in app.with_rest(app.listed_runs())}["run_old"]
    assert (listed.status, listed.stalled, listed.stalled_why) == (
        "waiting",
        True,
        escalated.text,
    )


def test_a_worker_that_is_stopped_hands_its_runs_back(scene: Scene) -> None:
    """What is out is finished and written, the rest is not begun, and the next worker carries on at once."""
    queued, app = scene.ten_steps(), scene.person()
    slow = scene.org.faults.slow(0.4, path="*/composite", times=1)
    told: list[Notice] = []

    async def stopped_midway() -> None:
        """On the loop: stopped midway."""
        worker = Worker(app, sweep_seconds=0.5, tell=told.append)
        serving = asyncio.create_task(worker.serve())
        await asyncio.to_thread(until, lambda: slow.matched > 0)
        worker.stop()
        await serving

    asyncio.run(stopped_midway())
    assert scene.effects(queued) == [1, *[0] * 9]
    row = Register(app.store[0]).row(queued)
    assert (row.status, row.lease_owner) == ("running", None)
    assert told[-1].what == "stopped"
    scene.drained()
    assert scene.status(queued) == "completed"
    assert scene.effects(queued) == [1] * 10


def test_a_run_that_is_queued_while_it_serves_is_heard_of(scene: Scene) -> None:
    """A serving worker drives what is queued, long before its next sweep."""

    async def served() -> None:
        """On the loop: served."""
        worker = Worker(scene.person(), sweep_seconds=60)
        serving = asyncio.create_task(worker.serve())
        await asyncio.sleep(0.5)
        queued = await asyncio.to_thread(scene.queued)
        await asyncio.to_thread(until, lambda: scene.status(queued) == "completed")
        worker.stop()
        await serving

    asyncio.run(asyncio.wait_for(served(), 40))


def _set_active(scene: Scene, user: str, *, active: bool) -> None:
    found = scene.admin.rows(f"SELECT Id FROM User WHERE Alias = '{user}'")[0]["Id"]
    scene.admin.call("PATCH", f"/sobjects/User/{found}", {"IsActive": active})
