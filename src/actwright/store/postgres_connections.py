"""Connections to a PostgreSQL server: made when they are needed, kept for the next one, made anew after a restart."""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from actwright.errors import ConfigError, StoreError
from actwright.store.database import UNREACHABLE, forked
from actwright.store.postgres_errors import first_line, is_absence

Link = psycopg.Connection[tuple[Any, ...]]
"""One connection."""

_DEFAULTS = {
    "connect_timeout": 10,
    "application_name": "actwright",
    "keepalives_idle": 30,
    "tcp_user_timeout": 60_000,
}
_SETTINGS = """SELECT
    set_config('statement_timeout', '120s', false),
    set_config('lock_timeout', '15s', false),
    set_config('idle_in_transaction_session_timeout', '10s', false),
    set_config('default_transaction_isolation', 'read committed', false),
    set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,
        false)"""
"""What every connection is told: give up rather than hang, and answer a commit only when it is on the disk."""

_PATIENCE_SECONDS = 10.0
"""How long a server that has answered before may stay away, as it does while it restarts or fails over."""

_PAUSE_SECONDS = 0.1
_MOST = 8
"""How many connections there may be at once; further callers wait for one."""


class Connections:
    """The connections of one process to one database.

    Args:
        address: ``postgresql://user:password@host:port/database``.
        read_only: Whether the server is to refuse what would write.

    Raises:
        ConfigError: The address cannot be read.
    """

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        self._parameters = _parameters(address)
        self._process = os.getpid()
        self.name = name_of(address)
        self._idle: deque[Link] = deque()
        self._places = threading.BoundedSemaphore(_MOST)
        self._read_only = read_only
        self._closed = False
        self._answered = False

    @contextmanager
    def one(self) -> Iterator[Link]:
        """Lend a connection that answers; in autocommit mode, outside any transaction.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """
        self.check_process()
        with self._places:
            link = self._taken()
            try:
                yield link
            finally:
                self._give_back(link)

    def opened(self) -> Link:
        """Open a connection that is nobody else's; the caller closes it.

        Raises:
            StoreError: The server cannot be reached, or refuses.
        """
        until = time.monotonic() + (_PATIENCE_SECONDS if self._answered else 0)
        while True:
            try:
                return self._connected()
            except psycopg.OperationalError as error:
                if time.monotonic() >= until or not is_absence(error):
                    raise self._unreachable(error) from None
                time.sleep(_PAUSE_SECONDS)

    def check_process(self) -> None:
        """Refuse to go on in a child process, which would write into its parent's connections.

        Raises:
            StoreError: This is one.
        """
        if self._process != os.getpid():
            raise forked(self.name)

    def close(self) -> None:
        """Close what is idle now, and each other one when it comes back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _taken(self) -> Link:
        if self._closed:
            raise StoreError("The store is closed.", where=self.name)
        while True:
            try:
                link = self._idle.pop()
            except IndexError:
                return self.opened()
            if is_alive(link):
                return link
            link.close()

    def _give_back(self, link: Link) -> None:
        idle = link.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        if self._closed or link.closed or not idle:
            link.close()
        else:
            self._idle.append(link)

    def _connected(self) -> Link:
        link = psycopg.connect(
            **self._parameters, autocommit=True, cursor_factory=psycopg.RawCursor
        )
        try:
            link.execute(_SETTINGS)
            if self._read_only:
                link.execute("SET default_transaction_read_only = on")
        except BaseException:
            link.close()
            raise
        self._answered = True
        return link

    def _unreachable(self, error: psycopg.Error) -> StoreError:
        return StoreError(
            f"The store cannot be reached: {first_line(error)}.",
            where=self.name,
            hint="Check the address, the server and who may connect: ACTWRIGHT_DATABASE_URL.",
            code=UNREACHABLE,
        )


def is_alive(link: Link) -> bool:
    """Tell whether an idle connection still answers; asked only where the server has sent something meanwhile.

    A server that ends a connection says so at once, so silence means that it stands, and costs no round trip.
    """
    if link.closed:
        return False
    if not select.select([link.pgconn.socket], [], [], 0)[0]:
        return True
    try:
        link.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def name_of(address: str) -> str:
    """Return what to call a database in a message: the address without password and parameters.

    Raises:
        ConfigError: The address cannot be read.
    """
    given = _given(address)
    user = f"{given['user']}@" if given.get("user") else ""
    # A folder of sockets, or several hosts with their ports, are told by the parameters that are left out.
    host = "" if "/" in given.get("host", "") else given.get("host", "")
    port = f":{given['port']}" if host and given.get("port") else ""
    return f"postgresql://{user}{host}{port}/{given.get('dbname', '')}"


def _parameters(address: str) -> dict[str, Any]:
    return {**_DEFAULTS, **_given(address)}


def _given(address: str) -> dict[str, str]:
    """Return what an address says, as libpq reads it.

    A password with an unescaped ``/`` or ``@`` makes libpq take parts of it for a host, a port or a database, which
    would then stand in messages.
    """
    try:
        given = {name: str(value) for name, value in conninfo_to_dict(address).items()}
    except psycopg.Error:
        raise _unreadable() from None
    ports = given.get("port", "").replace(",", "")
    if (ports and not ports.isdecimal()) or "@" in given.get("host", "") + given.get("dbname", ""):
        raise _unreadable()
    return given


def _unreadable() -> ConfigError:
    return ConfigError(
        "The address of the database cannot be read.",
        where="ACTWRIGHT_DATABASE_URL",
        hint="postgresql://user:password@host:5432/database; write special characters as %40 and the like.",
    )
