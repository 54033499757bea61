"""Planning offline, per goal, warm and without the org's own time: the org's answers are remembered from a first pass."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from actwright.blueprints.library import load_library
from actwright.clock import SystemClock
from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import connect
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest

BAR = 30.0
ROUNDS = 30
GOALS = (
    "Close the Acme Renewal as won and create a follow-up task for next Tuesday",
    "Change the amount of Acme Renewal to 99000",
    "update Jane Doe's phone to +1 212 555 0100",
    "create the account Hooli and add a contact Richard Hendricks to it",
    "create a case for Acme: printer is broken, high priority",
    "escalate case 00001002 to tier 2",
    "mark Initech Upgrade as lost because of price",
    "close the Acme Renewall as won",
    "close Acme Renewal as won and launch the rocket",
)


class RememberingOrg:
    """An org that asks the real one once for each question and then answers from memory."""

    def __init__(self, org: OrgReader) -> None:
        self._org = org
        self._objects = org.objects()
        self._schemas: dict[str, ObjectSchema] = {}
        self._answers: dict[tuple[RecordQuery, ...], Sequence[Sequence[Record]]] = {}

    @property
    def identity(self) -> OrgIdentity:
        """The real org's identity."""
        return self._org.identity

    @property
    def user(self) -> RunningUser:
        """The real org's user."""
        return self._org.user

    @property
    def api_calls(self) -> int:
        """The real org's calls."""
        return self._org.api_calls

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects, from memory."""
        return self._objects

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema, from memory where it was asked for before."""
        if name not in self._schemas:
            self._schemas[name] = self._org.describe(name)
        return self._schemas[name]

    def count(self, query: RecordQuery) -> int:
        """Count with the real org."""
        return self._org.count(query)

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Ask the real org what a record type offers."""
        return self._org.picklist_values(object_name, record_type)

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer queries, from memory where they were asked before."""
        key = tuple(queries)
        if key not in self._answers:
            self._answers[key] = self._org.query(queries)
        return self._answers[key]

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Refuse: planning reads no records."""
        raise AssertionError(f"planning must not read records: {reads}")


def run() -> list[dict[str, Any]]:
    """Measure the median and the slowest goal over the demo org."""
    with tempfile.TemporaryDirectory() as home, EmbeddedLocalOrg(Path(home)) as served:
        org = connect(served.url, ClientCredentials("alice", "localorg"))
        try:
            times = _times(RememberingOrg(org))
        finally:
            org.close()
    return [
        _row("planning offline, a goal (median)", statistics.median(times.values())),
        _row("planning offline, the slowest goal", max(times.values())),
    ]


def _times(org: OrgReader) -> dict[str, float]:
    """Return the median time of each goal, in milliseconds, after one pass that fills the memory."""
    planner, library, clock = OfflinePlanner(), load_library(), SystemClock()
    times: dict[str, float] = {}
    for goal in GOALS:
        request = PlanningRequest(goal, library, org, clock)
        planner.plan(request)
        rounds: list[float] = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            planner.plan(request)
            rounds.append((time.perf_counter() - start) * 1000)
        times[goal] = statistics.median(rounds)
    return times


def _row(name: str, value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "bar": BAR,
        "better": "lower",
        "holds": value < BAR,
    }
