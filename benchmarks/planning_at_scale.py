"""Planning offline over a large org: three-action goals, 1,000 blueprints and 200 objects, warm, without the org's time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tests.memory_org import FakeClock, demo_org, demo_schemas

from actwright.blueprints.library import Library, LibraryEntry, load_library
from actwright.org.ports import OrgReader
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest

BAR = 30.0
BLUEPRINTS = 1_000
OBJECTS = 200
ROUNDS = 30
GOALS = (
    "close Acme Renewal as won, create a follow-up task for next Tuesday and assign it to Bob",
    "create the account Hooli, add a contact Richard Hendricks to it and schedule a call with him next Monday",
    "escalate case 00001003 to tier 2, set its priority to high and create a task for it: check the export",
    "reassign all open cases of Acme to Bob, set their priority to high and create a task for each of them: call",
    "close Acme Renewal as won but do not touch the amount, qualify lead Jane Doe and call John Smith tomorrow",
    "set the next step of Globex Pilot to 'Call', move it to Qualification and push its close date to 2027-03-01",
)


def run() -> list[dict[str, Any]]:
    """Measure the median and the slowest three-action goal."""
    times = _times(demo_org(), _library())
    size = f"{BLUEPRINTS:,} blueprints, {OBJECTS} objects"
    return [
        _row(f"planning three actions, {size} (median)", statistics.median(times)),
        _row(f"planning three actions, {size} (slowest goal)", max(times)),
    ]


def _times(org: OrgReader, library: Library) -> list[float]:
    """Return the median time of each goal in milliseconds, after one pass that builds the indexes."""
    planner, clock = OfflinePlanner(), FakeClock()
    times: list[float] = []
    _widen(org)
    for goal in GOALS:
        request = PlanningRequest(goal, library, org, clock)
        planned = planner.plan(request)
        if planned.plan is None or len(planned.plan.actions) != 3:
            raise RuntimeError(f"{goal!r} is no plan of three actions: {planned.refusal}")
        rounds: list[float] = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            planner.plan(request)
            rounds.append((time.perf_counter() - start) * 1000)
        times.append(statistics.median(rounds))
    return times


def _library() -> Library:
    """Return the curated library with variants of its blueprints for objects and words nobody asks for."""
    curated = load_library()
    return replace(curated, entries=(*curated.entries, *_variants(curated.entries)))


def _variants(entries: Sequence[LibraryEntry]) -> Iterator[LibraryEntry]:
    for number in range(BLUEPRINTS - len(entries)):
        entry = entries[number % len(entries)]
        words = {"label": f"{entry.blueprint.label} Variant {_word(number)}"[:120]}
        blueprint = entry.blueprint.model_copy(update={**words, "aliases": (), "synonyms": ()})
        yield replace(entry, key=f"{entry.key}_{_word(number).lower()}", blueprint=blueprint)


def _widen(org: Any) -> None:
    """Give the org custom objects, each with thirty fields, until it has as many as the bar says."""
    demo = demo_schemas()
    custom = (_schema(number) for number in range(OBJECTS - len(demo)))
    org.schemas = {**demo, **{each.name: each for each in custom}}


def _schema(number: int) -> ObjectSchema:
    word = _word(number)
    names = [FieldSchema("Id", "Record ID", "id", nillable=False), _text("Name", name_field=True)]
    fields = tuple(_text(f"{word}_{_word(at)}__c") for at in range(28))
    return ObjectSchema(
        name=f"{word}__c",
        label=f"{word} Record",
        label_plural=f"{word} Records",
        key_prefix=f"a{number:02x}"[:3],
        fields=(*names, *fields),
        createable=True,
        updateable=True,
        custom=True,
    )


def _text(name: str, *, name_field: bool = False) -> FieldSchema:
    label = name.removesuffix("__c").replace("_", " ")
    return FieldSchema(
        name, label, "string", 80, createable=True, updateable=True, name_field=name_field
    )


def _word(number: int) -> str:
    """Return a made-up word of its own for each number: ``Babab``, ``Bacad``."""
    letters = "bcdfghklmnprstvz"
    low, high = letters[number % 16], letters[number // 16 % 16]
    return f"{letters[number // 256 % 16]}a{high}e{low}ox".capitalize()


def _row(name: str, value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "bar": BAR,
        "better": "lower",
        "holds": value < BAR,
    }
