"""The store on a PostgreSQL server, shared by many machines: the same contract, the same tables, the same refusals."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from functools import lru_cache
from itertools import count
from typing import Any, Literal, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from actwright.errors import StoreError
from actwright.store.commits import UNCERTAIN, SharedCommits, uncertain
from actwright.store.database import UNREACHABLE, Rows, Transaction
from actwright.store.facts import StoreFacts
from actwright.store.piece import Piece
from actwright.store.postgres_connections import Connections, Link
from actwright.store.postgres_errors import is_collision, is_loss, store_error
from actwright.store.postgres_tables import bring_up, grant_to, version_of
from actwright.store.postgres_watch import PostgresWatch
from actwright.store.sqlite_tables import VERSION

T = TypeVar("T")

_TRIES = 5
"""How often works are run, where others were in their way or the connection was lost before the commit."""

_PAUSE_SECONDS = 0.02
_FACTS = """SELECT current_setting('server_version'), pg_database_size(current_database()),
    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
    AND current_setting('synchronous_commit') <> 'off'"""
_TOKENS = re.compile(r"'(?:[^']|'')*'|\?")


class PostgresTransaction:
    """A transaction on one connection.

    Args:
        link: The connection.
    """

    __slots__ = ("_link",)

    def __init__(self, link: Link) -> None:
        self._link = link

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> Rows:
        """Run one statement, whose parameters are marked ``?``."""
        return self._link.execute(numbered(sql), parameters or None)

    def hold(self, name: str, /) -> None:
        """Wait for the lock of that name, and keep it until the transaction ends."""
        self._link.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", (name,))


class PostgresDatabase:
    """One database on a server, shared by the threads of this process.

    Args:
        address: ``postgresql://user:password@host:port/database``.

    Raises:
        ConfigError: The address cannot be read.
        StoreError: The server cannot be reached, or its tables were made by a newer program.
    """

    def __init__(self, address: str) -> None:
        self._connections = Connections(address)
        self._reading = Connections(address, read_only=True)
        self._commits = SharedCommits(self._carry_out)
        try:
            self._prepare()
        except BaseException:
            self._connections.close()
            raise

    @property
    def name(self) -> str:
        """The address, without password and parameters."""
        return self._connections.name

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]:
        """PostgreSQL's."""
        return "postgres"

    def close(self) -> None:
        """Commit what waits, and close the connections."""
        self._commits.close()
        self._reading.close()
        self._connections.close()

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction of one's own; it commits on leaving, and rolls back on any error."""
        with self._lent() as link:
            _tell(link, "BEGIN")
            try:
                yield PostgresTransaction(link)
                _check_sound(link)
                self._commit(link)
            except BaseException:
                _roll_back(link)
                raise

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Give a connection for reading; each statement sees what was committed when it began."""
        with self._mapped(), self._reading.one() as link:
            yield PostgresTransaction(link)

    def commit(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a transaction shared with concurrent callers, and return once it is durable."""
        self._connections.check_process()
        return self._commits.commit(work)

    async def acommit(self, work: Callable[[Transaction], T]) -> T:
        """Do the same from an event loop, which is never blocked."""
        self._connections.check_process()
        return await self._commits.acommit(work)

    def watch(self) -> PostgresWatch:
        """Return what tells of writes from now on, by any process."""
        with self._mapped():
            return PostgresWatch(self._reading)

    def facts(self) -> StoreFacts:
        """Return what the store is: the whole database, with what else stands in it."""
        with self._lent() as link:
            engine, size, durable = link.execute(_FACTS).fetchone() or ("", 0, False)
            return StoreFacts(
                name=self.name,
                engine=f"PostgreSQL {engine}",
                version=version_of(link),
                bytes=size,
                durable=durable,
            )

    def grant_to(self, role: str, *, queue: str | None = None) -> None:
        """Give a role the least rights a worker needs; for the owner of the tables to do.

        Args:
            role: Who is to have them.
            queue: The schema of the workers' queue, where there is one.

        Raises:
            StoreError: There is no such role, or the tables are somebody else's.
        """
        with self._lent() as link:
            grant_to(link, role, queue=queue)

    def _prepare(self) -> None:
        with self._lent() as link:
            version = version_of(link)
            if version < VERSION:
                version = bring_up(link)
        if version != VERSION:
            raise StoreError(
                f"The store has version {version}, this program knows {VERSION}.",
                where=self.name,
                hint="Upgrade Actwright on this machine.",
            )

    def _carry_out(self, pieces: Sequence[Piece[Any]]) -> None:
        """Commit works together; each alone, where one of them failed and took the others with it."""
        if len(pieces) == 1:
            return self._carry_out_alone(pieces[0])
        with self._connections.one() as link:
            try:
                return self._run_and_commit(link, pieces)
            except Exception as error:
                if getattr(error, "error_code", None) == UNCERTAIN:
                    raise
        return self._carry_out_each(pieces)

    def _carry_out_each(self, pieces: Sequence[Piece[Any]]) -> None:
        """Commit each work alone, and tell its own caller of its failure; where the server is gone, all of them."""
        for place, each in enumerate(pieces):
            try:
                self._carry_out_alone(each)
            except Exception as error:  # noqa: BLE001 - its own caller is told
                each.fail(error)
                if getattr(error, "error_code", None) == UNREACHABLE:
                    for later in pieces[place + 1 :]:
                        later.fail(copy(error))
                    return

    def _carry_out_alone(self, piece: Piece[Any]) -> None:
        """Commit one work, again where others were in its way, or the connection was lost before the commit."""
        for left in reversed(range(_TRIES)):
            try:
                with self._connections.one() as link:
                    return self._run_and_commit(link, [piece])
            except psycopg.Error as error:
                if not left or not (is_collision(error) or is_loss(error)):
                    raise store_error(error, self.name) from error
            time.sleep(_PAUSE_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
        return None

    def _run_and_commit(self, link: Link, pieces: Sequence[Piece[Any]]) -> None:
        transaction = PostgresTransaction(link)
        try:
            _tell(link, "BEGIN")
            for each in pieces:
                each.run(transaction)
                _check_sound(link)
            self._commit(link)
        except BaseException:
            _roll_back(link)
            raise

    def _commit(self, link: Link) -> None:
        """Commit, and make sure that it was: a transaction in which something failed ends without an error.

        Raises:
            StoreError: It was rolled back, or the connection was lost, so that nobody knows.
        """
        try:
            _tell(link, "COMMIT")
        except psycopg.Error as error:
            if link.closed:
                raise uncertain("The connection was lost during the commit", self.name) from error
            raise

    @contextmanager
    def _lent(self) -> Iterator[Link]:
        with self._mapped(), self._connections.one() as link:
            yield link

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise store_error(error, self.name) from error


@lru_cache(maxsize=512)
def numbered(sql: str) -> bytes:
    """Return a statement with its ``?`` marks as PostgreSQL has them: ``$1``, ``$2`` and so on."""
    numbers = count(1)
    return _TOKENS.sub(lambda found: _marked(found[0], numbers), sql).encode()


def _marked(part: str, numbers: Iterator[int]) -> str:
    return f"${next(numbers)}" if part == "?" else part


def _tell(link: Link, command: str) -> None:
    """Begin or end a transaction."""
    link.execute(command.encode())


def _roll_back(link: Link) -> None:
    """Roll back, if the connection still stands; one that does not is closed by who lent it."""
    if not link.closed and link.pgconn.transaction_status != TransactionStatus.IDLE:
        with suppress(psycopg.Error):
            _tell(link, "ROLLBACK")


def _check_sound(link: Link) -> None:
    """Refuse a transaction in which a statement failed, although the work went on."""
    if link.pgconn.transaction_status == TransactionStatus.INERROR:
        raise psycopg.errors.InFailedSqlTransaction("a statement of the transaction failed")
