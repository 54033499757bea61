"""A generated action with three calls, warm; a check of its types; a hundred at once, and what they weigh together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from actwright.sandbox import Call, Capability, Opaque, Parameter, Sandbox, Surface, Value, check
from benchmarks._row import Row, row

_ROUNDS = 300
_AT_ONCE = 100
_BAR_MS = 3.0
_BAR_MB = 400.0
_SURFACE = Surface(
    (
        Capability(
            "org",
            "get",
            (Parameter("object", "str"), Parameter("id", "str"), Parameter("fields", "list[str]")),
            "dict[str, Any]",
            "Read one record.",
        ),
        Capability(
            "org",
            "query",
            (
                Parameter("object", "str"),
                Parameter("fields", "list[str]"),
                Parameter("where", "list[tuple[str, str, str]]"),
            ),
            "list[dict[str, Any]]",
            "Read records.",
        ),
        Capability(
            "org",
            "create",
            (Parameter("object", "str"), Parameter("values", "dict[str, Any]")),
            "Opaque",
            "Collect a new record.",
        ),
    )
)
_SIGNATURE = "def act(case: str) -> dict[str, Any]"
_SOURCE = f"""\
from typing import Any

import org


{_SIGNATURE}:
    account = org.get("Account", case, ["Name", "OwnerId"])
    rows = org.query("Opportunity", ["Amount"], [("AccountId", "=", case)])
    total = sum([row["Amount"] for row in rows])
    text = f"{{account['Name']}}: {{total:,.2f}} open"
    task = org.create("Task", {{"Description": text, "OwnerId": account["OwnerId"]}})
    return {{"task": task, "total": total}}
"""
_ROWS: list[Value] = [{"Id": f"006{number:015d}", "Amount": number * 1.5} for number in range(20)]


def run() -> list[Row]:
    """Measure and return the rows."""
    with Sandbox() as sandbox:
        started = perf_counter()
        _act(sandbox)
        first = (perf_counter() - started) * 1000
        warm = _each(lambda: _act(sandbox))
        checked = _each(lambda: _checked(sandbox), rounds=40)
        many, weight = _at_once(sandbox)
    return [
        row("sandbox: three calls, warm, median", median(warm), "ms", _BAR_MS),
        row("sandbox: three calls, warm, p99", sorted(warm)[int(_ROUNDS * 0.99)], "ms"),
        row("sandbox: three calls, the first of a process", first, "ms"),
        row("sandbox: lint and type check, warm, median", median(checked), "ms"),
        row("sandbox: 100 at once on 2 workers, all done", many, "ms"),
        row("sandbox: 100 at once on 2 workers, memory (PSS)", weight, "MB", _BAR_MB),
        row(
            "sandbox: 100 inside at once, a worker each, memory (PSS)", _suspended(), "MB", _BAR_MB
        ),
    ]


def _act(sandbox: Sandbox, answer: Callable[[Call], Value] | None = None) -> None:
    sandbox.run(
        _SOURCE,
        entry="act",
        arguments={"case": "001000000000001AAA"},
        surface=_SURFACE,
        answer=answer or _answer,
    )


def _answer(call: Call) -> Value:
    if call.name == "get":
        return {"Name": "Acme", "OwnerId": Opaque("005000000000001AAA")}
    return _ROWS if call.name == "query" else Opaque("new")


def _checked(sandbox: Sandbox) -> None:
    found = check(_SOURCE, entry="act", signature=_SIGNATURE, surface=_SURFACE, sandbox=sandbox)
    assert found == ()


def _each(measured: Callable[[], None], *, rounds: int = _ROUNDS) -> list[float]:
    taken = []
    for _ in range(rounds):
        started = perf_counter()
        measured()
        taken.append((perf_counter() - started) * 1000)
    return taken


def _at_once(sandbox: Sandbox) -> tuple[float, float]:
    """Return how long a hundred threads take, and what host and workers weigh while they all wait in it."""
    gate, weight = threading.Barrier(_AT_ONCE + 1), 0.0

    def act() -> None:
        gate.wait()
        _act(sandbox)

    threads = [threading.Thread(target=act) for _ in range(_AT_ONCE)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = perf_counter()
    while any(thread.is_alive() for thread in threads):
        weight = max(weight, _weight())
    taken = (perf_counter() - started) * 1000
    for thread in threads:
        thread.join()
    return taken, weight


def _suspended() -> float:
    """Return what a process of its own and its hundred workers weigh, each waiting in the middle of its run."""
    words = (sys.executable, "-m", "benchmarks.sandbox")
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=120)
    return float(json.loads(done.stdout))


def _hold_all() -> float:
    inside, go = threading.Semaphore(0), threading.Event()

    def answer(call: Call) -> Value:
        if call.name == "create":
            inside.release()
            go.wait(60)
        return _answer(call)

    with Sandbox(workers=_AT_ONCE) as sandbox:
        threads = [threading.Thread(target=_act, args=(sandbox, answer)) for _ in range(_AT_ONCE)]
        for thread in threads:
            thread.start()
        for _ in threads:
            inside.acquire()
        sleep(0.2)
        weight = _weight()
        go.set()
        for thread in threads:
            thread.join()
    return weight


def _weight() -> float:
    """Return the proportional set size of this process and all its children, in MB: shared pages count once."""
    own = os.getpid()
    folders = Path(f"/proc/{own}/task").glob("*/children")
    children = [int(each) for folder in folders for each in folder.read_text().split()]
    return sum(map(_proportional, (own, *children)))


def _proportional(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(each.split()[1]) for each in lines if each.startswith("Pss:")) * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(_hold_all()))
