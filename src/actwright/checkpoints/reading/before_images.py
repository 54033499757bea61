"""Before-images: what is kept of records that are to be deleted, so that people see what goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from actwright.actions.implementation import label_of
from actwright.checkpoints.reading.snapshot import UNWATCHED
from actwright.errors import NotFoundError
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema

_MOST_FIELDS = 60
_FEWEST_FIELDS = 6
_MOST_VALUES = 12_000
"""Values kept of all deletes of one object together; the more records, the fewer fields of each."""


def with_before_images(reader: OrgReader, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return deletes with a line for each field worth keeping a before-value of; other effects as they are.

    Args:
        reader: The org, for its schema.
        effects: What would happen.

    Raises:
        OrgError: The org cannot be asked.
    """
    counts = Counter(each.object for each in effects if each.operation == "DELETE")
    lines = {name: _lines(reader, name, count) for name, count in counts.items()}
    return tuple(
        each.model_copy(update={"changes": lines[each.object]})
        if each.operation == "DELETE"
        else each
        for each in effects
    )


def _lines(reader: OrgReader, name: str, count: int) -> tuple[FieldChange, ...]:
    try:
        schema = reader.describe(name)
    except NotFoundError:
        return ()
    most = max(_FEWEST_FIELDS, min(_MOST_FIELDS, _MOST_VALUES // count))
    return tuple(_line(each) for each in _worth_keeping(schema)[:most])


def _worth_keeping(schema: ObjectSchema) -> list[FieldSchema]:
    """Return the fields that say what a record was: its name first, and nothing the org works out by itself."""
    fields = [
        each
        for each in schema.fields
        if each.name not in UNWATCHED and not each.calculated and each.type != "address"
    ]
    return sorted(fields, key=lambda each: not each.name_field)


def _line(field: FieldSchema) -> FieldChange:
    return FieldChange(
        field=field.name,
        label=label_of(field),
        family=field.family,
        unit=field.unit,
        provenance="record",
    )
