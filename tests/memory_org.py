"""An org in memory, with the real schema and rows of the demo seed; nothing but Python stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import cache

from actwright.errors import NotFoundError
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import Record, RecordRead, RecordSnapshot
from actwright.org.query import Condition, RecordQuery
from actwright.org.record_id import record_id
from actwright.org.schema import FieldSchema, ObjectSchema, ObjectSummary, PicklistValue
from localorg.schema.catalogue import load_catalogue
from localorg.schema.model import FieldDef, ObjectDef
from localorg.seed.demo import demo_rows
from localorg.seed.row import Ref

TODAY = date(2026, 11, 21)
_SAME = {each.name for each in fields(FieldSchema)} & {each.name for each in fields(FieldDef)}


@dataclass(frozen=True)
class FakeClock:
    """A clock that stands still."""

    moment: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self.moment


@dataclass
class MemoryOrg:
    """An org whose rows are dictionaries; counts its calls and keeps every query it was asked."""

    rows: dict[str, list[dict[str, object]]]
    schemas: Mapping[str, ObjectSchema]
    user: RunningUser
    identity: OrgIdentity = field(
        default_factory=lambda: OrgIdentity(id="00D000000000001", url="memory", local=True)
    )
    api_calls: int = 0
    described: list[str] = field(default_factory=list)
    asked: list[RecordQuery] = field(default_factory=list)

    def objects(self) -> Sequence[ObjectSummary]:
        """Return every object."""
        return tuple(_summary(each) for each in self.schemas.values())

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema."""
        self.described.append(name)
        found = next((v for k, v in self.schemas.items() if k.lower() == name.lower()), None)
        if found is None:
            raise NotFoundError(f"no object {name}")
        return found

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Answer all queries in one call."""
        self.api_calls += 1
        self.asked += queries
        return [list(self._answer(each))[: each.limit] for each in queries]

    def count(self, query: RecordQuery) -> int:
        """Count the rows of a query in one call."""
        self.api_calls += 1
        return sum(1 for _ in self._answer(query))

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Refuse: nothing in memory has record types."""
        raise NotFoundError(f"no record type {record_type} of {object_name}")

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Refuse: a planner reads nothing but ids and names."""
        raise AssertionError(f"a planner must not read records: {reads}")

    def _answer(self, query: RecordQuery) -> Iterator[Record]:
        for row in self.rows.get(query.object, []):
            if all(self._holds(query.object, row, each) for each in query.where):
                values = {path: self._value(query.object, row, path) for path in query.fields}
                yield Record(query.object, str(row["Id"]), values)  # type: ignore[arg-type]  # seed rows hold scalars

    def _value(self, name: str, row: dict[str, object], path: str) -> object:
        head, _, rest = path.partition(".")
        if not rest:
            assert self.schemas[name].field(head) is not None, f"{name} has no field {head}"
            return row.get(head)
        parent = next(each for each in self.schemas[name].fields if each.relationship_name == head)
        target = next(
            (
                (owner, other)
                for owner in parent.reference_to
                for other in self.rows.get(owner, [])
                if other["Id"] == row.get(parent.name)
            ),
            None,
        )
        if target and rest == "Type" and len(parent.reference_to) > 1:
            return target[0]
        return self._value(target[0], target[1], rest) if target else None

    def _holds(self, name: str, row: dict[str, object], condition: Condition) -> bool:
        value, wanted = self._value(name, row, condition.field), condition.value
        if condition.operator in _ORDERS:
            return value is not None and _sign(value, wanted) in _ORDERS[condition.operator]
        text = _text(value)
        if isinstance(wanted, tuple):
            return (text in {_text(each) for each in wanted}) == (condition.operator == "IN")
        if condition.operator == "LIKE":
            inner = _text(wanted).strip("%")
            return inner in text if str(wanted).startswith("%") else text.startswith(inner)
        return (text == _text(wanted)) == (condition.operator == "=")


_ORDERS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {1, 0}}


def _sign(value: object, wanted: object) -> int:
    """Compare numbers as they are; dates and moments as far as both are given."""
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return (value > wanted) - (value < wanted)
    shortest = min(len(str(value)), len(str(wanted)))
    first, second = str(value)[:shortest], str(wanted)[:shortest]
    return (first > second) - (first < second)


def _text(value: object) -> str:
    return "" if value is None else str(value).casefold()


def _summary(schema: ObjectSchema) -> ObjectSummary:
    names = [each.name for each in fields(ObjectSummary)]
    return ObjectSummary(**{each: getattr(schema, each) for each in names})


def _field(each: FieldDef) -> FieldSchema:
    same = {name: getattr(each, name) for name in _SAME}
    values = tuple(
        PicklistValue(one.value, one.label, one.active, one.default) for one in each.picklist
    )
    return FieldSchema(**same | {"auto_number": bool(each.auto_number), "picklist_values": values})


def _schema(each: ObjectDef) -> ObjectSchema:
    return ObjectSchema(
        name=each.name,
        label=each.label,
        label_plural=each.label_plural,
        key_prefix=each.key_prefix,
        fields=tuple(_field(one) for one in each.fields),
        createable=each.createable,
        updateable=each.updateable,
        deletable=each.deletable,
        queryable=each.queryable,
        custom=each.custom,
    )


@cache
def demo_schemas() -> Mapping[str, ObjectSchema]:
    """Return the local org's schema, as somebody with every right sees it."""
    return {name: _schema(each) for name, each in load_catalogue().objects.items()}


def demo_org(alias: str = "alice") -> MemoryOrg:
    """Return the demo org in memory, asked by one of its people, who may see and do everything there."""
    rows = {name: [dict(each) for each in held] for name, held in _demo_rows().items()}
    (user,) = (each for each in rows["User"] if each["Alias"] == alias)
    running = RunningUser(
        id=str(user["Id"]),
        username=str(user["Username"]),
        name=str(user["Name"]),
        zone=str(user["TimeZoneSidKey"]),
        locale=str(user["LocaleSidKey"]),
    )
    return MemoryOrg(rows, demo_schemas(), running)


@cache
def _demo_rows() -> dict[str, list[dict[str, object]]]:
    prefixes = {name: each.key_prefix for name, each in demo_schemas().items()}
    numbers: dict[str, str] = {}
    rows: dict[str, list[dict[str, object]]] = {}
    for name, values in demo_rows(TODAY):
        key = values["Id"]
        assert isinstance(key, Ref)
        numbers[key.key] = record_id(f"{prefixes[name] or '0ZZ'}{len(numbers) + 1:012}")
        held: dict[str, object] = {
            each: numbers[v.key] if isinstance(v, Ref) else v for each, v in values.items()
        }
        rows.setdefault(name, []).append(held)
    return rows
