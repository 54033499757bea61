"""Attribution: the provenances of a plan that was made elsewhere, computed again from its goal and its data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, tzinfo

from actwright.blueprints.argument import Argument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.origins import Origins, names_record
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.document import validated
from actwright.errors import NotFoundError, PlanError
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.provenance.evidence import Evidence


def attributed(
    plan: Plan, *, today: date, zone: tzinfo, describe: Callable[[str], ObjectSchema]
) -> Plan:
    """Return a plan from outside with the provenances that its goal and its data bear out.

    A claim is kept where it is true, and ``model`` always, since nothing is less. Any other literal gets what its
    goal, its data and its blueprint's default say, and ``model`` where they say nothing: a literal can come from no
    lookup, no record, no output and no extraction, whatever its author writes. Record ids are held to the rule of every
    plan instead, which refuses the ones nobody gave.

    Args:
        plan: The plan; hostile input.
        today: The date in the person's zone.
        zone: The person's zone.
        describe: Gives an object's schema, as the running person sees it.

    Returns:
        The very same plan where every claim is true.

    Raises:
        PlanError: The plan breaks its contract, such as an id that nobody gave.
        OrgError: The org cannot be asked.
    """
    sound = validated(Plan, plan.model_dump(), where="the plan", error=PlanError)
    _check_rows(sound)
    evidence = Evidence(sound.goal, sound.data, today, zone)
    actions = tuple(_attributed(each, evidence, describe) for each in sound.actions)
    if actions == sound.actions:
        return sound
    return sound.model_copy(update={"actions": actions})


def _check_rows(plan: Plan) -> None:
    """Refuse rows that are found by an id nobody gave; only our own planners bind rows to records they looked up."""
    origins = Origins(plan.goal, plan.data)
    for action in plan.actions:
        for condition in action.for_each.where if action.for_each else ():
            try:
                origins.check_condition(condition, f"action {action.id!r}, forEach")
            except ValueError as error:
                raise PlanError(f"{error}.", where=f"actions.{action.id}.forEach") from error


def _attributed(
    action: PlannedAction, evidence: Evidence, describe: Callable[[str], ObjectSchema]
) -> PlannedAction:
    schema = _schema(action, describe)
    arguments: dict[str, Argument] = {}
    for name, argument in action.arguments.items():
        wanted = action.blueprint.input(name)
        if isinstance(argument, ValueArgument) and wanted is not None:
            field = schema.field(wanted.field_api_name) if schema and wanted.is_field else None
            argument = _true(argument, wanted, field, evidence)  # noqa: PLW2901 - the same argument, told truly
        arguments[name] = argument
    return action.model_copy(update={"arguments": arguments})


def _schema(action: PlannedAction, describe: Callable[[str], ObjectSchema]) -> ObjectSchema | None:
    name = action.blueprint.target_s_object
    try:
        return describe(name) if name else None
    except NotFoundError:
        return None


def _true(
    argument: ValueArgument, wanted: ActionInput, field: FieldSchema | None, evidence: Evidence
) -> ValueArgument:
    """Return a literal with a provenance that is true."""
    value = argument.value
    if names_record(value, wanted) or argument.provenance == "model":
        return argument
    if argument.provenance == "goal" and evidence.in_goal(value, wanted, field) is not None:
        return argument
    if argument.provenance == "data" and evidence.in_data(value, wanted, field) is not None:
        return argument
    provenance, source = evidence.provenance(value, wanted, field)
    if provenance == "default":
        source = argument.source if argument.provenance == "default" else None
    return argument.model_copy(update={"provenance": provenance, "source": source})
