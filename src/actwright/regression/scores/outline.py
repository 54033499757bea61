"""Outlines: what a planner's answer comes down to, small enough to be kept beside its verdict and compared later."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.canonical import canonical_text
from actwright.contract import Contract
from actwright.inert import visible
from actwright.planning.planner import PlanningOutcome

OutcomeKind = Literal["plan", "questions", "refusal", "failed"]
"""What a planner's answer is; ``failed`` where it gave none."""

_LONGEST = 400
"""Characters of a value from which on it is cut; the cut is counted, so that a longer text is another one."""

_MOST_ROWS_SAID = 20


class ActionOutline(Contract):
    """What one action of a plan comes down to."""

    id: str
    blueprint: str
    """Its name."""
    operation: str
    target: str = ""
    arguments: dict[str, str] = Field(default_factory=dict)
    """By input, in a form to be read and compared."""
    origins: dict[str, str] = Field(default_factory=dict)
    """The provenance of each argument that is a value, by input."""
    rows: str = ""
    """The rows it is repeated for; empty where it is done once."""
    needs: tuple[str, ...] = ()
    """The ids of the actions it waits for."""
    checkpoint: str = ""
    """Its checkpoint text."""


class OutcomeOutline(Contract):
    """What a planner's answer comes down to."""

    kind: OutcomeKind
    actions: tuple[ActionOutline, ...] = ()
    checkpoint: str = ""
    """The plan's own checkpoint text."""
    questions: dict[str, str] = Field(default_factory=dict)
    """Why each is asked, by its id."""
    refusal: str = ""
    """The code of the refusal, or of the error where there was no answer."""

    @property
    def ready(self) -> bool:
        """Whether a person could confirm it as it stands."""
        return self.kind == "plan" and bool(self.actions)


def outline_of(outcome: PlanningOutcome | None, error: str | None = None) -> OutcomeOutline:
    """Return what an answer comes down to.

    Args:
        outcome: The answer; None where the planner failed.
        error: The code of the error it failed with.
    """
    if outcome is None:
        return OutcomeOutline(kind="failed", refusal=error or "")
    if outcome.refusal is not None:
        return OutcomeOutline(kind="refusal", refusal=outcome.refusal.code)
    plan = outcome.plan
    return OutcomeOutline(
        kind="questions" if outcome.questions else "plan",
        actions=tuple(map(_action, plan.actions)) if plan else (),
        checkpoint=plan.checkpoint if plan else "",
        questions={each.id: each.reason for each in outcome.questions},
    )


def _action(action: PlannedAction) -> ActionOutline:
    blueprint, arguments = action.blueprint, sorted(action.arguments.items())
    return ActionOutline(
        id=action.id,
        blueprint=blueprint.name,
        operation=blueprint.operation,
        target=blueprint.target_s_object or "",
        arguments={name: _said(each) for name, each in arguments},
        origins={
            name: each.provenance for name, each in arguments if isinstance(each, ValueArgument)
        },
        rows=_rows(action.for_each) if action.for_each else "",
        needs=tuple(sorted(action.needs)),
        checkpoint=blueprint.checkpoint,
    )


def _said(argument: Argument) -> str:
    if isinstance(argument, LookupArgument):
        field = "" if argument.lookup.field == "Id" else f"{argument.lookup.field} of "
        return visible(f"{field}{argument.lookup}", limit=_LONGEST)
    if isinstance(argument, FromArgument):
        return argument.from_
    return visible(canonical_text(argument.value), limit=_LONGEST)


def _rows(rows: ForEach) -> str:
    if rows.rows is not None:
        return f"{len(rows.rows)} rows of {rows.object} handed in"
    conditions = " and ".join(
        f"{each.field} {each.operator} {each.value!r}" for each in rows.where[:_MOST_ROWS_SAID]
    )
    return visible(f"{rows.object} where {conditions}, at most {rows.limit}", limit=_LONGEST)
