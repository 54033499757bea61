"""From a person's yes to the next step: embedded, and on Postgres with a worker that is a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from actwright import Actwright, Confirmation, Plan, Preview
from actwright.document import validated
from actwright.settings import Settings
from actwright.testing import LocalOrg
from benchmarks._rounds import ROUNDS, postgres
from benchmarks._row import Row, row

_EMBEDDED, _SERVED = 20.0, 100.0
_EACH = 6
_BLUEPRINT = {
    "name": "NewTask",
    "operation": "CREATE",
    "targetSObject": "Task",
    "inputs": [{"apiName": "Subject"}],
}


def run() -> list[Row]:
    """Return the median and the slowest time from the yes to the intent of the first step."""
    with tempfile.TemporaryDirectory() as home, LocalOrg(Path(home) / "org") as org:
        embedded = _embedded(_opened(Path(home) / "embedded", org))
        with postgres() as fresh:
            served = _served(_opened(Path(home) / "served", org, fresh("approval")))
    return [
        *_rows("approval to next step, embedded", embedded, _EMBEDDED),
        *_rows("approval to next step, Postgres and a worker", served, _SERVED),
    ]


def _opened(home: Path, org: LocalOrg, database_url: str | None = None) -> Actwright:
    settings = Settings(home=home, org=org.url, user="alice", database_url=database_url)
    return Actwright(settings=settings)


def _embedded(app: Actwright) -> list[float]:
    with app:
        return [_ms(app, lambda p, yes: _ran(app, p, yes)) for _ in range(_EACH * ROUNDS)][1:]


def _served(app: Actwright) -> list[float]:
    with app, _worker(app.settings):
        return [_ms(app, lambda p, yes: _left(app, p, yes)) for _ in range(_EACH * ROUNDS)][1:]


def _ms(app: Actwright, carry_out: Callable[[Preview, Confirmation], str]) -> float:
    """Return the milliseconds from the moment of the yes to the event that the first step is about to be sent."""
    preview = app.preview(_plan())
    started = time.time()
    run_id = carry_out(preview, app.confirm(preview, approver="the benchmark"))
    events = app.events(run_id)
    intended = next(each.at for each in events if each.kind == "group_intended")
    return (_seconds(intended) - started) * 1000


def _ran(app: Actwright, preview: Preview, yes: Confirmation) -> str:
    envelope = app.run(preview, yes)
    assert envelope.success, envelope.errors
    return str(envelope.run_id)


def _left(app: Actwright, preview: Preview, yes: Confirmation) -> str:
    run_id = app.enqueue(preview, yes)
    while not app.run_state(run_id).ended:
        time.sleep(0.005)
    return run_id


def _seconds(at: str) -> float:

    return datetime.fromisoformat(at).timestamp()


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    given = {"ACTWRIGHT_DATABASE_URL": str(settings.database_url), "ACTWRIGHT_ORG": settings.org}
    process = subprocess.Popen(
        [sys.executable, "-m", "actwright", "worker", "--home", str(settings.home)],
        env={**os.environ, **given},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "started" not in process.stderr.readline():
        assert process.poll() is None, "the worker did not start"
    time.sleep(0.5)
    yield
    process.terminate()
    process.communicate(timeout=30)


def _plan() -> Plan:
    arguments = {"Subject": {"value": f"Call {time.time_ns()}", "provenance": "goal"}}
    action = {"id": "a1", "blueprint": _BLUEPRINT, "arguments": arguments}
    document = {"goal": "call them", "actions": [action], "planner": {"kind": "scripted"}}
    return validated(Plan, document, where="the benchmark's plan")


def _rows(name: str, times: list[float], bar: float) -> list[Row]:
    return [
        row(f"{name} (median)", statistics.median(times), "ms", bar),
        row(f"{name} (slowest)", max(times), "ms"),
    ]
