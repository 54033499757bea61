"""Wakes: telling a waiting worker that a run can go on. A lost one costs time and nothing else; see `worker`."""

from __future__ import annotations

import importlib.metadata
import logging
import threading
from typing import TYPE_CHECKING, Protocol

from actwright.errors import StoreError

if TYPE_CHECKING:
    import procrastinate
    import psycopg

    from actwright.canonical import Json

DRIVE = "drive"
"""The one task there is: drive the run that is named."""

_PREPARING = 0x61637477
"""The advisory lock under which the queue's tables are made, so that two workers do not make them at once."""

_log = logging.getLogger("actwright.wakes")


class Wakes(Protocol):
    """Tells workers that a run can go on."""

    def wake(self, run_id: str, *, org: str) -> None:
        """Tell some worker of an org to drive a run, after what lets it go on is committed. Never raises.

        Args:
            run_id: The run.
            org: The id of its org, whose workers are told.
        """
        ...

    def close(self) -> None:
        """Let go of what was opened."""
        ...


class WatchedStore:
    """For a store whose workers watch it themselves, as they do an SQLite file: nobody has to be told."""

    def wake(self, run_id: str, *, org: str) -> None:
        """Do nothing: the commit itself is seen."""

    def close(self) -> None:
        """Do nothing: nothing is open."""


class Queue:
    """The queue of a Postgres store: one job a run, which says *drive it* and nothing else.

    It is opened when a run is first woken. Its failures are logged and stop nothing, since workers also sweep.

    Args:
        address: The store's address.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._app: procrastinate.App | None = None

    def wake(self, run_id: str, *, org: str) -> None:
        """Put the run into its org's queue, where it does not stand already."""
        import procrastinate.exceptions  # noqa: PLC0415 - an extra, and slow to import

        try:
            job = drive_job(self._opened(), run_id, org)
            job.defer(run_id=run_id)
        except procrastinate.exceptions.AlreadyEnqueued:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, a sweep finds the run
            _log.warning("run %s waits for the next sweep: %s", run_id, error)

    def close(self) -> None:
        """Close its connections."""
        with self._lock:
            if self._app is not None:
                self._app.close()
                self._app = None

    def _opened(self) -> procrastinate.App:
        with self._lock:
            if self._app is None:
                prepare(self._address)
                self._app = _sync_app(self._address)
            return self._app


def wakes_of(address: str | None) -> Wakes:
    """Return the way to wake the workers of a store.

    Args:
        address: The address of a Postgres store; None for an SQLite file.
    """
    return WatchedStore() if address is None else Queue(address)


def drive_job(app: procrastinate.App, run_id: str, org: str) -> procrastinate.jobs.JobDeferrer:
    """Return what defers the job that drives a run: in its org's queue, and there once at a time."""
    return app.configure_task(DRIVE, queue=org, queueing_lock=run_id, allow_unknown=True)


def worker_app(address: str) -> procrastinate.App:
    """Return the queue as a worker uses it: not opened yet, its tables in place.

    Raises:
        StoreError: Its tables are missing, and may not be made with these rights.
    """
    import procrastinate  # noqa: PLC0415 - an extra, and slow to import

    prepare(address)
    connector = procrastinate.PsycopgConnector(
        conninfo=address, kwargs=_where(), min_size=1, max_size=4
    )
    return procrastinate.App(connector=connector)


def prepare(address: str) -> None:
    """Make the queue's tables where they are missing, in a schema of their own that bears the queue's version.

    It holds nothing that is not in the store too: after an upgrade the workers go over to a new schema, and the old one
    can be dropped.

    Raises:
        StoreError: They may not be made with these rights.
    """
    import psycopg  # noqa: PLC0415 - an extra

    try:
        with psycopg.connect(address, options=_where()["options"]) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_PREPARING,))
            if not _is_prepared(connection):
                _make(connection)
    except psycopg.Error as error:
        raise StoreError(
            f"The workers' queue cannot be used: {str(error).strip()}.",
            where=schema_name(),
            hint="Start one worker with the store's owner, and grant the schema to the others: docs/operations.md.",
        ) from error


def schema_name() -> str:
    """Return the Postgres schema the queue stands in."""
    major, minor, *_ = importlib.metadata.version("procrastinate").split(".")
    return f"actwright_queue_{major}_{minor}"


def _is_prepared(connection: psycopg.Connection[tuple[Json, ...]]) -> bool:
    found = connection.execute("SELECT to_regclass(%s)", (f"{schema_name()}.procrastinate_jobs",))
    row = found.fetchone()
    return row is not None and row[0] is not None


def _make(connection: psycopg.Connection[tuple[Json, ...]]) -> None:
    import psycopg.sql  # noqa: PLC0415 - an extra
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an extra

    schema = psycopg.sql.Identifier(schema_name())
    connection.execute(psycopg.sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
    connection.execute(SchemaManager.get_schema())


def _sync_app(address: str) -> procrastinate.App:
    import procrastinate  # noqa: PLC0415 - an extra, and slow to import

    connector = procrastinate.SyncPsycopgConnector(
        conninfo=address, kwargs=_where(), min_size=1, max_size=1
    )
    app = procrastinate.App(connector=connector)
    app.open()
    return app


def _where() -> dict[str, str]:
    return {"options": f"-c search_path={schema_name()}"}
