"""Runs as a list shows them: read from the register; of those that move or are held, with what their journals tell."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Final

from actwright.clock import timestamp
from actwright.contract import Contract
from actwright.errors import NotFoundError
from actwright.runs.engine.lease import is_held
from actwright.runs.record.register import Register, RunRow
from actwright.runs.record.state import RunState, RunStatus
from actwright.runs.record.step import BEHIND
from actwright.runs.telling.flags import LEFT, flags_of, next_in_words, over_in_words

FOLDED: Final[frozenset[RunStatus]] = frozenset({"running", "waiting", "paused", "aborted"})
"""Of which runs journals tell more than the register does."""


class ListedRun(Contract):
    """One run of a list."""

    id: str
    status: str
    reason: str = ""
    """Why it waits or is paused, or what ended it."""
    waiting_for: str = ""
    """What a waiting or paused run needs."""
    stalled: bool = False
    """Whether nothing has moved for longer than it should; of what is held only its journal can tell that."""
    stalled_why: str = ""
    over: str = ""
    """Why it has only its end to come, where nobody carries it out, and how it comes to it; only its journal can tell that."""
    in_doubt: bool = False
    """Whether nobody knows what became of something it sent; only its journal can tell that."""
    in_doubt_why: str = ""
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
    held_since: str | None = None
    """When it began to wait, or was paused; this and what follows, up to the newest event, only its journal can tell."""
    until: str | None = None
    """When that is over by itself."""
    worker: str | None = None
    """The process that carries it out."""
    taken_at: str | None = None
    """When that process began with it, or took it over."""
    stage: int = 1
    """The number of its newest stage."""
    steps_behind: int | None = None
    """How many steps of that stage it has behind it."""
    steps_total: int | None = None
    """How many there are."""
    out: tuple[str, ...] = ()
    """The steps that are out, if a process carries it out."""
    out_since: str | None = None
    """Since when the first of them is."""
    alone: bool = True
    """Whether no other machine uses the store, so that no worker elsewhere may be counted on to take it over."""
    seq: int
    """The number of its newest event."""
    effects_done: int | None = None
    """How many effects it carried out, once it has ended."""
    effects_total: int | None = None

    @property
    def is_told_in_part(self) -> bool:
        """Whether its journal tells more than the register does: where it stands, or why it failed."""
        return self.status in FOLDED or (self.status == "failed" and not self.reason)

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
        _one(each, took.get(each.run_id, ()), held=is_held(each, moment, alone=alone), alone=alone)
        for each in rows
    )


def _took(register: Register, run_id: str) -> bool:
    """Tell whether a run that was to take another one back changed anything; not one that has left meanwhile."""
    with suppress(NotFoundError):
        return bool(register.row(run_id).effects_done)
    return False


def _one(row: RunRow, undone_by: tuple[str, ...], *, held: bool, alone: bool) -> ListedRun:
    return ListedRun(
        id=row.run_id,
        status=row.status,
        reason=row.reason or "",
        waiting_for=row.waiting_for or "",
        stalled=row.status == "running" and not held,
        stalled_why=LEFT if row.status == "running" and not held else "",
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
        alone=alone,
        seq=row.seq,
        effects_done=row.effects_done,
        effects_total=row.effects_total,
    )


def with_journal(run: ListedRun, state: RunState, now: datetime) -> ListedRun:
    """Return a listed run with what its journal tells of it; as it is where it has moved on meanwhile.

    Args:
        run: The run, as the register has it.
        state: What its events add up to.
        now: The present moment.
    """
    if state.status != run.status:
        return run
    if run.status == "failed":
        return run.model_copy(update={"reason": _first_error(state)})
    flags = flags_of(state, carried=run.worker is not None)
    over = over_in_words(state, now) if run.worker is None else ""
    newest = [each for each in state.steps if each.stage == state.stage]
    told: dict[str, object] = {
        "stalled": bool(flags.stalled),
        "stalled_why": flags.stalled,
        "over": next_in_words(over, over=True, alone=run.alone) if over else "",
        "in_doubt": bool(flags.in_doubt),
        "in_doubt_why": flags.in_doubt,
        "stage": state.stage,
        "steps_behind": sum(each.status in BEHIND for each in newest),
        "steps_total": state.stages[-1].groups if state.stages else None,
    }
    if run.status in {"waiting", "paused"}:
        told |= {"held_since": state.held_since, "until": state.until}
    if run.worker is not None:
        out = [each for each in newest if each.status == "intended"]
        since = min((each.sent_at or each.at for each in out), default=None)
        told |= {"taken_at": state.taken_at or None, "out_since": since}
        told["out"] = tuple(each.group_id for each in out)
    return run.model_copy(update=told)


def _first_error(state: RunState) -> str:
    """Return the first thing that went wrong in a run, and how much more did."""
    errors = state.envelope.errors if state.envelope else ()
    more = f" And {len(errors) - 1:,} more." if len(errors) > 1 else ""
    return f"{errors[0]}{more}" if errors else ""
