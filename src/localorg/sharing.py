"""Record access inside SQL: the rows a statement may see are decided where the rows are read.

A function of the connection asks the user's `Access`, so that limits, counts and joins come after sharing and
never before it.
"""

from __future__ import annotations

from typing import Final

from localorg.database import quoted
from localorg.permissions import Access, RecordAccess
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import ObjectDef
from localorg.session import Session

_OPEN: Final = frozenset({"ReadWrite", "Read", "None"})


def bind_access(session: Session) -> None:
    """Let statements on the session's connection ask ``localorg_access`` about its user."""
    access = session.access

    def allowed(
        name: str, right: str, owner: str | None, parent_id: str | None, parent_owner: str | None
    ) -> bool:
        return bool(getattr(_of_values(access, name, owner, parent_id, parent_owner), right))

    session.connection.create_function("localorg_access", 5, allowed)


def readable(access: Access, definition: ObjectDef, alias: str) -> str | None:
    """Return the SQL condition under which a row may be read, or None where every row may."""
    if definition.sharing in _OPEN or access.view_all(definition.name):
        return None
    return right_of(access.catalogue, definition, alias, "read")


def right_of(catalogue: Catalogue, definition: ObjectDef, alias: str, right: str) -> str:
    """Return SQL for one right (``read``, ``edit``, ...) on the row called ``alias``.

    ``right`` is a field of `RecordAccess`, never text from a request.
    """
    owner = f"{alias}.{quoted('OwnerId')}" if definition.field("OwnerId") else "NULL"
    parent_id, parent_owner = "NULL", "NULL"
    parent = _sharing_parent(catalogue, definition)
    if parent is not None:
        parent_id = f"{alias}.{quoted(str(definition.sharing_parent))}"
        parent_owner = (
            f'(SELECT "OwnerId" FROM {quoted(parent.name)} AS above WHERE above."Id" = {parent_id})'  # noqa: S608 - catalogue names
        )
    name = definition.name
    return f"localorg_access('{name}', '{right}', {owner}, {parent_id}, {parent_owner})"


def access_to(session: Session, access: Access, record_id: str) -> RecordAccess | None:
    """Return what ``access`` may do with a stored record, or None where there is no such record."""
    definition = session.catalogue.by_prefix(record_id[:3])
    if definition is None or definition.virtual:
        return None
    row = session.connection.execute(
        f'SELECT * FROM {quoted(definition.name)} WHERE "Id" = ?',  # noqa: S608 - catalogue names
        (record_id,),
    ).fetchone()
    if row is None:
        return None
    stored = dict(row)
    return access.record_access(definition.name, stored, _parent_row(session, definition, stored))


def _parent_row(
    session: Session, definition: ObjectDef, row: dict[str, object]
) -> dict[str, object] | None:
    parent = _sharing_parent(session.catalogue, definition)
    if parent is None:
        return None
    found = session.connection.execute(
        f'SELECT * FROM {quoted(parent.name)} WHERE "Id" = ?',  # noqa: S608 - catalogue names
        (row.get(str(definition.sharing_parent)),),
    ).fetchone()
    return None if found is None else dict(found)


def _sharing_parent(catalogue: Catalogue, definition: ObjectDef) -> ObjectDef | None:
    reference = definition.field(definition.sharing_parent or "")
    return catalogue.get(reference.reference_to[0]) if reference else None


def _of_values(
    access: Access, name: str, owner: str | None, parent_id: str | None, parent_owner: str | None
) -> RecordAccess:
    definition = access.catalogue.get(name)
    row: dict[str, object] = {"OwnerId": owner}
    if definition is not None and definition.sharing_parent is not None:
        row[definition.sharing_parent] = parent_id
    return access.record_access(name, row, {"OwnerId": parent_owner})
