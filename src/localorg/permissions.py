"""What one user may see and do: object permissions, field-level security and record access.

An ``Access`` is folded once from the permission rows of the org and then answers without touching the database.
Whatever is unknown (an object, a field, a row without an owner) is refused.

Objects without permissions of their own follow another: writing an opportunity's line item takes edit on the opportunity. Setup
objects can be read by everybody, except ``SETUP_ONLY``, and written with Modify All Data.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from localorg.rights import NOTHING, ObjectRight, Rights, load_rights
from localorg.schema.catalogue import Catalogue
from localorg.schema.model import FieldDef, ObjectDef

Operation = Literal["read", "create", "edit", "delete"]
"""What an object permission allows."""

SETUP_ONLY: frozenset[str] = frozenset(
    {"FieldPermissions", "ObjectPermissions", "PermissionSet", "PermissionSetAssignment"}
)
"""Objects that only a user with View Setup and Configuration may query."""


@dataclass(frozen=True, slots=True)
class RecordAccess:
    """What a user may do with one record, as ``UserRecordAccess`` reports it."""

    read: bool
    edit: bool
    delete: bool
    transfer: bool
    all: bool

    @property
    def level(self) -> str:
        """The highest level held: ``All``, ``Transfer``, ``Delete``, ``Edit``, ``Read`` or ``None``."""
        held = {
            "All": self.all,
            "Transfer": self.transfer,
            "Delete": self.delete,
            "Edit": self.edit,
            "Read": self.read,
        }
        return next((name for name, has in held.items() if has), "None")


@dataclass(frozen=True, slots=True)
class Access:
    """The rights of one user; names of objects and fields are taken in any case.

    Attributes:
        user_id: The 18-character id of the user.
        catalogue: The objects that the rights are about.
        rights: What the user's permission rows give, before what the platform itself forbids.
    """

    user_id: str
    catalogue: Catalogue
    rights: Rights

    @property
    def view_setup(self) -> bool:
        """Whether the user may see setup, the permission objects included."""
        return self.rights.view_setup

    def can(self, object_name: str, operation: Operation) -> bool:
        """Tell whether the user may do ``operation`` on records of the object at all."""
        target = self.catalogue.get(object_name)
        if target is None or not _platform_allows(target, operation):
            return False
        if target.setup:
            return self._can_setup(target, operation)
        if self.rights.modify_all_data or (self.rights.view_all_data and operation == "read"):
            return True
        if target.permissions_from is None:
            return bool(getattr(self._right(target), operation))
        return self.can(target.permissions_from, "read" if operation == "read" else "edit")

    def field_readable(self, object_name: str, field_name: str) -> bool:
        """Tell whether the user may see the field; one that does not exist is not readable."""
        found = self._field(object_name, field_name)
        return (
            found is not None
            and self.can(object_name, "read")
            and _secured(self.rights.readable_fields, *found)
        )

    def field_createable(self, object_name: str, field_name: str) -> bool:
        """Tell whether the user may give the field a value in a create."""
        found = self._field(object_name, field_name)
        return (
            found is not None
            and found[1].createable
            and self.can(object_name, "create")
            and _secured(self.rights.editable_fields, *found)
        )

    def field_updateable(self, object_name: str, field_name: str) -> bool:
        """Tell whether the user may change the field of an existing record."""
        found = self._field(object_name, field_name)
        return (
            found is not None
            and found[1].updateable
            and self.can(object_name, "edit")
            and _secured(self.rights.editable_fields, *found)
        )

    def view_all(self, object_name: str) -> bool:
        """Tell whether sharing never hides a record of the object from the user."""
        target = self.catalogue.get(object_name)
        if target is None:
            return False
        right = self._right(target)
        everything = self.rights.view_all_data or self.rights.modify_all_data
        return everything or right.view_all or right.modify_all

    def modify_all(self, object_name: str) -> bool:
        """Tell whether sharing never stops the user from writing a record of the object."""
        target = self.catalogue.get(object_name)
        if target is None:
            return False
        return self.rights.modify_all_data or self._right(target).modify_all

    def record_access(
        self,
        object_name: str,
        row: Mapping[str, object],
        parent: Mapping[str, object] | None = None,
    ) -> RecordAccess:
        """Tell what the user may do with one record.

        Args:
            object_name: The record's object.
            row: The record by exact field name; ``OwnerId`` and the reference to the sharing parent matter.
            parent: The sharing parent's row, for an object controlled by its parent. Without it the parent
                counts as owned by somebody else.
        """
        target = self.catalogue.get(object_name)
        if target is None:
            return RecordAccess(read=False, edit=False, delete=False, transfer=False, all=False)
        shared = self._shared(target, row, parent)
        edit = shared.edit and self.can(target.name, "edit")
        return RecordAccess(
            read=shared.read and self.can(target.name, "read"),
            edit=edit,
            delete=shared.delete and self.can(target.name, "delete"),
            transfer=shared.transfer and edit,
            all=shared.all and edit and self.can(target.name, "delete"),
        )

    def _can_setup(self, target: ObjectDef, operation: Operation) -> bool:
        if operation == "read":
            return self.view_setup or target.name not in SETUP_ONLY
        return self.rights.modify_all_data and self.view_setup

    def _right(self, target: ObjectDef) -> ObjectRight:
        return self.rights.objects.get(target.permissions_from or target.name, NOTHING)

    def _field(self, object_name: str, field_name: str) -> tuple[ObjectDef, FieldDef] | None:
        target = self.catalogue.get(object_name)
        found = target.field(field_name) if target else None
        return (target, found) if target and found else None

    def _shared(
        self, target: ObjectDef, row: Mapping[str, object], parent: Mapping[str, object] | None
    ) -> RecordAccess:
        """What sharing alone opens, before object permissions."""
        if target.sharing == "None":
            return RecordAccess(read=True, edit=True, delete=True, transfer=True, all=True)
        full = self.modify_all(target.name) or self._owns(row)
        if not full and _controlled(target, row):
            return self._inherited(target, parent or {})
        edit = full or target.sharing == "ReadWrite"
        read = edit or target.sharing == "Read" or self.view_all(target.name)
        return RecordAccess(read=read, edit=edit, delete=full, transfer=full, all=full)

    def _inherited(self, target: ObjectDef, parent: Mapping[str, object]) -> RecordAccess:
        above = self._shared(_sharing_parent(self.catalogue, target), parent, None)
        read = above.read or self.view_all(target.name)
        return RecordAccess(
            read=read, edit=above.edit, delete=above.edit, transfer=above.all, all=above.all
        )

    def _owns(self, row: Mapping[str, object]) -> bool:
        owner = row.get("OwnerId")
        return owner is not None and (owner == self.user_id or owner in self.rights.subordinates)


def load_access(connection: sqlite3.Connection, catalogue: Catalogue, user_id: str) -> Access:
    """Read the rights of the user with the 18-character id ``user_id`` out of the org's permission rows.

    A user without any permission set, or one who does not exist, gets an access without rights.
    """
    return Access(user_id, catalogue, load_rights(connection, user_id))


def _platform_allows(target: ObjectDef, operation: Operation) -> bool:
    return {
        "read": target.queryable,
        "create": target.createable,
        "edit": target.updateable,
        "delete": target.deletable,
    }[operation]


def _secured(granted: frozenset[str], target: ObjectDef, field: FieldDef) -> bool:
    """Whether field-level security lets the field through; it does not cover setup objects."""
    unsecured = target.setup or not field.permissionable
    return unsecured or f"{target.name}.{field.name}" in granted


def _controlled(target: ObjectDef, row: Mapping[str, object]) -> bool:
    """Whether the parent decides: a row known to have no parent is private to its owner."""
    by_parent = target.sharing == "ControlledByParent" and target.sharing_parent is not None
    return by_parent and row.get(target.sharing_parent or "", "unknown") is not None


def _sharing_parent(catalogue: Catalogue, target: ObjectDef) -> ObjectDef:
    reference = target.field(target.sharing_parent or "")
    parent = catalogue.get(reference.reference_to[0]) if reference else None
    if parent is None:
        raise LookupError(f"{target.name} is controlled by a parent that is not in the catalogue")
    return parent
