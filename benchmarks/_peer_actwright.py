"""Actwright's engine on the engines' common workload, in a process of its own: ten trivial steps, each on the record."""

# ruff: noqa: ARG002 - the protocol names what trivial steps have no use for

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from actwright.clock import SystemClock
from actwright.collector import ease_collector
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.engine.engine import Engine
from actwright.runs.engine.work import (
    Attempt,
    Ending,
    NotReady,
    Performed,
    Ready,
    Reconciled,
    Reports,
    Step,
)
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.happening import Happening
from actwright.runs.record.journal import Journal
from actwright.runs.record.register import Register
from actwright.store.opening import open_database
from benchmarks._workload import AT_ONCE, START, STEPS, WORKFLOWS, tell


@cache
def _done(step_id: str, effects: Sequence[str]) -> Performed:
    """Return the answer to a trivial step, which is the same each time."""
    outcomes = tuple(EffectOutcome(effect_id=each, status="done") for each in effects)
    return Performed(GroupOutcome(group_id=step_id, outcomes=outcomes))


@dataclass(frozen=True)
class TrivialWork:
    """Steps that count to ten."""

    actor: str = "Alice Archer"
    stage: int = 1
    steps: Sequence[Step] = tuple(
        Step(f"g{place}", frozenset({f"g{place - 1}"}) if place else frozenset(), (f"e{place}",))
        for place in range(STEPS)
    )

    async def look(self, attempt: Attempt) -> Ready | NotReady:
        """Find everything ready."""
        return Ready()

    async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
        """Do nothing, well."""
        return _done(attempt.step.id, attempt.step.effects)

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Refuse: no answer is ever lost here."""
        raise AssertionError(attempt.key)

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Mapping[str, Any]:
        """See nothing."""
        return {}

    def barred(self, happened: Sequence[Happening]) -> frozenset[str]:
        """Bar nothing."""
        return frozenset()

    def what_follows(self, happened: Sequence[Happening]) -> Mapping[str, Any] | None:
        """Let nothing follow."""
        return None

    def envelope(self, happened: Sequence[Happening], ending: Ending) -> OrchestratorResult:
        """Say that all is done."""
        return OrchestratorResult(success=True, effects_done=STEPS, effects_total=STEPS)


def main(where: str) -> None:
    """Carry the workload out on a store, and report; the process is set up as that of a worker."""
    ease_collector()
    postgres = where.startswith("postgresql://")
    database = open_database(where if postgres else Path(where) / "actwright.db")
    clock = SystemClock()
    engine = Engine(Journal(database, clock), Register(database), clock)
    numbers = itertools.count()
    asyncio.run(_alone(engine.alone(), numbers, 5))
    started = time.perf_counter()
    alone = asyncio.run(_alone(engine.alone(), numbers, WORKFLOWS))
    alone_seconds = time.perf_counter() - started
    asyncio.run(_together(engine, numbers, AT_ONCE))
    started = time.perf_counter()
    together = asyncio.run(_together(engine, numbers, WORKFLOWS))
    tell(alone, alone_seconds, together, time.perf_counter() - started)
    database.close()


async def _alone(engine: Engine, numbers: Any, count: int) -> list[float]:
    return [await _one(engine, next(numbers)) for _ in range(count)]


async def _together(engine: Engine, numbers: Any, count: int) -> list[float]:
    room = asyncio.Semaphore(AT_ONCE)

    async def bounded(number: int) -> float:
        async with room:
            return await _one(engine, number)

    return await asyncio.gather(*(bounded(next(numbers)) for _ in range(count)))


async def _one(engine: Engine, number: int) -> float:
    started = time.perf_counter()
    run_id, work = f"run_{number:020x}", TrivialWork()
    begun = await engine.begin(run_id, START, actor=work.actor)
    state = await engine.drive(run_id, work, begun=begun)
    assert state.status == "completed", state
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main(sys.argv[1])
