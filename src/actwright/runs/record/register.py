"""The register: one row a run, written with each append. It makes lists fast, holds the lease, and is never the truth."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from actwright.errors import NotFoundError
from actwright.runs.record.projection import Columns
from actwright.store.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class RunRow:
    """What the register says of a run; times are timestamps, as `clock.timestamp` writes them.

    Attributes:
        run_id: The run.
        status: A `RunStatus`.
        reason: Why it waits or is paused, or what ended it.
        goal: What it was started for.
        org: The org's id.
        username: Whose rights count.
        plan_id: The plan of its newest stage.
        preview_id: The preview of its newest stage.
        approver: Who said yes to its first stage.
        undoes: The run it takes back.
        waiting_for: What a waiting or paused run needs.
        started_at: When it was started.
        updated_at: When its newest event was written.
        ended_at: When it ended.
        seq: The number of its newest event.
        hash: The hash of its newest event.
        wake_at: When it is to be looked at again.
        deadline: When it has to be over.
        lease_owner: The process that carries it out.
        lease_until: How long that process may be silent.
        zone: The IANA time zone of the person whose rights count.
        effects_done: How many effects it carried out; None until it has ended.
        effects_total: How many there were to carry out; None until it has ended.
    """

    run_id: str
    status: str
    reason: str | None
    goal: str
    org: str
    username: str
    plan_id: str
    preview_id: str
    approver: str
    undoes: str | None
    waiting_for: str | None
    started_at: str
    updated_at: str
    ended_at: str | None
    seq: int
    hash: str
    wake_at: str | None
    deadline: str | None
    lease_owner: str | None
    lease_until: str | None
    zone: str | None
    effects_done: int | None
    effects_total: int | None

    def is_leased(self, now: str) -> bool:
        """Tell whether a process has it that is not overdue."""
        return self.lease_until is not None and self.lease_until > now

    def is_due(self, now: str) -> bool:
        """Tell whether it is held, and the moment of one of its timers has come."""
        if self.status not in {"waiting", "paused"}:
            return False
        ends = self.deadline if self.waiting_for in {"confirmation", "retry"} else None
        return any(each is not None and each <= now for each in (self.wake_at, ends))


MOST_COUNTED = 10_000
"""Runs that are counted; of more it is told that there are."""

_SELECT = f"SELECT {', '.join(each.name for each in fields(RunRow))} FROM run"  # noqa: S608 - our own names
_FREE = "(lease_until IS NULL OR lease_until <= ?)"
_RUNNABLE = f"""{_SELECT} WHERE ended_at IS NULL AND {_FREE} AND (
    (status IN ('queued', 'running') AND (wake_at IS NULL OR wake_at <= ?))
    OR (status IN ('waiting', 'paused') AND wake_at <= ?)
    OR (waiting_for IN ('confirmation', 'retry') AND deadline <= ?)
) AND (org = ? OR ? = '') ORDER BY started_at, run_id LIMIT ?"""


def can_be_id(text: str) -> bool:
    """Tell whether a run, or anything else the store keeps, can have that id: printable ASCII, as all have."""
    return text.isascii() and text.isprintable()


def leased(owner: str, until: str) -> Columns:
    """Return what stands in the row of a run that a process has.

    Args:
        owner: The process.
        until: How long it may be silent.
    """
    return {"lease_owner": owner, "lease_until": until}


class Register:
    """The rows of all runs in one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def row(self, run_id: str) -> RunRow:
        """Return a run's row.

        Raises:
            NotFoundError: There is no such run.
        """
        found = self._rows(f"{_SELECT} WHERE run_id = ?", run_id) if can_be_id(run_id) else ()
        if not found:
            raise self._unknown(run_id)
        return found[0]

    def newest(self, limit: int, statuses: Collection[str] | None = None) -> tuple[RunRow, ...]:
        """Return the rows of the newest runs, newest first.

        Args:
            limit: How many at most.
            statuses: Only runs with one of these; of any status where left out.
        """
        chosen = tuple(statuses or ())
        only = f" WHERE status IN ({', '.join('?' * len(chosen))})" if chosen else ""
        return self._rows(
            f"{_SELECT}{only} ORDER BY started_at DESC, run_id DESC LIMIT ?", *chosen, limit
        )

    def count(self, statuses: Collection[str] | None = None) -> int:
        """Return how many runs there are, one more than `MOST_COUNTED` where there are more.

        Args:
            statuses: Only runs with one of these; of any status where left out.
        """
        chosen = tuple(statuses or ())
        only = f" WHERE status IN ({', '.join('?' * len(chosen))})" if chosen else ""
        with self._database.read() as transaction:
            row = transaction.execute(
                f"SELECT count(*) FROM (SELECT 1 FROM run{only} LIMIT ?) AS found",  # noqa: S608 - marks only
                (*chosen, MOST_COUNTED + 1),
            ).fetchone()
        return int(row[0])

    def unfinished(self) -> tuple[RunRow, ...]:
        """Return the rows of all runs that have not ended, oldest first."""
        return self._rows(f"{_SELECT} WHERE ended_at IS NULL ORDER BY started_at, run_id")

    def running(self, limit: int) -> tuple[RunRow, ...]:
        """Return the rows of runs that are carried out, or were when their process died; in no order.

        Args:
            limit: How many at most.
        """
        return self._rows(f"{_SELECT} WHERE ended_at IS NULL AND status = 'running' LIMIT ?", limit)

    def ended_before(self, moment: str) -> tuple[RunRow, ...]:
        """Return the rows of all runs that ended before a moment, oldest first.

        Args:
            moment: A timestamp.
        """
        return self._rows(f"{_SELECT} WHERE ended_at < ? ORDER BY started_at, run_id", moment)

    def moved_since(self, moment: str, *, org: str) -> tuple[RunRow, ...]:
        """Return the rows of an org's runs that wrote an event at or after a moment, oldest first.

        Args:
            moment: A timestamp.
            org: The org's id.
        """
        return self._rows(
            f"{_SELECT} WHERE (ended_at IS NULL OR ended_at >= ?) AND updated_at >= ? AND org = ? "
            "ORDER BY started_at, run_id",
            moment,
            moment,
            org,
        )

    def runnable(self, now: str, limit: int, *, org: str = "") -> tuple[RunRow, ...]:
        """Return runs a process can take: queued, abandoned, or due to be looked at; oldest first.

        Args:
            now: A timestamp.
            limit: How many at most.
            org: Only runs on this org; on any where left out.
        """
        return self._rows(_RUNNABLE, now, now, now, now, org, org, limit)

    def undoing(self, run_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the runs that were to take back each of these, oldest first; none for those nobody did."""
        wanted = tuple(each for each in run_ids if can_be_id(each))
        if not wanted:
            return {}
        marks = ", ".join("?" * len(wanted))
        with self._database.read() as transaction:
            rows = transaction.execute(
                f"SELECT undoes, run_id FROM run WHERE undoes IN ({marks}) ORDER BY started_at, run_id",  # noqa: S608 - marks only
                wanted,
            ).fetchall()
        found: dict[str, tuple[str, ...]] = {}
        for undone, by in rows:
            found[str(undone)] = (*found.get(str(undone), ()), str(by))
        return found

    def take(self, run_id: str, owner: str, *, until: str, now: str, seq: int) -> bool:
        """Take the lease of a run; False where another process has it, or the run has moved on meanwhile.

        Args:
            run_id: The run.
            owner: Who takes it.
            until: How long the owner may be silent.
            now: The present moment.
            seq: The number of the newest event the owner knows.
        """
        return self._set(
            "UPDATE run SET lease_owner = ?, lease_until = ? WHERE run_id = ? AND seq = ? "  # noqa: S608 - our own text
            f"AND ended_at IS NULL AND (lease_owner = ? OR {_FREE})",
            owner,
            until,
            run_id,
            seq,
            owner,
            now,
        )

    def renew(self, run_id: str, owner: str, until: str) -> bool:
        """Prolong a lease; False where ``owner`` has it no more."""
        return self._set(
            "UPDATE run SET lease_until = ? WHERE run_id = ? AND lease_owner = ? AND ended_at IS NULL",
            until,
            run_id,
            owner,
        )

    def release(self, run_id: str, owner: str) -> bool:
        """Give a lease back; False where ``owner`` had it no more."""
        return self._set(
            "UPDATE run SET lease_owner = NULL, lease_until = NULL WHERE run_id = ? AND lease_owner = ?",
            run_id,
            owner,
        )

    def _unknown(self, run_id: str) -> NotFoundError:
        """Return the error that there is no such run, or that it was moved out."""
        with self._database.read() as transaction:
            row = transaction.execute(
                "SELECT file FROM archived WHERE run_id = ?", (run_id if can_be_id(run_id) else "",)
            ).fetchone()
        if row is None:
            return NotFoundError(
                f"There is no run {run_id[:60]!r} in this store.", hint="actwright ps"
            )
        return NotFoundError(
            f"{run_id} was moved out of this store, to {row[0]}.",
            hint="`actwright journal import` takes it in again from that file.",
        )

    def _rows(self, sql: str, *parameters: object) -> tuple[RunRow, ...]:
        with self._database.read() as transaction:
            return tuple(RunRow(*row) for row in transaction.execute(sql, parameters).fetchall())

    def _set(self, sql: str, *parameters: object) -> bool:
        def work(transaction: Transaction) -> bool:
            return transaction.execute(sql, parameters).rowcount == 1

        return self._database.commit(work)
