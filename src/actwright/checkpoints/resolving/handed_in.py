"""Rows that were handed in with a plan: ids checked, no record twice, no field under two spellings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.plan import PlannedAction, RowValues
from actwright.errors import PlanError
from actwright.org.query import JsonScalar
from actwright.org.record_id import record_id
from actwright.org.schema import ObjectSchema


def handed_in(
    action: PlannedAction, schema: ObjectSchema, rows: Sequence[RowValues]
) -> list[tuple[str | None, Mapping[str, JsonScalar]]]:
    """Return id and values of each row, the values by lower-cased field name.

    Raises:
        PlanError: A row has no id where the action needs one, or an id or a field is given twice.
        RecordIdError: An id is malformed, or of another object.
    """
    needs_id = action.blueprint.operation in {"UPDATE", "DELETE"}
    read = list(_read(action, schema, rows))
    seen: set[str] = set()
    for place, (key, _) in enumerate(read):
        where = f"{action.id}.forEach.rows[{place}].Id"
        if key is None and needs_id:
            raise PlanError("The row has no Id.", where=where, hint="Give the id of its record.")
        if key is not None and key in seen:
            raise PlanError(
                f"The record {key} is given twice.", where=where, hint="Hand each record in once."
            )
        seen.add(key or "")
    return read


def _read(
    action: PlannedAction, schema: ObjectSchema, rows: Sequence[RowValues]
) -> Iterator[tuple[str | None, Mapping[str, JsonScalar]]]:
    prefixes = (schema.key_prefix,) if schema.key_prefix else ()
    for place, row in enumerate(rows):
        where = f"{action.id}.forEach.rows[{place}]"
        values: dict[str, JsonScalar] = {name.lower(): value for name, value in row.items()}
        if len(values) != len(row):
            raise PlanError(
                "The row gives a field under two spellings.", where=where, hint="Give it once."
            )
        key = values.get("id")
        if key is not None:
            values["id"] = record_id(str(key), prefixes=prefixes, where=f"{where}.Id")
        yield (None if key is None else str(values["id"])), values
