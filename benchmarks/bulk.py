"""Many rows: a plan of 200 updates against one call a record, a bulk job of 10,000, and the memory they take."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from actwright import Actwright, Plan, Preview
from actwright.document import validated
from actwright.testing import LocalOrg

Row = dict[str, object]

_UPDATES, _PLAN, _JOB = 200, 2_000, 10_000
_LATENCY_MS = 40
_LEAST_GAIN = 20.0
_MOST_MEGABYTES = 300.0
_MOST_SECONDS = 10.0
_API = "/services/data/v66.0"
_BLUEPRINT = {
    "name": "RateLead",
    "operation": "UPDATE",
    "targetSObject": "Lead",
    "inputs": [
        {"apiName": "Id", "dataType": "Id", "required": True},
        {"apiName": "Rating", "dataType": "Picklist"},
    ],
}


def run() -> list[Row]:
    """Return the gain over one call a record, and time and memory of large plans."""
    rows = _against_one_by_one()
    for count in (_PLAN, _JOB):
        rows += _large(count)
    return rows


def _against_one_by_one() -> list[Row]:
    with tempfile.TemporaryDirectory() as home, LocalOrg(Path(home)) as org:
        admin = _Admin(org.url)
        ids = admin.seed(_UPDATES)
        app = org.as_user("admin")
        _carried_out(app, _preview(app, "Cold", _UPDATES))
        other = admin.simple_salesforce()
        admin.latency(_LATENCY_MS)
        ours, calls = _timed(app, lambda: _carried_out(app, _preview(app, "Warm", _UPDATES)))
        read, _ = _timed(app, lambda: _read_and_update(other, ids))
        blind, _ = _timed(app, lambda: _update(other, ids))
        admin.latency(0)
    what = f"{_UPDATES} updates at {_LATENCY_MS} ms latency"
    return [
        _row(f"{what}, preview and apply, API calls", calls, "calls", 6),
        _row(f"{what}, preview and apply", ours, "s"),
        _row(f"{what}, simple-salesforce get and update", read, "s"),
        _row(f"{what}, simple-salesforce update alone", blind, "s"),
        _row(f"{what}, gain over get and update", read / ours, "x", _LEAST_GAIN, "higher"),
        _row(f"{what}, gain over update alone", blind / ours, "x", better="higher"),
    ]


def _large(count: int) -> list[Row]:
    """Return time and peak memory of a plan of ``count`` updates, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bulk", str(count)],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    what = f"{count:,} updates as {found['steps']}"
    return [
        _row(f"{what}, preview", found["preview"], "s", _MOST_SECONDS),
        _row(f"{what}, apply", found["apply"], "s", 2 * _MOST_SECONDS),
        _row(f"{what}, peak memory", found["megabytes"], "MB", _MOST_MEGABYTES),
    ]


def _measure(count: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as home, LocalOrg(Path(home)) as org:
        _Admin(org.url).seed(count)
        app = org.as_user("admin")
        started = time.perf_counter()
        preview = _preview(app, "Warm", count)
        previewed = time.perf_counter()
        steps = ", ".join(each.carrier for each in preview.groups)
        _carried_out(app, preview)
        applied = time.perf_counter()
    return {
        "steps": steps,
        "preview": previewed - started,
        "apply": applied - previewed,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _preview(app: Actwright, rating: str, limit: int) -> Preview:
    where = [{"field": "Company", "value": "Benchmark"}]
    action = {
        "id": "rate",
        "blueprint": _BLUEPRINT,
        "arguments": {"Rating": {"value": rating, "provenance": "goal"}},
        "forEach": {"object": "Lead", "limit": limit, "where": where},
    }
    document = {"goal": "rate the leads", "actions": [action], "planner": {"kind": "scripted"}}
    return app.preview(validated(Plan, document, where="the benchmark's plan"))


def _carried_out(app: Actwright, preview: Preview) -> None:
    envelope = app.run(preview, app.confirm(preview, approver="the benchmark"))
    assert envelope.success, envelope.errors


def _read_and_update(other: Any, ids: Sequence[str]) -> None:
    """Do what a careful script does for each record: look at it, then change it."""
    for each in ids:
        if other.Lead.get(each)["Rating"] != "Hot":
            other.Lead.update(each, {"Rating": "Hot"})


def _update(other: Any, ids: Sequence[str]) -> None:
    for each in ids:
        other.Lead.update(each, {"Rating": "Cold"})


def _timed(app: Actwright, work: Callable[[], object]) -> tuple[float, int]:
    calls, started = app.org.api_calls, time.perf_counter()
    work()
    return time.perf_counter() - started, app.org.api_calls - calls


def _row(
    name: str, value: float, unit: str, bar: float | None = None, better: str = "lower"
) -> Row:
    holds = bar is None or (value <= bar if better == "lower" else value >= bar)
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "bar": bar,
        "better": better,
        "holds": holds,
    }


class _Adapter(HTTPAdapter):
    """Leads simple-salesforce, which knows https only, to the local org."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        super().__init__()

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        asked = urlsplit(str(request.url))
        request.url = urlunsplit(
            (self._parts.scheme, self._parts.netloc, asked.path, asked.query, "")
        )
        return super().send(request, *args, **kwargs)


class _Admin:
    """The administrator's own session with a local org."""

    def __init__(self, url: str) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": "admin",
            "client_secret": "localorg",
        }
        answer = requests.post(f"{url}/services/oauth2/token", data=form, timeout=30)
        self._url = url
        self._token = str(answer.json()["access_token"])

    def seed(self, count: int) -> Sequence[str]:
        """Create leads, and return their ids."""
        ids: list[str] = []
        for start in range(0, count, 200):
            records = [
                {"attributes": {"type": "Lead"}, "LastName": f"L{place}", "Company": "Benchmark"}
                for place in range(start, min(count, start + 200))
            ]
            ids += [
                each["id"]
                for each in self._post(f"{_API}/composite/sobjects", {"records": records})
            ]
        return ids

    def latency(self, milliseconds: int) -> None:
        """Let every call take that long on its way."""
        self._post("/localorg/latency", {"ms": milliseconds})

    def simple_salesforce(self) -> Any:
        """Return simple-salesforce on the same session, its connection open."""
        session = requests.Session()
        session.mount("https://", _Adapter(self._url))
        return Salesforce(
            session_id=self._token, instance_url="https://local", session=session, version="66.0"
        )

    def _post(self, path: str, body: object) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = requests.post(self._url + path, json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
