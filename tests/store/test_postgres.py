"""The store on a server: what a worker may do, how tables are made, and what no message repeats."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.postgres import PostgresServer
from tests.store.rows import adding, fill, names, running

from actwright.errors import ConfigError, InputError, StoreError
from actwright.store.postgres import PostgresDatabase, numbered
from actwright.store.postgres_connections import name_of
from actwright.store.postgres_tables import STEPS
from actwright.store.sqlite import SqliteDatabase
from actwright.store.sqlite_tables import APPEND_ONLY, PURGEABLE, VERSION
from actwright.store.upkeep import back_up, facts_of, upgrade
from actwright.store.wakes import schema_name


def test_both_dialects_have_the_same_tables(store: PostgresDatabase, tmp_path: Path) -> None:
    """Names of columns, and which of them may be empty, are the same in a file and on a server."""
    file = SqliteDatabase(tmp_path / "actwright.db")
    for table in (*APPEND_ONLY, *PURGEABLE, "run"):
        with file.read() as rows:
            kept = rows.execute(
                'SELECT name, "notnull" OR pk FROM pragma_table_info(?)', (table,)
            ).fetchall()
        with store.read() as rows:
            served = rows.execute(
                "SELECT column_name::text, CAST(is_nullable = 'NO' AS INT) FROM information_schema.columns "
                "WHERE table_name = ? AND table_schema = 'public'",
                (table,),
            ).fetchall()
        assert sorted(served) == sorted(kept), table
    file.close()


def test_nobody_truncates(store: PostgresDatabase) -> None:
    """A table is not emptied as a whole either, not even by its owner."""
    for table in APPEND_ONLY:
        with pytest.raises(StoreError, match="never changed"):
            store.commit(running(f"TRUNCATE {table}"))


@pytest.fixture(scope="module")
def worker(own_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """Give a store opened as a role that has a worker's rights."""
    own_server.execute("CREATE DATABASE shared", "CREATE ROLE worker LOGIN")
    upgrade(own_server.address("shared"), role="worker")
    opened = PostgresDatabase(own_server.address("shared", user="worker"))
    yield opened
    opened.close()


def test_a_worker_has_the_rights_it_needs(worker: PostgresDatabase) -> None:
    """It adds rows everywhere, changes the register, purges the log, and uses its queue."""
    fill(worker, owner=False)
    for table in PURGEABLE:
        assert worker.commit(running(f"DELETE FROM {table}")) == 0
    worker.commit(adding("plan_2"))
    assert names(worker) == ["plan_1", "plan_2"]
    worker.commit(running("UPDATE run SET status = 'x'"))
    queued = worker.commit(running(f"DELETE FROM {schema_name()}.procrastinate_jobs"))
    assert queued == 0


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_worker_has_no_further_rights(worker: PostgresDatabase, table: str) -> None:
    """Whatever would change or remove a row, or what guards it, is refused before any trigger is asked."""
    for statement in (
        f"UPDATE {table} SET at = 'x'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TRIGGER {table}_no_update ON {table}",
        f"DROP TABLE {table}",
    ):
        with pytest.raises(StoreError, match=r"permission denied|must be owner"):
            worker.commit(running(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM run",
        "TRUNCATE run",
        "UPDATE store_version SET version = 9",
        "CREATE TABLE x ()",
        "INSERT INTO archived VALUES ('r', 1, '1', 'now', 'f', '0')",
    ],
)
def test_a_worker_owns_nothing(worker: PostgresDatabase, statement: str) -> None:
    """Nothing is emptied or made by it, the version stays, and no run is noted as archived, to be rid of it."""
    with pytest.raises(StoreError, match="permission denied") as caught:
        worker.commit(running(statement))
    assert "--grant" in (caught.value.hint or "")
    assert "for the owner of the tables to do" in (caught.value.hint or "")


def test_rights_go_to_roles_that_are_there(postgres_address: str) -> None:
    """An unknown role, and one with a hostile name, is refused, and nothing happens."""
    for role in ("nobody_at_all", 'x"; DROP TABLE run; --'):
        with pytest.raises(StoreError, match="does not exist") as caught:
            upgrade(postgres_address, role=role)
        assert "CREATE ROLE" in (caught.value.hint or "")
    assert facts_of(postgres_address).version == VERSION


def test_a_server_is_backed_up_by_its_own_means(postgres_address: str) -> None:
    """A copy of a server's store is not made by us."""
    with pytest.raises(InputError, match="own means"):
        back_up(postgres_address, Path("copy.db"))


def test_processes_may_start_at_once(postgres_server: PostgresServer) -> None:
    """On an empty database the tables are made once, whoever comes first."""
    postgres_server.execute("CREATE DATABASE bare")
    address = postgres_server.address("bare")
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(PostgresDatabase, [address] * 4))
    with stores[0].read() as rows:
        assert rows.execute("SELECT version FROM store_version").fetchall()[-1] == (VERSION,)
    for each in stores:
        each.close()
    postgres_server.drop("bare")


def test_an_older_store_is_brought_up(
    postgres_server: PostgresServer, store: PostgresDatabase
) -> None:
    """One of the third version, the first on a server, gets the indexes of a store made today; exchanges move."""
    postgres_server.execute("CREATE DATABASE older")
    exchange = (
        "INSERT INTO document (kind, id, parent, body, at) VALUES "
        """('exchange', 'e1', 'talk', '{"model":"m","outcome":"ok","promptName":"plan"}', 't'), """
        "('exchange', 'e2', NULL, '{damaged', 't'), ('plan', 'plan_1', NULL, '{}', 't')"
    )
    postgres_server.execute(
        *STEPS[3], "INSERT INTO store_version VALUES (3)", exchange, database="older"
    )
    older = PostgresDatabase(postgres_server.address("older"))
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef"
    with older.read() as brought_up, store.read() as made:
        assert brought_up.execute(indexes).fetchall() == made.execute(indexes).fetchall()
        assert brought_up.execute("SELECT max(version) FROM store_version").fetchone()[0] == VERSION
        assert brought_up.execute("SELECT kind FROM document").fetchall() == [("plan",)]
        moved = "SELECT id, conversation, prompt, model, outcome FROM exchange ORDER BY seq"
        assert brought_up.execute(moved).fetchall() == [
            ("e1", "talk", "plan", "m", "ok"),
            ("e2", "e2", "", "", ""),
        ]
    with pytest.raises(StoreError, match="never changed"):
        older.commit(running("DELETE FROM document"))
    older.close()
    postgres_server.drop("older")


def test_a_newer_store_is_refused(postgres_server: PostgresServer, postgres_address: str) -> None:
    """Tables that a later program made are left alone."""
    database = urlsplit(postgres_address).path[1:]
    postgres_server.execute("INSERT INTO store_version VALUES (99)", database=database)
    with pytest.raises(StoreError, match="version 99") as caught:
        PostgresDatabase(postgres_address)
    assert "Upgrade" in (caught.value.hint or "")


def test_no_message_has_a_password(own_server: PostgresServer) -> None:
    """Neither a wrong address nor a server that is away makes anybody repeat the password."""
    for address in (
        "postgresql://bob:geheim@127.0.0.1:1/x?password=geheim",
        f"postgresql://nobody:geheim@127.0.0.1:{own_server.port}/x",
        "postgresql://bob:geheim%zz@127.0.0.1/x",
        "postgresql://bob:geheim@127.0.0.1/x?nonsense=geheim",
        "postgresql://bob:geheim/x@127.0.0.1/x",
        "postgresql://bob:1/geheim@127.0.0.1:1/x",
        "postgresql://bob:x@geheim@127.0.0.1:1/x",
        "postgresql://bob:geheim?x@127.0.0.1:1/x",
        "postgresql://bob:geheim#x@127.0.0.1:1/x",
    ):
        with pytest.raises((ConfigError, StoreError)) as caught:
            PostgresDatabase(address)
        assert "geheim" not in f"{caught.value.as_dict()}{caught.value.__cause__}"
    assert name_of("postgresql://bob:geheim@h:5/x?password=geheim") == "postgresql://bob@h:5/x"
    assert name_of("postgresql:///x?host=/run/sockets") == "postgresql:///x"


def test_every_commit_waits_for_the_disk(
    postgres_server: PostgresServer, postgres_address: str
) -> None:
    """A server that is set to answer before the disk has it is told otherwise, for our connections."""
    database = urlsplit(postgres_address).path[1:]
    postgres_server.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    store = PostgresDatabase(postgres_address)
    with store.read() as rows:
        assert rows.execute("SHOW synchronous_commit").fetchone()[0] == "on"
    assert store.facts().durable
    store.close()


def test_more_readers_than_connections_wait(store: PostgresDatabase) -> None:
    """Where all connections are lent, the next caller waits for one."""
    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(lambda _: names(store), range(48))) == [[]] * 48


@given(
    st.lists(st.sampled_from(["?", "'?'", "''", "a", " ", "'it''s ?'", "%s", "$9"]), max_size=12)
)
def test_marks_are_numbered_in_order(parts: list[str]) -> None:
    """Each mark outside a text gets the next number, and everything else stays as it is."""
    written = numbered(" ".join(parts)).decode()
    wanted = iter(range(1, 13))
    assert written == " ".join(f"${next(wanted)}" if each == "?" else each for each in parts)
