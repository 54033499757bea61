"""What a recommendation learns from 10,000 plannings that are kept, some of them of goals like the one asked."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.telemetry.fates.plan_life import PlanLife
from tests.telemetry.ranking.many_plannings import ASKED, Plannings

from benchmarks._row import Row, row

BAR = 1.0
ROUNDS = 30
KEPT, ALIKE, PEOPLE, SHAPES = 10_000, 80, 9, 50


def run() -> list[Row]:
    """Measure the first question about goals of one kind, and those that follow within a minute."""
    with tempfile.TemporaryDirectory() as folder:
        plannings = Plannings(PlanLife.at(Path(folder)))
        _fill(plannings)
        first = statistics.median(_first(plannings))
        again = statistics.median(_again(plannings))
        plannings.life.database.close()
    return [
        row("learning_first_10k_plannings", first, "ms"),
        row("learning_again_10k_plannings", again, "ms", BAR),
    ]


def _fill(plannings: Plannings) -> None:
    life = plannings.life
    for number in range(ALIKE):
        life.ran(life.previewed(plannings.made(f"user{number % PEOPLE}")))
    with life.database.write() as transaction:
        (body,) = transaction.execute("SELECT body FROM planning LIMIT 1").fetchone()
        for number in range(KEPT - ALIKE):
            values = (f"other_{number}", "2026-01-01T00:00:00.000Z", f"plan_{number}")
            transaction.execute(
                "INSERT INTO planning (id, at, plan_id, shape, body) VALUES (?, ?, ?, ?, ?)",
                (*values, f"shape {number % SHAPES}", body),
            )


def _first(plannings: Plannings) -> Iterator[float]:
    for _ in range(ROUNDS):
        evidence = plannings.evidence
        begun = time.perf_counter()
        if not evidence.of(ASKED):
            raise SystemExit("The plannings taught nothing.")
        yield (time.perf_counter() - begun) * 1_000


def _again(plannings: Plannings) -> Iterator[float]:
    evidence = plannings.evidence
    evidence.of(ASKED)
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        evidence.of(ASKED)
        yield (time.perf_counter() - begun) * 1_000
