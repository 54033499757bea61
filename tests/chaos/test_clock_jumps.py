"""A clock that jumps an hour ahead or back under a run: nothing twice, nothing early by the clock, nothing stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.chaos.conftest import Scenes
from tests.chaos.scene import refuse_a_write

from actwright import Actwright
from actwright.runs.interventions.intervention import Intervention

STEPS = 4
HOUR = 3_600

BOTH_WAYS = pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Give the file of a clock that is right until somebody writes into it."""
    return tmp_path / "clock"


@BOTH_WAYS
@pytest.mark.parametrize("place", [1, 2, 5, 8])
def test_a_run_goes_on_through_a_jump(scene: Scenes, clock: Path, jump: int, place: int) -> None:
    """The process that carries a run out goes on with it, whatever the clock does between two commits."""
    one = scene(steps=STEPS, clock=str(clock))
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _, _event in zip(range(place), reached, strict=False):
            pass
        clock.write_text(str(jump))
        gate.open()
        assert child.ended() == 0
    assert one.kinds.count("run_taken") == 0
    one.check()


@BOTH_WAYS
@pytest.mark.parametrize("step", range(STEPS))
def test_a_jump_while_a_lease_is_held_does_nothing_twice(
    scene: Scenes, opening: Callable[..., Actwright], clock: Path, jump: int, step: int
) -> None:
    """Ahead, the lease seems to have run out and the run is taken over; back, it is left to whoever has it."""
    one = scene(steps=STEPS, app=opening(clock=str(clock)), clock=str(clock))
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate, at="call")
        for _, _event in zip(range(step + 1), reached, strict=False):
            pass
        clock.write_text(str(jump))
        (became,) = [each.became for each in one.app.recover() if each.run_id == one.run_id]
        gate.open()
        code = child.ended()
    assert (became, code == 0) == (("continued", False) if jump > 0 else ("busy", True))
    one.check()


@BOTH_WAYS
def test_the_lease_of_a_dead_process_is_taken_over_at_any_time(
    scene: Scenes, opening: Callable[..., Actwright], clock: Path, jump: int
) -> None:
    """Who died on this machine holds nothing, also where its lease has an hour to run by the clock."""
    one = scene(steps=STEPS, app=opening(clock=str(clock)), clock=str(clock))
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate, at="call")
        next(reached)
        child.kill()
    child.join()
    clock.write_text(str(jump))
    one.check()


@BOTH_WAYS
def test_a_run_that_backs_off_is_not_kept_for_the_jump(
    scene: Scenes, opening: Callable[..., Actwright], clock: Path, jump: int
) -> None:
    """A process that takes a run over waits for the next try no longer than any back-off takes."""
    one = scene(steps=2, app=opening(clock=str(clock)), clock=str(clock))
    one.org.faults.exhaust_requests(path="*/composite")
    gate = one.gate()
    with gate.watched() as reached:
        child = one.start(gate=gate)
        for _ in reached:
            if one.kinds[-1] == "group_retrying":
                break
        child.kill()
    child.join()
    clock.write_text(str(jump))
    one.check()


@BOTH_WAYS
def test_a_deadline_fires_by_the_clock_and_once(
    scene: Scenes, opening: Callable[..., Actwright], clock: Path, jump: int
) -> None:
    """A run that is paused is ended by its deadline as soon as the clock has come to it, never before, and once."""
    app = opening(clock=str(clock))
    one = scene(steps=2, app=app, clock=str(clock))
    refuse_a_write(one.admin)
    half = timedelta(seconds=HOUR / 2)
    envelope = app.run(one.preview, one.yes, on_failure="pause", deadline=half)
    assert envelope.status == "paused"
    clock.write_text(str(jump))
    fired = [each.timer for each in app.fire(one.run_id)]
    assert fired == (["deadline"] if jump > 0 else [])
    assert app.fire(one.run_id) == ()
    if jump < 0:
        app.intervene(one.run_id, Intervention(action="retry", actor="dora", why="it is well"))
        one.check()
    else:
        assert app.resume(one.run_id).status == "failed"
        assert sum(one.effects) == 0
        one.check_record()
