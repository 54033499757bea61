"""Asking the person: open questions of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.cli.render.plans import question
from actwright.errors import PayloadError

if TYPE_CHECKING:
    from actwright.blueprints.blueprint import ActionInput
    from actwright.blueprints.plan import Plan, Question
    from actwright.cli.terminal import Terminal
    from actwright.org.query import JsonScalar
    from actwright.planning.planner import PlanningOutcome


def answers(terminal: Terminal, planned: PlanningOutcome) -> dict[str, JsonScalar] | None:
    """Return the plan's data with the person's answers, or None where one was left empty.

    Args:
        terminal: Where the person sits.
        planned: What is open. An answer is read as ``--answer`` is; one that is none is told why, and asked again.
    """
    plan = planned.plan
    for each in planned.questions:
        terminal.aside(*question(each, numbered=True))
        plan = _answered(terminal, plan, each)
        if plan is None:
            return None
    return dict(plan.data) if plan else None


def _answered(terminal: Terminal, plan: Plan | None, asked: Question) -> Plan | None:
    """Return the plan with one more answer among its data, None where it was left empty."""
    from actwright.planning.answers import with_answers  # noqa: PLC0415 - slow to import

    if plan is None:
        return None
    wanted = _input_of(plan, asked)
    label = wanted.label if wanted else "Which one"
    how = "number or text" if asked.candidates else "text"
    one = plan.model_copy(update={"questions": (asked,)})
    while True:
        text = terminal.ask(f"{label}? ({how}, empty stops)")
        if not text:
            return None
        try:
            return plan.model_copy(update={"data": with_answers(one, {asked.id: text})})
        except PayloadError as error:
            terminal.failure(error.message, hint=error.hint)


def _input_of(plan: Plan, asked: Question) -> ActionInput | None:
    action = plan.action(asked.action_id)
    return action.blueprint.input(asked.input) if action else None
