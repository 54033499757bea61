"""The form of a reply as a whole: whether its parts go together, wait for each other in order, and make a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from pydantic import ValidationError

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.plan import Plan, PlannerInfo
from actwright.document import faults as explained
from actwright.inert import inert
from actwright.planning.model.reply import PlanReply
from actwright.planning.model.reply_actions import Sketch
from actwright.planning.planner import PlanningRequest


def shape_faults(reply: PlanReply) -> Iterator[str]:
    """Yield what does not go together in the reply as a whole."""
    ids = [each.id for each in reply.actions]
    yield from (
        f"two actions have the id {each[:80]!r}" for each in set(ids) if ids.count(each) > 1
    )
    if reply.outcome == "plan" and not reply.actions:
        yield "the outcome is plan, and there is no action"
    if reply.outcome == "questions" and not reply.questions:
        yield "the outcome is questions, and there is no question"
    if reply.outcome == "noPlan" and reply.actions:
        yield "the outcome is noPlan, and there are actions"
    if reply.outcome == "noPlan" and not inert(reply.reason):
        yield "the outcome is noPlan, and there is no reason"


def cycle_faults(sketches: Sequence[Sketch]) -> Iterator[str]:
    """Yield the circle in which actions wait for each other, if there is one."""
    waits = {each.id: set(each.depends_on) for each in sketches}
    for each in sketches:
        for argument in each.arguments.values():
            if isinstance(argument, FromArgument) and argument.action_output:
                waits[each.id].add(argument.action_output[0])
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        yield f"the actions wait for each other in a circle: {' -> '.join(error.args[1])}"


def plan_faults(request: PlanningRequest, sketches: Sequence[Sketch]) -> list[str]:
    """Return what the plan's own contract has against the actions."""
    try:
        Plan(
            goal=request.goal,
            data=dict(request.data),
            actions=tuple(each.planned() for each in sketches),
            planner=PlannerInfo(kind="model"),
        )
    except ValidationError as invalid:
        return explained(invalid, Plan)
    return []
