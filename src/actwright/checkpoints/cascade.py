"""Cascades: the child records the org deletes together with a record, counted so that nobody deletes them unseen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from actwright.canonical import digest
from actwright.errors import NotFoundError, RefusedError
from actwright.org.effect import Cascade, Effect
from actwright.org.ports import OrgReader
from actwright.org.query import Condition, RecordQuery
from actwright.org.schema import ObjectSchema

MOST_COUNTED = 200
"""A record with more children of a kind than this is not deleted here: nobody could look them over."""

_QUERIES_PER_CALL = 5


def with_cascades(reader: OrgReader, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects, every delete with the children that go with it.

    Only children the person may see are counted, and only those that hang on the record itself.

    Raises:
        RefusedError: More children would go than can be looked over.
        OrgError: The org cannot be asked.
    """
    asked = _asked(reader, effects)
    answers = reader.query([query for _, _, query in asked]) if asked else ()
    found: dict[str, list[Cascade]] = {}
    for (effect_id, child, _), rows in zip(asked, answers, strict=True):
        if rows:
            label = child.label if len(rows) == 1 else child.label_plural
            _check(child, len(rows))
            ids = digest(sorted(each.id for each in rows))
            going = Cascade(object=child.name, label=label, count=len(rows), records=ids)
            found.setdefault(effect_id, []).append(going)
    return tuple(
        each.model_copy(update={"also_deletes": tuple(found.get(each.id, ()))}) for each in effects
    )


def _check(child: ObjectSchema, count: int) -> None:
    if count > MOST_COUNTED:
        raise RefusedError(
            f"Deleting it would take more than {MOST_COUNTED} {child.label_plural} with it.",
            hint="Delete or move them first, or change a status instead.",
            code="delete_too_wide",
        )


def calls_for(reader: OrgReader, effects: Sequence[Effect]) -> int:
    """Return how many API calls counting the children takes."""
    return math.ceil(len(_asked(reader, effects)) / _QUERIES_PER_CALL)


def _asked(
    reader: OrgReader, effects: Sequence[Effect]
) -> list[tuple[str, ObjectSchema, RecordQuery]]:
    """Return effect, child object and query for each kind of child of each record to be deleted."""
    return [
        (effect.id, child, query)
        for effect in effects
        if effect.operation == "DELETE" and effect.record_id
        for child, query in _children(reader, effect)
    ]


def _children(reader: OrgReader, effect: Effect) -> list[tuple[ObjectSchema, RecordQuery]]:
    parent = _described(reader, effect.object)
    asked: list[tuple[ObjectSchema, RecordQuery]] = []
    for link in parent.cascades if parent else ():
        child = _described(reader, link.object)
        if child is None or child.field(link.field) is None:
            continue
        where = (Condition(field=link.field, value=effect.record_id),)
        asked.append((child, RecordQuery(object=child.name, where=where, limit=MOST_COUNTED + 1)))
    return asked


def _described(reader: OrgReader, name: str) -> ObjectSchema | None:
    try:
        return reader.describe(name)
    except NotFoundError:
        return None
