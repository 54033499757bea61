"""PostgreSQL for tests: one private cluster for all workers of a session, and a fresh database for each test.

The cluster listens on loopback alone, syncs every commit to disk as a real one does, and ends with the session, however
that ends. As root it runs as the user ``postgres``. Where PostgreSQL is not installed, tests that need it are skipped; in
CI they fail.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
import pytest

from actwright.store.database import Database
from actwright.store.opening import open_database
from actwright.store.postgres import PostgresDatabase
from actwright.store.sqlite_tables import APPEND_ONLY, PURGEABLE

OWNER = "actwright"
_TEMPLATE = "actwright_template"
_START_SECONDS = 20.0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "deadlock_timeout": "100ms",
    "jit": "off",
    "fsync": "on",
}

_WATCHED = """(
"$1"/postgres -D "$2"/data >"$2"/log 2>&1 &
server=$!
while ps -p "$3" >/dev/null && [ ! -e "$2"/end ] && kill -0 $server 2>/dev/null; do sleep 0.1; done
kill -INT $server 2>/dev/null
wait $server
if [ -e "$2"/keep ]; then touch "$2"/ended; else rm -rf "$2"; fi
) &"""
"""Runs the server, and ends it as soon as the session's process is gone or says so."""


_SHAPE = """SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT format('%s %s %s', relname, relkind, relnatts) AS line FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
    UNION ALL SELECT setconfig::text FROM pg_db_role_setting JOIN pg_database AS here ON here.oid = setdatabase
        WHERE datname = current_database()
    UNION ALL SELECT version::text FROM store_version) AS lines"""
"""What a database is made of; one in which a test has changed that is not used again."""

_LEFT_BEHIND = """SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_EMPTIED = "; ".join(
    (
        "SET session_replication_role = replica",
        *(f"DELETE FROM {table}" for table in (*APPEND_ONLY, *PURGEABLE, "run")),
    )
)
"""Triggers that guard the rows do not fire for a replica."""

_LOGGED = " UNION ALL ".join(
    f"SELECT row_to_json(each)::text FROM {table} AS each" for table in PURGEABLE
)
"""Every row of the prompt log."""


@dataclass(frozen=True)
class PostgresServer:
    """A private cluster: where its programs and its data are, and the port it listens on."""

    programs: str
    folder: str
    port: int

    @classmethod
    def started(cls, watched: int) -> PostgresServer:
        """Make a cluster and start it; it ends when the process ``watched`` does."""
        folder = Path(tempfile.mkdtemp(prefix="actwright-postgres-"))
        if user := _user():
            shutil.chown(folder, user, user)
        made = cls(_programs(), str(folder), _free_port())
        made._run(
            "initdb", "-D", f"{folder}/data", "-U", OWNER, "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        settings = {**_SETTINGS, "port": str(made.port)}
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        made.start(watched)
        return made

    def start(self, watched: int) -> None:
        """Start the server, and wait until it answers."""
        for mark in ("end", "keep", "ended"):
            (Path(self.folder) / mark).unlink(missing_ok=True)
        subprocess.run(
            ["sh", "-c", _WATCHED, "sh", self.programs, self.folder, str(watched)],
            user=_user(),
            group=_user(),
            extra_groups=[] if _user() else None,
            cwd=self.folder,
            start_new_session=True,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._await_answer()

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and keep its data, so that it can be started again; ``immediate`` is like a crash."""
        (Path(self.folder) / "keep").touch()
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "stop")
        until = time.monotonic() + _START_SECONDS
        while not (Path(self.folder) / "ended").exists() and time.monotonic() < until:
            time.sleep(0.01)

    def end(self) -> None:
        """Stop the server for good, and throw its data away."""
        with contextlib.suppress(OSError):
            (Path(self.folder) / "end").touch()

    def address(self, database: str = "postgres", *, user: str = OWNER) -> str:
        """Return the address of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the owner."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            for each in statements:
                connection.execute(each.encode())

    def make_template(self) -> None:
        """Make the database that fresh ones are copied from: a store with its tables."""
        self.execute(f"CREATE DATABASE {_TEMPLATE}")
        PostgresDatabase(self.address(_TEMPLATE)).close()

    def fresh(self) -> str:
        """Make a database with the store's tables in it, and return its name."""
        name = f"store_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def shape(self, name: str) -> str:
        """Return a digest of what a database is made of."""
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            return str(connection.execute(_SHAPE).fetchone())

    def logged(self, name: str) -> list[str]:
        """Return every row of a database's prompt log as JSON; nothing where a test has taken its tables away."""
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            try:
                return [str(row[0]) for row in connection.execute(_LOGGED.encode())]
            except psycopg.errors.UndefinedTable:
                return []

    def emptied(self, name: str, shape: str) -> bool:
        """Empty all tables of a database; False where it is not made of what it was made of at first."""
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            connection.execute(_LEFT_BEHIND)
            if str(connection.execute(_SHAPE).fetchone()) != shape:
                return False
            connection.execute(_EMPTIED.encode())
        return True

    def drop(self, name: str) -> None:
        """Throw a database away, whoever is still connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _await_answer(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [f"{self.programs}/{program}", *arguments],
            user=_user(),
            group=_user(),
            extra_groups=[] if _user() else None,
            cwd=self.folder,
            check=True,
            capture_output=True,
            timeout=60,
        )


def _user() -> str | None:
    """Return who runs the server: PostgreSQL refuses to be run by root."""
    return "postgres" if os.geteuid() == 0 else None


def _programs() -> str:
    """Return the folder of PostgreSQL's programs; without them the test is skipped, and in CI it fails."""
    found = shutil.which("initdb")
    if found:
        return str(Path(found).resolve().parent)
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if folders:
        return str(folders[-1].parent)
    if os.environ.get("CI") == "true":
        pytest.fail("PostgreSQL is not installed; CI installs it")
    pytest.skip("PostgreSQL is not installed")


def _version(initdb: Path) -> int:
    return int(initdb.parent.parent.name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[PostgresServer]:
    """Give the session's cluster, which the first worker that needs it starts."""
    alone = worker_id == "master"
    common = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with (common / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = common / "postgres.json"
        if told.exists():
            server = PostgresServer(**json.loads(told.read_text(encoding="utf-8")))
        else:
            server = PostgresServer.started(os.getpid() if alone else os.getppid())
            server.make_template()
            told.write_text(json.dumps(asdict(server)), encoding="utf-8")
    yield server
    if alone:
        server.end()


@pytest.fixture(scope="session")
def _emptied_databases() -> list[tuple[str, str]]:
    """Give the databases, with their shapes, that earlier tests of this worker have left as they were."""
    return []


@pytest.fixture
def postgres_address(
    postgres_server: PostgresServer,
    _emptied_databases: list[tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Give the address of an empty database on the session's cluster, with the store's tables in it.

    What the test logged in it is kept beside the session's other leavings, for the scan.
    """
    if _emptied_databases:
        name, shape = _emptied_databases.pop()
    else:
        name = postgres_server.fresh()
        shape = postgres_server.shape(name)
    yield postgres_server.address(name)
    with (tmp_path_factory.getbasetemp() / "prompt-log.jsonl").open("a", encoding="utf-8") as kept:
        kept.writelines(f"{each}\n" for each in postgres_server.logged(name))
    if postgres_server.emptied(name, shape):
        _emptied_databases.append((name, shape))
    else:
        postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty store, on both: a path, or a database on the session's cluster."""
    if request.param == "sqlite":
        return str(tmp_path / "actwright.db")
    return str(request.getfixturevalue("postgres_address"))


@pytest.fixture
def database(database_address: str) -> Iterator[Database]:
    """Give an empty store, on both."""
    opened = open_database(database_address)
    yield opened
    opened.close()
