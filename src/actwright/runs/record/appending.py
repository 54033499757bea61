"""An append on its way into the store: the register's row is the lock, and moves with the events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from actwright.errors import JournalConflictError, JournalDamagedError
from actwright.runs.record.chain import COLUMNS, Link
from actwright.runs.record.head import Head
from actwright.runs.record.projection import Columns
from actwright.store.database import Transaction

Also = Callable[[Transaction], None]
"""What else is written in the transaction of an append."""

_UNTOLD = object()
"""Stands for a column nobody knows the value of."""


@dataclass(slots=True)
class Appending:
    """One append, of which everything is made but the writing.

    Attributes:
        run_id: The run.
        links: The events.
        columns: What the register's row of the run has to hold with them.
        head: Where the run stands with them.
        after: The run's newest event as far as the writer knows; None starts the run.
        also: What is written first in the same transaction.
    """

    run_id: str
    links: Sequence[Link]
    columns: Columns
    head: Head
    after: Head | None
    also: Also | None = None

    def __call__(self, transaction: Transaction) -> Head:
        """Write it, and return the run's new head.

        Raises:
            JournalConflictError: Somebody else appended meanwhile, or the run has ended.
            JournalDamagedError: The journal holds events that the register does not know.
        """
        if self.also is not None:
            self.also(transaction)
        if not self._move(transaction):
            raise self._conflict(transaction)
        insert(transaction, self.links)
        return self.head

    def _move(self, transaction: Transaction) -> bool:
        """Move the register's row, or make it; False where it does not stand where the writer thinks."""
        after, columns = self.after, self.columns
        if after is None:
            starting = _starting(tuple(columns))
            return transaction.execute(starting, (*columns.values(), self.run_id)).rowcount == 1
        told = after.known.get
        moved = {name: each for name, each in columns.items() if told(name, _UNTOLD) != each}
        values = (*moved.values(), self.run_id, after.seq, after.hash)
        return transaction.execute(_moving(tuple(moved)), values).rowcount == 1

    def _conflict(self, transaction: Transaction) -> JournalConflictError:
        row = transaction.execute(
            "SELECT seq, ended_at FROM run WHERE run_id = ?", (self.run_id,)
        ).fetchone()
        seq = self.after.seq if self.after else 0
        if row is None:
            message = f"There is no run {self.run_id} in this store any more."
        elif row[1] is not None:
            message = f"{self.run_id} has ended; nothing can be appended to it."
        else:
            message = f"Event {seq + 1} of {self.run_id} was already written by somebody else."
        return JournalConflictError(
            message, where=self.run_id, hint=f"actwright inspect {self.run_id}"
        )


def insert(transaction: Transaction, links: Sequence[Link]) -> None:
    """Write events inside an open transaction, without asking the register.

    Raises:
        JournalDamagedError: One of them is there already.
    """
    values = list(chain.from_iterable(links))
    written = transaction.execute(_inserting(len(links)), values)
    if written.rowcount != len(links):
        run_id = links[0][0]
        raise JournalDamagedError(
            f"The journal holds events of {run_id} that the register does not know.",
            where=run_id,
            hint=f"actwright verify {run_id}",
        )


@lru_cache
def _inserting(count: int) -> str:
    one = f"({', '.join('?' * len(COLUMNS.split(', ')))})"
    marks = ", ".join([one] * count)
    return f"INSERT INTO journal ({COLUMNS}) VALUES {marks} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names


@lru_cache
def _starting(names: tuple[str, ...]) -> str:
    marks = ", ".join("?" * (len(names) + 1))
    columns = ", ".join((*names, "run_id"))
    return f"INSERT INTO run ({columns}) VALUES ({marks}) ON CONFLICT (run_id) DO NOTHING"  # noqa: S608 - our own names


@lru_cache
def _moving(names: tuple[str, ...]) -> str:
    moved = ", ".join(f"{each} = ?" for each in names)
    return f"UPDATE run SET {moved} WHERE run_id = ? AND seq = ? AND hash = ? AND ended_at IS NULL"  # noqa: S608 - our own names
