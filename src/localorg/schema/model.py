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
    valid_for: tuple[str, ...] | None = None
    """The values of the controlling field it goes with; None where nothing controls the picklist."""


@dataclass(frozen=True, slots=True)
class LookupFilter:
    """Which records a reference may hold.

    ``constants`` are fields of the referenced record and what they must hold; ``same`` are fields of the referenced
    record and the field of the referring one that they must agree with.
    """

    constants: tuple[tuple[str, str | int | bool], ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    message: str = "Value does not exist or does not match filter criteria."


@dataclass(frozen=True, slots=True)
class RecordTypeDef:
    """One record type of an object: the picklist values it leaves, and who may use it.

    ``picklists`` names the fields whose values it narrows, each with the values left; all other picklists keep
    theirs. ``profiles`` are the names of the profiles that may create records of it, all where it is empty;
    ``default_for`` those whose new records take it where they name none.
    """

    developer_name: str
    label: str
    description: str
    picklists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    profiles: tuple[str, ...] = ()
    default_for: tuple[str, ...] = ()

    def values(self, field_name: str) -> tuple[str, ...] | None:
        """Return the values it leaves a picklist, or None where it leaves all."""
        return dict(self.picklists).get(field_name)

    def available_to(self, profile: str) -> bool:
        """Tell whether people of a profile may create records of it."""
        return not self.profiles or profile in self.profiles


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field: its type, its sizes and what anybody at all may do with it.

    ``createable`` and ``updateable`` are the platform's word before permissions. ``default`` is the constant a
    create without a value stores; ``auto_number`` the format of a generated number, such as ``{00000000}``.
    ``case_sensitive`` is a unique text's word on whether case tells values apart.
    ``controller`` is the picklist that this one depends on. ``child_relationship`` is the name the parent's side gives this reference (``Contact.AccountId`` is
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
    case_sensitive: bool = False
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
    controller: str | None = None
    lookup_filter: LookupFilter | None = None
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
    record_types: tuple[RecordTypeDef, ...] = ()
    """What its rows in ``RecordType`` mean, by developer name; one without a definition narrows nothing."""

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

    @cached_property
    def dependent_picklists(self) -> tuple[FieldDef, ...]:
        """The picklists that depend on another field."""
        return tuple(each for each in self.fields if each.controller is not None)

    @cached_property
    def filtered_lookups(self) -> tuple[FieldDef, ...]:
        """The references that may not hold every record of their object."""
        return tuple(each for each in self.fields if each.lookup_filter is not None)

    def field(self, name: str) -> FieldDef | None:
        """Return the field called ``name`` in any case, or None."""
        return self.by_name.get(name.lower())
