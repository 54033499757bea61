"""What tracing costs a run of two hundred actions: off and on in turns, with a collector in a process of its own.

The cost is the processor time that tracing adds to this process while the run lasts, as a share of what the run takes on
the clock: as if not a bit of it went on beside the waiting. Times on the clock alone, which stand in the table too, differ
by more than that from one run to the next. What is delivered later, in one batch in the background, has a row of its own.
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from actwright import Actwright, Plan
from actwright.collector import ease_collector
from actwright.document import validated
from actwright.telemetry.otel.adapter import OpenTelemetry
from actwright.testing import LocalOrg
from benchmarks._row import Row, row

_ACTIONS = 200
_ROUNDS = 15
_MOST_PERCENT = 3.0
_CREATE = {
    "name": "NewLead",
    "operation": "CREATE",
    "targetSObject": "Lead",
    "inputs": [{"apiName": "LastName"}, {"apiName": "Company"}],
}
_RATE = {
    "name": "RateLead",
    "operation": "UPDATE",
    "targetSObject": "Lead",
    "inputs": [
        {"apiName": "Id", "dataType": "Id", "required": True},
        {"apiName": "Rating", "dataType": "Picklist"},
    ],
}
_COLLECTOR = """
import logging, sys, time
from oteltest.sink import HttpSink
from oteltest.sink.handler import AccumulatingHandler
sink = HttpSink(AccumulatingHandler(), logging.getLogger("collector"), port=0)
sink.start()
while sink.httpd is None:
    time.sleep(0.01)
sink.httpd.RequestHandlerClass.log_message = lambda *_: None
print(sink.httpd.server_port, flush=True)
sys.stdin.read()
"""


def run() -> list[Row]:
    """Return the milliseconds of a run with tracing off and on, and what it costs."""
    with (
        tempfile.TemporaryDirectory() as home,
        _collector(),
        LocalOrg(Path(home)) as org,
        org.as_user() as off,
        org.as_user(settings={"traces": "otlp"}) as on,
    ):
        ease_collector()  # as a worker does
        _carried_out(off, _plan(_CREATE, _new))
        for app in (off, on):
            _carried_out(app, _rated("Hot" if app is off else "Cold"))
        pairs = [
            (_carried_out(off, _rated("Warm")), _carried_out(on, _rated("Cold")))
            for _ in range(_ROUNDS)
        ]
    without, traced = _usual([each for each, _ in pairs]), _usual([each for _, each in pairs])
    assert isinstance(on.tracing, OpenTelemetry)
    assert on.tracing.deliveries.failed == 0
    cost = (traced.processor - without.processor) / without.clock * 100
    name = f"run of {_ACTIONS} actions"
    return [
        row(f"{name}, tracing off", without.clock, "ms"),
        row(f"{name}, tracing on", traced.clock, "ms"),
        row(f"{name}, processor time, tracing off", without.processor, "ms"),
        row(f"{name}, processor time, tracing on", traced.processor, "ms"),
        row(f"{name}, delivering its spans afterwards", traced.delivery, "ms"),
        row(f"{name}, what tracing costs", cost, "%", _MOST_PERCENT),
    ]


class Taken(NamedTuple):
    """What a run took, in milliseconds: on the clock, of the processor, and of the processor to deliver its spans."""

    clock: float
    processor: float
    delivery: float


def _usual(runs: Sequence[Taken]) -> Taken:
    """Return what a run takes that nothing else on the machine gets in the way of: the lower quartile of each figure."""
    return Taken(*(statistics.quantiles(each)[0] for each in zip(*runs, strict=True)))


def _carried_out(app: Actwright, plan: Plan) -> Taken:
    """Carry a plan out, and return what that took from the yes on."""
    preview = app.preview(plan)
    yes = app.confirm(preview, approver="the benchmark")
    _deliver(app)
    gc.collect()  # every run begins alike
    begun, used = time.perf_counter(), time.process_time()
    envelope = app.run(preview, yes)
    ended, ran = time.perf_counter(), time.process_time()
    _deliver(app)
    assert envelope.success, envelope.errors
    delivered = time.process_time()
    return Taken((ended - begun) * 1000, (ran - used) * 1000, (delivered - ran) * 1000)


def _deliver(app: Actwright) -> None:
    if isinstance(app.tracing, OpenTelemetry):
        app.tracing.flush()


def _rated(rating: str) -> Plan:
    def rate(number: int) -> Mapping[str, object]:
        where = [{"field": "LastName", "value": f"Lead {number}"}]
        return {"Id": {"lookup": {"object": "Lead", "where": where}}, "Rating": _value(rating)}

    return _plan(_RATE, rate)


def _new(number: int) -> Mapping[str, object]:
    return {"LastName": _value(f"Lead {number}"), "Company": _value("Acme")}


def _value(text: str) -> Mapping[str, object]:
    return {"value": text, "provenance": "goal"}


def _plan(
    blueprint: Mapping[str, object], arguments: Callable[[int], Mapping[str, object]]
) -> Plan:
    actions = [
        {"id": f"a{number}", "blueprint": blueprint, "arguments": arguments(number)}
        for number in range(_ACTIONS)
    ]
    document = {"goal": "rate the leads", "actions": actions, "planner": {"kind": "scripted"}}
    return validated(Plan, document, where="the benchmark's plan")


@contextmanager
def _collector() -> Iterator[None]:
    """Run a collector in a process of its own, and name it in the environment."""
    process = subprocess.Popen(
        [sys.executable, "-c", _COLLECTOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{process.stdout.readline().strip()}",
    }
    os.environ.update(settings)
    try:
        yield
    finally:
        for each in settings:
            del os.environ[each]
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()
