"""Scenes of workers: people with queued runs on a shared local org, and workers in this process and in others."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from tests.chaos.doomed import Child
from tests.chaos.ten_steps import SETTINGS, effects, ten_steps
from tests.programs import Programs, clean_environment
from tests.scenario import Rest, new_deal, plan_of, sign_in, task

from actwright import Actwright, Preview
from actwright.clock import Clock
from actwright.settings import Settings
from actwright.testing import LocalOrg
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker

Found = TypeVar("Found")

LEASE_SECONDS = 1.0

_FILE = f"""lease_seconds = {LEASE_SECONDS}
allow_opaque = ["PutOnTheTally"]

[actions]
PutOnTheTally = "tests.chaos.ten_steps:Tally"
"""


@dataclass
class Scene:
    """One store, the shared org, and the people who use both.

    Attributes:
        folder: Where the store and the settings file are.
        org: The local org.
        database_url: The Postgres store; None for a file.
        programs: What starts workers.
    """

    folder: Path
    org: LocalOrg
    database_url: str | None
    programs: Programs
    _apps: dict[str | None, Actwright] = field(default_factory=dict)
    _subjects: dict[str, str] = field(default_factory=dict)
    _deals: dict[str, tuple[str, Path]] = field(default_factory=dict)
    _workers: list[Child] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """What everybody's settings have in common."""
        given = {"home": self.folder, "org": self.org.url, "database_url": self.database_url}
        return Settings.model_validate({**given, "lease_seconds": LEASE_SECONDS, **SETTINGS})

    @property
    def admin(self) -> Rest:
        """An administrator's session, past everything Actwright does."""
        return sign_in(self.org.url)

    def person(self, user: str | None = "alice", *, clock: Clock | None = None) -> Actwright:
        """Return a person's calls; the same each time, with the clock that was given the first time."""
        if user not in self._apps:
            settings = self.settings.model_copy(update={"user": user})
            self._apps[user] = Actwright(settings=settings, clock=clock)
        return self._apps[user]

    def queued(self, user: str = "alice") -> str:
        """Leave a run to the workers that creates one task, called as the run, and return its id."""
        app, subject = self.person(user), f"task {uuid4().hex[:12]}"
        run_id = self._left(app, app.preview(plan_of(app, task(subject=subject))))
        self._subjects[run_id] = subject
        return run_id

    def ten_steps(self, user: str = "alice") -> str:
        """Leave a run of ten steps to the workers, each a call of its own, and return its id."""
        app, deal = self.person(user), new_deal(self.admin)
        tally = self.folder / f"{deal}.tally"
        run_id = self._left(app, app.preview(ten_steps(app, deal, tally)))
        self._deals[run_id] = (deal, tally)
        return run_id

    def effects(self, run_id: str) -> list[int]:
        """Return how often each effect of a run has happened, past everything Actwright does."""
        if run_id in self._deals:
            return effects(self.admin, *self._deals[run_id])
        subject = self._subjects[run_id]
        return [len(self.admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'"))]

    def status(self, run_id: str) -> str:
        """Return a run's status."""
        return self.person().run_state(run_id).status

    def _left(self, app: Actwright, preview: Preview) -> str:
        assert not preview.blocked
        return app.enqueue(preview, app.confirm(preview, approver="Alice Archer"))

    def drained(self, user: str | None = "alice") -> list[Notice]:
        """Let a worker in this process drive what can go on, and return what it told."""
        told: list[Notice] = []
        app = self.person(user)

        async def work() -> None:
            """On the loop: work."""
            await Worker(app, tell=told.append).drain()

        asyncio.run(work())
        return told

    def worker(self, *options: str) -> Child:
        """Start a worker's process; it is ended with the scene."""
        (self.folder / "actwright.toml").write_text(_FILE, encoding="utf-8")
        more = {"ACTWRIGHT_DATABASE_URL": self.database_url} if self.database_url else {}
        told = self.folder / f"worker-{len(self._workers)}.log"
        process = self.programs.start(
            *("worker", "--org", self.org.url, *options),
            folder=self.folder,
            env=clean_environment() | {"ACTWRIGHT_HOME": str(self.folder)} | more,
            streams=[os.devnull, os.devnull, str(told)],
        )
        self._workers.append(process)
        return process

    def close(self) -> None:
        """End the workers, and close what is open."""
        for each in self._workers:
            each.thaw()
            each.kill()
            each.join()
        for app in self._apps.values():
            app.close()


@pytest.fixture(scope="session")
def worked_org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalOrg]:
    """Give one local org to all tests of workers in this process."""
    with LocalOrg(tmp_path_factory.mktemp("org")) as org:
        yield org


@pytest.fixture(params=["sqlite", "postgres"])
def scene(
    request: pytest.FixtureRequest, tmp_path: Path, worked_org: LocalOrg, programs: Programs
) -> Iterator[Scene]:
    """Give a scene on a store of either kind."""
    url = None
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_address"))
    (tmp_path / "home").mkdir()
    made = Scene(tmp_path / "home", worked_org, url, programs)
    yield made
    made.close()
    worked_org.faults.clear()


def until(holds: Callable[[], Found | None], seconds: float = 40.0) -> Found:
    """Wait until something is there, and return it."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)
    return found
