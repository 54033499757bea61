"""Records created, read, changed and deleted as the running user may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from localorg.automation import Save, after_save, before_save
from localorg.database import savepoint, touch_metadata
from localorg.dependencies import check_dependent_picklists, check_lookup_filters
from localorg.duplicate_rules import check_duplicates
from localorg.errors import ApiError, insufficient_access, invalid_json, not_found
from localorg.permissions import RecordAccess
from localorg.record_types import check_record_type, default_record_type, without_master
from localorg.rows import (
    Row,
    change,
    fetch,
    find_text,
    insert,
    is_deleted,
    stored_moment,
)
from localorg.schema.model import FieldDef, ObjectDef
from localorg.session import Session
from localorg.sharing import access_to
from localorg.validation import check_required, check_target, stored_value
from localorg.validation_rules import check_rules
from localorg.wire import address_parts, address_value, wire_value

Payload = Mapping[str, object]

_AUDIT: Final = frozenset({"LastModifiedDate", "SystemModstamp"})


@dataclass(frozen=True, slots=True)
class Located:
    """A record found, and what the user may do with it."""

    row: Row
    access: RecordAccess


def object_of(session: Session, name: str) -> ObjectDef:
    """Return the object a path names.

    Raises:
        ApiError: ``NOT_FOUND`` where it does not exist or the user may not read it.
    """
    definition = session.catalogue.get(name)
    if definition is None or not session.access.can(definition.name, "read"):
        raise not_found()
    return definition


def locate(session: Session, definition: ObjectDef, record_id: str) -> Located:
    """Find a record the user may read.

    Raises:
        ApiError: ``NOT_FOUND`` where it is absent or hidden, ``ENTITY_IS_DELETED`` where it was deleted.
    """
    row = None if definition.virtual else fetch(session.connection, definition, record_id)
    access = None if row is None else access_to(session, session.access, record_id)
    if row is None or access is None or not access.read:
        raise not_found()
    if is_deleted(row):
        raise ApiError(404, "ENTITY_IS_DELETED", "entity is deleted", [])
    return Located(row, access)


def read(
    session: Session, definition: ObjectDef, row: Row, names: list[str] | None = None
) -> dict[str, object]:
    """Return a located row as JSON, with the fields named or all that the user may read.

    Raises:
        ApiError: ``INVALID_FIELD`` for a name that does not exist or is hidden.
    """
    if names is None:
        fields = [each for each in definition.fields if _readable(session, definition, each)]
    else:
        fields = [_visible_field(session, definition, each) for each in names]
    url = session.resource("sobjects", definition.name, str(row["Id"]))
    record: dict[str, object] = {"attributes": {"type": definition.name, "url": url}}
    return record | {each.name: _json(definition, each, row) for each in fields}


def create(session: Session, definition: ObjectDef, payload: Payload) -> str:
    """Create a record; return its id.

    Raises:
        ApiError: Permission, a field or a value stands against it; nothing was stored.
    """
    if not session.access.can(definition.name, "create"):
        raise insufficient_access()
    given = without_master(_values(session, definition, payload, operation="create"))
    row = _defaults(session, definition, given) | {k: v for k, v in given.items() if v is not None}
    check_required(definition, row, _required_on_create(definition))
    _check_references(session, definition, given)
    _check_unique(session, definition, given, None)
    _check_related(session, definition, row, set(row))
    with savepoint(session.connection):
        _before_save(session, Save(definition, row, {}, frozenset(given), session.timestamp))
        session.locks.check(definition, row)
        record_id = insert(session.connection, definition, row)
        _saved(session, definition, row)
    return record_id


def update(session: Session, definition: ObjectDef, record_id: str, payload: Payload) -> None:
    """Change fields of a record.

    Raises:
        ApiError: The record, permission, a field or a value stands against it; nothing was stored.
    """
    found = locate(session, definition, record_id)
    if not session.access.can(definition.name, "edit") or not found.access.edit:
        raise insufficient_access()
    given = without_master(_values(session, definition, payload, operation="edit"))
    row = found.row | given
    check_required(definition, row, set(given))
    moved = {name for name in given if given[name] != found.row.get(name)}
    _check_owner(found, moved)
    _check_references(session, definition, {name: given[name] for name in moved})
    _check_unique(session, definition, given, record_id)
    _check_related(session, definition, row, moved)
    with savepoint(session.connection):
        _before_save(session, Save(definition, row, found.row, frozenset(given), session.timestamp))
        session.locks.check(definition, row)
        row |= _audit(session, definition)
        changes = {name: value for name, value in row.items() if value != found.row.get(name)}
        change(session.connection, definition, record_id, changes)
        _saved(session, definition, row)


def check_unmodified(row: Row, since: datetime | None) -> None:
    """Refuse where a row changed after a moment, whole seconds compared.

    Raises:
        ApiError: ``PRECONDITION_FAILED``.
    """
    changed = stored_moment(row.get("LastModifiedDate") or row.get("SystemModstamp"))
    if since is not None and changed is not None and changed.replace(microsecond=0) > since:
        message = "The record was modified after the time in If-Unmodified-Since: read it again"
        raise ApiError(412, "PRECONDITION_FAILED", message)


def _check_related(session: Session, definition: ObjectDef, row: Row, moved: set[str]) -> None:
    """Check the values that depend on another field of the record, or on its record type."""
    check_record_type(session, definition, row, moved)
    check_dependent_picklists(definition, row, moved)
    check_lookup_filters(session, definition, row, moved)


def _before_save(session: Session, save: Save) -> None:
    """Set what follows from the row's own fields, then let the org's own rules speak."""
    before_save(save)
    check_rules(save, session.today, session.rule_modes)
    check_duplicates(session, save)


def _saved(session: Session, definition: ObjectDef, row: Row) -> None:
    after_save(session.connection, session.catalogue, definition, row)
    if definition.setup:
        touch_metadata(session.connection)


def _readable(session: Session, definition: ObjectDef, field: FieldDef) -> bool:
    return session.access.field_readable(definition.name, field.name)


def _visible_field(session: Session, definition: ObjectDef, name: str) -> FieldDef:
    field = definition.field(name)
    if field is None or not _readable(session, definition, field):
        message = f"No such column '{name}' on sobject of type {definition.name}"
        raise ApiError(400, "INVALID_FIELD", message)
    return field


def _json(definition: ObjectDef, field: FieldDef, row: Row) -> object:
    if field.type == "address":
        parts = address_parts(definition, field)
        return address_value({k: row.get(v.name) if v else None for k, v in parts.items()})
    value = row.get(field.name)
    return None if value is None else wire_value(field, value)


def _values(session: Session, definition: ObjectDef, payload: Payload, *, operation: str) -> Row:
    """Return the payload by exact field name, each value as it is stored."""
    fields = {
        name: _visible_field(session, definition, name) for name in payload if name != "attributes"
    }
    if len({each.name for each in fields.values()}) < len(fields):
        raise invalid_json("A field is given more than once, in different cases")
    allowed = (
        session.access.field_createable
        if operation == "create"
        else session.access.field_updateable
    )
    refused = [each.name for each in fields.values() if not allowed(definition.name, each.name)]
    if refused:
        message = (
            f"Unable to create/update fields: {', '.join(refused)}. Please check the security settings of this"
            " field and verify that it is read/write for your profile or permission set."
        )
        raise ApiError(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, refused)
    return {field.name: stored_value(field, payload[name]) for name, field in fields.items()}


def _required_on_create(definition: ObjectDef) -> set[str]:
    return {
        each.name
        for each in definition.fields
        if each.createable and not each.defaulted_on_create and each.type != "boolean"
    }


def _defaults(session: Session, definition: ObjectDef, given: Row) -> Row:
    row = {} if "RecordTypeId" in given else default_record_type(session, definition)
    for field in definition.fields:
        if field.default is not None:
            row[field.name] = int(field.default) if field.type == "boolean" else field.default
        elif field.type == "boolean":
            row[field.name] = 0
    if definition.field("OwnerId"):
        row["OwnerId"] = session.user_id
    if definition.field("CreatedDate"):
        row["CreatedDate"] = session.timestamp
    if definition.field("CreatedById"):
        row["CreatedById"] = session.user_id
    return row | _audit(session, definition)


def _audit(session: Session, definition: ObjectDef) -> Row:
    row: Row = {name: session.timestamp for name in _AUDIT if definition.field(name)}
    if definition.field("LastModifiedById"):
        row["LastModifiedById"] = session.user_id
    return row


def _check_owner(found: Located, moved: set[str]) -> None:
    if "OwnerId" in moved and not found.access.transfer:
        raise insufficient_access("insufficient access rights to change the owner of this record")


def _check_references(session: Session, definition: ObjectDef, given: Row) -> None:
    for name, value in given.items():
        field = definition.field(name)
        if field is None or field.type != "reference" or value is None:
            continue
        target = check_target(session.catalogue, field, str(value))
        row = fetch(session.connection, target, str(value))
        if row is None:
            code = "INVALID_CROSS_REFERENCE_KEY"
            raise ApiError(400, code, "invalid cross reference id", [name])
        if is_deleted(row):
            raise ApiError(400, "ENTITY_IS_DELETED", "entity is deleted", [name])
        access = access_to(session, session.access, str(value))
        if access is None or not access.read:
            code = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
            message = f"insufficient access rights on cross-reference id: {value}"
            raise ApiError(400, code, message, [name])
        if name == "OwnerId" and target.name == "User" and not row.get("IsActive"):
            message = f"operation performed with inactive user [{value}] as owner"
            raise ApiError(400, "INACTIVE_OWNER_OR_USER", message, [name])


def _check_unique(
    session: Session, definition: ObjectDef, given: Row, record_id: str | None
) -> None:
    for name, value in given.items():
        field = definition.field(name)
        if field is None or not field.unique or value is None:
            continue
        others = find_text(session.connection, definition, name, value)
        twin = next((each for each in others if each["Id"] != record_id), None)
        if twin is not None:
            message = (
                f"duplicate value found: {name} duplicates value on record with id: {twin['Id']}"
            )
            raise ApiError(400, "DUPLICATE_VALUE", message, [])
