"""Names in a plan: which action and which input a person means."""

from __future__ import annotations

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.document import plain_name
from actwright.errors import PlanError

_SHOWN = 80


def action_named(plan: Plan, name: str) -> PlannedAction:
    """Return the action with that id, or the only one whose blueprint has that name.

    Raises:
        PlanError: There is none, or several.
    """
    by_id = plan.action(name)
    if by_id is not None:
        return by_id
    named = [each for each in plan.actions if each.blueprint.name == name]
    if len(named) == 1:
        return named[0]
    known = ", ".join(f"{each.id} ({each.blueprint.name})" for each in plan.actions)
    if named:
        message = f"{len(named)} actions of the plan use the blueprint {name[:_SHOWN]!r}."
    else:
        message = f"The plan has no action {name[:_SHOWN]!r}."
    raise PlanError(
        message, where=plain_name(name), hint=f"Its actions: {known}.", code="edit_unknown"
    )


def input_named(action: PlannedAction, name: str) -> ActionInput:
    """Return the input of that name: as the payload has it, or in any case, or by its field or label.

    Raises:
        PlanError: There is none, or several.
    """
    exact = action.blueprint.input(name)
    if exact is not None:
        return exact
    word = name.strip().casefold()
    found = [each for each in action.blueprint.inputs if word in _names(each)]
    if len(found) == 1:
        return found[0]
    allowed = ", ".join(each.api_name for each in action.blueprint.inputs) or "none"
    raise PlanError(
        f"{action.blueprint.name} has no input {name[:_SHOWN]!r}.",
        where=f"{action.id}.{plain_name(name)}",
        hint=f"Its inputs: {allowed}.",
        code="edit_unknown",
    )


def _names(wanted: ActionInput) -> set[str]:
    return {each.casefold() for each in (wanted.api_name, wanted.field_api_name, wanted.label)}
