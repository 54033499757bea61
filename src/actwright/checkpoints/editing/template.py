"""The template: what a plan still needs, as a payload to fill in, with types and allowed values beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from actwright.blueprints.adapters import DataType
from actwright.blueprints.argument import FromArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.plan import Plan, PlannedAction, Question
from actwright.canonical import Json
from actwright.errors import NotFoundError
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar

PAYLOAD, ABOUT = "payload", "about"
"""The two keys of a template: what is filled in, and what is known about it."""

_FORMS: Mapping[DataType, str] = {
    "Boolean": "true or false",
    "Currency": "99000.00, without a currency sign",
    "Date": "YYYY-MM-DD",
    "DateTime": "YYYY-MM-DDThh:mm:ssZ",
    "Id": "a record id of 15 or 18 characters",
    "MultiPicklist": "values joined with ;",
    "Percent": "15 or 15%",
    "Reference": "a record id of 15 or 18 characters",
    "Time": "hh:mm:ss",
}
_LONGEST_QUESTION = 600


def template(plan: Plan, reader: OrgReader | None = None) -> dict[str, Json]:
    """Return a document whose ``payload`` has a null wherever a value is needed, keyed by action id and input.

    Beside it, ``about`` says for each ``ACTION.INPUT`` its label, type and form, the question that is open, and the
    values it takes where those are known. The whole document is accepted as a payload once it is filled in; what is
    left null stays open.

    Args:
        plan: The plan.
        reader: Knows the org's picklist values; without it only the plan's own are told.

    Raises:
        OrgError: The org cannot be asked.
    """
    payload: dict[str, Json] = {}
    about: dict[str, Json] = {}
    for action in plan.actions:
        wanted = tuple(_needed(plan, action))
        if wanted:
            payload[action.id] = dict.fromkeys(each.api_name for each in wanted)
        for each in wanted:
            about[f"{action.id}.{each.api_name}"] = _about(plan, action, each, reader)
    return {PAYLOAD: payload, ABOUT: about}


def filled(document: Json) -> Json:
    """Return the payload inside a template that was filled in, less what was left open; anything else as it is.

    Args:
        document: What was handed in as a payload.
    """
    if not isinstance(document, dict) or document.keys() != {PAYLOAD, ABOUT}:
        return document
    payload = document[PAYLOAD]
    if not isinstance(payload, dict):
        return payload
    less = {key: _less_open(values) for key, values in payload.items()}
    return {key: values for key, values in less.items() if values != {}}


def _less_open(values: Json) -> Json:
    if not isinstance(values, dict):
        return values
    return {name: value for name, value in values.items() if value is not None}


def _needed(plan: Plan, action: PlannedAction) -> Iterator[ActionInput]:
    """Yield the inputs of an action that a question is about, or that are required and have no value yet."""
    asked = {each.input for each in plan.questions if each.action_id == action.id}
    own = action.blueprint.id_input if action.for_each else None
    for each in action.blueprint.inputs:
        missing = each.required and each is not own and not _has_value(plan, action, each)
        if each.api_name in asked or missing:
            yield each


def _has_value(plan: Plan, action: PlannedAction, wanted: ActionInput) -> bool:
    given = action.arguments.get(wanted.api_name)
    if given is None:
        return wanted.default is not None
    if isinstance(given, FromArgument) and given.data_name is not None:
        return given.data_name in plan.data
    return True


def _about(
    plan: Plan, action: PlannedAction, wanted: ActionInput, reader: OrgReader | None
) -> dict[str, Json]:
    asked = next(
        (
            each
            for each in plan.questions
            if (each.action_id, each.input) == (action.id, wanted.api_name)
        ),
        None,
    )
    known: dict[str, Json] = {
        "label": wanted.label,
        "type": wanted.data_type,
        "required": wanted.required,
    }
    if wanted.data_type in _FORMS:
        known["form"] = _FORMS[wanted.data_type]
    if asked is not None:
        known["question"] = _asked(asked)
    if asked is not None and _names_records(asked):
        known["candidates"] = [
            {"value": each.value, "label": inert(each.label)} for each in asked.candidates
        ]
        return known
    values = _values(action, wanted, asked, reader)
    return {**known, "values": list(values)} if values else known


def _asked(question: Question) -> str:
    """Return the question without how it is answered on a command line: here it is answered in the file."""
    return inert(question.text.partition(" Answer with -d ")[0], limit=_LONGEST_QUESTION)


def _names_records(question: Question) -> bool:
    return question.reason in {"ambiguous", "not_found"} and bool(question.candidates)


def _values(
    action: PlannedAction, wanted: ActionInput, asked: Question | None, reader: OrgReader | None
) -> tuple[JsonScalar, ...]:
    """Return what the input takes: what the question offers, else what a guardrail allows, else the picklist's values."""
    if asked is not None and asked.candidates:
        return tuple(each.value for each in asked.candidates)
    for each in action.blueprint.guardrails:
        params = each.parsed()
        if isinstance(params, EnumParams) and params.field in {
            wanted.api_name,
            wanted.field_api_name,
        }:
            return params.values
    return _picklist(action, wanted, reader)


def _picklist(
    action: PlannedAction, wanted: ActionInput, reader: OrgReader | None
) -> tuple[str, ...]:
    name = action.blueprint.target_s_object
    if reader is None or not name or not wanted.is_field:
        return ()
    try:
        field = reader.describe(name).field(wanted.field_api_name)
    except NotFoundError:
        return ()
    # A combobox takes any text: its values are no more than what is offered first.
    if field is None or field.type == "combobox":
        return ()
    return tuple(each.value for each in field.active_values)
