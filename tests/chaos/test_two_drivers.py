"""Two processes on one run: one that was frozen for longer than its lease, and many that take it from each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.scene import Scene

from actwright import Actwright
from actwright.testing.faults import When

LEASE = 1.0
STEPS = 4


@pytest.fixture
def hasty(opening: Callable[..., Actwright]) -> Actwright:
    """Give an Actwright whose leases are as short as can be."""
    return opening(lease_seconds=LEASE)


def taken_over(one: Scene) -> None:
    """Let the lease of the frozen process run out, and another one bring the run to its end."""
    time.sleep(LEASE + 0.1)
    assert one.recovered().status == "completed"


@pytest.mark.parametrize("when", ["before", "commit"])
@pytest.mark.parametrize("step", [0, 2])
def test_a_process_frozen_with_its_call_out_appends_nothing_more(
    scene: Scenes, hasty: Actwright, step: int, when: When
) -> None:
    """Whatever comes of the call of a process that lost its run, nothing is done twice, and nothing appended."""
    one = scene(steps=STEPS, app=hasty, lease_seconds=LEASE)
    out = one.org.faults.hang(path="*/composite", nth=step // 2 + 1, when=when)
    child = one.start()
    out.wait_until_holding()
    child.freeze()
    if when == "commit":
        out.release()
    taken_over(one)
    told = one.events
    out.release()
    out.wait_until_ended()
    child.thaw()
    assert child.ended() != 0
    assert one.events == told
    one.check()


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("place", ["intended", "called"])
def test_a_process_frozen_before_it_sends_has_no_effect_any_more(
    scene: Scenes, hasty: Actwright, step: int, place: str
) -> None:
    """A step that was journaled, taken over and done by another process is not done by the first one when it thaws."""
    one = scene(steps=STEPS, app=hasty, lease_seconds=LEASE)
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate, at="commit" if place == "intended" else "call")
        _wait_until_sent(one, step, reached)
        child.freeze()
        taken_over(one)
        told = one.events
        child.thaw()
        gate.open()
        assert child.ended() != 0
    assert one.events == told
    one.check()


@pytest.mark.parametrize("step", [0, 1])
@pytest.mark.parametrize("place", ["intended", "called"])
def test_a_process_that_lost_its_run_appends_nothing_while_another_one_has_it(
    scene: Scenes, step: int, place: str
) -> None:
    """From the moment on that another process has said it has the run, the first one writes nothing, whatever it did."""
    one = scene(steps=3, lease_seconds=LEASE)
    first, second = one.gate("first"), one.gate("second")
    with first.watched() as reached, second.watched() as taking:
        child = one.start(gate=first, at="commit" if place == "intended" else "call")
        _wait_until_sent(one, step, reached)
        child.freeze()
        time.sleep(LEASE + 0.1)
        other = one.start("recover", gate=second)
        while one.kinds[-1] != "run_taken":
            next(taking)
        told = one.events
        child.thaw()
        first.open()
        assert child.ended() != 0
        assert one.events == told
        second.open()
        assert other.ended() == 0
    one.check()


def test_processes_that_take_a_run_from_each_other_do_each_step_once(scene: Scenes) -> None:
    """However often a run changes hands between steps, inside them and while calls are out, each effect happens once."""
    for seed in range(4):
        one = scene(steps=6)
        one.app.enqueue(one.preview, one.yes)
        children = [one.start("contend", seed=2 * seed + each) for each in range(2)]
        assert [each.ended() for each in children] == [0, 0]
        one.check()


def _wait_until_sent(one: Scene, step: int, reached: Iterator[str]) -> None:
    """Let the child go on until a step has been journaled, and not been sent."""
    for _ in reached:
        begun = [each.kind for each in one.events]
        if begun.count("group_intended") == step + 1 and begun[-1] == "group_intended":
            return
