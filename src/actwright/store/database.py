"""The database as everybody sees it: transactions over rows, whichever of the two dialects keeps them.

It knows rows, not meanings: documents never change once written, a claim can be made once, journal rows only grow, and
what was spent stays spent. Triggers hold that against anything that reaches the database with SQL.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol, TypeVar

from actwright.errors import StoreError
from actwright.store.facts import StoreFacts

Result = TypeVar("Result")
Row = tuple[Any, ...]
"""One row; text and whole numbers only, since both dialects agree on those."""

UNREACHABLE = "store_unreachable"
"""The code of the error where there is no connection to a store on a server to be had."""


def forked(name: str) -> StoreError:
    """Return the error of a process that goes on using what its parent has opened: both would break it.

    Args:
        name: What to call the database.
    """
    return StoreError(
        "The store was opened before this process was forked off.",
        where=name,
        hint="Open it in the process that uses it: call Actwright() behind the fork.",
    )


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows a writing statement wrote."""

    def fetchone(self) -> Any:
        """Return the next row, or None; an aggregate always has one."""

    def fetchall(self) -> list[Row]:
        """Return the rows that are left."""


class Transaction(Protocol):
    """An open transaction."""

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> Rows:
        """Run one statement, whose parameters are marked ``?`` in both dialects.

        Where the database refuses it, the transaction is broken off, and the caller gets a StoreError.
        """

    def hold(self, name: str, /) -> None:
        """Wait for the lock of that name, and keep it until the transaction ends.

        Whoever reads before he writes needs it, so that nobody else does the same meanwhile. A file has one writer
        at a time anyway; a server has many.
        """


class Watch(Protocol):
    """Tells when something was written to the database, by this process or another one."""

    def wait(self, seconds: float) -> bool:
        """Wait until something was written since the last call; False where nothing was within ``seconds``.

        It may wake for nothing, and who reads must look for himself; writes of no interest to a waiting run may
        go untold on a server.
        """

    def close(self) -> None:
        """Stop watching."""


class Database(Protocol):
    """One open database, shared by the threads of this process."""

    @property
    def name(self) -> str:
        """What to call it in a message: a path, or an address without any password."""

    @property
    def dialect(self) -> Literal["sqlite", "postgres"]:
        """Which SQL it speaks, for the few statements that differ."""

    def close(self) -> None:
        """Close the database; what is being committed is committed first."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Open a transaction of one's own; it commits on leaving, and rolls back on any error.

        Raises:
            StoreError: The store cannot be written; nothing was.
        """

    def read(self) -> AbstractContextManager[Transaction]:
        """Give a connection for reading; each statement sees what was committed when it began.

        Raises:
            StoreError: The store cannot be read.
        """

    def commit(self, work: Callable[[Transaction], Result]) -> Result:
        """Run ``work`` in a transaction shared with concurrent callers, and return once it is durable.

        A work that raises takes back what it did itself and nothing of the others. It may be called again, where
        the transaction had to be begun anew, so it must do nothing but read and write rows of this transaction.

        Raises:
            StoreError: The commit failed: nothing of any work that shared it was written, unless the text says
                that this is unknown (code ``store_uncertain``).
        """

    def acommit(self, work: Callable[[Transaction], Result]) -> Awaitable[Result]:
        """Do the same from an event loop, which waits for no other writer and no slow disk.

        ``work`` runs in another thread; or, on a file, in the loop's own where commits have been quick lately, since a
        hand-over between threads would take longer.

        Raises:
            StoreError: As `commit` does.
        """

    def facts(self) -> StoreFacts:
        """Return what the store is, for whoever looks after it.

        Raises:
            StoreError: The store cannot be read.
        """

    def watch(self) -> Watch:
        """Return what tells of writes from now on.

        Raises:
            StoreError: The store cannot be reached.
        """
