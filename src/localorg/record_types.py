"""Record types: the kinds of record an object has, who may use which, and the picklist values each one leaves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from localorg.errors import ApiError
from localorg.permissions import Access
from localorg.rows import Row
from localorg.schema.model import ObjectDef, RecordTypeDef
from localorg.session import Session

FIELD: Final = "RecordTypeId"
MASTER: Final = "012000000000000AAA"
"""The id of the record type that every object has and no row stores."""


@dataclass(frozen=True, slots=True)
class RecordType:
    """One record type of an object, as one user sees it."""

    id: str
    name: str
    developer_name: str
    active: bool
    available: bool
    """Whether the user may create records of it."""
    default: bool
    """Whether the user's new records take it where they name none."""
    definition: RecordTypeDef | None


def record_types(
    connection: sqlite3.Connection, definition: ObjectDef, access: Access
) -> tuple[RecordType, ...]:
    """Return the record types of an object, by name; the master is none of them."""
    if definition.field(FIELD) is None:
        return ()
    rows = connection.execute(
        'SELECT * FROM "RecordType" WHERE "SobjectType" = ? ORDER BY "Name"', (definition.name,)
    )
    return tuple(_record_type(definition, dict(each), access.rights.profile) for each in rows)


def _record_type(definition: ObjectDef, row: Row, profile: str) -> RecordType:
    name = str(row["DeveloperName"])
    defined = next((each for each in definition.record_types if each.developer_name == name), None)
    active = bool(row["IsActive"])
    return RecordType(
        id=str(row["Id"]),
        name=str(row["Name"]),
        developer_name=name,
        active=active,
        available=active and (defined is None or defined.available_to(profile)),
        default=active and defined is not None and profile in defined.default_for,
        definition=defined,
    )


def without_master(given: Row) -> Row:
    """Return a request's values with the master's id turned into what a row stores for it: nothing."""
    return given | {FIELD: None} if given.get(FIELD) == MASTER else given


def default_record_type(session: Session, definition: ObjectDef) -> Row:
    """Return the field that a new record of the user takes where the request does not name it."""
    kinds = record_types(session.connection, definition, session.access)
    return next(({FIELD: each.id} for each in kinds if each.default), {})


def check_record_type(
    session: Session, definition: ObjectDef, row: Mapping[str, object], moved: Iterable[str]
) -> None:
    """Refuse a record type the user may not use, and values of restricted picklists that it leaves out.

    Args:
        session: The request.
        definition: The record's object.
        row: The record as it will be.
        moved: The fields whose values are new.

    Raises:
        ApiError: ``INVALID_CROSS_REFERENCE_KEY`` or ``INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST``.
    """
    kind_id = row.get(FIELD)
    if kind_id is None:
        return
    kinds = record_types(session.connection, definition, session.access)
    kind = next((each for each in kinds if each.id == kind_id), None)
    names = set(moved)
    if FIELD in names and (kind is None or not kind.available):
        message = f"Record Type ID: this ID value isn't valid for the user: {kind_id}"
        raise ApiError(400, "INVALID_CROSS_REFERENCE_KEY", message, [FIELD])
    if kind is not None and kind.definition is not None:
        _check_values(definition, row, names, kind.definition)


def _check_values(
    definition: ObjectDef, row: Mapping[str, object], names: set[str], kind: RecordTypeDef
) -> None:
    for name, values in kind.picklists:
        field = definition.field(name)
        value = row.get(name)
        if field is None or not field.restricted_picklist or name not in names or value is None:
            continue
        if value not in values:
            message = f"{field.label}: bad value for restricted picklist field: {value}"
            raise ApiError(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, [name])
