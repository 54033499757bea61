"""A schema slice as text: one line of JSON an object, short, and with nothing in it that could leave its line."""

from __future__ import annotations

from collections.abc import Iterable

from actwright.blueprints.derived import data_type_of
from actwright.blueprints.writable import needed_on_create
from actwright.canonical import Json
from actwright.errors import BlueprintError
from actwright.inert import inert
from actwright.model.quoting import quoted
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.words.text import camel_words, pieces

_LABEL = 80
_MOST_VALUES = 40


def object_text(schema: ObjectSchema, fields: Iterable[FieldSchema]) -> str:
    """Return an object and some of its fields as one line."""
    abilities: dict[str, bool] = {
        "create": schema.createable,
        "update": schema.updateable,
        "delete": schema.deletable,
    }
    return quoted(
        {
            "object": schema.name,
            "label": inert(schema.label, limit=_LABEL),
            "may": [name for name, able in abilities.items() if able],
            "fields": [_field(schema, each) for each in fields],
        }
    )


def field_text(field: FieldSchema) -> str:
    """Return one field as it stands in its object's line."""
    return quoted(_plain(field))


def _field(schema: ObjectSchema, field: FieldSchema) -> dict[str, Json]:
    required: dict[str, Json] = {"required": True} if needed_on_create(schema, field) else {}
    return _plain(field) | required


def _plain(field: FieldSchema) -> dict[str, Json]:
    document: dict[str, Json] = {"name": field.name, "type": _type(field)}
    if pieces(field.label) != camel_words(field.name):
        document["label"] = inert(field.label, limit=_LABEL)
    if not (field.createable or field.updateable):
        document["readOnly"] = True
    if field.reference_to:
        document["refersTo"] = list(field.reference_to[:10])
    if field.relationship_name and field.reference_to:
        document["parent"] = field.relationship_name
    return document | _values(field)


def _values(field: FieldSchema) -> dict[str, Json]:
    values = field.active_values
    if not values:
        return {}
    shown: list[Json] = [inert(each.value, limit=_LABEL) for each in values[:_MOST_VALUES]]
    more: dict[str, Json] = {}
    if len(values) > _MOST_VALUES:
        more["moreValues"] = len(values) - _MOST_VALUES
    return {"values": shown} | more


def _type(field: FieldSchema) -> str:
    try:
        return data_type_of(field)
    except BlueprintError:
        return inert(field.type, limit=_LABEL)
