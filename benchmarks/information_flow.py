"""What it costs to know where every value comes from, in a preview of 200 actions of an override.

The two parts are timed within the same previews: the difference between previews with and without is far below what two
runs of the same preview differ by.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from actwright import ActionRequest, Actwright, Effect, Plan
from actwright.checkpoints.resolving import vetting
from actwright.document import validated
from actwright.testing import LocalOrg
from benchmarks._row import Row, row

_ACTIONS = 200
_ROUNDS = 5
_BAR_PERCENT = 5.0
_FIELDS = ("LastName", "Company", "City", "Phone")
_CREATE = {
    "name": "NewLead",
    "operation": "CREATE",
    "targetSObject": "Lead",
    "inputs": [{"apiName": each} for each in _FIELDS],
}


class _Handing:
    """An override that hands one argument on and makes the others up, so that each way of a value is taken."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the one create."""
        first = request.arguments[_FIELDS[0]]
        made = {each: str(request.arguments[each].value) + "." for each in _FIELDS[1:]}
        return (request.create("Lead", {_FIELDS[0]: first, **made}),)


def run() -> list[Row]:
    """Return the milliseconds of both, and what provenance adds in percent."""
    with (
        tempfile.TemporaryDirectory() as home,
        LocalOrg(Path(home)) as org,
        org.as_user() as app,
    ):
        app.register("NewLead", _Handing())
        plan = _plan()
        app.preview(plan)
        rounds = [_measured(app, plan) for _ in range(_ROUNDS)]
    whole = median(all_of for all_of, _ in rounds)
    share = median(spent / (all_of - spent) for all_of, spent in rounds)
    return [
        row("preview of 200 actions of an override, with provenance", whole * 1000, "ms"),
        row("what provenance adds to it", share * 100, "%", _BAR_PERCENT),
    ]


def _measured(app: Actwright, plan: Plan) -> tuple[float, float]:
    """Return the seconds of one preview, and those of them that went into where values come from."""
    with _timed() as spent:
        begun = perf_counter()
        app.preview(plan)
        return perf_counter() - begun, sum(spent)


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Time what says where the values of an override come from."""
    attributing, spent = vetting.sourced, list[float]()

    def timed(effect: Effect, request: ActionRequest, read: Sequence[str]) -> Effect:
        begun = perf_counter()
        try:
            return attributing(effect, request, read)
        finally:
            spent.append(perf_counter() - begun)

    vetting.sourced = timed
    try:
        yield spent
    finally:
        vetting.sourced = attributing


def _plan() -> Plan:
    actions = [
        {
            "id": f"a{number}",
            "blueprint": _CREATE,
            "arguments": {
                each: {"value": f"{each} {number}", "provenance": "model"} for each in _FIELDS
            },
        }
        for number in range(_ACTIONS)
    ]
    document = {"goal": "keep the leads", "actions": actions, "planner": {"kind": "scripted"}}
    return validated(Plan, document, where="the benchmark's plan")
