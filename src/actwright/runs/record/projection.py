"""The projection: what each kind of event changes in the register's row of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from actwright.clock import timestamp
from actwright.runs.record.event import EventKind

Columns = dict[str, object]
"""Columns of the table ``run``, with their new values."""

ESCALATE_AFTER: Final = timedelta(hours=24)
"""How long a run may wait or be paused until somebody looks at it again."""

_Data = Mapping[str, Any]
_GOING_ON: Columns = {"status": "running", "reason": None, "waiting_for": None, "wake_at": None}


def changes(entries: Sequence[tuple[EventKind, dict[str, Any]]], *, actor: str, at: str) -> Columns:
    """Return what events that are written together change in the row of their run, beside its head.

    Args:
        entries: Their kinds and data, in order.
        actor: Who acts.
        at: When they are written.
    """
    found: Columns = {}
    for kind, data in entries:
        told = _CHANGES.get(kind)
        if told is not None:
            found |= told(data, actor, at)
    return found


def _started(data: _Data, actor: str, at: str) -> Columns:
    return _GOING_ON | {
        "status": "queued" if data.get("queued") else "running",
        "goal": data.get("goal", ""),
        "org": data.get("org", ""),
        "username": data.get("user", ""),
        "plan_id": data.get("planId", ""),
        "preview_id": data.get("previewId", ""),
        "undoes": data.get("undoes"),
        "deadline": data.get("deadline"),
        "zone": data.get("zone"),
        "approver": actor,
        "started_at": at,
    }


def _goes_on(_: _Data, __: str, ___: str) -> Columns:
    return _GOING_ON


def _continued(data: _Data, _: str, __: str) -> Columns:
    return _GOING_ON | {"plan_id": data.get("planId", ""), "preview_id": data.get("previewId", "")}


def _retrying(data: _Data, _: str, __: str) -> Columns:
    until = data.get("until")
    return {"wake_at": until} if until else {}


def _paused(data: _Data, _: str, at: str) -> Columns:
    return _held("paused", data, at)


def _waiting(data: _Data, _: str, at: str) -> Columns:
    return _held("waiting", data, at)


def _held(status: str, data: _Data, at: str) -> Columns:
    waiting_for = data.get("for", "retry" if status == "paused" else "confirmation")
    moments = (data.get("until"), None if waiting_for == "override" else _later(at))
    return {
        "status": status,
        "reason": data.get("reason", ""),
        "waiting_for": waiting_for,
        "wake_at": min((each for each in moments if each), default=None),
    }


def _later(at: str) -> str | None:
    """Return when a run held since ``at`` is looked at again; None where that is no moment any more."""
    try:
        return timestamp(datetime.fromisoformat(at) + ESCALATE_AFTER)
    except ValueError:
        return None


def _intervened(data: _Data, _: str, at: str) -> Columns:
    becomes = data.get("becomes")
    if becomes in {"paused", "waiting"}:
        return _held(becomes, data, at)
    return _GOING_ON if becomes == "running" else {}


def _timer_fired(data: _Data, _: str, __: str) -> Columns:
    return _GOING_ON if data.get("ending") else {"wake_at": data.get("until")}


def _ended(data: _Data, _: str, at: str) -> Columns:
    succeeded = bool(data.get("envelope", {}).get("success"))
    return {
        "status": data.get("status") or ("completed" if succeeded else "failed"),
        "reason": data.get("reason", ""),
        "waiting_for": None,
        "wake_at": None,
        "ended_at": at,
        "effects_done": data.get("envelope", {}).get("effectsDone", 0),
        "effects_total": data.get("envelope", {}).get("effectsTotal", 0),
        "lease_owner": None,
        "lease_until": None,
    }


_CHANGES: Mapping[EventKind, Callable[[_Data, str, str], Columns]] = {
    "run_started": _started,
    "run_taken": _goes_on,
    "group_intended": _goes_on,
    "group_retrying": _retrying,
    "run_paused": _paused,
    "run_waiting": _waiting,
    "run_continued": _continued,
    "intervened": _intervened,
    "timer_fired": _timer_fired,
    "run_ended": _ended,
}
"""Kinds not named move only the run's head."""
