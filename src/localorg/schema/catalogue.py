"""The catalogue: every object of the local org, loaded once from the tables beside this module.

A table is one JSON file per object. Each field is a row ``[name, label, type, flags, extras]``: the type carries
its size (``string:255``, ``currency:18.2``) or its targets (``reference:Group,User``), the flags are single
letters (see ``_FLAGS``) and the optional extras hold what few fields have: relationship names, picklist values,
a default, a number format. A picklist value is its text, or a pair of value and label where they differ. A
dependent picklist names its ``controller`` and, in ``valid_for``, the values that go with each of the controller's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, cast

from localorg.schema.model import (
    FieldDef,
    FieldType,
    LookupFilter,
    ObjectDef,
    PicklistValue,
    RecordTypeDef,
)

_FLAGS = {
    "N": ("nillable", True),
    "C": ("createable", True),
    "U": ("updateable", True),
    "D": ("defaulted_on_create", True),
    "P": ("permissionable", True),
    "R": ("restricted_picklist", True),
    "K": ("unique", True),
    "L": ("id_lookup", True),
    "M": ("name_field", True),
    "W": ("cascade_delete", True),
    "H": ("restricted_delete", True),
    "F": ("filterable", False),
    "S": ("sortable", False),
}
"""Flag letter -> attribute and the value it sets; every attribute without a letter takes the opposite."""

_UNFLAGGED = {attribute: not value for attribute, value in _FLAGS.values()}


@dataclass(frozen=True, slots=True)
class ChildRelationship:
    """One reference seen from its parent: the rows of ``child`` whose ``field`` holds the parent's id."""

    child: ObjectDef
    field: FieldDef

    @property
    def name(self) -> str | None:
        """The name a subquery uses (``Contacts``), or None where the platform gives none."""
        return self.field.child_relationship


@dataclass(frozen=True)
class Catalogue:
    """The objects by name, in alphabetical order."""

    objects: Mapping[str, ObjectDef]

    @cached_property
    def _by_lower_name(self) -> dict[str, ObjectDef]:
        return {name.lower(): each for name, each in self.objects.items()}

    @cached_property
    def _by_prefix(self) -> dict[str, ObjectDef]:
        return {each.key_prefix: each for each in self.objects.values() if each.key_prefix}

    @cached_property
    def _children(self) -> dict[str, tuple[ChildRelationship, ...]]:
        found: dict[str, list[ChildRelationship]] = {name: [] for name in self.objects}
        for child in self.objects.values():
            for field in child.fields:
                for parent in field.reference_to:
                    found[parent].append(ChildRelationship(child, field))
        return {name: tuple(each) for name, each in found.items()}

    def get(self, name: str) -> ObjectDef | None:
        """Return the object called ``name`` in any case, or None."""
        return self._by_lower_name.get(name.lower())

    def by_prefix(self, prefix: str) -> ObjectDef | None:
        """Return the object whose ids start with the three characters ``prefix``, or None.

        Prefixes are case-sensitive: ``00E`` is a role and ``00e`` a profile.
        """
        return self._by_prefix.get(prefix)

    def children(self, name: str) -> tuple[ChildRelationship, ...]:
        """Return every reference to the object called ``name`` (exact case), named or not.

        Raises:
            KeyError: There is no such object.
        """
        return self._children[name]


@cache
def load_catalogue() -> Catalogue:
    """Load every table; the result is shared and immutable."""
    tables = files("localorg.schema").joinpath("tables").iterdir()
    loaded = (_object(json.loads(each.read_bytes())) for each in tables)
    objects = {each.name: each for each in sorted(loaded, key=lambda each: each.name)}
    return Catalogue(MappingProxyType(objects))


def _object(table: dict[str, Any]) -> ObjectDef:
    rows = table.pop("fields")
    record_types = tuple(_record_type(each) for each in table.pop("record_types", ()))
    fields = tuple(_field(*row) for row in rows)
    return ObjectDef(**table, fields=fields, record_types=record_types)


def _record_type(entry: dict[str, Any]) -> RecordTypeDef:
    lists = entry.pop("picklists", {})
    picklists = tuple((name, tuple(values)) for name, values in lists.items())
    profiles, default_for = (tuple(entry.pop(k, ())) for k in ("profiles", "default_for"))
    return RecordTypeDef(**entry, profiles=profiles, default_for=default_for, picklists=picklists)


def _field(
    name: str, label: str, type_spec: str, flags: str = "", extras: dict[str, Any] | None = None
) -> FieldDef:
    type_name, _, size = type_spec.partition(":")
    facts: dict[str, Any] = _UNFLAGGED | dict(_FLAGS[flag] for flag in flags)
    facts |= _size(type_name, size) | (extras or {})
    if "picklist" in facts:
        values = _picklist(facts["picklist"], facts.get("default"))
        facts["picklist"] = _controlled(values, facts.pop("valid_for", None))
    if "lookup_filter" in facts:
        facts["lookup_filter"] = _lookup_filter(**facts["lookup_filter"])
    return FieldDef(
        name=name,
        label=label,
        type=cast("FieldType", type_name),
        custom=name.endswith("__c"),
        **facts,
    )


def _size(type_name: str, size: str) -> dict[str, Any]:
    if type_name == "reference":
        return {"length": 18, "reference_to": tuple(size.split(","))}
    if "." in size:
        precision, scale = size.split(".")
        return {"precision": int(precision), "scale": int(scale)}
    return {"length": int(size)} if size else {}


def _picklist(values: list[str | list[str]], default: object) -> tuple[PicklistValue, ...]:
    pairs = ((each, each) if isinstance(each, str) else each for each in values)
    return tuple(PicklistValue(value, label, default=value == default) for value, label in pairs)


def _controlled(
    values: tuple[PicklistValue, ...], valid_for: dict[str, list[str]] | None
) -> tuple[PicklistValue, ...]:
    """Return a dependent picklist's values with those of its controller that each goes with."""
    if valid_for is None:
        return values
    return tuple(
        replace(each, valid_for=tuple(k for k, left in valid_for.items() if each.value in left))
        for each in values
    )


def _lookup_filter(
    constants: dict[str, str | int | bool] | None = None, same: dict[str, str] | None = None
) -> LookupFilter:
    return LookupFilter(tuple((constants or {}).items()), tuple((same or {}).items()))
