"""Payloads: values handed in beside the plan, keyed by blueprint name or action id. They make a new plan."""

from __future__ import annotations

from collections.abc import Mapping

from actwright.blueprints.argument import Argument, ValueArgument
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.canonical import Json
from actwright.document import plain_name, validated
from actwright.errors import PayloadError
from actwright.org.query import JsonScalar

Payload = Mapping[str, Mapping[str, JsonScalar]]
"""Input values by action: ``{"UpdateOpportunityStage": {"StageName": "Closed Won"}}``."""

SOURCE = "handed in beside the plan"
"""Where such a value comes from, for people: a file, or ``-d``."""


def read_payload(document: Json) -> Payload:
    """Return a JSON document as a payload.

    Raises:
        PayloadError: It is not an object of objects of plain values.
    """
    if not isinstance(document, dict):
        raise PayloadError(
            "A payload is an object keyed by blueprint name or action id.",
            hint='Write it as {"UpdateOpportunityStage": {"StageName": "Closed Won"}}.',
        )
    payload: dict[str, dict[str, JsonScalar]] = {}
    for key, values in document.items():
        if not isinstance(values, dict):
            raise PayloadError("The inputs of an action are an object.", where=plain_name(key))
        payload[key] = {
            name: _scalar(value, f"{plain_name(key)}.{plain_name(name)}")
            for name, value in values.items()
        }
    return payload


def with_payload(plan: Plan, payload: Payload) -> Plan:
    """Return a new plan that takes the payload's values as data; questions they answer are gone.

    Raises:
        PayloadError: A key names no action, or several; or an input does not exist.
    """
    given: dict[str, Mapping[str, JsonScalar]] = {}
    for key, values in payload.items():
        action = _action(plan, key)
        if not isinstance(values, Mapping):
            raise PayloadError("The inputs of an action are an object.", where=plain_name(key))
        if action.id in given:
            raise PayloadError(
                f"The payload gives action {action.id!r} twice.", where=plain_name(key)
            )
        given[action.id] = values
    actions = tuple(_filled(each, given.get(each.id, {})) for each in plan.actions)
    open_questions = tuple(
        each for each in plan.questions if each.input not in given.get(each.action_id, {})
    )
    data = {
        **plan.data,
        **{_data_name(key, name): value for key in given for name, value in given[key].items()},
    }
    return plan.model_copy(update={"actions": actions, "questions": open_questions, "data": data})


def _data_name(action_id: str, name: str) -> str:
    """Return the name under which a payload's value joins the plan's data: no answer given earlier bears it."""
    return f"payload.{action_id}.{name}"


def _scalar(value: Json, where: str) -> JsonScalar:
    if isinstance(value, (dict, list)):
        raise PayloadError("An input takes a plain value: text, number, true, false.", where=where)
    return value


def _action(plan: Plan, key: str) -> PlannedAction:
    by_id = plan.action(key)
    if by_id:
        return by_id
    named = [each for each in plan.actions if each.blueprint.name == key]
    if len(named) == 1:
        return named[0]
    known = ", ".join(f"{each.id} ({each.blueprint.name})" for each in plan.actions) or "none"
    if named:
        raise PayloadError(
            f"{len(named)} actions of the plan use the blueprint {key!r}.",
            where=plain_name(key),
            hint=f"Key the payload by action id instead: {', '.join(each.id for each in named)}.",
        )
    raise PayloadError(
        f"No action of the plan is called {key[:80]!r}.",
        where=plain_name(key),
        hint=f"Its actions: {known}.",
    )


def _filled(action: PlannedAction, values: Mapping[str, JsonScalar]) -> PlannedAction:
    for name in values:
        if action.blueprint.input(name) is None:
            allowed = ", ".join(each.api_name for each in action.blueprint.inputs)
            raise PayloadError(
                f"{action.blueprint.name} has no input {name[:80]!r}.",
                where=f"{action.id}.{plain_name(name)}",
                hint=f"Its inputs: {allowed}.",
            )
    if not values:
        return action
    arguments: dict[str, Argument] = dict(action.arguments)
    for name, value in values.items():
        given = {"value": value, "provenance": "data", "source": SOURCE}
        where = f"{action.id}.{name}"
        arguments[name] = validated(ValueArgument, given, where=where, error=PayloadError)
    return action.model_copy(update={"arguments": arguments})
