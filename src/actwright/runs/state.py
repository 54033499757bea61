"""A run's state: a pure fold over its events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Literal

from pydantic import ValidationError

from actwright.contract import Contract
from actwright.errors import StoreError
from actwright.runs.envelope import OrchestratorResult
from actwright.runs.event import JournalEvent

RunStatus = Literal["running", "completed", "failed"]
"""``running`` of a run nobody carries on any more means that its process died: its outcome is in doubt."""


class RunState(Contract):
    """What a run's events add up to."""

    id: str
    status: RunStatus = "running"
    goal: str = ""
    plan_id: str = ""
    preview_id: str = ""
    confirmation_id: str = ""
    digest: str = ""
    approver: str = ""
    user: str = ""
    org: str = ""
    locale: str = "en_US"
    """How the person whose rights counted writes numbers and dates, as the org has it."""
    zone: str = "UTC"
    """IANA time zone of that person."""
    undoes: str | None = None
    """The run this one takes back."""
    undone_by: tuple[str, ...] = ()
    """The runs that took this one back, at least in part: told by their own journals, see `taken_back`."""
    started_at: str = ""
    ended_at: str | None = None
    sent: tuple[str, ...] = ()
    """Groups that were about to be sent."""
    settled: tuple[str, ...] = ()
    """Groups whose outcome is known."""
    envelope: OrchestratorResult | None = None

    @property
    def in_part(self) -> bool:
        """Whether it ended with some of its effects carried out, and not all."""
        return self.envelope is not None and self.envelope.in_part

    @property
    def changed_something(self) -> bool:
        """Whether it ended with at least one effect carried out."""
        return self.envelope is not None and self.envelope.effects_done > 0

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Groups with an intent and no outcome."""
        return tuple(each for each in self.sent if each not in self.settled)


def fold(events: Sequence[JournalEvent]) -> RunState:
    """Return the state the events add up to.

    Raises:
        StoreError: An event does not hold what its kind says: the store was damaged.
    """
    return reduce(_applied, events, RunState(id=events[0].run_id if events else ""))


def _applied(state: RunState, event: JournalEvent) -> RunState:
    try:
        return RunState.model_validate(dict(state) | _news(state, event))
    except (KeyError, ValidationError) as error:
        raise StoreError(
            f"Event {event.seq} ({event.kind}) of {event.run_id} is damaged.",
            where=event.run_id,
            hint="Restore the store from a backup; what the run did stands in the org.",
        ) from error


def _news(state: RunState, event: JournalEvent) -> dict[str, object]:
    """Return what an event changes about a run."""
    data = event.data
    if event.kind == "run_started":
        return {
            "goal": data["goal"],
            "plan_id": data["planId"],
            "preview_id": data["previewId"],
            "confirmation_id": data["confirmationId"],
            "digest": data["digest"],
            "approver": event.actor,
            "user": data["user"],
            "org": data["org"],
            **{name: data[name] for name in ("locale", "zone", "undoes") if name in data},
            "started_at": event.at,
        }
    if event.kind == "group_intended":
        return {"sent": (*state.sent, data["groupId"])}
    if event.kind == "group_settled":
        lost = any(each["status"] == "unknown" for each in data.get("outcomes", ()))
        return {} if lost else {"settled": (*state.settled, data["groupId"])}
    if event.kind == "run_ended":
        envelope = OrchestratorResult.model_validate(data["envelope"])
        status = "completed" if envelope.success else "failed"
        return {"status": status, "ended_at": event.at, "envelope": envelope}
    return {}
