"""Cascades: the child records the org deletes together with a record, counted so that nobody deletes them unseen."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.canonical import digest
from actwright.errors import NotFoundError, RefusedError
from actwright.org.effect import Cascade, Effect
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, RecordQuery
from actwright.org.schema import ObjectSchema

MOST_COUNTED = 200
"""A record with more children of a kind than this is not deleted here: nobody could look them over."""

_MOST_TOGETHER = 2_000
"""Children of a kind that are counted for up to 200 records at once; with more, none of them is deleted here."""

_BOOKS = ("Feed", "History", "Share")
"""How objects end that the org keeps beside each record by itself; a person's own object ends in ``__c``."""
_RECORDS_PER_QUERY = 200
_QUERIES_PER_CALL = 5
_ID_LENGTH = 15


@dataclass(frozen=True, slots=True)
class _Ask:
    """A question for the children of one kind of some records."""

    parents: tuple[str, ...]
    child: ObjectSchema
    link: str

    def query(self) -> RecordQuery:
        """Return the query: one child more than are counted, so that more show."""
        most = MOST_COUNTED if len(self.parents) == 1 else _MOST_TOGETHER
        where = (Condition(field=self.link, operator="IN", value=self.parents),)
        return RecordQuery(
            object=self.child.name, fields=("Id", self.link), where=where, limit=most + 1
        )

    def shared_out(self, rows: Sequence[Record]) -> Mapping[str, list[str]]:
        """Return the ids of the children by the first 15 characters of their parent's id.

        Raises:
            RefusedError: There are too many to be looked over.
        """
        if len(rows) > _MOST_TOGETHER:
            raise _too_wide("these records", _MOST_TOGETHER, self.child)
        found: dict[str, list[str]] = defaultdict(list)
        for each in rows:
            found[str(each.values.get(self.link))[:_ID_LENGTH]].append(each.id)
        if any(len(each) > MOST_COUNTED for each in found.values()):
            raise _too_wide("it", MOST_COUNTED, self.child)
        return found


def with_cascades(reader: OrgReader, effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects, every delete with the children that go with it.

    Only children the person may see are counted, and only those that hang on the record itself. What the org keeps
    beside each record by itself is nobody's work: its feed, its history and its shares.

    Raises:
        RefusedError: More children would go than can be looked over.
        OrgError: The org cannot be asked.
    """
    asked = _asked(reader, effects)
    answers = reader.query([each.query() for each in asked]) if asked else ()
    going: dict[str, list[Cascade]] = defaultdict(list)
    for ask, rows in zip(asked, answers, strict=True):
        for parent, ids in ask.shared_out(rows).items():
            going[parent].append(_cascade(ask.child, ids))
    return tuple(
        each.model_copy(update={"also_deletes": _of(each, going)})
        if each.operation == "DELETE"
        else each
        for each in effects
    )


def calls_for(reader: OrgReader, effects: Sequence[Effect]) -> int:
    """Return how many API calls counting the children takes."""
    return math.ceil(len(_asked(reader, effects)) / _QUERIES_PER_CALL)


def _cascade(child: ObjectSchema, ids: Sequence[str]) -> Cascade:
    label = child.label if len(ids) == 1 else child.label_plural
    return Cascade(object=child.name, label=label, count=len(ids), records=digest(sorted(ids)))


def _of(effect: Effect, going: Mapping[str, list[Cascade]]) -> tuple[Cascade, ...]:
    return tuple(going.get((effect.record_id or "")[:_ID_LENGTH], ()))


def _too_wide(what: str, most: int, child: ObjectSchema) -> RefusedError:
    return RefusedError(
        f"Deleting {what} would take more than {most:,} {child.label_plural} with {'it' if what == 'it' else 'them'}.",
        hint="Delete or move them first, or change a status instead.",
        code="delete_too_wide",
    )


def _asked(reader: OrgReader, effects: Sequence[Effect]) -> list[_Ask]:
    """Return a question for each kind of child of each object, and for up to 200 records to be deleted."""
    deleted: dict[str, list[str]] = defaultdict(list)
    for each in effects:
        if each.operation == "DELETE" and each.record_id:
            deleted[each.object].append(each.record_id)
    return [
        _Ask(tuple(ids[start : start + _RECORDS_PER_QUERY]), child, link)
        for name, ids in deleted.items()
        for child, link in _children(reader, name)
        for start in range(0, len(ids), _RECORDS_PER_QUERY)
    ]


def _children(reader: OrgReader, name: str) -> Iterator[tuple[ObjectSchema, str]]:
    parent = _described(reader, name)
    for link in parent.cascades if parent else ():
        if link.object.endswith(_BOOKS):
            continue
        child = _described(reader, link.object)
        field = child.field(link.field) if child is not None and child.queryable else None
        if child is not None and field is not None and field.filterable:
            yield child, link.field


def _described(reader: OrgReader, name: str) -> ObjectSchema | None:
    try:
        return reader.describe(name)
    except NotFoundError:
        return None
