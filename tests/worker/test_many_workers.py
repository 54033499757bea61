"""Several real worker processes share one store: one is killed, one sleeps through its lease, and nothing happens twice."""

from __future__ import annotations

import signal
from collections.abc import Sequence

import pytest
from tests.chaos.doomed import Child
from tests.worker.conftest import Scene, until

from actwright.runs.record.chain import first_fault
from actwright.runs.record.event import JournalEvent

_on_a_server = pytest.mark.parametrize("scene", ["postgres"], indirect=True)
_on_a_file = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
_OPTIONS = ("--sweep", "0.3", "--concurrency", "2")


@_on_a_server
@pytest.mark.timeout(110)
def test_one_of_three_workers_is_killed_and_every_run_ends_once(scene: Scene) -> None:
    """Each of six runs of ten steps ends once, with each effect once, though a worker died with calls out."""
    workers = [scene.worker(*_OPTIONS) for _ in range(3)]
    runs = [scene.ten_steps(user) for user in ("alice", "bob") for _ in range(3)]
    victim = until(lambda: _busy(scene, runs, workers))
    victim.kill()
    until(lambda: all(scene.status(each) == "completed" for each in runs))
    drivers = set()
    for each in runs:
        events = scene.person().events(each)
        assert scene.effects(each) == [1] * 10
        assert first_fault(events) is None
        assert [event.kind for event in events].count("run_ended") == 1
        drivers |= {by.split(":")[1] for by in _taken_by(events)}
    assert str(victim.pid) in drivers
    assert len(drivers) > 1


@_on_a_server
@pytest.mark.timeout(110)
def test_a_worker_that_sleeps_through_its_lease_appends_and_sends_nothing(scene: Scene) -> None:
    """It wakes with an answer in hand, finds its run taken over, and stops; the other has carried the run to its end."""
    held = scene.org.faults.hang(path="*/composite", nth=3)
    run_id = scene.ten_steps()
    sleeper = scene.worker(*_OPTIONS)
    until(lambda: held.holding == 1)
    sleeper.freeze()
    held.release()
    scene.worker(*_OPTIONS)
    until(lambda: scene.status(run_id) == "completed")
    seq = scene.person().journal.head(run_id).seq
    sleeper.thaw()
    sleeper.send(signal.SIGTERM)
    assert sleeper.ended(seconds=40) == 0
    assert scene.person().journal.head(run_id).seq == seq
    assert scene.effects(run_id) == [1] * 10
    first, second = _taken_by(scene.person().events(run_id))
    assert first.split(":")[1] == str(sleeper.pid)
    assert second != first


@_on_a_file
def test_two_workers_share_a_file(scene: Scene) -> None:
    """While one has a call out the other does the rest, and when that one is killed, its run too; each effect once."""
    held = scene.org.faults.hang(path="*/composite", nth=3)
    long = scene.ten_steps()
    first = scene.worker("--sweep", "0.3", "--concurrency", "1")
    until(lambda: held.holding == 1)
    second = scene.worker("--sweep", "0.3", "--concurrency", "1")
    runs = [scene.queued(user) for user in ("alice", "bob", "alice")]
    until(lambda: all(scene.status(each) == "completed" for each in runs))
    first.kill()
    first.join()
    held.release()
    until(lambda: scene.status(long) == "completed")
    assert scene.effects(long) == [1] * 10
    assert [scene.effects(each) for each in runs] == [[1]] * 3
    drivers = [by.split(":")[1] for by in _taken_by(scene.person().events(long))]
    assert drivers == [str(first.pid), str(second.pid)]
    assert first_fault(scene.person().events(long)) is None


def _busy(scene: Scene, runs: Sequence[str], workers: Sequence[Child]) -> Child | None:
    """Return a worker that is in the middle of a run."""
    for each in runs:
        state = scene.person().run_state(each)
        if not state.ended and len(state.settled) in range(2, 8):
            return next(one for one in workers if f":{one.pid}:" in state.worker)
    return None


def _taken_by(events: Sequence[JournalEvent]) -> list[str]:
    return [str(each.data["by"]) for each in events if each.kind == "run_taken"]
