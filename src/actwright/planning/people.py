"""Names: which fields of an object take one, and how a person's name falls into first and last."""

from __future__ import annotations

from datetime import date

from actwright.blueprints.writable import grantable
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.reading import Assignment, Problem
from actwright.planning.values import convert


def is_person(schema: ObjectSchema) -> bool:
    """Tell whether records of ``schema`` are called by a first and a last name."""
    last = schema.field("LastName")
    return last is not None and _writable(schema, last)


def name_assignments(schema: ObjectSchema, name: str, today: date) -> tuple[Assignment, ...]:
    """Return what a record called ``name`` holds; empty where the object's names are given by the org."""
    if is_person(schema):
        return _person(schema, name, today)
    field = schema.name_field
    if field is None or field.auto_number or not _writable(schema, field):
        return ()
    return (_named(schema, field.name, name, today),)


def _writable(schema: ObjectSchema, field: FieldSchema) -> bool:
    return grantable(schema, field, "CREATE") or grantable(schema, field, "UPDATE")


def _person(schema: ObjectSchema, name: str, today: date) -> tuple[Assignment, ...]:
    *first, last = name.split() or [name]
    given = (_named(schema, "FirstName", " ".join(first), today),) if first else ()
    return (*given, _named(schema, "LastName", last, today))


def _named(schema: ObjectSchema, field_name: str, text: str, today: date) -> Assignment:
    field = schema.by_name[field_name.lower()]
    found = convert(field, text, today)
    if isinstance(found, Problem):
        return Assignment(field, text, problem=found)
    return Assignment(field, text, value=found.value)
