"""A fate: what became of one plan, as far as the store can tell at this moment. It is computed, and never stored."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from actwright.contract import Contract
from actwright.runs.record.envelope import ActionStatus

FateKind = Literal[
    "declined",
    "asked",
    "planned",
    "previewed",
    "edited",
    "confirmed",
    "refused",
    "expired",
    "failed",
    "completed",
    "partial",
    "undone",
    "unknown",
]
"""
- ``declined``: the planner made no plan.
- ``asked``: the plan has open questions, and nobody previewed it.
- ``planned``: nobody previewed it.
- ``previewed``: nobody answered.
- ``edited``: a person changed it into another plan before any yes to it.
- ``confirmed``: a person or a grant said yes (one of them, where several have to), and its run has not ended; or has been
  moved out of the store.
- ``refused``: a person said no.
- ``expired``: the yes was not used in time.
- ``failed``: it ran, and nothing of it was carried out.
- ``completed``, ``partial``: all of it was carried out, or some.
- ``undone``: it was carried out, and a later run took it back, at least in part.
- ``unknown``: an answer to it is damaged and cannot be read, and no run says how it went on.
"""

FATES: tuple[FateKind, ...] = get_args(FateKind)


class Violation(Contract):
    """What guardrails, baseline and policy found in the previews of a plan; never a value."""

    code: str
    severity: Literal["error", "warning"]
    guardrail: str | None = None
    """The kind of guardrail; ``BASELINE`` for what no blueprint can leave out, ``POLICY`` for a rule."""
    action_id: str | None = None
    field: str | None = None
    """``Object.Field``, where it is about one."""
    times: int = Field(default=1, ge=1)
    """How often one preview had it."""


class ActionTime(Contract):
    """What became of one action of a run, and how long the org took for it."""

    action_id: str
    blueprint: str
    status: ActionStatus
    seconds: float = Field(ge=0)
    """From sending its effect group to the org's answer; actions of one group share it. 0 where it was not sent."""


class Fate(Contract):
    """What became of one plan."""

    plan_id: str
    kind: FateKind
    at: str
    """Since when that holds."""
    by: str = ""
    """Who said yes or no; empty where nobody did."""
    previews: tuple[str, ...] = ()
    """Its previews, oldest first."""
    edited_from: str | None = None
    """The plan a person edited into this one."""
    edited_into: tuple[str, ...] = ()
    """The plans a person edited this one into, oldest first."""
    run_id: str | None = None
    """The newest run that carried it out."""
    run_status: str = ""
    """How that run stands; ``archived`` where its journal was moved out of the store, empty where there is none."""
    undone_by: tuple[str, ...] = ()
    """The runs that took that one back, at least in part."""
    violations: tuple[Violation, ...] = ()
    actions: tuple[ActionTime, ...] = ()
    """By action, once the run has ended."""
