"""Records created or changed under a key: an external id, or an id itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localorg.errors import ApiError
from localorg.ids import require_id
from localorg.records import create, update
from localorg.rows import find_text
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import Session
from localorg.sharing import access_to


@dataclass(frozen=True, slots=True)
class Upserted:
    """The record an upsert left behind, and whether it is new."""

    record_id: str
    created: bool


class SeveralMatchesError(ApiError):
    """A key that names more than one record, refused with their ids."""

    def __init__(self, field: FieldDef, record_ids: list[str]) -> None:
        super().__init__(
            400,
            "DUPLICATE_EXTERNAL_ID",
            f"{field.name}: more than one record found for external id field: {record_ids}",
            [field.name],
        )
        self.record_ids = record_ids


def upsert_field(session: Session, definition: ObjectDef, name: str) -> FieldDef:
    """Return the field an upsert of many rows may be keyed by: the id, or what `key_field` allows.

    Raises:
        ApiError: ``NOT_FOUND`` where there is no such key.
    """
    field = definition.field(name)
    return field if field and field.type == "id" else key_field(session, definition, name)


def key_field(session: Session, definition: ObjectDef, name: str) -> FieldDef:
    """Return the external id, or other field, that names single records of an object.

    Raises:
        ApiError: ``NOT_FOUND`` where there is none of that name, it is no key, or it is hidden.
    """
    field = definition.field(name)
    keyed = field is not None and (field.external_id or field.id_lookup) and field.type != "id"
    if field is None or not keyed or not session.access.field_readable(definition.name, name):
        message = f"Provided external ID field does not exist or is not accessible: {name}"
        raise ApiError(404, "NOT_FOUND", message)
    return field


def matches(session: Session, definition: ObjectDef, field: FieldDef, value: object) -> list[str]:
    """Return the ids under a key.

    Raises:
        ApiError: A record exists that may not be read: a refusal, not an absence.
    """
    rows = find_text(session.connection, definition, field.name, value)
    ids = [str(row["Id"]) for row in rows]
    for record_id in ids:
        access = access_to(session, session.access, record_id)
        if access is None or not access.read:
            message = f"insufficient access rights on cross-reference id: {field.name}"
            raise ApiError(403, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", message)
    return ids


def upsert(
    session: Session,
    definition: ObjectDef,
    field: FieldDef,
    value: object,
    payload: Mapping[str, object],
) -> Upserted:
    """Create the record a key names, or change the one that exists.

    Args:
        session: Who asks.
        definition: The record's object.
        field: The key, as `upsert_field` gave it; an id changes and never creates.
        value: The key's value.
        payload: The other fields.

    Raises:
        SeveralMatchesError: More than one record has the key.
        ApiError: The record cannot be created or changed so.
    """
    if field.type == "id":
        record_id = require_id(str(value))
        update(session, definition, record_id, payload)
        return Upserted(record_id, created=False)
    found = matches(session, definition, field, value)
    if len(found) > 1:
        raise SeveralMatchesError(field, found)
    if not found:
        created = create(session, definition, {**payload, field.name: value})
        return Upserted(created, created=True)
    update(session, definition, found[0], payload)
    return Upserted(found[0], created=False)
