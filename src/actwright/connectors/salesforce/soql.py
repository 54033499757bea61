"""Typed queries rendered to SOQL: every name from the schema, every value by its field's type.

No text of the caller's reaches the query but inside a quoted, escaped string.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from actwright.connectors.salesforce.describe import is_compound
from actwright.connectors.salesforce.literals import condition_value
from actwright.errors import InputError
from actwright.org.query import Condition, Ordering, RecordQuery
from actwright.org.schema import FieldSchema, ObjectSchema

Describer: TypeAlias = Callable[[str], ObjectSchema]
"""Returns an object's schema by name."""

_DEEPEST_PATH = 6
_POLYMORPHIC = {
    "id": FieldSchema("Id", "Record ID", "id"),
    "name": FieldSchema("Name", "Name", "string"),
    "type": FieldSchema("Type", "Type", "string"),
}
"""What a reference to one of several objects offers, such as ``Owner.Name`` or ``What.Type``."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field path as the org spells it, and the field at its end."""

    path: str
    field: FieldSchema


def column(describe: Describer, schema: ObjectSchema, path: str) -> Column:
    """Resolve a field path, such as ``Name``, ``Account.Owner.Name`` or ``What.Name``, against the schema.

    Args:
        describe: Looks up the objects on the way.
        schema: The object the path starts at.
        path: Field names and relationship names in any case.

    Raises:
        InputError: A step is hidden from the user, does not exist, or holds no scalar.
    """
    *parents, last = path.split(".")
    where = f"{schema.name}.{path[:80]}"
    if len(parents) >= _DEEPEST_PATH:
        raise InputError("A field path has at most five relationships.", where=where)
    spelled: list[str] = []
    here: ObjectSchema | None = schema
    for name in parents:
        reference = _reference(here, name, where)
        spelled.append(str(reference.relationship_name))
        here = describe(reference.reference_to[0]) if len(reference.reference_to) == 1 else None
    field = _last(here, last, where)
    return Column(".".join([*spelled, field.name]), field)


def render(query: RecordQuery, describe: Describer) -> tuple[str, tuple[Column, ...]]:
    """Return a query's SOQL, and its columns in the order of the query's fields.

    Raises:
        InputError: An object, field, operator or value does not fit the schema.
        NotFoundError: The object is hidden or does not exist.
    """
    schema = _queryable(query, describe)
    columns = tuple(column(describe, schema, each) for each in query.fields)
    # Names come from the schema and values are literals; S608 guards SQL, and this is neither SQL nor open.
    parts = [f"SELECT {select_list(columns)} FROM {schema.name}"]  # noqa: S608
    parts += _conditions(query, describe, schema)
    if query.order:
        parts.append("ORDER BY " + ", ".join(_key(describe, schema, each) for each in query.order))
    if query.limit is not None:
        parts.append(f"LIMIT {query.limit:d}")
    return " ".join(parts), columns


def render_count(query: RecordQuery, describe: Describer) -> str:
    """Return the SOQL that counts a query's rows, without its fields, its order and its limit.

    Raises:
        InputError: An object, field, operator or value does not fit the schema.
        NotFoundError: The object is hidden or does not exist.
    """
    schema = _queryable(query, describe)
    counted = f"SELECT COUNT() FROM {schema.name}"  # noqa: S608 - the name comes from the schema
    return " ".join([counted, *_conditions(query, describe, schema)])


def select_list(columns: tuple[Column, ...], *more: str) -> str:
    """Return what stands after SELECT: ``Id`` first, then each column once, then ``more``."""
    return ", ".join(dict.fromkeys(["Id", *(each.path for each in columns), *more]))


def _queryable(query: RecordQuery, describe: Describer) -> ObjectSchema:
    schema = describe(query.object)
    if not schema.queryable:
        raise InputError(f"{schema.label or schema.name} cannot be queried.", where=schema.name)
    return schema


def _conditions(query: RecordQuery, describe: Describer, schema: ObjectSchema) -> list[str]:
    conditions = [_condition(describe, schema, each) for each in query.where]
    return ["WHERE " + " AND ".join(conditions)] if conditions else []


def _condition(describe: Describer, schema: ObjectSchema, condition: Condition) -> str:
    found = column(describe, schema, condition.field)
    where = f"{schema.name}.{found.path}"
    if not found.field.filterable:
        raise InputError(
            f"{found.field.label or found.path} cannot be filtered by.",
            where=where,
            hint="Filter by another field.",
        )
    return f"{found.path} {condition_value(found.field, condition, where)}"


def _key(describe: Describer, schema: ObjectSchema, ordering: Ordering) -> str:
    path = column(describe, schema, ordering.field).path
    return f"{path} DESC NULLS LAST" if ordering.descending else f"{path} ASC NULLS FIRST"


def _reference(schema: ObjectSchema | None, name: str, where: str) -> FieldSchema:
    fields = () if schema is None else schema.fields
    wanted = name.lower()
    for each in fields:
        if each.relationship_name and each.relationship_name.lower() == wanted:
            return each
    known = [each.relationship_name for each in fields if each.relationship_name]
    raise _unknown(f"relationship {name[:40]!r}", known, name, where)


def _last(schema: ObjectSchema | None, name: str, where: str) -> FieldSchema:
    field = _POLYMORPHIC.get(name.lower()) if schema is None else schema.field(name)
    if field is None:
        known = list(_POLYMORPHIC) if schema is None else [each.name for each in schema.fields]
        raise _unknown(f"field {name[:40]!r}", known, name, where)
    if is_compound(field):
        raise InputError(
            f"{field.label or field.name} is made of several fields.",
            where=where,
            hint="Name one of its parts, such as BillingCity.",
        )
    return field


def _unknown(what: str, known: list[str], name: str, where: str) -> InputError:
    near = difflib.get_close_matches(name, known, n=3)
    return InputError(
        f"The {what} is hidden from you or does not exist.",
        where=where,
        hint=f"Did you mean {', '.join(near)}?"
        if near
        else "Check its API name and your permissions.",
    )
