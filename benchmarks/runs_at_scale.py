"""A store of 100,000 runs: lists, one run, appends, the scan for runs to recover, and the whole chain verified."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from actwright import Actwright
from actwright.clock import SystemClock, timestamp
from actwright.runs.record.journal import Entry, Journal
from actwright.runs.record.register import Register
from actwright.settings import Settings
from benchmarks._row import Row, row

RUNS = 100_000
_UNFINISHED = 1_000
_GROUPS = 3
_ROUNDS = 5
_APPENDS = 200
_BATCH = 5_000
_ACTOR = "Alice Archer"


def run() -> list[Row]:
    """Return the figures of a full store, and of an empty one where both are compared."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _opened(Path(folder) / "empty") as empty,
        _opened(Path(folder) / "full") as full,
    ):
        events = _fill(full)
        return [*_reading(full), *_appending(empty, full), *_verifying(full, events)]


def _opened(home: Path) -> Actwright:
    return Actwright(settings=Settings(home=home))


def _reading(app: Actwright) -> list[Row]:
    register, now = Register(app.store[0]), timestamp(SystemClock().now())
    some = _run_id(RUNS // 2)
    what = f"of {RUNS:,} runs"
    return [
        row(f"ps {what}", _median(lambda: _listed(app)), "ms", 50),
        row(f"inspect, one {what}", _median(lambda: _inspected(app, some)), "ms", 20),
        row(f"recovery scan {what}", _median(lambda: register.runnable(now, RUNS)), "ms", 1_000),
        row(f"are there stalled runs, {what}", _median(app.stalled), "ms"),
    ]


def _listed(app: Actwright) -> object:
    """List runs as ``ps`` does in a process of its own, which knows nothing from an earlier look."""
    vars(app).pop("_seen_runs", None)
    return app.with_rest(app.listed_runs(limit=20)), app.count_runs()


def _inspected(app: Actwright, run_id: str) -> object:
    return app.events(run_id), app.run_state(run_id)


def _appending(empty: Actwright, full: Actwright) -> list[Row]:
    """Return the median append beside 100,000 runs and beside none, measured in turns."""
    times: dict[str, list[float]] = {"empty": [], "full": []}
    for _ in range(_ROUNDS):
        for name, app in (("empty", empty), ("full", full)):
            times[name] += _appends(app.journal)
    ours, floor = statistics.median(times["full"]), statistics.median(times["empty"])
    return [
        row(f"append beside {RUNS:,} runs", ours, "ms"),
        row(f"append beside {RUNS:,} runs, against an empty store", ours / floor, "x", 1.1),
    ]


def _appends(journal: Journal) -> list[float]:
    run_id = f"run_{time.perf_counter_ns():020x}"
    head = journal.append(run_id, [("run_started", _start(run_id))], actor=_ACTOR, after=None)
    times = []
    for place in range(_APPENDS):
        started = time.perf_counter()
        head = journal.append(run_id, _group(place), actor=_ACTOR, after=head)
        times.append((time.perf_counter() - started) * 1000)
    journal.append(run_id, _end(run_id), actor=_ACTOR, after=head)
    return times


def _verifying(app: Actwright, events: int) -> list[Row]:
    seconds = _median(app.verify, rounds=_ROUNDS) / 1000
    return [row(f"verify {events:,} events", events / seconds, "events/s", 200_000, "higher")]


def _fill(app: Actwright) -> int:
    """Write the runs through the journal's own chain, many to a commit, and return how many events there are."""
    events = 0
    for first in range(0, RUNS, _BATCH):
        with app.journal.transaction() as transaction:
            for number in range(first, first + _BATCH):
                entries = list(_run(number))
                events += len(entries)
                app.journal.append_within(
                    transaction, _run_id(number), entries, actor=_ACTOR, after=None
                )
    return events


def _run(number: int) -> Iterator[Entry]:
    """Yield the events of one run; of the newest, every third is queued, broken off or waits for a person."""
    run_id = _run_id(number)
    unfinished = number >= RUNS - _UNFINISHED
    queued = unfinished and number % 3 == 0
    yield "run_started", _start(run_id) | ({"queued": True} if queued else {})
    if queued:
        return
    for place in range(_GROUPS):
        yield from _group(place)
    if unfinished and number % 3 == 1:
        yield "run_waiting", {"reason": "it waits for a yes", "for": "confirmation"}
    elif not unfinished:
        yield from _end(run_id)


def _run_id(number: int) -> str:
    return f"run_{number:020x}"


def _start(run_id: str) -> dict[str, object]:
    return {
        "goal": "close the Acme renewal as won and book a follow-up call",
        "planId": f"plan_{run_id}",
        "previewId": f"preview_{run_id}",
        "confirmationId": f"confirmation_{run_id}",
        "digest": "0" * 64,
        "user": "alice@demo.example",
        "org": "00D000000000001EAA",
        "locale": "en_US",
        "zone": "UTC",
    }


def _group(place: int) -> list[Entry]:
    group = f"g{place}"
    outcome: dict[str, object] = {
        "effectId": f"e{place}",
        "status": "done",
        "recordId": None,
        "faults": [],
    }
    return [
        ("group_intended", {"groupId": group, "stage": 1, "effects": [f"e{place}"], "attempt": 1}),
        ("group_settled", {"groupId": group, "stage": 1, "outcomes": [outcome], "error": None}),
    ]


def _end(run_id: str) -> list[Entry]:
    envelope = {"success": True, "runId": run_id, "effectsDone": _GROUPS, "effectsTotal": _GROUPS}
    return [("run_ended", {"envelope": envelope, "status": "completed"})]


def _median(work: Callable[[], object], rounds: int = 20) -> float:
    """Return the median milliseconds of a call."""
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
