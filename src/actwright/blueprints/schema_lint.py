"""The part of the lint that takes an org's schema: objects, fields, types, picklist values, keys."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.adapters import DataType
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.finding import LintFinding
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.writable import WriteOperation, grantable, needed_on_create
from actwright.org.schema import FieldSchema, ObjectSchema

_TEXT: frozenset[DataType] = frozenset({"String", "TextArea", "LongTextArea"})
_NUMBER: frozenset[DataType] = frozenset({"Decimal", "Double", "Number", "Currency", "Percent"})
_WHOLE: frozenset[DataType] = frozenset({"Integer", "Long"})

_FITTING: dict[str, frozenset[DataType]] = {
    "boolean": frozenset({"Boolean"}),
    "combobox": _TEXT | {"Picklist"},
    "currency": _NUMBER | _WHOLE,
    "date": frozenset({"Date"}),
    "datetime": frozenset({"DateTime"}),
    "double": _NUMBER | _WHOLE,
    "email": frozenset({"Email"}),
    "encryptedstring": _TEXT,
    "id": frozenset({"Id", "Reference"}),
    "int": _WHOLE,
    "long": _WHOLE,
    "multipicklist": frozenset({"MultiPicklist"}),
    "percent": _NUMBER | _WHOLE,
    "phone": frozenset({"Phone"}),
    "picklist": frozenset({"Picklist"}),
    "reference": frozenset({"Id", "Reference"}),
    "string": _TEXT | {"Email", "Phone", "Url"},
    "textarea": _TEXT,
    "time": frozenset({"Time"}),
    "url": frozenset({"Url"}),
}
"""Describe type -> the input types whose values such a field can hold."""

_WRITES: dict[str, tuple[WriteOperation, ...]] = {
    "CREATE": ("CREATE",),
    "UPDATE": ("UPDATE",),
    "UPSERT": ("CREATE", "UPDATE"),
}

_RULES: dict[WriteOperation, str] = {
    "CREATE": "field_not_createable",
    "UPDATE": "field_not_updateable",
}

_ADJECTIVES = {"create": "createable", "update": "updateable", "delete": "deletable"}

_VALUES_SHOWN = 20


def against_schema(blueprint: ActionBlueprint, schema: ObjectSchema) -> Iterator[LintFinding]:
    """Yield what does not fit between a blueprint and its object, as the linting user sees it."""
    yield from _closed_object(blueprint, schema)
    for index, each in enumerate(blueprint.inputs):
        if each.is_field:
            yield from _input(blueprint, each, f"inputs[{index}]", schema)
    yield from _enum_values(blueprint, schema)
    yield from _missing_inputs(blueprint, schema)
    yield from _upsert_key(blueprint, schema)


def _input(
    blueprint: ActionBlueprint, given: ActionInput, path: str, schema: ObjectSchema
) -> Iterator[LintFinding]:
    name = f"{schema.name}.{given.field_api_name}"
    field = schema.field(given.field_api_name)
    if field is None:
        yield LintFinding(
            "field_unknown",
            "error",
            f"{path}.fieldApiName",
            f"The org has no field {name}, or hides it.",
            "Correct the name, or take the input out.",
        )
        return
    if given.data_type not in _FITTING.get(field.type.lower(), frozenset()):
        fitting = ", ".join(sorted(_FITTING.get(field.type.lower(), ()))) or "none"
        yield LintFinding(
            "type_mismatch",
            "error",
            f"{path}.dataType",
            f"{name} is a {field.type}, which {given.data_type} does not fit.",
            f"Fitting types: {fitting}.",
        )
    yield from _not_writable(blueprint, field, path, schema)
    yield from _unknown_values(field, (given.default,), f"{path}.default", schema)


def _closed_object(blueprint: ActionBlueprint, schema: ObjectSchema) -> Iterator[LintFinding]:
    open_to_user = {
        "create": schema.createable or "CREATE" not in _writes(blueprint),
        "update": schema.updateable or "UPDATE" not in _writes(blueprint),
        "delete": schema.deletable or blueprint.operation != "DELETE",
    }
    for verb in (verb for verb, is_open in open_to_user.items() if not is_open):
        yield LintFinding(
            f"object_not_{_ADJECTIVES[verb]}",
            "warning",
            "targetSObject",
            f"This user may not {verb} records of {schema.name}.",
            "Lint as a user who may.",
        )


def _not_writable(
    blueprint: ActionBlueprint, field: FieldSchema, path: str, schema: ObjectSchema
) -> Iterator[LintFinding]:
    if field.name.lower() in {"id", *(each.lower() for each in blueprint.key_fields)}:
        return
    for operation in _writes(blueprint):
        somebody = grantable(schema, field, operation)
        if _field_open(field, operation) or (somebody and not _object_open(schema, operation)):
            continue
        who = "this user" if somebody else "anybody"
        yield LintFinding(
            _RULES[operation],
            "warning" if somebody else "error",
            path,
            f"{schema.name}.{field.name} cannot be written by {who} in {operation}.",
            "Lint as a user who may write it." if somebody else "Take the input out.",
        )


def _writes(blueprint: ActionBlueprint) -> tuple[WriteOperation, ...]:
    return _WRITES.get(blueprint.operation, ())


def _object_open(schema: ObjectSchema, operation: WriteOperation) -> bool:
    return schema.createable if operation == "CREATE" else schema.updateable


def _field_open(field: FieldSchema, operation: WriteOperation) -> bool:
    return field.createable if operation == "CREATE" else field.updateable


def _unknown_values(
    field: FieldSchema, values: tuple[object, ...], path: str, schema: ObjectSchema
) -> Iterator[LintFinding]:
    known = [each.value for each in field.active_values]
    if not known or field.type.lower() not in {"picklist", "multipicklist"}:
        return
    for value in values:
        parts = str(value).split(";") if field.family == "multipicklist" else [str(value)]
        if value is not None and not set(parts) <= set(known):
            yield LintFinding(
                "value_unknown",
                "error" if field.restricted_picklist else "warning",
                path,
                f"{value!r} is no active value of {schema.name}.{field.name}.",
                f"Its values: {', '.join(known[:_VALUES_SHOWN])}.",
            )


def _enum_values(blueprint: ActionBlueprint, schema: ObjectSchema) -> Iterator[LintFinding]:
    for index, guardrail in enumerate(blueprint.guardrails):
        params = guardrail.parsed()
        field = schema.field(params.field) if isinstance(params, EnumParams) else None
        if isinstance(params, EnumParams) and field is not None:
            path = f"guardrails[{index}].params.values"
            yield from _unknown_values(field, params.values, path, schema)


def _missing_inputs(blueprint: ActionBlueprint, schema: ObjectSchema) -> Iterator[LintFinding]:
    if blueprint.operation not in {"CREATE", "UPSERT"}:
        return
    bound = {each.field_api_name.lower(): each for each in blueprint.inputs if each.is_field}
    for field in schema.fields:
        given = bound.get(field.name.lower())
        if needed_on_create(schema, field) and not (given and given.required):
            yield LintFinding(
                "required_input_missing",
                "error",
                "inputs",
                f"No {schema.name} can be created without {field.name}.",
                f"Add a required input bound to {field.name}.",
            )


def _upsert_key(blueprint: ActionBlueprint, schema: ObjectSchema) -> Iterator[LintFinding]:
    if blueprint.operation != "UPSERT":
        return
    key = blueprint.key_fields[0]
    field = schema.field(key)
    if field is None or not (field.external_id or field.id_lookup):
        yield LintFinding(
            "key_not_external_id",
            "error",
            "keyFields[0]",
            f"{schema.name}.{key} cannot tell records apart: it is no external id.",
            "Use Id, or a field that is marked as an external id.",
        )
