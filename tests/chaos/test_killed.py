"""A process killed from outside, at every event, inside every effect, and at random: no effect twice, none lost."""

from __future__ import annotations

import random
import time

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.sampling import KILLS, turn
from tests.chaos.ten_steps import STEPS

from actwright.testing.faults import When

BOUNDARIES = 26
"""How many commits carry the ten steps out; a test holds the number to be right."""

SLICES = 4
FEW = 3
"""Steps of the runs that are killed at random: a record, a mark, and a record."""


@pytest.mark.parametrize("place", range(1, BOUNDARIES + 1))
def test_killed_behind_any_event_a_run_is_brought_to_its_end(scene: Scenes, place: int) -> None:
    """Behind whichever commit the process dies, recovery does what is left and nothing else."""
    one = scene()
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _, _event in zip(range(place), reached, strict=False):
            pass
        child.kill()
    child.join()
    before = one.effects
    assert set(before) <= {0, 1}
    assert before == sorted(before, reverse=True)
    assert (one.run is not None and one.run.ended) is (place == BOUNDARIES)
    one.check()


@pytest.mark.parametrize("when", ["before", "commit"])
@pytest.mark.parametrize("step", range(0, STEPS, 2))
def test_killed_while_a_call_is_out_a_run_is_brought_to_its_end(
    scene: Scenes, step: int, when: When
) -> None:
    """Whether the org had committed the call of a dead process or not, its effects happen once."""
    one = scene()
    fault = one.org.faults.hang(path="*/composite", nth=step // 2 + 1, when=when)
    child = one.start()
    fault.wait_until_holding()
    child.kill()
    child.join()
    if when == "commit":
        fault.release()
    # Where the call is still on its way, recovery has to be safe from it: it may go on at any later moment.
    state = one.recovered()
    fault.release()
    fault.wait_until_ended()
    assert state.status == "completed"
    one.check()


@pytest.mark.parametrize("at", ["acting", "acted"])
def test_killed_inside_each_function_a_run_is_brought_to_its_end(scene: Scenes, at: str) -> None:
    """Whether a function had acted or not when its process died, its answer never told, it acts once; five times over."""
    one = scene()
    for step in range(1, STEPS, 2):
        gate = one.gate(f"gate{step}")
        again = (
            step > 1 and at == "acting"
        )  # who comes after lets the one before act, and dies in the next
        with gate.watched() as reached:
            child = one.start("recover" if step > 1 else "apply", gate=gate, at=at)
            for _, _inside in zip(range(1 + again), reached, strict=False):
                pass
            child.kill()
        child.join()
        assert one.kinds[-1] == "group_intended"
        done = step + 1 if at == "acted" else step
        assert one.effects == [1] * done + [0] * (STEPS - done)
    one.check()


@pytest.mark.parametrize("slice_", range(SLICES))
def test_killed_at_random_moments_runs_are_brought_to_their_end(scene: Scenes, slice_: int) -> None:
    """At moments spread over the life of ``actwright apply``, whatever it was doing, each effect happens once."""
    dice = random.Random(turn() * SLICES + slice_)  # noqa: S311 - moments, not secrets
    unharmed, began = scene(steps=FEW), time.monotonic()
    assert unharmed.start("apply_by_command").ended() == 0
    seconds = time.monotonic() - began
    unharmed.check()
    for _ in range(KILLS // SLICES):
        one = scene(steps=FEW)
        child = one.start("apply_by_command")
        time.sleep(dice.uniform(0.0, seconds * 1.1))
        child.kill()
        child.join()
        one.check()
