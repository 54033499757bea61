"""Continuation: the plan a run goes on with when a person gives other inputs, or says what comes next.

What is done stays done: those actions stay in the plan, so that others can still point to what they made, and none of
them is previewed or carried out again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.editing.edit import Reading, edited
from actwright.checkpoints.editing.plan_names import action_named
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.document import plain_name
from actwright.errors import PlanError
from actwright.org.query import JsonScalar


def with_inputs(
    plan: Plan,
    going_on: GoingOn,
    inputs: Mapping[str, JsonScalar],
    read: Reading | None = None,
) -> Plan:
    """Return the plan with other values for what the run has not done yet, literals included.

    Args:
        plan: The plan of the run's newest stage.
        going_on: What the run has behind it.
        inputs: New values by ``ACTION.INPUT``.
        read: Reads a text for an input, as a goal's words are read; each is taken as it stands where left out.

    Raises:
        PlanError: There is no such input, a value does not fit, or the action is done already.
    """
    changed = edited(plan, values=inputs, read=read)
    check_behind_stands(plan, changed, going_on)
    return changed


def branched(plan: Plan, going_on: GoingOn, target: str) -> Plan:
    """Return the plan that goes on with one action, and leaves out what stands before it and is not done.

    What needs the output of something that is left out goes with it. That one action was to come behind another is no
    reason: a person says that it does not.

    Args:
        plan: The plan of the run's newest stage.
        going_on: What the run has behind it.
        target: The action to go on with, by its id or its blueprint's name.

    Raises:
        PlanError: There is no such action, it is behind the run, or it needs what would be left out.
    """
    chosen = action_named(plan, target)
    if chosen.id in going_on.behind:
        raise _behind(going_on, chosen.id, "and nothing is done twice")
    passed = _passed(plan, going_on, chosen)
    needed = _outputs_needed(chosen) & passed
    if needed:
        first = min(needed)
        raise PlanError(
            f"{chosen.id} needs what {first} puts out, so the run cannot go on with it before {first}.",
            where=chosen.id,
            hint=f"Go on with {first}, or give {chosen.id} the value yourself (--action retry_with_inputs).",
            code="branch_needs",
        )
    if not passed:
        return plan
    freed = plan.model_copy(
        update={"actions": tuple(_freed(each, passed) for each in plan.actions)}
    )
    made = edited(freed, without=sorted(passed))
    planner = made.planner.model_copy(update={"edited_from": plan.id})
    return made.model_copy(update={"planner": planner})


def check_behind_stands(plan: Plan, changed: Plan, going_on: GoingOn) -> None:
    """Refuse a changed plan that says something else of what is done already.

    Raises:
        PlanError: It does.
    """
    for key in (*going_on.done, *going_on.skipped, *going_on.in_part):
        before, after = plan.action(key), changed.action(key)
        if after is None or (before is not None and before.arguments != after.arguments):
            raise _behind(going_on, key, "and cannot be changed any more")
        if before is not None and before.for_each != after.for_each:
            raise _behind(going_on, key, "and its rows cannot be changed any more")


def _passed(plan: Plan, going_on: GoingOn, target: PlannedAction) -> frozenset[str]:
    """Return the actions that stand before one, and are neither done nor begun."""
    order = [each.id for each in plan.order()]
    before = order[: order.index(target.id)]
    return frozenset(each for each in before if each not in going_on.behind)


def _freed(action: PlannedAction, passed: Collection[str]) -> PlannedAction:
    waits = tuple(each for each in action.depends_on if each not in passed)
    return action.model_copy(update={"depends_on": waits})


def _outputs_needed(action: PlannedAction) -> frozenset[str]:
    taken = (
        each.action_output for each in action.arguments.values() if isinstance(each, FromArgument)
    )
    return frozenset(each[0] for each in taken if each)


def _behind(going_on: GoingOn, key: str, why: str) -> PlanError:
    return PlanError(
        f"{plain_name(key)} is behind {going_on.run_id} already, {why}.",
        where=plain_name(key),
        hint=f"actwright inspect {going_on.run_id}",
        code="action_behind",
    )
