"""Records deleted, with what goes or stays with them."""

from __future__ import annotations

from localorg.automation import after_save
from localorg.database import savepoint, touch_metadata
from localorg.errors import ApiError, insufficient_access
from localorg.records import locate
from localorg.rows import Row, change, find_all, is_deleted, remove
from localorg.schema.model import ObjectDef
from localorg.session import Session


def delete(session: Session, definition: ObjectDef, record_id: str) -> None:
    """Move a record to the recycle bin, its children by master relationship with it.

    Other references to it are emptied. Rows of setup objects have no recycle bin and are gone.

    Raises:
        ApiError: The record is absent, the user may not delete it, or rows depend on it.
    """
    found = locate(session, definition, record_id)
    if not session.access.can(definition.name, "delete") or not found.access.delete:
        raise insufficient_access()
    with savepoint(session.connection):
        _delete(session, definition, found.row)


def _delete(session: Session, definition: ObjectDef, row: Row) -> None:
    session.locks.check(definition, row)
    record_id = str(row["Id"])
    if definition.field("IsDeleted"):
        stamps = {"IsDeleted": 1, "LastModifiedDate": session.timestamp}
        stamps |= {"SystemModstamp": session.timestamp, "LastModifiedById": session.user_id}
        known: Row = {k: v for k, v in stamps.items() if definition.field(k)}
        change(session.connection, definition, record_id, known)
    else:
        remove(session.connection, definition, record_id)
    for each in session.catalogue.children(definition.name):
        if each.child.virtual:
            continue
        for child in find_all(session.connection, each.child, each.field.name, record_id):
            if not is_deleted(child):
                _release(session, each.child, each.field.name, child)
    after_save(session.connection, session.catalogue, definition, row)
    if definition.setup:
        touch_metadata(session.connection)


def _release(session: Session, definition: ObjectDef, reference: str, child: Row) -> None:
    """Delete a child with its parent, or empty its reference to it."""
    field = definition.field(reference)
    if field is not None and field.restricted_delete:
        message = (
            "Your attempt to delete the record could not be completed because it is associated with"
            f" {definition.label} {child['Id']}"
        )
        raise ApiError(400, "DELETE_FAILED", message, [])
    if field is not None and field.deleted_with_parent:
        _delete(session, definition, child)
    else:
        change(session.connection, definition, str(child["Id"]), {reference: None})
