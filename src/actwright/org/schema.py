"""The org's schema as the running user sees it: objects, fields, picklist values.

A field the person may not read is absent, and so is an object. ``createable`` and ``updateable`` already fold in
object permission, field-level security and what the platform allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from actwright.org.value import Family, Unit, family_of, unit_of


@dataclass(frozen=True, slots=True)
class PicklistValue:
    """One value of a picklist: what is stored, and what people see."""

    value: str
    label: str
    active: bool = True
    default: bool = False
    valid_for: tuple[str, ...] | None = None
    """The controlling field's values it goes with (``true``, ``false`` for a checkbox); None where nothing controls."""


@dataclass(frozen=True)
class FieldSchema:
    """One readable field of an object, for the running user."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = False
    updateable: bool = False
    defaulted_on_create: bool = False
    restricted_picklist: bool = False
    picklist_values: tuple[PicklistValue, ...] = ()
    controller_name: str | None = None
    reference_to: tuple[str, ...] = ()
    relationship_name: str | None = None
    name_field: bool = False
    calculated: bool = False
    auto_number: bool = False
    unique: bool = False
    external_id: bool = False
    id_lookup: bool = False
    filterable: bool = True
    permissionable: bool = True
    custom: bool = False
    filtered_lookup: bool = False
    """Whether the org filters which records the reference may hold; only the org itself can tell which."""

    @property
    def family(self) -> Family:
        """What the field's type is made of."""
        return family_of(self.type)

    @property
    def unit(self) -> Unit | None:
        """What a number of the field counts, where its type tells."""
        return unit_of(self.type)

    @property
    def required_on_create(self) -> bool:
        """Whether a create without this field fails."""
        return self.createable and not self.nillable and not self.defaulted_on_create

    @cached_property
    def active_values(self) -> tuple[PicklistValue, ...]:
        """The picklist values that may be chosen today."""
        return tuple(each for each in self.picklist_values if each.active)


@dataclass(frozen=True, slots=True)
class RecordType:
    """One record type of an object, for the running user."""

    id: str
    name: str
    developer_name: str
    available: bool = True
    """Whether the person may create records of it."""
    default: bool = False
    master: bool = False
    """Whether it stands for records without a record type."""


@dataclass(frozen=True, slots=True)
class ChildLink:
    """A reference to an object, seen from it: the field of another object that may point to its records."""

    object: str
    field: str


@dataclass(frozen=True)
class ObjectSchema:
    """One object, for the running user."""

    name: str
    label: str
    label_plural: str
    key_prefix: str
    fields: tuple[FieldSchema, ...]
    createable: bool = False
    updateable: bool = False
    deletable: bool = False
    queryable: bool = True
    custom: bool = False
    custom_setting: bool = False
    record_types: tuple[RecordType, ...] = ()
    cascades: tuple[ChildLink, ...] = ()
    """Whose records the org deletes together with a record of this object."""
    lookups: tuple[ChildLink, ...] = ()
    """Whose records stay: when the record goes, the org empties the field, or refuses. Who made or changed what is no
    part of it."""

    @cached_property
    def by_name(self) -> Mapping[str, FieldSchema]:
        """The fields by lower-cased name."""
        return {each.name.lower(): each for each in self.fields}

    @cached_property
    def dependents(self) -> Mapping[str, tuple[FieldSchema, ...]]:
        """The dependent picklists by the lower-cased name of the field that controls them."""
        found: dict[str, tuple[FieldSchema, ...]] = {}
        for each in self.fields:
            if each.controller_name:
                key = each.controller_name.lower()
                found[key] = (*found.get(key, ()), each)
        return found

    @cached_property
    def own_record_types(self) -> tuple[RecordType, ...]:
        """The record types besides the master, which stands for having none."""
        return tuple(each for each in self.record_types if not each.master)

    @cached_property
    def name_field(self) -> FieldSchema | None:
        """The field that holds the record's name, such as ``Name``, ``CaseNumber`` or ``Subject``."""
        return next((each for each in self.fields if each.name_field), None)

    def field(self, name: str) -> FieldSchema | None:
        """Return the field called ``name`` in any case, or None where it is hidden or does not exist."""
        return self.by_name.get(name.lower())


@dataclass(frozen=True, slots=True)
class ObjectSummary:
    """One line of the org's list of objects."""

    name: str
    label: str
    label_plural: str
    key_prefix: str
    createable: bool
    updateable: bool
    deletable: bool
    queryable: bool
    custom: bool
