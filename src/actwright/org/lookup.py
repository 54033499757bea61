"""Lookups: typed queries that must find exactly one record, answered together in as few calls as possible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from actwright.contract import Contract
from actwright.org.ports import OrgReader, Record
from actwright.org.query import Condition, FieldPath, JsonScalar, ObjectName, RecordQuery

_MOST_MERGED = 100
_MOST_ROWS = 2_000
_ENOUGH = 10
"""How many matches of one lookup are read: enough to show a person what to choose from."""


class Lookup(Contract):
    """A typed query that must find exactly one record."""

    object: ObjectName
    where: tuple[Condition, ...] = Field(min_length=1, max_length=20)
    field: FieldPath = "Id"
    """The field whose value is the argument."""

    def __str__(self) -> str:
        conditions = " and ".join(
            f"{each.field} {each.operator} {each.value!r}" for each in self.where
        )
        return f"{self.object} where {conditions}"


@dataclass(frozen=True, slots=True)
class _Merge:
    """Lookups of one object that differ only in the one value of one equality."""

    object: str
    key: str
    fields: tuple[str, ...]
    lookups: tuple[Lookup, ...]

    def query(self) -> RecordQuery:
        """Return one query for all of them."""
        values = tuple(dict.fromkeys(_value(each) for each in self.lookups))
        condition = Condition(field=self.key, operator="IN", value=values)
        return RecordQuery(
            object=self.object, fields=self.fields, where=(condition,), limit=_MOST_ROWS
        )


def find(reader: OrgReader, lookups: Sequence[Lookup]) -> Mapping[Lookup, tuple[Record, ...]]:
    """Return the records each lookup matches: none, one, or up to ten of several.

    Each record holds ``Id``, the lookup's own field, and the object's name field under its own name.

    Raises:
        NotFoundError: An object is hidden or does not exist.
        InputError: A field is hidden or does not exist, or a value does not fit it.
        OrgError: The org cannot be asked.
    """
    merges, single = _merged(reader, list(dict.fromkeys(lookups)))
    queries = _queries(reader, merges, single)
    answers = list(reader.query(queries)) if queries else []
    found: dict[Lookup, tuple[Record, ...]] = {}
    truncated: list[Lookup] = []
    for merge, rows in zip(merges, answers, strict=False):
        if len(rows) >= _MOST_ROWS:
            truncated += merge.lookups
            continue
        found |= _split(merge, rows)
    for lookup, rows in zip(single, answers[len(merges) :], strict=True):
        found[lookup] = tuple(rows)
    if truncated:
        again = reader.query([_alone(reader, each) for each in truncated])
        found |= {each: tuple(rows) for each, rows in zip(truncated, again, strict=True)}
    return found


def queries_for(reader: OrgReader, lookups: Sequence[Lookup]) -> list[RecordQuery]:
    """Return what `find` asks the org first, for whoever asks it together with something else.

    Raises:
        NotFoundError: An object is hidden or does not exist.
        OrgError: The org cannot be asked.
    """
    return _queries(reader, *_merged(reader, list(dict.fromkeys(lookups))))


def _queries(
    reader: OrgReader, merges: Sequence[_Merge], single: Sequence[Lookup]
) -> list[RecordQuery]:
    return [each.query() for each in merges] + [_alone(reader, each) for each in single]


def _merged(reader: OrgReader, lookups: list[Lookup]) -> tuple[list[_Merge], list[Lookup]]:
    alike: dict[tuple[str, str, str], list[Lookup]] = defaultdict(list)
    single: list[Lookup] = []
    for lookup in lookups:
        condition = lookup.where[0]
        if _mergeable(reader, lookup):
            alike[lookup.object.lower(), condition.field.lower(), lookup.field].append(lookup)
        else:
            single.append(lookup)
    merges: list[_Merge] = []
    for group in alike.values():
        if len(group) == 1:
            single += group
            continue
        merges.extend(
            _merge(reader, group[start : start + _MOST_MERGED])
            for start in range(0, len(group), _MOST_MERGED)
        )
    return merges, single


def _merge(reader: OrgReader, group: list[Lookup]) -> _Merge:
    key = group[0].where[0].field
    fields = tuple(dict.fromkeys((*_fields(reader, group[0]), key)))
    return _Merge(group[0].object, key, fields, tuple(group))


def _split(merge: _Merge, rows: Sequence[Record]) -> dict[Lookup, tuple[Record, ...]]:
    """Give each row to the lookup it answers; text compares without case, as the org does."""
    by_value: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        by_value[_folded(row.values.get(merge.key))].append(row)
    return {
        each: tuple(by_value.get(_folded(_value(each)), ())[:_ENOUGH]) for each in merge.lookups
    }


def _mergeable(reader: OrgReader, lookup: Lookup) -> bool:
    """Tell whether rows can be given back by the value asked for: text of the object's own, and nothing else.

    Ids, numbers and moments come back in another form than they may be asked for; text only changes its case.
    """
    condition = lookup.where[0]
    if len(lookup.where) > 1 or condition.operator != "=" or not isinstance(condition.value, str):
        return False
    field = reader.describe(lookup.object).field(condition.field)
    return bool(condition.value) and field is not None and field.family == "string"


def _folded(value: object) -> str:
    return str(value).casefold()


def _value(lookup: Lookup) -> JsonScalar:
    value = lookup.where[0].value
    return None if isinstance(value, tuple) else value


def _alone(reader: OrgReader, lookup: Lookup) -> RecordQuery:
    return RecordQuery(
        object=lookup.object, fields=_fields(reader, lookup), where=lookup.where, limit=_ENOUGH
    )


def _fields(reader: OrgReader, lookup: Lookup) -> tuple[str, ...]:
    name_field = reader.describe(lookup.object).name_field
    names = (name_field.name,) if name_field else ()
    return tuple(dict.fromkeys(("Id", *names, lookup.field)))
