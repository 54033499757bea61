"""Preview and apply of twenty updates on the local org, with the schema known: API calls, and milliseconds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from actwright import Actwright, Confirmation, OrchestratorResult, Plan, Preview
from actwright.document import validated
from actwright.testing import LocalOrg

Row = dict[str, object]
Document = Mapping[str, object]
T = TypeVar("T")

_UPDATES = 20
_MOST_CALLS = 3
_BLUEPRINT = {
    "name": "RateLead",
    "operation": "UPDATE",
    "targetSObject": "Lead",
    "inputs": [
        {"apiName": "Id", "dataType": "Id", "required": True},
        {"apiName": "Rating", "dataType": "Picklist"},
    ],
}
_CREATE = {
    "name": "NewLead",
    "operation": "CREATE",
    "targetSObject": "Lead",
    "inputs": [{"apiName": "LastName"}, {"apiName": "Company"}],
}


def run() -> list[Row]:
    """Return calls and milliseconds of a preview and of an apply."""
    with (
        tempfile.TemporaryDirectory() as home,
        LocalOrg(Path(home)) as org,
        org.as_user() as app,
    ):
        _carry_out(app, app.preview(_plan(_CREATE, _new_lead)))
        app.preview(_plan(_BLUEPRINT, _cold_lead))
        preview, calls, elapsed = _measured(app, lambda: app.preview(_plan(_BLUEPRINT, _warm_lead)))
        rows = _rows("preview", calls, elapsed)
        yes = _confirmed(app, preview)
        envelope, calls, elapsed = _measured(app, lambda: app.run(preview, yes))
        assert envelope.success, envelope.errors
        return rows + _rows("apply", calls, elapsed)


def _measured(app: Actwright, work: Callable[[], T]) -> tuple[T, int, float]:
    calls, started = app.org.api_calls, time.perf_counter()
    result = work()
    return result, app.org.api_calls - calls, (time.perf_counter() - started) * 1000


def _rows(what: str, calls: int, elapsed_ms: float) -> list[Row]:
    name = f"{what} of {_UPDATES} updates"
    return [
        {
            "name": f"{name}, API calls",
            "value": calls,
            "unit": "calls",
            "bar": _MOST_CALLS,
            "better": "lower",
            "holds": calls <= _MOST_CALLS,
        },
        {
            "name": f"{name}, time",
            "value": elapsed_ms,
            "unit": "ms",
            "bar": None,
            "better": "lower",
            "holds": True,
        },
    ]


def _plan(blueprint: Document, arguments: Callable[[int], Document]) -> Plan:
    actions = [
        {"id": f"a{number}", "blueprint": blueprint, "arguments": arguments(number)}
        for number in range(_UPDATES)
    ]
    document = {"goal": "rate the leads", "actions": actions, "planner": {"kind": "scripted"}}
    return validated(Plan, document, where="the benchmark's plan")


def _new_lead(number: int) -> Document:
    return {"LastName": _value(f"Lead {number}"), "Company": _value("Acme")}


def _cold_lead(number: int) -> Document:
    return {"Id": _lookup(number), "Rating": _value("Cold")}


def _warm_lead(number: int) -> Document:
    return {"Id": _lookup(number), "Rating": _value("Warm")}


def _value(text: str) -> Document:
    return {"value": text, "provenance": "goal"}


def _lookup(number: int) -> Document:
    where = [{"field": "LastName", "value": f"Lead {number}"}]
    return {"lookup": {"object": "Lead", "where": where}}


def _confirmed(app: Actwright, preview: Preview) -> Confirmation:
    return app.confirm(preview, approver="the benchmark")


def _carry_out(app: Actwright, preview: Preview) -> OrchestratorResult:
    envelope = app.run(preview, _confirmed(app, preview))
    assert envelope.success, envelope.errors
    return envelope
