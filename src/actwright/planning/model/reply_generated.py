"""Generated actions of a reply: what has to be worked out, described by the model, made into a blueprint by us.

The model names inputs and says the logic in words. It writes no code here: that is another call, whose code is checked,
tested and reviewed by a person before it may be used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.canonical import digest
from actwright.contract import Contract
from actwright.document import faults as explained
from actwright.inert import inert
from actwright.org.record_id import is_record_id
from actwright.org.schema import ObjectSchema
from actwright.org.setup_objects import is_setup_object

GENERATED_KEY = "generated"
"""What a reply names as the blueprint of an action that it describes itself."""

LONGEST_LOGIC = 480
"""The most characters of the logic in words."""

InputKind = Literal["record", "text", "number", "wholeNumber", "date", "dateTime", "yesNo"]
"""What an input holds, in words; which type that is, is ours to say."""

_TYPES: Mapping[InputKind, DataType] = {
    "record": "Id",
    "text": "String",
    "number": "Decimal",
    "wholeNumber": "Integer",
    "date": "Date",
    "dateTime": "DateTime",
    "yesNo": "Boolean",
}
_LONGEST_NAME = 60
_SHOWN = 80
_WORD = re.compile(r"[A-Za-z0-9]{15,18}")

_Name = Annotated[str, Field(max_length=80)]


class ReplyInput(Contract):
    """One input of a generated action."""

    name: _Name
    """A name such as CaseId: letters and digits, a letter first."""
    kind: InputKind
    """What it holds; record for a record to start from."""
    object: _Name | None
    """For the kind record, the API name of the record's object; null otherwise."""
    description: Annotated[str, Field(max_length=300)]
    """What it is, in a few words."""


class ReplyGenerated(Contract):
    """An action whose code is written afterwards: what it takes, and what it does, in words."""

    name: _Name
    """A name in CamelCase that says what it does, such as CreateTaskWithOpenAmount."""
    object: _Name
    """The API name of the object it creates or changes first."""
    inputs: tuple[ReplyInput, ...] = Field(max_length=20)
    """What it takes, the records it starts from among them."""
    logic: Annotated[str, Field(max_length=LONGEST_LOGIC)]
    """What is read, worked out and written, in plain words with API names; no record id."""


class GeneratedFault(Exception):  # noqa: N818 - it is caught by its neighbours, and told to the model
    """What is wrong with the description of a generated action."""


def generated_blueprint(
    said: ReplyGenerated, visible: Callable[[str], ObjectSchema | None]
) -> tuple[ActionBlueprint, dict[str, str]]:
    """Return the blueprint of a generated action, and the objects of its inputs that name records.

    Args:
        said: What the model says of it.
        visible: Returns an object the person may see, or None.

    Raises:
        GeneratedFault: It names what is not there, or says no logic.
    """
    schema = visible(said.object)
    if schema is None or not (schema.createable or schema.updateable):
        raise GeneratedFault(f"nothing can be written to an object {said.object[:_SHOWN]!r}")
    if is_setup_object(schema.name):
        raise GeneratedFault(f"{schema.name} says who may do what; no code is written for it")
    logic = inert(said.logic, limit=LONGEST_LOGIC)
    if not logic:
        raise GeneratedFault("there is no logic; say what is read, worked out and written")
    if any(_is_id(each) for each in _WORD.findall(said.logic)):
        raise GeneratedFault("the logic holds a record id; make it an input")
    records = {each.name: _record(each, visible) for each in said.inputs if each.kind == "record"}
    try:
        return _blueprint(said, schema, logic), records
    except ValidationError as invalid:
        raise GeneratedFault("; ".join(explained(invalid, ActionBlueprint)[:5])) from None


def _blueprint(said: ReplyGenerated, schema: ObjectSchema, logic: str) -> ActionBlueprint:
    typed = [[each.name, each.kind, each.object] for each in said.inputs]
    mark = digest({"logic": logic, "object": schema.name, "inputs": typed})[:6]
    title = inert(said.name, limit=_LONGEST_NAME)
    return ActionBlueprint(
        name=f"{said.name[:_LONGEST_NAME]}_{mark}",
        label=title,
        category="GENERATED",
        target_s_object=schema.name,
        operation="CALL",
        summary=logic,
        checkpoint=f"Do what {title} works out?",
        tags=("Generated",),
        inputs=tuple(
            ActionInput(
                api_name=each.name,
                data_type=_TYPES[each.kind],
                required=True,
                usage="PARAMETER",
                description=inert(each.description, limit=300),
            )
            for each in said.inputs
        ),
    )


def _record(said: ReplyInput, visible: Callable[[str], ObjectSchema | None]) -> str:
    schema = visible(said.object) if said.object else None
    if schema is None:
        raise GeneratedFault(f"the input {said.name[:_SHOWN]!r} needs the object of its record")
    return schema.name


def _is_id(word: str) -> bool:
    return any(each.isdigit() for each in word) and is_record_id(word)
