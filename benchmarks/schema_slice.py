"""The schema slice of an org of 1,500 objects, warm: the list is read, a dozen objects are described and ranked."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Any

from actwright.blueprints.library import load_library
from actwright.errors import NotFoundError
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import Record, RecordRead, RecordSnapshot
from actwright.org.query import RecordQuery
from actwright.org.schema import FieldSchema, ObjectSchema, ObjectSummary, PicklistValue
from actwright.planning.model.slicing import Slicer
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import recommend

BAR = 200.0
ROUNDS = 15
OBJECTS = 1_500
FIELDS = 80
BUDGET = 12_000
GOALS = (
    "Close the Acme renewal as won and create a follow-up task for next Tuesday",
    "set the status 17 of shipment plan 42 to value 3",
    "create an invoice line 700 for Acme",
)
_WORDS = (
    "Shipment Plan",
    "Invoice Line",
    "Site Visit",
    "Service Report",
    "Asset Check",
    "Budget Item",
)
_STANDARD = (
    "Account",
    "Contact",
    "Opportunity",
    "Lead",
    "Case",
    "Task",
    "Campaign",
    "User",
    "Group",
)


class SyntheticOrg:
    """An org of many objects, in memory; it has no records."""

    identity = OrgIdentity(id="00D000000000001", url="synthetic", local=True)
    user = RunningUser(id="005000000000001", username="alice")
    api_calls = 0

    def __init__(self, objects: int, fields: int) -> None:
        own = (f"{_WORDS[at % len(_WORDS)].replace(' ', '_')}_{at}__c" for at in range(objects))
        names = [*_STANDARD, *own][:objects]
        self._schemas = {each.lower(): _object(each, names, fields) for each in names}
        self._listed = tuple(_summary(each) for each in self._schemas.values())

    def objects(self) -> Sequence[ObjectSummary]:
        """Return every object."""
        return self._listed

    def describe(self, name: str) -> ObjectSchema:
        """Return one object's schema."""
        try:
            return self._schemas[name.lower()]
        except KeyError:
            raise NotFoundError(f"There is no object {name}.") from None

    def query(self, queries: Sequence[RecordQuery]) -> Sequence[Sequence[Record]]:
        """Refuse: a slice looks at no record."""
        raise AssertionError(f"a slice must not look at records: {queries}")

    def count(self, query: RecordQuery) -> int:
        """Refuse: a slice looks at no record."""
        raise AssertionError(f"a slice must not look at records: {query}")

    def picklist_values(
        self, object_name: str, record_type: str
    ) -> Mapping[str, tuple[PicklistValue, ...]]:
        """Refuse: a slice knows no record types."""
        raise AssertionError(f"a slice must not ask for {object_name} {record_type}")

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Refuse: a slice looks at no record."""
        raise AssertionError(f"a slice must not look at records: {reads}")


def run() -> list[dict[str, Any]]:
    """Measure the slowest goal's slice, warm, and the first one, which builds the indexes."""
    org, library = SyntheticOrg(OBJECTS, FIELDS), load_library()
    indexes = Indexes()
    slicer = Slicer(indexes)
    cold = _timed(slicer, indexes, org, library, GOALS[0])
    warm: list[float] = []
    for goal in GOALS:
        _timed(slicer, indexes, org, library, goal)
        rounds = [_timed(slicer, indexes, org, library, goal) for _ in range(ROUNDS)]
        warm.append(statistics.median(rounds))
    return [
        _row(f"schema slice of {OBJECTS} objects, warm", max(warm), BAR),
        _row(f"schema slice of {OBJECTS} objects, first", cold, None),
    ]


def _timed(slicer: Slicer, indexes: Indexes, org: SyntheticOrg, library: Any, goal: str) -> float:
    start = time.perf_counter()
    near = recommend(goal, library, org, 12, indexes=indexes)
    found = (library.find(each.key) for each in near)
    blueprints = [each.blueprint for each in found if each is not None]
    made = slicer.slice(goal, org, blueprints, BUDGET)
    elapsed = (time.perf_counter() - start) * 1000
    assert made.objects
    return elapsed


def _object(name: str, names: Sequence[str], fields: int) -> ObjectSchema:
    label = name.removesuffix("__c").replace("_", " ")
    targets = tuple(names[(hash_of(name) + step) % len(names)] for step in (1, 2))
    own = tuple(_field(at, targets) for at in range(fields))
    named = FieldSchema(
        "Name", "Name", "string", 80, name_field=True, createable=True, updateable=True
    )
    return ObjectSchema(
        name,
        label,
        f"{label}s",
        "a00",
        (named, *own),
        createable=True,
        updateable=True,
        deletable=True,
    )


def hash_of(name: str) -> int:
    """Return a number that is the same in every run."""
    return sum(ord(char) * place for place, char in enumerate(name, 1))


def _field(at: int, targets: tuple[str, ...]) -> FieldSchema:
    kinds = ("string", "currency", "date", "picklist", "reference", "boolean", "textarea", "email")
    kind = kinds[at % len(kinds)]
    values = tuple(PicklistValue(f"Value {n}", f"Value {n}") for n in range(8))
    return FieldSchema(
        f"Field_{at}__c",
        f"{kind.capitalize()} {at}",
        kind,
        length=255,
        createable=at % 5 != 0,
        updateable=at % 5 != 0,
        picklist_values=values if kind == "picklist" else (),
        reference_to=targets if kind == "reference" else (),
        relationship_name=f"Field_{at}__r" if kind == "reference" else None,
        custom=True,
    )


def _summary(schema: ObjectSchema) -> ObjectSummary:
    return ObjectSummary(
        schema.name,
        schema.label,
        schema.label_plural,
        schema.key_prefix,
        schema.createable,
        schema.updateable,
        schema.deletable,
        schema.queryable,
        schema.custom,
    )


def _row(name: str, value: float, bar: float | None) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "bar": bar,
        "better": "lower",
        "holds": bar is None or value < bar,
    }
