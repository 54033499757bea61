"""The queue wakes workers and knows nothing: what is lost or doubled in it does no harm."""

from __future__ import annotations

import asyncio
import logging
import threading

import psycopg
import pytest
from tests.postgres import PostgresServer
from tests.worker.conftest import Scene, until

from actwright.errors import StoreError
from actwright.store.wakes import Queue, WatchedStore, prepare, schema_name, wakes_of
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker


def _jobs(address: str) -> list[tuple[str, str]]:
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            f"SELECT queue_name, queueing_lock FROM {schema_name()}.procrastinate_jobs ORDER BY id"
        ).fetchall()
    return [(str(org), str(run_id)) for org, run_id in rows]


def test_a_run_stands_in_its_orgs_queue_once(postgres_address: str) -> None:
    """Waking it again changes nothing, and the queue makes its tables by itself."""
    queue = Queue(postgres_address)
    for run_id, org in (("run_1", "A"), ("run_1", "A"), ("run_2", "B"), ("run_1", "A")):
        queue.wake(run_id, org=org)
    queue.close()
    assert _jobs(postgres_address) == [("A", "run_1"), ("B", "run_2")]


def test_two_processes_may_make_the_tables_at_once(postgres_address: str) -> None:
    """Whoever comes second finds them."""
    failed: list[BaseException] = []

    def make() -> None:
        try:
            prepare(postgres_address)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []
    assert _jobs(postgres_address) == []


def test_a_queue_that_cannot_be_reached_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged, and the caller goes on."""
    queue = Queue("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1")
    with caplog.at_level(logging.WARNING, "actwright.wakes"):
        queue.wake("run_1", org="A")
    assert "run_1 waits for the next sweep" in caplog.text


def test_a_role_without_the_right_is_told_what_to_do(
    postgres_server: PostgresServer, postgres_address: str
) -> None:
    """Whoever may not make the tables hears who has to."""
    name = postgres_address.rsplit("/", 1)[1]
    postgres_server.execute(
        "DROP ROLE IF EXISTS onlooker", "CREATE ROLE onlooker LOGIN", database=name
    )
    with pytest.raises(StoreError, match="queue cannot be used") as told:
        prepare(postgres_server.address(name, user="onlooker"))
    assert told.value.hint
    assert "owner" in told.value.hint


def test_a_file_needs_no_queue() -> None:
    """Its workers watch it themselves."""
    wakes = wakes_of(None)
    assert isinstance(wakes, WatchedStore)
    wakes.wake("run_1", org="A")
    wakes.close()


def _is_completed(scene: Scene, run_id: str) -> bool:
    """Tell whether a run is, over a connection that may just have been cut."""
    try:
        return scene.status(run_id) == "completed"
    except StoreError:
        return False


@pytest.mark.parametrize("scene", ["postgres"], indirect=True)
def test_a_worker_outlives_its_queue(scene: Scene, postgres_server: PostgresServer) -> None:
    """Its connections are cut and its jobs are lost; it says so, opens the queue again, and sweeps up what was lost."""
    told: list[Notice] = []
    address = str(scene.database_url)
    name = address.rsplit("/", 1)[1]

    def cut() -> str:
        queued = scene.queued()
        postgres_server.execute(
            f"SET search_path TO {schema_name()}",
            "DELETE FROM procrastinate_jobs",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            database=name,
        )
        return queued

    async def served() -> None:
        """On the loop: served."""
        worker = Worker(scene.person(), sweep_seconds=0.3, tell=told.append)
        serving = asyncio.create_task(worker.serve())
        await asyncio.to_thread(until, lambda: any(each.what == "started" for each in told))
        await asyncio.sleep(0.5)
        queued = await asyncio.to_thread(cut)
        await asyncio.to_thread(until, lambda: _is_completed(scene, queued))
        worker.stop()
        await serving

    asyncio.run(asyncio.wait_for(served(), 60))
