"""Orgs, objects and fields as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.org.identity import OrgIdentity, RunningUser
    from actwright.org.schema import FieldSchema, ObjectSchema, ObjectSummary

_MOST_VALUES = 8


def whereabouts(org: OrgIdentity, user: RunningUser) -> Grid:
    """Return who one is, and where."""
    local = "the embedded local org" if org.local else "not started by this program"
    return grid(
        ("", ""),
        (
            ("Org", org.name or org.id),
            ("Address", org.url),
            ("Id", org.id),
            ("Kind", local),
            ("User", f"{user.name} ({user.username})" if user.name else user.username),
            ("User id", user.id),
            ("Time zone", user.zone),
        ),
    )


def object_list(objects: Iterable[ObjectSummary]) -> Grid:
    """Return objects, and what one may do with their records."""
    return grid(
        ("Object", "Label", "Read", "Create", "Edit", "Delete"),
        (
            (
                each.name,
                each.label,
                _mark(each.queryable),
                _mark(each.createable),
                _mark(each.updateable),
                _mark(each.deletable),
            )
            for each in objects
        ),
    )


def object_schema(schema: ObjectSchema) -> Iterator[RenderableType]:
    """Yield an object and its fields."""
    yield line(heading("Object "), said(schema.name), aside(schema.label))
    yield grid(
        ("Field", "Label", "Type", "Create", "Edit", "Values"),
        (
            (
                said(each.name, "bold" if each.required_on_create else ""),
                said(each.label),
                said(_type(each)),
                _mark(each.createable),
                _mark(each.updateable),
                said(_values(each), "dim"),
            )
            for each in schema.fields
        ),
        whole={"Field"},
    )
    yield Text("Bold: required to create a record.", "dim")


def _mark(allowed: bool) -> Text:  # noqa: FBT001 - the one thing a mark is about
    return Text("yes", "green") if allowed else Text("-", "dim")


def _type(field: FieldSchema) -> str:
    if field.reference_to:
        return f"{field.type} to {', '.join(field.reference_to)}"
    return f"{field.type}({field.length})" if field.length else field.type


def _values(field: FieldSchema) -> str:
    values = [each.value for each in field.active_values]
    more = f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
    return ", ".join(values[:_MOST_VALUES]) + more
