"""Snapshots: version, values and access of records by id, one query an object, all objects in one call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from actwright.connectors.salesforce.answer import OrgJson, mapping
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.questions import (
    LONGEST_URL,
    accepted,
    all_rows,
    ask_together,
    row_id,
    row_value,
)
from actwright.connectors.salesforce.soql import Column, Describer, column, select_list
from actwright.org.ports import RecordRead, RecordSnapshot
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue

_MOST_IDS = 200
_ACCESS = ("UserRecordAccess.HasEditAccess", "UserRecordAccess.HasDeleteAccess")
_VERSIONS = ("LastModifiedDate", "SystemModstamp", "CreatedDate")
_NO_ACCESS_CODES = frozenset({"INVALID_FIELD", "MALFORMED_QUERY"})


@dataclass(frozen=True, slots=True)
class _Slice:
    """Some ids of one object, and the columns wanted of them."""

    schema: ObjectSchema
    ids: tuple[str, ...]
    columns: tuple[Column, ...]
    asked: Mapping[str, Column]

    def soql(self, *, access: bool) -> str:
        extra = _ACCESS if access else ()
        ids = ",".join(f"'{each}'" for each in self.ids)
        fields = select_list(self.columns, *extra)
        return f"SELECT {fields} FROM {self.schema.name} WHERE Id IN ({ids})"  # noqa: S608 - checked ids


class SnapshotReader:
    """Reads snapshots, and remembers for which objects the org has no record-level answer.

    Args:
        client: Asks the org.
        describe: Looks objects up.
    """

    def __init__(self, client: OrgClient, describe: Describer) -> None:
        self._client = client
        self._describe = describe
        self._without_access: set[str] = set()

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return snapshots by 18-character id; a record that is gone or hidden is absent.

        Raises:
            InputError: An object, a field or an id does not fit.
            OrgError: The org cannot be asked.
        """
        slices = [part for each in _merged(reads, self._describe) for part in self._fitting(each)]
        answered = self._answers(slices)
        return {
            found.id: found
            for each, body in answered
            for found in (
                _snapshot(row, each) for row in all_rows(self._client, body, len(each.ids))
            )
        }

    def _answers(self, slices: Sequence[_Slice]) -> list[tuple[_Slice, OrgJson]]:
        queries = [each.soql(access=self._has_access(each)) for each in slices]
        parts = list(ask_together(self._client, queries))
        again = [
            place
            for place, part in enumerate(parts)
            if self._has_access(slices[place])
            and not part.ok
            and part.faults[0].code in _NO_ACCESS_CODES
        ]
        if again:
            plain = ask_together(
                self._client, [slices[place].soql(access=False) for place in again]
            )
            for place, part in zip(again, plain, strict=True):
                parts[place] = part
                if part.ok:
                    self._without_access.add(slices[place].schema.name)
        return [
            (each, accepted(part, each.schema.name))
            for each, part in zip(slices, parts, strict=True)
        ]

    def _has_access(self, part: _Slice) -> bool:
        return part.schema.name not in self._without_access

    def _fitting(self, part: _Slice) -> Iterator[_Slice]:
        """Split a slice until each piece has at most 200 ids and fits into a URL."""
        path = self._client.query_path(part.soql(access=True))
        if len(part.ids) <= _MOST_IDS and (len(path) <= LONGEST_URL or len(part.ids) == 1):
            yield part
            return
        middle = _MOST_IDS if len(part.ids) > _MOST_IDS else (len(part.ids) + 1) // 2
        for ids in (part.ids[:middle], part.ids[middle:]):
            yield from self._fitting(_Slice(part.schema, ids, part.columns, part.asked))


def _merged(reads: Sequence[RecordRead], describe: Describer) -> Iterator[_Slice]:
    """Yield one slice an object, with the ids and fields of all its reads."""
    schemas = {each.object.lower(): describe(each.object) for each in reads}
    for key, schema in schemas.items():
        own = [each for each in reads if each.object.lower() == key]
        prefixes = (schema.key_prefix,) if schema.key_prefix else ()
        ids = dict.fromkeys(
            record_id(text, prefixes=prefixes, where=schema.name)
            for each in own
            for text in each.ids
        )
        asked = {path: column(describe, schema, path) for each in own for path in each.fields}
        if ids:
            yield _Slice(schema, tuple(ids), _columns(schema, asked), asked)


def _columns(schema: ObjectSchema, asked: Mapping[str, Column]) -> tuple[Column, ...]:
    own = [each for each in (_version_field(schema), schema.name_field) if each is not None]
    return (*(Column(each.name, each) for each in own), *asked.values())


def _version_field(schema: ObjectSchema) -> FieldSchema | None:
    found: Iterator[FieldSchema | None] = (schema.field(name) for name in _VERSIONS)
    return next((each for each in found if each is not None), None)


def _snapshot(row: Mapping[str, OrgJson], part: _Slice) -> RecordSnapshot:
    schema = part.schema
    access = row.get("UserRecordAccess")
    rights = {} if access is None else mapping(access, "UserRecordAccess")
    return RecordSnapshot(
        object=schema.name,
        id=row_id(row, schema),
        version=_own_text(row, _version_field(schema)) or "",
        name=_own_text(row, schema.name_field),
        values={path: row_value(row, each) for path, each in part.asked.items()},
        editable=_right(rights, "HasEditAccess"),
        deletable=_right(rights, "HasDeleteAccess"),
    )


def _own_text(row: Mapping[str, OrgJson], field: FieldSchema | None) -> str | None:
    value: FieldValue = None if field is None else row_value(row, Column(field.name, field))
    return None if value is None else str(value)


def _right(rights: Mapping[str, OrgJson], name: str) -> bool | None:
    value = rights.get(name)
    return value if isinstance(value, bool) else None
