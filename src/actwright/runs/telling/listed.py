"""Runs as a list shows them: read from the register, without folding a single journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from actwright.clock import timestamp
from actwright.contract import Contract
from actwright.runs.engine.lease import is_held
from actwright.runs.record.register import Register, RunRow


class ListedRun(Contract):
    """One run of a list."""

    id: str
    status: str
    reason: str = ""
    """Why it waits or is paused, or what ended it."""
    waiting_for: str = ""
    """What a waiting or paused run needs."""
    stalled: bool = False
    """Whether it should be carried out, and no process does."""
    in_doubt: bool = False
    """Whether nobody knows what became of something a stalled run sent; only its journal can tell that."""
    goal: str
    user: str
    org: str
    zone: str = "UTC"
    """IANA time zone of the person."""
    approver: str
    plan_id: str
    preview_id: str
    undoes: str | None = None
    undone_by: tuple[str, ...] = ()
    undone_in_part: bool = False
    """Whether those took back only some of it, and somebody has to see to the rest; only journals can tell that."""
    started_at: str
    updated_at: str
    ended_at: str | None = None
    wake_at: str | None = None
    """When it is looked at again, where a moment was set."""
    worker: str | None = None
    """The process that carries it out."""
    seq: int
    """The number of its newest event."""
    effects_done: int | None = None
    """How many effects it carried out, once it has ended."""
    effects_total: int | None = None

    @property
    def in_part(self) -> bool:
        """Whether it ended with some of its effects carried out, and not all."""
        return self.status == "failed" and (self.effects_done or 0) > 0


def listed(
    register: Register,
    now: datetime,
    *,
    limit: int,
    statuses: Collection[str] | None = None,
    alone: bool = False,
) -> tuple[ListedRun, ...]:
    """Return the newest runs, newest first.

    Args:
        register: The register.
        now: The present moment.
        limit: How many at most.
        statuses: Only runs with one of these; of any status where left out.
        alone: Whether no other machine uses the store, so that the lease of a process that is gone counts no more.
    """
    rows = register.newest(limit, statuses)
    undoing = register.undoing([each.run_id for each in rows])
    took = {
        key: tuple(by for by in all_of if _took(register, by)) for key, all_of in undoing.items()
    }
    moment = timestamp(now)
    return tuple(
        _one(each, took.get(each.run_id, ()), held=is_held(each, moment, alone=alone))
        for each in rows
    )


def _took(register: Register, run_id: str) -> bool:
    """Tell whether a run that was to take another one back changed anything."""
    return bool(register.row(run_id).effects_done)


def _one(row: RunRow, undone_by: tuple[str, ...], *, held: bool) -> ListedRun:
    return ListedRun(
        id=row.run_id,
        status=row.status,
        reason=row.reason or "",
        waiting_for=row.waiting_for or "",
        stalled=row.status == "running" and not held,
        goal=row.goal,
        user=row.username,
        org=row.org,
        zone=row.zone or "UTC",
        approver=row.approver,
        plan_id=row.plan_id,
        preview_id=row.preview_id,
        undoes=row.undoes,
        undone_by=undone_by,
        started_at=row.started_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
        wake_at=row.wake_at,
        worker=row.lease_owner if held else None,
        seq=row.seq,
        effects_done=row.effects_done,
        effects_total=row.effects_total,
    )
