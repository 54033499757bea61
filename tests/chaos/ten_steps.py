"""A plan of steps, each a call of its own: a record written to the org, then a function that acts by itself, and so on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.scenario import Rest, action, lookup, task, value

from actwright import ActionRequest, Actwright, Plan
from actwright.actions.opaque import Reconciliation
from actwright.canonical import Json
from actwright.document import validated
from actwright.errors import RefusedError
from actwright.org.query import JsonScalar

STEPS = 10
SETTINGS = {
    "actions": {"PutOnTheTally": "tests.chaos.ten_steps:Tally"},
    "allow_opaque": ("PutOnTheTally",),
}
_ABANDONED = "abandoned"
PUT_ON_THE_TALLY: dict[str, Json] = {
    "name": "PutOnTheTally",
    "label": "Put a mark on the tally",
    "operation": "CALL",
    "target": "the tally",
    "inputs": [
        {"apiName": "File", "required": True, "usage": "PARAMETER"},
        {"apiName": "Mark", "required": True, "usage": "PARAMETER"},
    ],
}


class Tally:
    """Puts a mark and its key on a file, one line each; a key it has said no to never acts any more."""

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise one mark."""
        return [f"Puts the mark {request.arguments['Mark'].value} on the tally."]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Put it there: one write, which happens whole or not at all."""
        mark = str(request.arguments["Mark"].value)
        with _tally(request) as (pipe, lines):
            if f"{_ABANDONED} {request.key}" in lines:
                raise RefusedError("The key was given up.")
            os.write(pipe, f"{mark} {request.key}\n".encode())
        return {"mark": mark}

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Look for the key; where it is not there, see to it that it never will be."""
        mark = str(request.arguments["Mark"].value)
        with _tally(request) as (pipe, lines):
            happened = f"{mark} {key}" in lines
            if not happened:
                os.write(pipe, f"{_ABANDONED} {key}\n".encode())
        return Reconciliation(happened, {"mark": mark} if happened else {})


@contextmanager
def _tally(request: ActionRequest) -> Iterator[tuple[int, list[str]]]:
    """Open the file so that nobody else writes to it meanwhile, and read its lines."""
    path = Path(str(request.arguments["File"].value))
    pipe = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        fcntl.flock(pipe, fcntl.LOCK_EX)
        yield pipe, path.read_text(encoding="utf-8").splitlines()
    finally:
        os.close(pipe)


def ten_steps(app: Actwright, deal: str, tally: Path, *, steps: int = STEPS) -> Plan:
    """Return the plan: the deal's next step, tasks, and marks on a tally between them, one after the other."""
    tally.touch()
    actions = [_step(app, number, deal, tally) for number in range(steps)]
    document = {
        "goal": f"{steps} steps",
        "data": {"File": str(tally)},
        "actions": actions,
        "planner": {"kind": "scripted"},
    }
    return validated(Plan, document, where="the plan")


def _step(app: Actwright, number: int, deal: str, tally: Path) -> dict[str, object]:
    behind: dict[str, object] = {"depends_on": [f"s{number - 1}"]} if number else {}
    if number % 2:
        file, mark = value(str(tally)), value(f"mark {number // 2}")
        return {**action(f"s{number}", PUT_ON_THE_TALLY, File=file, Mark=mark), **behind}
    if number:
        planned = task(f"s{number}", subject=f"{deal} {number // 2}")
    else:
        record = lookup("Opportunity", "Name", deal)
        planned = action("s0", "opportunity_set_next_step", Id=record, NextStep=value("ten steps"))
    entry = app.library.find(str(planned["blueprint"]))
    assert entry is not None
    return {**planned, "blueprint": entry.blueprint, **behind}


def effects(admin: Rest, deal: str, tally: Path, *, steps: int = STEPS) -> list[int]:
    """Return how often each of the effects has happened, past everything Actwright does."""
    first = int(admin.field("Opportunity", deal, "NextStep") == "ten steps")
    found = admin.rows(f"SELECT Subject FROM Task WHERE Subject LIKE '{deal} %'")
    subjects = [str(each["Subject"]) for each in found]
    marks = [line.rsplit(" ", 1)[0] for line in tally.read_text(encoding="utf-8").splitlines()]
    counted = [
        marks.count(f"mark {each // 2}") if each % 2 else subjects.count(f"{deal} {each // 2}")
        for each in range(1, steps)
    ]
    return [first, *counted]
