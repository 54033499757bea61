"""The two documented shapes of a schema snapshot, as contracts: a map by API name, and a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from actwright.contract import Contract
from actwright.org.query import ObjectName

MOST_OBJECTS = 5_000
"""The most objects a snapshot may have."""

MOST_FIELDS = 2_000
"""The most fields each of them may have."""

_Text = Annotated[str, Field(max_length=400)]
_Texts = Annotated[tuple[_Text, ...], Field(max_length=5_000)]


class MapField(Contract):
    """A field of the map shape."""

    api_name: ObjectName
    type: _Text = ""
    nillable: bool = True
    createable: bool = False
    updateable: bool = False
    picklist_values: _Texts = ()


class MapObject(Contract):
    """An object of the map shape."""

    api_name: ObjectName
    fields: dict[_Text, MapField] = Field(default_factory=dict, max_length=MOST_FIELDS)
    child_relationships: _Texts = ()

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        """Refuse a field filed under another name than its own."""
        _check_keys({key: each.api_name for key, each in self.fields.items()})
        return self


class MapSnapshot(Contract):
    """A snapshot in the map shape."""

    objects: dict[_Text, MapObject] = Field(max_length=MOST_OBJECTS)

    @model_validator(mode="after")
    def _keyed(self) -> Self:
        """Refuse an object filed under another name than its own."""
        _check_keys({key: each.api_name for key, each in self.objects.items()})
        return self


class RecordType(Contract):
    """A record type of the list shape."""

    developer_name: _Text
    name: _Text = ""
    available: bool = True
    default: bool = False


class ChildRelationship(Contract):
    """A relationship of the list shape, seen from the parent."""

    child_object: ObjectName
    field: ObjectName
    cascade_delete: bool = False
    restricted_delete: bool = False


class ListField(Contract):
    """A field of the list shape."""

    api_name: ObjectName
    label: _Text = ""
    type: _Text = ""
    custom: bool = False
    updateable: bool = False
    accessible: bool = True
    nillable: bool = True
    references: _Texts = ()
    requires_fls: bool | None = Field(default=None, alias="requiresFLS")


class ListObject(Contract):
    """An object of the list shape."""

    api_name: ObjectName
    label: _Text = ""
    label_plural: _Text = ""
    custom: bool = False
    key_prefix: _Text | None = None
    record_types: tuple[RecordType, ...] = Field(default=(), max_length=1_000)
    fields: tuple[ListField, ...] = Field(default=(), max_length=MOST_FIELDS)
    child_relationships: tuple[ChildRelationship, ...] = Field(default=(), max_length=5_000)


class ListSnapshot(Contract):
    """A snapshot in the list shape."""

    generated_at: _Text = ""
    object_count: int | None = Field(default=None, ge=0)
    objects: tuple[ListObject, ...] = Field(max_length=MOST_OBJECTS)


def _check_keys(names: Mapping[str, str]) -> None:
    wrong = next((key for key, name in names.items() if key.lower() != name.lower()), None)
    if wrong is not None:
        raise ValueError(f"{names[wrong]!r} is filed under another name: {wrong[:80]!r}")
