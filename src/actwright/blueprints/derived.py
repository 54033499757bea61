"""Derived blueprints: made from an object's schema, for whatever the curated library does not cover.

A derived blueprint is as wide as the object: it takes every field that somebody could be given the right to write,
also where the running person lacks that right, so that a refusal can name the permission instead of claiming that
the field does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.writable import WriteOperation, grantable, needed_on_create
from actwright.errors import BlueprintError
from actwright.org.effect import RecordOperation
from actwright.org.schema import FieldSchema, ObjectSchema

_TYPES: dict[str, DataType] = {
    "boolean": "Boolean",
    "combobox": "String",
    "currency": "Currency",
    "date": "Date",
    "datetime": "DateTime",
    "double": "Double",
    "email": "Email",
    "encryptedstring": "String",
    "id": "Id",
    "int": "Integer",
    "long": "Long",
    "multipicklist": "MultiPicklist",
    "percent": "Percent",
    "phone": "Phone",
    "picklist": "Picklist",
    "reference": "Reference",
    "string": "String",
    "textarea": "TextArea",
    "time": "Time",
    "url": "Url",
}
_LONG_TEXT = 255
"""A text area with more characters than this is a long one."""
_FIELDS_EACH = 200
"""The most fields one guardrail may list."""
_VALUES_SHOWN = 12
_LABEL_LENGTH = 120


def derived_key(object_name: str, operation: RecordOperation) -> str:
    """Return the key of a derived blueprint: ``derived.opportunity.create``."""
    return f"derived.{object_name.lower()}.{operation.lower()}"


def data_type_of(field: FieldSchema) -> DataType:
    """Return the input type that fits ``field``.

    Raises:
        BlueprintError: No input can carry the field's type, such as ``address`` or ``base64``.
    """
    kind = _TYPES.get(field.type.lower())
    if kind is None:
        raise BlueprintError(
            f"No input can carry a field of type {field.type!r}.",
            where=field.name,
            hint="Use the parts of a compound field instead of the whole.",
            code="field_type_unsupported",
        )
    return "LongTextArea" if kind == "TextArea" and field.length > _LONG_TEXT else kind


def create_blueprint(schema: ObjectSchema, fields: Iterable[str] | None = None) -> ActionBlueprint:
    """Return the blueprint that creates a record of ``schema``.

    Args:
        schema: The object as the running person sees it.
        fields: The fields to keep, in any case, beside those no create can do without; all where left out.

    Raises:
        BlueprintError: One of ``fields`` is hidden, does not exist, or cannot be written by anybody.
    """
    return _blueprint(schema, "CREATE", fields)


def update_blueprint(schema: ObjectSchema, fields: Iterable[str] | None = None) -> ActionBlueprint:
    """Return the blueprint that changes a record of ``schema``, named by its ``Id``.

    Args:
        schema: The object as the running person sees it.
        fields: The fields to keep, in any case, beside ``Id``; all where left out.

    Raises:
        BlueprintError: One of ``fields`` is hidden, does not exist, or cannot be written by anybody.
    """
    return _blueprint(schema, "UPDATE", fields)


def delete_blueprint(schema: ObjectSchema) -> ActionBlueprint:
    """Return the blueprint that deletes a record of ``schema``, named by its ``Id``.

    It is made only where a goal asks for it: nothing offers a delete by itself.
    """
    label = (schema.label or schema.name)[:60]
    return ActionBlueprint(
        name=f"Delete{schema.name}",
        label=f"Delete {label}",
        category="CRUD",
        target_s_object=schema.name,
        operation="DELETE",
        summary=f"Deleted one {label} record.",
        checkpoint=f"Delete this {label} record?",
        key_fields=("Id",),
        tags=(schema.name[:80], "Delete"),
        inputs=(_id_input(label),),
        guardrails=(GuardrailSpec(type="SHARING_REQUIRED"),),
    )


def derived_blueprints(schema: ObjectSchema) -> tuple[ActionBlueprint, ...]:
    """Return the blueprints for what the person may do with ``schema``: create, update, both or neither."""
    made: list[ActionBlueprint] = []
    if schema.createable:
        made.append(create_blueprint(schema))
    if schema.updateable:
        made.append(update_blueprint(schema))
    return tuple(made)


def _blueprint(
    schema: ObjectSchema, operation: WriteOperation, fields: Iterable[str] | None
) -> ActionBlueprint:
    written = _narrowed(schema, operation, fields)
    verb = operation.capitalize()
    label = (schema.label or schema.name)[:60]
    id_input = (_id_input(label),) if operation == "UPDATE" else ()
    return ActionBlueprint(
        name=f"{verb}{schema.name}",
        label=f"{verb} {label}",
        category="CRUD",
        target_s_object=schema.name,
        operation=operation,
        summary=f"{verb}d one {label} record.",
        checkpoint=f"{verb} this {label} record?",
        key_fields=("Id",) if operation == "UPDATE" else (),
        tags=(schema.name[:80], verb),
        inputs=(*id_input, *(_input(schema, each, operation) for each in written)),
        guardrails=tuple(_guardrails(operation, [each.name for each in written])),
    )


def _narrowed(
    schema: ObjectSchema, operation: WriteOperation, fields: Iterable[str] | None
) -> list[FieldSchema]:
    writable = [
        each
        for each in schema.fields
        if each.type.lower() in _TYPES and grantable(schema, each, operation)
    ]
    if fields is None:
        return writable
    wanted = {each.lower(): each for each in fields if each.lower() != "id"}
    unknown = sorted(wanted.keys() - {each.name.lower() for each in writable})
    if unknown:
        raise _not_writable(schema, operation, wanted[unknown[0]])
    return [
        each
        for each in writable
        if each.name.lower() in wanted or (operation == "CREATE" and needed_on_create(schema, each))
    ]


def _not_writable(schema: ObjectSchema, operation: WriteOperation, name: str) -> BlueprintError:
    known = schema.field(name)
    reason = "is hidden or does not exist" if known is None else "is kept by the platform itself"
    return BlueprintError(
        f"{schema.name}.{name[:80]} cannot be written by {operation}: it {reason}.",
        where=f"{schema.name}.{name[:80]}",
        hint=f"Use a field of {schema.label} that can be written.",
        code="field_unknown" if known is None else "field_not_writable",
    )


def _id_input(label: str) -> ActionInput:
    return ActionInput(
        api_name="Id",
        label=f"{label} ID",
        data_type="Id",
        required=True,
        description="The record that is meant.",
    )


def _input(schema: ObjectSchema, field: FieldSchema, operation: WriteOperation) -> ActionInput:
    return ActionInput(
        api_name=field.name,
        label=field.label[:_LABEL_LENGTH],
        data_type=data_type_of(field),
        required=operation == "CREATE" and needed_on_create(schema, field),
        description=_description(field),
    )


def _description(field: FieldSchema) -> str:
    if field.reference_to:
        return f"A record of {' or '.join(field.reference_to[:_VALUES_SHOWN])}."
    values = [each.value for each in field.active_values]
    if not values or len(values) > _VALUES_SHOWN:
        return ""
    return f"One of: {', '.join(values)}."[:1000]


def _guardrails(operation: WriteOperation, names: list[str]) -> Iterator[GuardrailSpec]:
    kind = "FLS_EDIT" if operation == "UPDATE" else "FLS_CREATE"
    for start in range(0, len(names), _FIELDS_EACH):
        yield GuardrailSpec(type=kind, params={"fields": names[start : start + _FIELDS_EACH]})
    if operation == "UPDATE":
        yield GuardrailSpec(type="SHARING_REQUIRED")
