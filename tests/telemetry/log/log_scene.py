"""Exchanges and plannings as these tests need them, and a log in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.memory_org import FakeClock, demo_org
from tests.model_replies import LIBRARY, PROMPTS, Document, FakeChat

from actwright.model.exchange import Exchange
from actwright.model.settings import ModelSettings
from actwright.org.query import JsonScalar
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.store.blobs import FileBlobs
from actwright.store.sqlite import SqliteDatabase
from actwright.telemetry.log.call import Asker
from actwright.telemetry.log.opening import Keeping, open_telemetry
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.log.reading import PromptLog
from actwright.telemetry.log.telemetry import Level, Telemetry

ORG = demo_org()
ASKER = Asker(
    lambda: "alice", "local", ORG.describe, lambda: "US", lambda goal: f"like {len(goal)}"
)


def exchange(number: int = 1, **more: object) -> Exchange:
    """Return an exchange."""
    base: dict[str, object] = {
        "id": f"exchange_{number}",
        "conversation": "talk_1",
        "at": f"2026-11-{number:02}T12:00:00.000Z",
        "purpose": "plan",
        "prompt_name": "plan",
        "prompt_version": "3",
        "prompt_hash": "a" * 64,
        "model": "fake-1",
        "outcome": "ok",
        "body_digest": "b" * 64,
        "user": "alice",
        "session": "s1",
    }
    return Exchange.model_validate(base | more)


def planning(number: int = 1, **more: object) -> PlanningRecord:
    """Return the record of a planning call."""
    base: dict[str, object] = {
        "id": f"planning_{number}",
        "call": "plan",
        "at": f"2026-11-{number:02}T13:00:00.000Z",
        "session": "s1",
        "user": "alice",
        "org": "local",
        "goal_digest": "c" * 64,
        "plan_id": "plan_1",
    }
    return PlanningRecord.model_validate(base | more)


@dataclass(frozen=True)
class LogHome:
    """A log, and the folder all of it is in."""

    folder: Path
    database: SqliteDatabase
    blobs: FileBlobs
    telemetry: Telemetry

    @property
    def log(self) -> PromptLog:
        """The reading side."""
        return PromptLog(self.database, self.blobs, self.telemetry.flush)

    def stored(self) -> bytes:
        """Return every byte that is kept: the store, the lines and the long texts."""
        assert self.telemetry.flush()
        files = (each for each in self.folder.rglob("*") if each.is_file())
        return b"\n".join(each.read_bytes() for each in files)

    def plan(
        self,
        goal: str,
        *replies: Document | str,
        data: dict[str, JsonScalar] | None = None,
        asker: Asker = ASKER,
    ) -> PlanningOutcome:
        """Plan a goal with a model that answers ``replies``, over the demo org in memory."""
        planner = ModelPlanner(
            FakeChat(list(replies)),
            PROMPTS,
            ModelSettings(model="fake"),
            log=self.telemetry,
            clock=FakeClock(),
        )
        request = PlanningRequest(goal, LIBRARY, ORG, FakeClock(), data or {})
        with self.telemetry.planning("plan", goal, data or {}, asker) as call:
            return call.came_to(planner.plan(request))


@contextmanager
def log_home(folder: Path, level: Level = "full", *, inline: int = 16_384) -> Iterator[LogHome]:
    """Open a log in a folder: in a store, as JSON lines, and with long texts beside."""
    folder.mkdir(parents=True, exist_ok=True)
    database, blobs = SqliteDatabase(folder / "store.db"), FileBlobs(folder / "blobs")
    keeping = Keeping(level, in_store=True, file=folder / "log.jsonl", session="s1", inline=inline)
    telemetry = open_telemetry(keeping, database, blobs, FakeClock())
    try:
        yield LogHome(folder, database, blobs, telemetry)
    finally:
        telemetry.close()
        database.close()
