"""What the permission rows of an org give one user, folded over all of the user's permission sets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectRight:
    """The object permissions of one object, before what the platform itself forbids."""

    read: bool = False
    create: bool = False
    edit: bool = False
    delete: bool = False
    view_all: bool = False
    modify_all: bool = False

    def __or__(self, other: ObjectRight) -> ObjectRight:
        return ObjectRight(
            self.read or other.read,
            self.create or other.create,
            self.edit or other.edit,
            self.delete or other.delete,
            self.view_all or other.view_all,
            self.modify_all or other.modify_all,
        )


NOTHING = ObjectRight()
"""No right at all."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The union over a user's permission sets, the one owned by the profile included.

    Attributes:
        objects: Object permissions by the object's exact name.
        readable_fields: ``Object.Field`` names that field-level security lets the user read.
        editable_fields: ``Object.Field`` names that field-level security lets the user write.
        subordinates: Ids of the users below this one in the role hierarchy.
        view_setup: Holds View Setup and Configuration.
        view_all_data: Holds View All Data: reads every record of every object.
        modify_all_data: Holds Modify All Data: writes every record of every object.
        profile: The name of the user's profile, empty where there is none.
    """

    objects: Mapping[str, ObjectRight]
    readable_fields: frozenset[str] = frozenset()
    editable_fields: frozenset[str] = frozenset()
    subordinates: frozenset[str] = frozenset()
    view_setup: bool = False
    view_all_data: bool = False
    modify_all_data: bool = False
    profile: str = ""


def load_rights(connection: sqlite3.Connection, user_id: str) -> Rights:
    """Fold the permission rows of the user with the 18-character id ``user_id``.

    A user without any permission set, or one who does not exist, gets no right at all.
    """
    sets = connection.execute(_SETS, {"user": user_id}).fetchall()
    assigned = [str(row[0]) for row in sets]
    fields = _rows(connection, _FIELD_ROWS, assigned)
    below = connection.execute(_SUBORDINATES, {"user": user_id})
    profile = connection.execute(_PROFILE, {"user": user_id}).fetchone()
    return Rights(
        objects=_fold_objects(_rows(connection, _OBJECT_ROWS, assigned)),
        readable_fields=frozenset(str(name) for name, read, edit in fields if read or edit),
        editable_fields=frozenset(str(name) for name, _, edit in fields if edit),
        subordinates=frozenset(str(row[0]) for row in below),
        view_setup=any(row[1] for row in sets),
        view_all_data=any(row[2] for row in sets),
        modify_all_data=any(row[3] for row in sets),
        profile=str(profile[0]) if profile else "",
    )


_SETS = """
    SELECT "Id", "PermissionsViewSetup", "PermissionsViewAllData", "PermissionsModifyAllData"
    FROM "PermissionSet"
    WHERE "Id" IN (SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = :user)
       OR ("IsOwnedByProfile" = 1
           AND "ProfileId" = (SELECT "ProfileId" FROM "User" WHERE "Id" = :user))
"""

_PROFILE = """
    SELECT "Name" FROM "Profile" WHERE "Id" = (SELECT "ProfileId" FROM "User" WHERE "Id" = :user)
"""

_OBJECT_ROWS = """
    SELECT "SobjectType", "PermissionsRead", "PermissionsCreate", "PermissionsEdit",
           "PermissionsDelete", "PermissionsViewAllRecords", "PermissionsModifyAllRecords"
    FROM "ObjectPermissions" WHERE "ParentId" = ?
"""

_FIELD_ROWS = """
    SELECT "Field", "PermissionsRead", "PermissionsEdit" FROM "FieldPermissions" WHERE "ParentId" = ?
"""

_SUBORDINATES = """
    WITH RECURSIVE below(id) AS (
        SELECT "Id" FROM "UserRole"
        WHERE "ParentRoleId" = (SELECT "UserRoleId" FROM "User" WHERE "Id" = :user)
        UNION
        SELECT "UserRole"."Id" FROM "UserRole" JOIN below ON "UserRole"."ParentRoleId" = below.id
    )
    SELECT "User"."Id" FROM "User" JOIN below ON "User"."UserRoleId" = below.id
"""


def _rows(
    connection: sqlite3.Connection, statement: str, parents: Iterable[str]
) -> list[tuple[object, ...]]:
    return [tuple(row) for parent in parents for row in connection.execute(statement, (parent,))]


def _fold_objects(rows: Iterable[tuple[object, ...]]) -> dict[str, ObjectRight]:
    rights: dict[str, ObjectRight] = {}
    for name, *flags in rows:
        read, create, edit, delete, view_all, modify_all = (bool(flag) for flag in flags)
        right = ObjectRight(
            read=read or view_all or modify_all,
            create=create,
            edit=edit or modify_all,
            delete=delete or modify_all,
            view_all=view_all,
            modify_all=modify_all,
        )
        rights[str(name)] = rights.get(str(name), NOTHING) | right
    return rights
