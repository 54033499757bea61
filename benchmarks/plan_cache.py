"""Hits of the plan cache, warm and without the org's own time: from a goal to the plan, every value read anew."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from actwright.blueprints.library import Library, load_library
from actwright.clock import SystemClock
from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.org.ports import OrgReader
from actwright.planning.cache.cache import StoredPlanCache
from actwright.planning.cache.cached import CachedPlanner
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.store.sqlite import SqliteDatabase
from benchmarks.planning import RememberingOrg

BAR = 5.0
ROUNDS = 30
PAIRS = (
    ("Close the Acme Renewal as won", "Close the Globex Pilot as won"),
    ("Change the amount of Acme Renewal to 99000", "Change the amount of Globex Pilot to 45k"),
    ("create the account Hooli", "create the account Stark"),
    (
        "set Acme Renewal's amount to 5 and Globex Pilot's amount to 6 and Initech Upgrade's amount to 7",
        "set Initech Upgrade's amount to 8 and Acme Renewal's amount to 9 and Globex Pilot's amount to 1",
    ),
    (
        "create an opportunity Foo for Acme worth 45k closing 2026-12-31 in Prospecting",
        "create an opportunity Bar for Globex worth 60k closing next Friday in Prospecting",
    ),
)
"""A goal that is asked for first, and another of its shape; the fourth plans three actions."""


def run() -> list[dict[str, Any]]:
    """Measure the median and the slowest goal over the demo org."""
    with tempfile.TemporaryDirectory() as home, EmbeddedLocalOrg(Path(home)) as served:
        org = connect(served.url, ClientCredentials("alice", "localorg"))
        database = SqliteDatabase(Path(home) / "actwright.db")
        try:
            times = _times(RememberingOrg(org), database)
        finally:
            database.close()
            org.close()
    return [
        _row("plan cache, a hit (median)", statistics.median(times)),
        _row("plan cache, the slowest hit", max(times)),
    ]


def _times(org: OrgReader, database: SqliteDatabase) -> list[float]:
    """Return the median time of each pair's second goal, in milliseconds.

    Raises:
        RuntimeError: One of them was no hit.
    """
    library, clock = load_library(), SystemClock()
    planner = CachedPlanner(
        OfflinePlanner(), StoredPlanCache(database, clock), prompt_version="benchmark"
    )
    times: list[float] = []
    for first, second in PAIRS:
        planner.plan(PlanningRequest(first, library, org, clock))
        times.append(_median(planner, second, org, library))
    return times


def _median(planner: CachedPlanner, goal: str, org: OrgReader, library: Library) -> float:
    request = PlanningRequest(goal, library, org, SystemClock())
    rounds: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        outcome = planner.plan(request)
        rounds.append((time.perf_counter() - start) * 1000)
        if outcome.plan is None or outcome.plan.planner.cached_from is None:
            raise RuntimeError(f"no hit: {goal}")
    return statistics.median(rounds)


def _row(name: str, value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "bar": BAR,
        "better": "lower",
        "holds": value < BAR,
    }
