"""Resources of picklist values by record type, as the user interface API answers them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from localorg.errors import not_found
from localorg.exchange import Call, Reply, Route
from localorg.ids import require_id
from localorg.record_types import MASTER, record_types
from localorg.records import object_of
from localorg.schema.model import FieldDef, ObjectDef, PicklistValue, RecordTypeDef
from localorg.session import Session

Parts = Mapping[str, str]
Answer = dict[str, object]

_PICKLISTS: Final = frozenset({"picklist", "multipicklist"})


def picklist_values(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the values of every picklist of an object that a record type leaves."""
    definition = object_of(session, parts["object"])
    kind_id, kind = _kind(session, definition, parts["recordType"])
    values = {
        each.name: _answer(session, definition, each, kind_id, kind)
        for each in definition.fields
        if _shown(session, definition, each)
    }
    return Reply(200, {"eTag": _tag(values), "picklistFieldValues": values})


def field_values(session: Session, call: Call, parts: Parts) -> Reply:  # noqa: ARG001 - a handler
    """Answer the values of one picklist that a record type leaves."""
    definition = object_of(session, parts["object"])
    kind_id, kind = _kind(session, definition, parts["recordType"])
    field = definition.field(parts["field"])
    if field is None or not _shown(session, definition, field):
        raise not_found()
    return Reply(200, _answer(session, definition, field, kind_id, kind))


def _kind(session: Session, definition: ObjectDef, text: str) -> tuple[str, RecordTypeDef | None]:
    """Return the id of a record type, and what it narrows; the master narrows nothing."""
    record_id = require_id(text)
    if record_id == MASTER:
        return record_id, None
    kinds = record_types(session.connection, definition, session.access)
    found = next((each for each in kinds if each.id == record_id), None)
    if found is None:
        raise not_found()
    return record_id, found.definition


def _shown(session: Session, definition: ObjectDef, field: FieldDef) -> bool:
    return field.type in _PICKLISTS and session.access.field_readable(definition.name, field.name)


def _answer(
    session: Session,
    definition: ObjectDef,
    field: FieldDef,
    kind_id: str,
    kind: RecordTypeDef | None,
) -> Answer:
    controller = definition.field(field.controller) if field.controller else None
    order = {each.value: place for place, each in enumerate(_left(controller, kind))}
    values = [_value(each, order) for each in _left(field, kind)]
    default = next((one for one in values if one["value"] == field.default), None)
    path = ("ui-api", "object-info", definition.name, "picklist-values", kind_id, field.name)
    body: Answer = {
        "controllerValues": order,
        "defaultValue": default,
        "url": session.resource(*path),
        "values": values,
    }
    return {**body, "eTag": _tag(body)}


def _left(field: FieldDef | None, kind: RecordTypeDef | None) -> list[PicklistValue]:
    """Return the active values of a picklist that a record type leaves."""
    if field is None:
        return []
    left = kind.values(field.name) if kind else None
    return [each for each in field.picklist if each.active and (left is None or each.value in left)]


def _value(value: PicklistValue, order: Mapping[str, int]) -> Answer:
    return {
        "attributes": None,
        "label": value.label,
        "validFor": [place for name, place in order.items() if name in (value.valid_for or ())],
        "value": value.value,
    }


def _tag(body: object) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


_VALUES: Final = "/ui-api/object-info/{object}/picklist-values/{recordType}"

ROUTES: Final = (
    Route("GET", _VALUES, picklist_values),
    Route("GET", f"{_VALUES}/{{field}}", field_values),
)
"""The routes of picklist values."""
