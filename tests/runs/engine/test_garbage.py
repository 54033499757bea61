"""What is left of a run in memory once it has been carried out: nothing that only Python's collector would find."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runs.engine.test_driving import engine_on
from tests.runs.engine.trivial import STARTED, ten

from actwright.runs.engine.driving import Driving
from actwright.runs.engine.record import Record
from actwright.runs.record.state import RunState
from actwright.runs.record.step import StepState
from actwright.store.sqlite import SqliteDatabase

_OF_A_RUN = Driving, Record, RunState, StepState


@pytest.fixture(autouse=True)
def _collector_off() -> Iterator[None]:
    """Let the collector find nothing by itself meanwhile."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("parallel", [1, 3])
def test_nothing_of_a_run_keeps_itself_alive(tmp_path: Path, *, alone: bool, parallel: int) -> None:
    """All that a run was carried out with is let go with it; ten thousand runs an hour leave the collector nothing to do."""
    shared = engine_on(SqliteDatabase(tmp_path / "actwright.db"))
    engine = shared.alone() if alone else shared

    async def carried_out() -> str:
        begun = await engine.begin("run_1", {**STARTED, "parallel": parallel}, actor="alice")
        return (await engine.drive("run_1", ten(), begun=begun)).status

    assert asyncio.run(carried_out()) == "completed"
    assert _left() == []


def _left() -> list[str]:
    """Return the names of what a run is carried out with, as far as only the collector finds it."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        gc.collect()
        return [type(each).__name__ for each in gc.garbage if isinstance(each, _OF_A_RUN)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
