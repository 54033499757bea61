"""A run's state: a pure fold over its events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Literal

from actwright.contract import Contract
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent

RunStatus = Literal["running", "completed", "failed"]
"""``running`` of a run nobody carries on any more means that its process died: its outcome is in doubt."""


class RunState(Contract):
    """What a run's events add up to."""

    run_id: str
    status: RunStatus = "running"
    goal: str = ""
    plan_id: str = ""
    preview_id: str = ""
    confirmation_id: str = ""
    digest: str = ""
    approver: str = ""
    user: str = ""
    org: str = ""
    started_at: str = ""
    ended_at: str | None = None
    sent: tuple[str, ...] = ()
    """Groups that were about to be sent."""
    settled: tuple[str, ...] = ()
    """Groups whose outcome is known."""
    envelope: OrchestratorResult | None = None

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Groups with an intent and no outcome."""
        return tuple(each for each in self.sent if each not in self.settled)


def fold(events: Sequence[JournalEvent]) -> RunState:
    """Return the state the events add up to."""
    return reduce(_apply, events, RunState(run_id=events[0].run_id if events else ""))


def _apply(state: RunState, event: JournalEvent) -> RunState:
    data = event.data
    if event.kind == "run_started":
        return state.model_copy(
            update={
                "goal": data["goal"],
                "plan_id": data["planId"],
                "preview_id": data["previewId"],
                "confirmation_id": data["confirmationId"],
                "digest": data["digest"],
                "approver": event.actor,
                "user": data["user"],
                "org": data["org"],
                "started_at": event.at,
            }
        )
    if event.kind == "group_intended":
        return state.model_copy(update={"sent": (*state.sent, data["groupId"])})
    if event.kind == "group_settled":
        return state.model_copy(update={"settled": (*state.settled, data["groupId"])})
    if event.kind == "run_ended":
        envelope = OrchestratorResult.model_validate(data["envelope"])
        status = "completed" if envelope.success else "failed"
        return state.model_copy(
            update={"status": status, "ended_at": event.at, "envelope": envelope}
        )
    return state
