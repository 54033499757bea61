"""Summaries: what many rows come to in a few lines, so that a person can judge them without reading each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from actwright.actions.implementation import label_of
from actwright.checkpoints.preview import Extreme, RowsBound
from actwright.checkpoints.reading.standing import Standing
from actwright.checkpoints.resolving.production import Production
from actwright.checkpoints.resolving.row_query import telling_fields
from actwright.checkpoints.resolving.rows import Binding, BoundRow
from actwright.errors import NotFoundError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue, in_family

_MOST_EXTREMES = 6
_CURRENCY = "CurrencyIsoCode"
"""Where records have it, each amount is in a currency of its own, and no sum of them means anything."""


def rows_bound(
    productions: Sequence[Production], stands: Standing, reader: OrgReader
) -> tuple[RowsBound, ...]:
    """Return for each repeated action which rows it was bound to; its extremes are those of the rows it changes.

    Args:
        productions: What the actions do.
        stands: The rows' records as they stand.
        reader: The org, for its schema.
    """
    return tuple(
        _bound(each, each.binding, stands, schema)
        for each in productions
        if each.binding is not None
        and (schema := _schema(reader, each.binding.for_each.object)) is not None
    )


def unchanged_issues(rows: Sequence[RowsBound]) -> tuple[Issue, ...]:
    """Return an issue for each repeated action whose rows all hold the new values already."""
    return tuple(
        Issue(
            code="rows_unchanged",
            action_id=each.action_id,
            object=each.object,
            message=f"All {each.found:,} {inert(each.label_plural, limit=80)} hold the new values already: nothing is"
            " left to be done.",
            hint="Leave the action out.",
        )
        for each in rows
        if each.found and each.unchanged == each.found
    )


def extremes(
    schema: ObjectSchema, binding: Binding, rows: Sequence[BoundRow]
) -> tuple[Extreme, ...]:
    """Return least and greatest of the rows' telling fields, and the sums of their amounts of money."""
    fields = telling_fields(schema, binding.for_each)
    summed = schema.field(_CURRENCY) is None
    found = (_extreme(each, _values(each, rows), summed=summed) for each in fields)
    return tuple(each for each in found if each is not None)[:_MOST_EXTREMES]


def _bound(
    production: Production, binding: Binding, stands: Standing, schema: ObjectSchema
) -> RowsBound:
    action_id = production.resolved.action.id
    unchanged = stands.unchanged.get(action_id, frozenset())
    touched = [_named(each, stands) for each in binding.rows if each.id not in unchanged]
    return RowsBound(
        action_id=action_id,
        object=schema.name,
        label=schema.label,
        label_plural=schema.label_plural or schema.label,
        query=binding.said,
        ceiling=binding.for_each.limit,
        found=len(binding.rows),
        unchanged=len(unchanged),
        extremes=extremes(schema, binding, touched),
    )


def _named(row: BoundRow, stands: Standing) -> BoundRow:
    """Return a row that was handed in with what people call its record."""
    record = stands.snapshots.records.get(row.id or "")
    return row if row.name or record is None else replace(row, name=record.name)


def _schema(reader: OrgReader, name: str) -> ObjectSchema | None:
    try:
        return reader.describe(name)
    except NotFoundError:
        return None


def _values(
    field: FieldSchema, rows: Sequence[BoundRow]
) -> list[tuple[BoundRow, Decimal | int | str]]:
    """Return the rows with their values of one field; rows without a value, or with an unreadable one, are passed over."""
    return [(row, value) for row in rows for value in _value(field, row)]


def _value(field: FieldSchema, row: BoundRow) -> Iterator[Decimal | int | str]:
    try:
        value = in_family(row.values.get(field.name.lower()), field.family)
    except (ValueError, ArithmeticError):
        return
    if value is not None and not isinstance(value, bool):
        yield value


def _extreme(
    field: FieldSchema, values: list[tuple[BoundRow, Decimal | int | str]], *, summed: bool
) -> Extreme | None:
    if not values:
        return None
    ordered = sorted(values, key=lambda each: _rank(field, each[1]))
    (least_row, least), (greatest_row, greatest) = ordered[0], ordered[-1]
    return Extreme(
        field=field.name,
        label=label_of(field),
        family=field.family,
        least=least,
        least_record=_called(least_row),
        greatest=greatest,
        greatest_record=_called(greatest_row),
        total=_total(values) if summed and field.type == "currency" else None,
    )


def _rank(field: FieldSchema, value: Decimal | int | str) -> Decimal | int | str | float:
    if field.family == "datetime":
        return datetime.fromisoformat(str(value)).timestamp()
    return value


def _total(values: list[tuple[BoundRow, Decimal | int | str]]) -> FieldValue:
    return sum((Decimal(value) for _, value in values), Decimal())


def _called(row: BoundRow) -> str:
    return row.name or row.id or ""
