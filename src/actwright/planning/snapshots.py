"""Schema snapshots: files that say which objects and fields a planner may use, in the two shapes people have.

``map``: ``{"objects": {"Task": {"apiName": "Task", "fields": {"Subject": {"apiName": "Subject", ...}}}}}``.
``list``: ``{"generatedAt": ..., "objectCount": 1, "objects": [{"apiName": "Task", "fields": [...]}]}``.

A snapshot can only narrow: what the org hides from the person stays hidden, whatever a file says of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from actwright.canonical import Json
from actwright.clock import Clock, timestamp
from actwright.contract import Contract
from actwright.document import read_json, validated
from actwright.errors import DocumentError, InputError
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.snapshot_shapes import (
    MOST_FIELDS,
    MOST_OBJECTS,
    ListSnapshot,
    MapSnapshot,
)

Shape = Literal["map", "list"]
"""The two shapes of a snapshot."""

_SHOWN = 10


@dataclass(frozen=True)
class SchemaSnapshot:
    """Which objects and which of their fields a planner may use.

    Attributes:
        fields: The names of the fields by the object's name, both as they are written in the file.
        source: What the snapshot is called in messages.
    """

    fields: Mapping[str, tuple[str, ...]]
    source: str

    def field_names(self, object_name: str) -> tuple[str, ...] | None:
        """Return the fields of an object, by name in any case; None where the snapshot does not have it."""
        wanted = object_name.lower()
        return next((each for name, each in self.fields.items() if name.lower() == wanted), None)


class SnapshotOptions(Contract):
    """What goes into a snapshot that is written."""

    max_objects: int | None = Field(default=20, ge=1, le=MOST_OBJECTS)
    """The most objects; None for all."""
    max_fields_per_object: int | None = Field(default=25, ge=1, le=MOST_FIELDS)
    """The most fields of each; required and named ones first. None for all."""
    include_relationships: bool = False
    """Whether references between the written objects are listed with the parent."""
    include_field_level_security: bool = True
    """Whether it is said what the person may write."""


def read_snapshot(path: Path) -> SchemaSnapshot:
    """Return the snapshot in a file, in either shape.

    Raises:
        DocumentError: The file is missing, too large, no JSON, or in neither shape; the place is named.
    """
    return parse_snapshot(read_json(path), where=str(path))


def parse_snapshot(document: Json, *, where: str) -> SchemaSnapshot:
    """Return the snapshot in a document, in either shape.

    Raises:
        DocumentError: It is in neither shape; the place is named.
    """
    objects = document.get("objects") if isinstance(document, dict) else None
    if isinstance(objects, dict):
        named = validated(MapSnapshot, document, where=where).objects.values()
        fields = [
            (each.api_name, tuple(f.api_name for f in each.fields.values())) for each in named
        ]
    elif isinstance(objects, list):
        listed = validated(ListSnapshot, document, where=where).objects
        fields = [
            (each.api_name, tuple(f.api_name for f in each.fields if f.accessible))
            for each in listed
        ]
    else:
        raise DocumentError(
            "The schema snapshot has no objects.",
            where=where,
            hint="`objects` is a map by API name, or a list; `actwright org snapshot` writes either.",
        )
    return SchemaSnapshot(_unique(fields, where), where)


def _unique(
    fields: Sequence[tuple[str, tuple[str, ...]]], where: str
) -> dict[str, tuple[str, ...]]:
    seen: dict[str, str] = {}
    for name, _ in fields:
        if name.lower() in seen:
            raise DocumentError(f"The schema snapshot has the object {name!r} twice.", where=where)
        seen[name.lower()] = name
    return dict(fields)


def write_snapshot(
    org: OrgReader,
    objects: Sequence[str],
    shape: Shape,
    options: SnapshotOptions | None = None,
    *,
    clock: Clock,
) -> dict[str, Json]:
    """Return a snapshot of the org as the person sees it, as a document of JSON.

    Args:
        org: The org; each object that is written is described.
        objects: Names in any case; every object that can be queried where there are none.
        shape: The document's shape.
        options: What goes into it.
        clock: For the list shape's ``generatedAt``.

    Raises:
        InputError: One of ``objects`` is hidden from the person or does not exist.
        OrgError: The org cannot be asked.
    """
    options = options or SnapshotOptions()
    schemas = [org.describe(name) for name in _chosen(org, objects)[: options.max_objects]]
    if shape == "map":
        return {"objects": {each.name: _map_object(each, schemas, options) for each in schemas}}
    return {
        "generatedAt": timestamp(clock.now()),
        "objectCount": len(schemas),
        "objects": [_list_object(each, schemas, options) for each in schemas],
    }


def _chosen(org: OrgReader, objects: Sequence[str]) -> list[str]:
    known = {each.name.lower(): each.name for each in org.objects() if each.queryable}
    unknown = [each for each in objects if each.lower() not in known]
    if unknown:
        raise InputError(
            f"These objects are hidden or do not exist: {', '.join(each[:80] for each in unknown[:_SHOWN])}.",
            hint="`actwright org objects` lists what you may see.",
            code="object_not_visible",
        )
    wanted = {each.lower() for each in objects} or known.keys()
    return sorted(known[each] for each in wanted)


def _fields(schema: ObjectSchema, options: SnapshotOptions) -> list[FieldSchema]:
    """Return the fields that are written, by name: where there are too many, what matters most."""
    ranked = sorted(
        schema.fields,
        key=lambda each: (
            not each.name_field,
            not each.required_on_create,
            not (each.createable or each.updateable),
            each.name,
        ),
    )
    return sorted(ranked[: options.max_fields_per_object], key=lambda each: each.name)


def _map_object(
    schema: ObjectSchema, schemas: Sequence[ObjectSchema], options: SnapshotOptions
) -> dict[str, Json]:
    fields: dict[str, Json] = {
        each.name: _map_field(each, options) for each in _fields(schema, options)
    }
    document: dict[str, Json] = {"apiName": schema.name, "fields": fields}
    if options.include_relationships:
        document["childRelationships"] = [
            f"{child}.{field}" for child, field in _children(schema, schemas)
        ]
    return document


def _map_field(field: FieldSchema, options: SnapshotOptions) -> dict[str, Json]:
    document: dict[str, Json] = {
        "apiName": field.name,
        "type": field.type,
        "nillable": field.nillable,
    }
    if options.include_field_level_security:
        document |= {"createable": field.createable, "updateable": field.updateable}
    if field.active_values:
        document["picklistValues"] = [each.value for each in field.active_values]
    return document


def _list_object(
    schema: ObjectSchema, schemas: Sequence[ObjectSchema], options: SnapshotOptions
) -> dict[str, Json]:
    document: dict[str, Json] = {
        "apiName": schema.name,
        "label": schema.label,
        "labelPlural": schema.label_plural,
        "custom": schema.custom,
        "keyPrefix": schema.key_prefix or None,
        "fields": [_list_field(each, options) for each in _fields(schema, options)],
    }
    if options.include_relationships:
        cascades = {(each.object, each.field) for each in schema.cascades}
        document["childRelationships"] = [
            {"childObject": child, "field": field, "cascadeDelete": (child, field) in cascades}
            for child, field in _children(schema, schemas)
        ]
    return document


def _list_field(field: FieldSchema, options: SnapshotOptions) -> dict[str, Json]:
    document: dict[str, Json] = {
        "apiName": field.name,
        "label": field.label,
        "type": field.type,
        "custom": field.custom,
        "accessible": True,
        "nillable": field.nillable,
        "updateable": field.updateable,
    }
    if field.reference_to:
        document["references"] = list(field.reference_to)
    if options.include_field_level_security:
        document["requiresFLS"] = not field.updateable
    return document


def _children(schema: ObjectSchema, schemas: Sequence[ObjectSchema]) -> Iterator[tuple[str, str]]:
    """Yield the fields of the written objects that refer to ``schema``."""
    for other in schemas:
        for field in other.fields:
            if schema.name in field.reference_to:
                yield other.name, field.name
