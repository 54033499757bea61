"""What waits for a person holds nothing: no thread, no process, no connection, no lease, no hand of a worker."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tests.chaos.ten_steps import PUT_ON_THE_TALLY
from tests.scenario import action, plan_of, task, value
from tests.worker.conftest import Scene, until

from actwright.clock import SystemClock
from actwright.runs.interventions.intervention import Intervention
from actwright.runs.record.register import Register
from actwright.worker.worker import Worker

_AT_ONCE = 2
_SOME, _MORE = 3, 12
_POOLED = 4
"""By so many a pool may still grow, whatever runs wait: it makes threads and connections as they are first needed."""


def waiting_run(scene: Scene) -> str:
    """Leave a run to the workers that waits for a yes to its second wave, and return its id."""
    app, tally = scene.person(), scene.folder / f"{uuid4().hex}.tally"
    tally.touch()
    marking = action("ask", PUT_ON_THE_TALLY, File=value(str(tally)), Mark=value("mark 0"))
    plan = plan_of(app, marking, task("note", Subject={"from": "actions.ask.output.mark"}))
    preview = app.preview(plan)
    return app.enqueue(preview, app.confirm(preview, approver="Alice Archer"))


def held_here() -> Mapping[str, int]:
    """Count what this process holds, but for the tasks of its loops."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return {
        "threads": threading.active_count(),
        "files and connections": len(list(Path("/proc/self/fd").iterdir())),
        "processes": len(children.split()),
    }


def test_runs_that_wait_hold_nothing(scene: Scene) -> None:
    """However many wait, a worker with two hands has as many threads, connections and tasks as with a few, and no lease."""
    register = Register(scene.person().store[0])

    def let_go(run_id: str) -> bool:
        """Tell whether a run waits, and nobody has its lease."""
        row = register.row(run_id)
        return (row.status, row.lease_owner) == ("waiting", None)

    async def waited(count: int) -> Mapping[str, int]:
        """On the loop: let so many more runs come to their wait, and count what is held then."""
        runs = [await asyncio.to_thread(waiting_run, scene) for _ in range(count)]
        await asyncio.to_thread(until, lambda: all(map(let_go, runs)))
        return {**held_here(), "tasks": len(asyncio.all_tasks())}

    async def served() -> None:
        """On the loop: compare."""
        worker = Worker(scene.person(), concurrency=_AT_ONCE, sweep_seconds=0.2)
        serving = asyncio.create_task(worker.serve())
        some, more = await waited(_SOME), await waited(_MORE)
        worker.stop()
        await serving
        assert {each for each in some if more[each] - some[each] > _POOLED} == set()
        assert more["processes"] == some["processes"]

    asyncio.run(asyncio.wait_for(served(), 60))


class MovedClock(SystemClock):
    """A clock that somebody sets on."""

    ahead = timedelta()

    def now(self) -> datetime:
        """Return the moment it shows."""
        return super().now() + self.ahead


def test_a_worker_tells_when_the_window_of_an_objection_is_over(scene: Scene) -> None:
    """It is written once, by the worker that finds it due and not before; the run stays paused, and is flagged."""
    clock = MovedClock()
    app = scene.person(clock=clock)
    run_id = scene.queued()
    for name in ("Ann", "Ben", "Cleo"):
        app.approvers.add(name, by="root")
    wish = Intervention(action="override", actor="Bob", why="not like that", key="objection")
    assert app.intervene(run_id, wish).state.waiting_for == "override"
    fired = []
    for hours in (71, 73, 74):
        clock.ahead = timedelta(hours=hours)
        scene.drained()
        fired += [[each.data["timer"] for each in app.events(run_id) if each.kind == "timer_fired"]]
    assert fired == [[], ["override"], ["override"]]
    state = app.run_state(run_id)
    assert (state.status, state.waiting_for) == ("paused", "override")
    assert "was not decided by" in state.stalled
    assert scene.effects(run_id) == [0]
