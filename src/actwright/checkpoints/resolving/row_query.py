"""The query for the rows of a repeated action: ids, names, what the action takes of them, and some telling fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from actwright.blueprints.argument import FromArgument
from actwright.blueprints.plan import ForEach, PlannedAction
from actwright.org.ports import OrgReader
from actwright.org.query import Ordering, RecordQuery
from actwright.org.schema import FieldSchema, ObjectSchema

MOST_ASKED = 50_000
"""The most rows one query asks for."""

_ONE_VALUE = frozenset({"=", "!=", "IN", "NOT IN"})
_SAYS_LITTLE = frozenset({"LastActivityDate", "LastReferencedDate", "LastViewedDate"})
_VERSIONS = ("LastModifiedDate", "SystemModstamp")
_COMPARED = frozenset({"decimal", "integer", "date", "datetime"})


def row_query(reader: OrgReader, action: PlannedAction, rows: ForEach, most: int) -> RecordQuery:
    """Return the query for an action's rows: one row more than there may be, so that more show.

    Args:
        reader: The org, for its schema.
        action: The repeated action.
        rows: Which rows it is repeated for.
        most: How many rows can be taken at all.

    Raises:
        NotFoundError: The rows' object is hidden or does not exist.
    """
    schema = reader.describe(rows.object)
    name = (schema.name_field.name,) if schema.name_field else ()
    version = version_field(schema)
    versions = (version.name,) if version else ()
    telling = (each.name for each in telling_fields(schema, rows))
    return RecordQuery(
        object=schema.name,
        fields=tuple(dict.fromkeys(("Id", *name, *versions, *_taken(action, schema), *telling))),
        where=rows.where,
        order=(Ordering(field="Id"),),
        limit=min(rows.limit + 1, most + 1, MOST_ASKED),
    )


def version_field(schema: ObjectSchema) -> FieldSchema | None:
    """Return the field that tells when a record was changed last; None where there is none to be seen."""
    return next((found for name in _VERSIONS if (found := schema.field(name))), None)


def telling_fields(schema: ObjectSchema, rows: ForEach) -> tuple[FieldSchema, ...]:
    """Return the fields whose extremes tell rows apart: those that are bounded, the first amount and the first day.

    What the org works out by itself follows from the others, and says little.
    """
    asked = (schema.field(each.field) for each in rows.where if each.operator not in _ONE_VALUE)
    own = [each for each in asked if each is not None and each.family in _COMPARED]
    return tuple(dict.fromkeys((*own, *_first(schema, "currency"), *_first(schema, "date"))))


def _first(schema: ObjectSchema, kind: str) -> Iterator[FieldSchema]:
    telling = (
        each
        for each in schema.fields
        if each.type == kind and not each.calculated and each.name not in _SAYS_LITTLE
    )
    return islice(sorted(telling, key=lambda each: not each.updateable), 1)


def _taken(action: PlannedAction, schema: ObjectSchema) -> Iterator[str]:
    """Yield what the action takes from its row, in the schema's spelling where it knows the field."""
    for each in action.arguments.values():
        if isinstance(each, FromArgument) and each.row_field:
            known = schema.field(each.row_field)
            yield known.name if known else each.row_field
