"""The store on a server in trouble: crashes, cut connections, collisions, locks, refused statements."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors
from tests.postgres import PostgresServer
from tests.postgres_proxy import CutProxy, Moment
from tests.store.rows import ADD, adding, names

from actwright.errors import StoreError
from actwright.store import postgres_connections
from actwright.store.database import Transaction
from actwright.store.postgres import PostgresDatabase
from actwright.store.postgres_errors import store_error


class CutStore:
    """A store, and the connection to it."""

    def __init__(self, proxy: CutProxy, database: PostgresDatabase) -> None:
        self.proxy = proxy
        self.database = database


def test_connections_that_ended_are_made_anew(
    store: PostgresDatabase, postgres_server: PostgresServer
) -> None:
    """A server that ends all connections, as at a failover, is asked again, by readers and writers."""
    for each in range(3):
        store.commit(adding(f"plan_{each}"))
        assert len(names(store)) == each + 1
        with store.write() as rows:
            rows.execute("SELECT 1")
        postgres_server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{store.name.rpartition('/')[2]}'"
        )


def test_a_crash_is_survived(own_server: PostgresServer) -> None:
    """What was committed is there after the server has crashed; what comes meanwhile waits and is written once."""
    database = PostgresDatabase(own_server.address())
    database.commit(adding("before"))
    own_server.stop("immediate")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(database.commit, adding("during"))
        own_server.start(os.getpid())
        assert waiting.result(20) == "during"
    assert names(database) == ["before", "during"]
    database.close()


def test_a_server_that_stays_away_is_told(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patience ends, with what to do."""
    monkeypatch.setattr(postgres_connections, "_PATIENCE_SECONDS", 0.1)
    database = PostgresDatabase(own_server.address())
    own_server.stop()
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        database.commit(adding("never"))
    assert "ACTWRIGHT_DATABASE_URL" in (caught.value.hint or "")
    own_server.start(os.getpid())
    database.commit(adding("again"))
    assert "never" not in names(database)
    database.close()


@pytest.fixture
def cut(postgres_server: PostgresServer, postgres_address: str) -> Iterator[CutStore]:
    """Give an empty store that is reached over a connection that can be cut."""
    with CutProxy(postgres_server.port) as proxy:
        there = urlsplit(postgres_address)
        address = there._replace(netloc=f"actwright@127.0.0.1:{proxy.port}").geturl()
        database = PostgresDatabase(address)
        yield CutStore(proxy, database)
        database.close()


@pytest.mark.parametrize(("moment", "written"), [("before", []), ("after", ["plan_1"])])
@pytest.mark.parametrize("way", ["commit", "write"])
def test_an_answer_lost_in_the_commit_leaves_doubt(
    cut: CutStore, moment: Moment, written: list[str], way: str
) -> None:
    """Whether the commit was made or not, the error is the same, and says that nobody knows; reading tells."""
    cut.proxy.cut_at("COMMIT", moment)
    with pytest.raises(StoreError, match="unknown whether it was written") as caught:
        _add_by(cut.database, way)
    assert caught.value.error_code == "store_uncertain"
    assert cut.proxy.has_cut
    assert names(cut.database) == written
    cut.database.commit(adding("plan_2"))
    assert names(cut.database) == [*written, "plan_2"]


def test_a_connection_lost_before_the_commit_costs_nothing(cut: CutStore) -> None:
    """Nothing was written then, so the works are run again on a new connection, and stand there once."""
    for moment in ("before", "after"):
        cut.proxy.cut_at("INSERT", moment)
        assert cut.database.commit(adding(moment)) == moment
        assert cut.proxy.has_cut
    assert names(cut.database) == ["after", "before"]


def test_a_batch_whose_server_stays_away_fails_as_one(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who share a commit wait for a server that is gone together, not one after the other."""
    monkeypatch.setattr(postgres_connections, "_PATIENCE_SECONDS", 0.3)
    database = PostgresDatabase(own_server.address())

    def stopping(rows: Transaction) -> None:
        rows.execute("SELECT 1")
        if database.facts().durable:
            own_server.stop("immediate")
        rows.execute("SELECT 1")

    async def together() -> list[object]:
        """Commit all at once."""
        works = [database.acommit(each) for each in (stopping, *map(adding, "abcdefgh"))]
        return await asyncio.gather(*works, return_exceptions=True)

    started = time.monotonic()
    told = asyncio.run(together())
    assert [getattr(each, "error_code", each) for each in told] == ["store_unreachable"] * 9
    assert time.monotonic() - started < 3
    own_server.start(os.getpid())
    assert not {*"abcdefgh"} & {*names(database)}
    database.close()


def test_works_in_each_others_way_are_run_again(postgres_address: str) -> None:
    """Where two processes wait for each other, one is taken back and run again; both are written."""
    stores = [PostgresDatabase(postgres_address) for _ in range(2)]
    meeting = threading.Barrier(2)

    def crossing(first: str, second: str) -> Callable[[Transaction], str]:
        met = [False]

        def work(rows: Transaction) -> str:
            rows.hold(first)
            if not met[0]:
                met[0] = True
                meeting.wait(5)
            rows.hold(second)
            rows.execute(ADD, (first,))
            return first

        return work

    with ThreadPoolExecutor(2) as pool:
        found = pool.map(
            lambda store, names: store.commit(crossing(*names)), stores, [("a", "b"), ("b", "a")]
        )
        assert list(found) == ["a", "b"]
    assert names(stores[0]) == ["a", "b"]
    for each in stores:
        each.close()


def test_a_lock_somebody_keeps_is_told(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits too long for another writer gives up with the reason, and nothing is written."""
    monkeypatch.setattr(
        postgres_connections,
        "_SETTINGS",
        postgres_connections._SETTINGS.replace("'lock_timeout', '15s'", "'lock_timeout', '50ms'"),
    )
    store = PostgresDatabase(postgres_address)
    with store.write() as rows:
        rows.hold("mine")
        with pytest.raises(StoreError, match="lock timeout") as caught:
            store.commit(_taking_mine)
    assert "Another process" in (caught.value.hint or "")
    assert names(store) == []
    store.close()


def test_a_failed_transaction_is_never_taken_for_a_commit(store: PostgresDatabase) -> None:
    """A statement that was refused, and swallowed, fails the commit, which the server would roll back silently."""
    for one_way in (store.commit, _in_a_transaction_of(store)):
        with pytest.raises(StoreError, match="failed"):
            one_way(_swallowing)
    assert names(store) == []


@pytest.mark.parametrize(
    ("error", "way_out"),
    [
        (errors.DiskFull("x"), "Make room on the server's disk"),
        (errors.QueryCanceled("x"), "took too long"),
        (errors.ReadOnlySqlTransaction("x"), "standby"),
        (errors.InternalError_("x"), "Check the server"),
    ],
)
def test_each_trouble_has_a_way_out(error: psycopg.Error, way_out: str) -> None:
    """What a server refuses is told with the database, one line, and what to do about it."""
    error.args = ("could not extend file.\nDETAIL: and so on",)
    told = store_error(error, "postgresql://h/x")
    assert str(told) == "The store cannot be used: could not extend file. (at postgresql://h/x)"
    assert way_out in (told.hint or "")


def _add_by(database: PostgresDatabase, way: str) -> None:
    if way == "commit":
        database.commit(adding("plan_1"))
    else:
        with database.write() as rows:
            rows.execute(ADD, ("plan_1",))


def _taking_mine(rows: Transaction) -> None:
    rows.hold("mine")


def _in_a_transaction_of(
    store: PostgresDatabase,
) -> Callable[[Callable[[Transaction], None]], None]:
    def run(work: Callable[[Transaction], None]) -> None:
        with store.write() as rows:
            work(rows)

    return run


def _swallowing(rows: Transaction) -> None:
    rows.execute(ADD, ("plan_1",))
    try:
        rows.execute("INSERT INTO nowhere VALUES (1)")
    except psycopg.Error:
        return
