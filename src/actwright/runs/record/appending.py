"""An append on its way into the store: the register's row is the lock, and moves with the events."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from actwright.errors import JournalConflictError, JournalDamagedError
from actwright.runs.record.chain import COLUMNS, Link
from actwright.runs.record.event import EventKind
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
        links: The events.
        moved: What changes with them in the register's row of the run, beside its head.
        head: Where the run stands with them.
        after: The run's newest event as far as the writer knows; None starts the run.
        also: What is written first in the same transaction.
    """

    links: Sequence[Link]
    moved: Columns
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
        after, head, moved = self.after, self.head, self.moved
        values = (*moved.values(), head.seq, head.hash, head.at, head.run_id)
        if after is None:
            return transaction.execute(_starting(tuple(moved)), values).rowcount == 1
        values += (after.seq, after.hash)
        return transaction.execute(_moving(tuple(moved)), values).rowcount == 1

    def _conflict(self, transaction: Transaction) -> JournalConflictError:
        run_id = self.head.run_id
        row = transaction.execute(
            "SELECT seq, ended_at FROM run WHERE run_id = ?", (run_id,)
        ).fetchone()
        seq = self.after.seq if self.after else 0
        if row is None:
            message = f"There is no run {run_id} in this store any more."
        elif row[1] is not None:
            message = f"{run_id} has ended; nothing can be appended to it."
        else:
            message = f"Event {seq + 1} of {run_id} was already written by somebody else."
        return JournalConflictError(message, where=run_id, hint=f"actwright inspect {run_id}")


def check_order(kinds: Sequence[EventKind], *, starts: bool) -> None:
    """Make sure that events begin a run where they are to, and only then, and that nothing comes behind its end.

    Raises:
        ValueError: They are out of order.
    """
    if not kinds:
        raise ValueError("nothing to append")
    if "run_ended" in kinds[:-1]:
        raise ValueError("nothing can be appended behind the end of a run")
    if (kinds[0] == "run_started") is not starts or "run_started" in kinds[1:]:
        raise ValueError("a run begins with run_started, once")


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


def news(known: Mapping[str, object], told: Columns) -> Columns:
    """Return what of the columns that events tell is not known to stand in the run's row already."""
    return {name: each for name, each in told.items() if known.get(name, _UNTOLD) != each}


_HEAD = "seq", "hash", "updated_at"
"""The columns each append moves."""


@lru_cache
def _starting(names: tuple[str, ...]) -> str:
    columns = ", ".join((*names, *_HEAD, "run_id"))
    marks = ", ".join("?" * (len(names) + len(_HEAD) + 1))
    return f"INSERT INTO run ({columns}) VALUES ({marks}) ON CONFLICT (run_id) DO NOTHING"  # noqa: S608 - our own names


@lru_cache
def _moving(names: tuple[str, ...]) -> str:
    moved = ", ".join(f"{each} = ?" for each in (*names, *_HEAD))
    return f"UPDATE run SET {moved} WHERE run_id = ? AND seq = ? AND hash = ? AND ended_at IS NULL"  # noqa: S608 - our own names
