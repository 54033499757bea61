"""Starting an undo: one at a time takes a run back, whoever else has a yes to another."""

from __future__ import annotations

from actwright.errors import RunBusyError
from actwright.store.database import Transaction
from actwright.store.documents import claim, holder_within

_CLAIM = "undo"


def claim_undo(transaction: Transaction, undone: str, *, run_id: str, at: str) -> None:
    """Claim for one run that it takes another one back, inside the transaction of its first event.

    Each undo of a run has a number, which can be claimed once: of two that begin together one is told to wait.

    Args:
        transaction: The transaction of the first event.
        undone: The run that is taken back.
        run_id: The run that is to take it back.
        at: The time, for the record.

    Raises:
        RunBusyError: Another run that takes it back has begun, and has no end.
    """
    transaction.hold(f"{_CLAIM}/{undone}")
    rows = transaction.execute(
        "SELECT run_id, ended_at FROM run WHERE undoes = ? ORDER BY started_at, run_id", (undone,)
    ).fetchall()
    begun = [str(each[0]) for each in rows if each[1] is None]
    if begun:
        raise undo_busy(undone, begun[-1])
    number = _claimed(transaction, undone) + 1
    key = f"{undone}:{number}"
    if not claim(transaction, _CLAIM, key, holder=run_id, at=at):
        raise undo_busy(undone, holder_within(transaction, _CLAIM, key) or "another run")


def _claimed(transaction: Transaction, undone: str) -> int:
    """Return how often a run was claimed; a claim stays where the run that made it has left the journal."""
    row = transaction.execute(
        "SELECT count(*) FROM claim WHERE kind = ? AND key > ? AND key < ?",
        (_CLAIM, f"{undone}:", f"{undone};"),
    ).fetchone()
    return int(row[0])


def undo_busy(undone: str, by: str) -> RunBusyError:
    """Return that a run is being taken back already."""
    known = by.startswith("run_")
    return RunBusyError(
        f"{undone} is being taken back by {by}, which has no end yet.",
        where=undone,
        hint=f"Wait for its end, or go on with it: actwright resume {by}"
        if known
        else f"actwright inspect {undone}",
        code="undo_running",
    )
