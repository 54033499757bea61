"""Values of a reply: text that is read by the input's type, and held against the field it is for."""

from __future__ import annotations

from decimal import Decimal

from actwright.blueprints.adapters import DataType, adapt
from actwright.blueprints.blueprint import ActionInput
from actwright.errors import ValueInvalidError
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.schema import FieldSchema
from actwright.org.value import FieldValue
from actwright.planning.model.reply_blueprints import ReplyFault
from actwright.planning.words.amounts import plain

LONG_TEXT = 200
"""Characters of a text of the named data beyond which the planning model sees its name and length only."""

_VALUES_SHOWN = 30
ID_TYPES = frozenset({"Id", "Reference"})
"""The types whose values name a record."""


def is_long(value: JsonScalar) -> bool:
    """Tell whether a piece of the named data is a text whose words no planning model is shown."""
    return isinstance(value, str) and len(value) > LONG_TEXT


def typed(
    raw: JsonScalar, wanted: ActionInput, field: FieldSchema | None, place: str
) -> JsonScalar:
    """Return ``raw`` as the plan keeps it: in the input's type, and a picklist value in its own spelling.

    Raises:
        ReplyFault: It does not fit the type, the field's length, or the picklist.
    """
    read = adapted(wanted.data_type, raw, place)
    value = plain(read) if isinstance(read, Decimal) else read
    if isinstance(value, str) and field is not None:
        value = spelled(value, field, place)
        if field.length and len(value) > field.length and field.family == "string":
            raise ReplyFault(
                f"{place}: the text has {len(value)} characters, the field holds {field.length}"
            )
    return value


def adapted(kind: DataType, raw: JsonScalar, place: str) -> FieldValue:
    """Return ``raw`` as a value of type ``kind``.

    Raises:
        ReplyFault: It does not fit.
    """
    try:
        return adapt(kind, raw, label=place)
    except ValueInvalidError as error:
        hint = f" {error.hint}" if error.hint else ""
        raise ReplyFault(f"{error.message}{hint}") from None


def spelled(value: str, field: FieldSchema, place: str) -> str:
    """Return a picklist value as the org writes it; several of them for a multi-select picklist.

    Raises:
        ReplyFault: The picklist has no such value.
    """
    if field.type == "multipicklist":
        return ";".join(_one(each.strip(), field, place) for each in value.split(";"))
    return _one(value, field, place) if field.type == "picklist" else value


def _one(value: str, field: FieldSchema, place: str) -> str:
    wanted = inert(value).casefold()
    for called in ("value", "label"):
        for each in field.active_values:
            if inert(getattr(each, called)).casefold() == wanted:
                return each.value
    if not field.active_values:
        return value
    known = ", ".join(inert(each.value, limit=60) for each in field.active_values[:_VALUES_SHOWN])
    raise ReplyFault(
        f"{place}: {value[:60]!r} is no value of {field.name}; its values: {known}. Ask where none is meant"
    )
