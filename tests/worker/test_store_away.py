"""A worker whose store's server is away, when it starts and later: it waits, and its lines stay lines of JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.postgres import PostgresServer
from tests.programs import Programs
from tests.worker.conftest import Scene, until

from actwright.errors import StoreError
from actwright.store.database import UNREACHABLE
from actwright.testing import LocalOrg
from actwright.worker.logged import logs_told
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker

_OUTAGE_SECONDS = 2.5
"""Long enough for the pool of the queue's connections to complain."""
_AWAY = "postgresql://nobody@127.0.0.1:1/nowhere"


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """Give a server that may be stopped."""
    server = PostgresServer.started(os.getpid())
    server.make_template()
    yield server
    server.end()


@pytest.mark.xdist_group("chaos_postgres")
def test_a_worker_waits_for_its_store_and_tells_nothing_but_json(
    own_server: PostgresServer, tmp_path: Path, worked_org: LocalOrg, programs: Programs
) -> None:
    """Started before its server it goes on once that is there; in an outage each line is JSON; it ends in good order."""
    address = own_server.address(own_server.fresh())
    scene = Scene(tmp_path, worked_org, address, programs)
    log = tmp_path / "worker-0.log"
    own_server.stop()
    worker = scene.worker("--json", "--sweep", "0.3", "--as", "alice")
    until(lambda: _told(log, "trouble"))
    own_server.start(os.getpid())
    until(lambda: _told(log, "started"))
    until(lambda: _is_listened_to(address))
    own_server.stop()
    time.sleep(_OUTAGE_SECONDS)
    own_server.start(os.getpid())
    worker.send(signal.SIGTERM)
    assert worker.ended() == 0
    assert [each["event"] for each in _lines(log)][-2:] == ["stopping", "stopped"]
    scene.close()


def test_a_worker_that_waits_for_its_store_hears_sigterm(
    tmp_path: Path, worked_org: LocalOrg, programs: Programs
) -> None:
    """It leaves at once, as in good order: with exit code 0; what is to end by itself ends with 1."""
    scene, log = Scene(tmp_path, worked_org, _AWAY, programs), tmp_path / "worker-0.log"
    waiting = scene.worker("--json", "--sweep", "60")
    until(lambda: _told(log, "trouble"))
    waiting.send(signal.SIGTERM)
    assert waiting.ended() == 0
    assert [each["event"] for each in _lines(log)] == ["trouble", "stopping", "stopped"]
    assert scene.worker("--json", "--once").ended() == 1
    scene.close()


def test_a_store_that_leaves_while_the_org_is_asked_for_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worked_org: LocalOrg, programs: Programs
) -> None:
    """Told as trouble, and tried again; a store that is there and cannot be used ends the worker."""
    told, scene = list[Notice](), Scene(tmp_path, worked_org, None, programs)
    worker = Worker(scene.person(), sweep_seconds=0.01, tell=told.append)
    answers: list[StoreError | str] = [StoreError("away", code=UNREACHABLE), "00D"]

    async def org() -> str:
        """On the loop: fail once."""
        answer = answers.pop(0)
        if isinstance(answer, StoreError):
            raise answer
        return answer

    monkeypatch.setattr(worker, "_org_of_somebody", org)
    assert asyncio.run(worker._identified()) == "00D"
    assert [(each.what, each.text[-4:]) for each in told] == [("trouble", "away")]
    answers.append(StoreError("newer than this program"))
    with pytest.raises(StoreError, match="newer"):
        asyncio.run(worker._identified())
    scene.close()


def test_what_libraries_log_is_told_once_and_in_one_line() -> None:
    """Warnings become trouble; what the queue and its connections log is told by the worker itself, and not again."""
    told: list[Notice] = []
    with logs_told(told.append):
        logging.getLogger("psycopg.pool").warning("error connecting in 'pool-1'")
        logging.getLogger("procrastinate.worker").error("Job worker error")
        logging.getLogger("asyncio").info("slow")
        logging.getLogger("asyncio").error("Task exception was never retrieved")
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("this is old", UserWarning, stacklevel=1)
    logging.getLogger("asyncio").warning("told to nobody any more")
    assert told[0] == Notice("trouble", "Task exception was never retrieved")
    assert [each.what for each in told] == ["trouble", "trouble"]
    assert "this is old" in told[1].line


def _is_listened_to(address: str) -> bool:
    """Tell whether a worker waits at the queue: only then its pool has connections to lose."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen %'"
        ).fetchone()
    return found is not None and found[0] > 0


def _lines(log: Path) -> list[dict[str, str]]:
    """Return what a worker told; each of its lines has to be JSON."""
    return [json.loads(each) for each in log.read_text(encoding="utf-8").splitlines()]


def _told(log: Path, event: str) -> list[dict[str, str]]:
    return [each for each in _lines(log) if each["event"] == event] if log.exists() else []
