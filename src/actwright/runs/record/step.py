"""A step of a run as its events tell it: one effect group of one stage, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator

from actwright.contract import Contract

StepStatus = Literal[
    "checked",
    "refused",
    "intended",
    "unknown",
    "retrying",
    "done",
    "partial",
    "failed",
    "not_sent",
    "skipped",
]
"""
- ``checked``, ``retrying``: nothing of it is out.
- ``refused``, ``not_sent``: nothing of it was sent.
- ``intended``: it is out, or was when its process died.
- ``unknown``: the answer was lost.
- ``done``, ``failed``: all of it happened, or nothing.
- ``partial``: some of it happened, and all of that is known.
- ``skipped``: a person said to go on without it.
"""

IN_DOUBT: frozenset[StepStatus] = frozenset({"intended", "unknown"})
"""Nobody can say yet whether it happened."""

BEHIND: frozenset[StepStatus] = frozenset({"done", "skipped"})
"""The run has this step behind it."""


def a_moment(text: str) -> str:
    """Return a moment; what is none is refused where it is read, not where somebody waits for it.

    Raises:
        ValueError: It is none, or has no zone.
    """
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("without a zone nobody can tell whether it has come")
    return text


Moment: TypeAlias = Annotated[str, AfterValidator(a_moment)]
"""A moment with its zone, as `clock.timestamp` writes it."""

_DONE = frozenset({"done"})


class StepState(Contract):
    """One step."""

    stage: int
    """The stage it belongs to, from 1."""
    group_id: str
    status: StepStatus
    attempt: int = 1
    """The newest attempt, or the one that comes next while it waits to be tried again."""
    intended: int = 0
    """The newest attempt that was about to be sent; 0 where none was."""
    key: str = ""
    """The idempotency key of that attempt."""
    recovery: str = ""
    """How the org said, before that attempt, that a lost answer could be settled."""
    sent_at: str = ""
    """When that attempt was about to be sent."""
    by: str = ""
    """Who or what said what became of it, where the answer was lost; empty where the org itself answered."""
    job_id: str | None = None
    """The org's id of the bulk job that carries it."""
    until: Moment | None = None
    """When it is tried again."""
    left: tuple[str, ...] = ()
    """Effects of it that did not happen where others did, as far as the last answer goes; only these may be sent again."""
    untouched: bool = False
    """Whether nothing of what is left was turned down: it never came to be tried."""
    at: str = ""
    """When its status last changed."""

    @property
    def is_found_out(self) -> bool:
        """Whether its answer was lost, and what did not happen of it is known and may be sent again."""
        return bool(self.by) and (self.status == "not_sent" or self.untouched)

    @property
    def next_attempt(self) -> int:
        """The number of the attempt that would be made now; no two attempts share one, nor a key."""
        return max(self.attempt, self.intended + 1)


def settled(known: StepState | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an answer to a step, as the journal holds it, makes of the step.

    Args:
        known: The step before; where some of it is known to have happened, the answer is only about the rest.
        data: The data of ``group_settled`` or ``group_reconciled``.
    """
    outcomes = data.get("outcomes", ())
    status, left = status_of([each["status"] for each in outcomes]), known.left if known else ()
    news: dict[str, Any] = {"status": status, "by": data.get("by", ""), "untouched": False}
    if status == "done":
        left = ()
    elif status == "partial" or (left and status in {"failed", "not_sent"}):
        found = {str(each["effectId"]): str(each["status"]) for each in outcomes}
        left = tuple(key for key, told in found.items() if told != "done")
        news |= {"status": "partial", "untouched": _is_unsent(found, left)}
    news["left"] = left
    if data.get("jobId"):
        news["job_id"] = data["jobId"]
    return news


def _is_unsent(found: Mapping[str, str], left: Iterable[str]) -> bool:
    return {found[each] for each in left if each in found} == {"not_sent"}


def status_of(statuses: Iterable[str]) -> StepStatus:
    """Return what the statuses of a group's effects, as the journal holds them, mean for the group."""
    found = frozenset(statuses)
    if found == _DONE:
        return "done"
    if "unknown" in found:
        return "unknown"
    if "done" in found:
        return "partial"
    return "not_sent" if found == {"not_sent"} else "failed"
