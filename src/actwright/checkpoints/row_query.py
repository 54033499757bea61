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

_MOST_OF_A_TYPE = 2
_SAYS_LITTLE = frozenset({"LastActivityDate", "LastReferencedDate", "LastViewedDate"})
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
    telling = (each.name for each in telling_fields(schema, rows))
    return RecordQuery(
        object=schema.name,
        fields=tuple(dict.fromkeys(("Id", *name, *_taken(action, schema), *telling))),
        where=rows.where,
        order=(Ordering(field="Id"),),
        limit=min(rows.limit + 1, most + 1, MOST_ASKED),
    )


def telling_fields(schema: ObjectSchema, rows: ForEach) -> tuple[FieldSchema, ...]:
    """Return the fields whose extremes tell rows apart: those asked for, then the first amounts of money and days."""
    asked = (schema.field(each.field) for each in rows.where)
    own = [each for each in asked if each is not None and each.family in _COMPARED]
    return tuple(dict.fromkeys((*own, *_first(schema, "currency"), *_first(schema, "date"))))


def _first(schema: ObjectSchema, kind: str) -> Iterator[FieldSchema]:
    telling = (
        each for each in schema.fields if each.type == kind and each.name not in _SAYS_LITTLE
    )
    return islice(telling, _MOST_OF_A_TYPE)


def _taken(action: PlannedAction, schema: ObjectSchema) -> Iterator[str]:
    """Yield what the action takes from its row, in the schema's spelling where it knows the field."""
    for each in action.arguments.values():
        if isinstance(each, FromArgument) and each.row_field:
            known = schema.field(each.row_field)
            yield known.name if known else each.row_field
