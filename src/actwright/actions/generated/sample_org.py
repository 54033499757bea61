"""The sample org: records that a test of a generated action stands on, read as any org is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key

from actwright.actions.generated.field_path import field_at
from actwright.actions.generated.trial import SampleRow
from actwright.errors import InputError, NotFoundError
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import OrgReader, Record, RecordRead, RecordSnapshot
from actwright.org.query import Condition, JsonScalar, Ordering, RecordQuery
from actwright.org.record_id import is_record_id
from actwright.org.schema import ObjectSchema, ObjectSummary, PicklistValue
from actwright.org.value import Family, FieldValue, in_family

_SAMPLE = OrgIdentity(id="00D000000000000", url="sample", local=True)
_ID = "Id"
_LONGEST_PATTERN = 1_000


@dataclass(frozen=True)
class SampleOrg:
    """An org whose schema is another one's, and whose records are the few it was given.

    Attributes:
        described: The org whose schema counts.
        records: Its records by object, each with its ``Id``.
    """

    described: OrgReader
    records: Mapping[str, Sequence[SampleRow]]

    @property
    def identity(self) -> OrgIdentity:
        """An org of its own: nothing of it was ever anywhere."""
        return _SAMPLE

    @property
    def user(self) -> RunningUser:
        """The person whose rights the schema shows."""
        return self.described.user

    @property
    def api_calls(self) -> int:
        """None: nothing is asked."""
        return 0

    def objects(self) -> Sequence[ObjectSummary]:
        """Return the objects of the schema."""
        return self.described.objects()

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema.

        Raises:
            NotFoundError: The object is hidden or does not exist.
        """
        return self.described.describe(name)

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer several queries, in the given order.

        Raises:
            InputError: A field does not exist, or a value does not fit it.
        """
        return [self._answered(each) for each in queries]

    def count(self, query: RecordQuery) -> int:
        """Return how many rows a query has."""
        return len(self._found(query))

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Return what the schema's org offers."""
        return self.described.picklist_values(object_name, record_type)

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Return nothing: samples have no versions."""
        del reads
        return {}

    def _answered(self, query: RecordQuery) -> list[Record]:
        found = self._ordered(query, self._found(query))
        fields = tuple(dict.fromkeys((_ID, *query.fields)))
        return [
            Record(
                query.object,
                _key(query.object, row),
                {each: self._value(query.object, row, each) for each in fields},
            )
            for row in found[: query.limit]
        ]

    def _found(self, query: RecordQuery) -> list[SampleRow]:
        rows = self.records.get(query.object, ())
        return [
            row for row in rows if all(self._holds(query.object, row, each) for each in query.where)
        ]

    def _ordered(self, query: RecordQuery, rows: list[SampleRow]) -> list[SampleRow]:
        for each in reversed(query.order):
            compare = self._comparing(query.object, each)
            rows = sorted(rows, key=cmp_to_key(compare), reverse=each.descending)
        return rows

    def _comparing(self, name: str, order: Ordering) -> Callable[[SampleRow, SampleRow], int]:
        return lambda one, other: _compared(
            self._value(name, one, order.field), self._value(name, other, order.field)
        )

    def _value(self, name: str, row: SampleRow, path: str) -> FieldValue:
        """Return a field's value; that of a record above is found where that record is a sample too.

        Raises:
            InputError: There is no such field, or its value does not fit it.
        """
        family = self._family(name, path)
        try:
            return in_family(self._raw(name, row, path), family)
        except (ValueError, ArithmeticError) as error:
            raise InputError(
                f"The sample's {name}.{path} is no {family}.", where=f"{name}.{path}"
            ) from error

    def _raw(self, name: str, row: SampleRow, path: str) -> JsonScalar:
        head, dot, rest = path.partition(".")
        if not dot or path in row:
            return row.get(path)
        schema = self.describe(name)
        up = next((each for each in schema.fields if each.relationship_name == head), None)
        key = row.get(up.name) if up else None
        above = (
            (other, found)
            for other in (up.reference_to if up else ())
            for found in self.records.get(other, ())
            if key is not None and found.get(_ID) == key
        )
        return next((self._raw(other, found, rest) for other, found in above), None)

    def _family(self, name: str, path: str) -> Family:
        found = field_at(self, name, path)
        if found is None:
            raise NotFoundError(f"{name} has no field {path}.", where=f"{name}.{path}")
        return found.field.family

    def _holds(self, name: str, row: SampleRow, condition: Condition) -> bool:
        value = self._value(name, row, condition.field)
        family = self._family(name, condition.field)
        wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        like = condition.operator == "LIKE"
        try:
            others = [in_family(each, "string" if like else family) for each in wanted]
        except (ValueError, ArithmeticError) as error:
            raise InputError(
                f"The value compared with {name}.{condition.field} does not fit it.",
                where=f"{name}.{condition.field}",
            ) from error
        return _OPERATORS[condition.operator](value, others)


def _key(name: str, row: SampleRow) -> str:
    """Return the id of a sample record.

    Raises:
        InputError: It has none.
    """
    key = row.get(_ID)
    if isinstance(key, str) and is_record_id(key):
        return key
    raise InputError(f"A sample of {name} has no Id that is a record's.", where=f"{name}.{_ID}")


def _compared(left: FieldValue, right: FieldValue) -> int:
    """Order two values of one field; none comes first, text counts without case."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str) or isinstance(right, str):
        one, other = str(left).casefold(), str(right).casefold()
        return (one > other) - (one < other)
    first, second = Decimal(left), Decimal(right)
    return (first > second) - (first < second)


def _among(value: FieldValue, wanted: Sequence[FieldValue]) -> bool:
    return any(_compared(value, each) == 0 for each in wanted)


def _like(value: FieldValue, wanted: Sequence[FieldValue]) -> bool:
    pattern = str(wanted[0] or "")
    if len(pattern) > _LONGEST_PATTERN:
        raise InputError(f"A pattern of LIKE has at most {_LONGEST_PATTERN} characters.")
    likeness = re.compile(_likeness(pattern), re.IGNORECASE | re.DOTALL)
    return value is not None and bool(likeness.fullmatch(str(value)))


def _likeness(pattern: str) -> str:
    """Return a pattern of LIKE as an expression that never goes back: code and samples are nobody's to trust.

    Each part between two ``%`` is taken at its first place, which is as good as any later one.
    """
    parts = [
        "".join("." if each == "_" else re.escape(each) for each in one)
        for one in pattern.split("%")
    ]
    if len(parts) == 1:
        return parts[0]
    first, *middle, last = parts
    return "".join((first, *(f"(?>.*?{each})" for each in middle if each), ".*", last))


def _beyond(*signs: int) -> Callable[[FieldValue, Sequence[FieldValue]], bool]:
    return lambda value, wanted: value is not None and _compared(value, wanted[0]) in signs


_OPERATORS: Mapping[str, Callable[[FieldValue, Sequence[FieldValue]], bool]] = {
    "=": _among,
    "IN": _among,
    "!=": lambda value, wanted: not _among(value, wanted),
    "NOT IN": lambda value, wanted: not _among(value, wanted),
    "LIKE": _like,
    "<": _beyond(-1),
    "<=": _beyond(-1, 0),
    ">": _beyond(1),
    ">=": _beyond(0, 1),
}
