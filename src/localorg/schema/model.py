"""What an object of the local org looks like: the noun types of its schema.

A schema is data: frozen dataclasses, loaded once from the tables beside this module. Storage, query, describe
and permission checks all read it and none of them changes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

FieldType = Literal[
    "id",
    "string",
    "textarea",
    "picklist",
    "multipicklist",
    "combobox",
    "reference",
    "boolean",
    "int",
    "double",
    "currency",
    "percent",
    "date",
    "datetime",
    "time",
    "email",
    "phone",
    "url",
    "address",
]
"""The describe types the local org knows."""

Sharing = Literal["ReadWrite", "Read", "Private", "ControlledByParent", "None"]
"""Organisation-wide default of an object; ``None`` for objects that are not shared by record."""


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One value of a picklist."""

    value: str
    label: str
    active: bool = True
    default: bool = False


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field: its type, its sizes and what anybody at all may do with it.

    ``createable`` and ``updateable`` are the platform's word before permissions. ``default`` is the constant a
    create without a value stores; ``auto_number`` the format of a generated number, such as ``{00000000}``.
    ``child_relationship`` is the name the parent's side gives this reference (``Contact.AccountId`` is
    ``Contacts`` on an account); ``cascade_delete`` deletes this row with its parent, and ``restricted_delete``
    forbids deleting the parent.
    """

    name: str
    label: str
    type: FieldType
    length: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted_on_create: bool = False
    default: str | int | float | bool | None = None
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    calculated: bool = False
    auto_number: str | None = None
    name_field: bool = False
    reference_to: tuple[str, ...] = ()
    relationship_name: str | None = None
    child_relationship: str | None = None
    cascade_delete: bool = False
    restricted_delete: bool = False
    restricted_picklist: bool = False
    picklist: tuple[PicklistValue, ...] = ()
    permissionable: bool = True
    filterable: bool = True
    sortable: bool = True
    custom: bool = False

    @property
    def deleted_with_parent(self) -> bool:
        """Whether deleting the parent deletes this row; where a field also forbids that delete, it is refused."""
        return self.cascade_delete and not self.restricted_delete


@dataclass(frozen=True)
class ObjectDef:
    """One object and its fields, in describe order."""

    name: str
    label: str
    label_plural: str
    key_prefix: str
    fields: tuple[FieldDef, ...]
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    queryable: bool = True
    custom: bool = False
    setup: bool = False
    sharing: Sharing = "ReadWrite"
    virtual: bool = False
    """Computed at query time and never stored, as ``UserRecordAccess`` is."""
    permissions_from: str | None = None
    """The object whose permissions govern this one, as ``Opportunity`` governs its line items."""
    sharing_parent: str | None = None
    """The reference field to the parent that decides record access under ``ControlledByParent``."""

    @cached_property
    def by_name(self) -> dict[str, FieldDef]:
        """The fields by lower-cased name, as Salesforce names are case-insensitive."""
        return {each.name.lower(): each for each in self.fields}

    @cached_property
    def by_relationship(self) -> dict[str, FieldDef]:
        """The reference fields by lower-cased relationship name (``account`` -> ``AccountId``)."""
        return {
            each.relationship_name.lower(): each
            for each in self.fields
            if each.relationship_name is not None
        }

    def field(self, name: str) -> FieldDef | None:
        """Return the field called ``name`` in any case, or None."""
        return self.by_name.get(name.lower())
