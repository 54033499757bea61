"""Faults on demand: before a call, after its commit, or as a dropped connection."""

from __future__ import annotations

import time

import pytest
import requests

from localorg.testing import Client


def add(admin: Client, **fault: object) -> None:
    """Let a fault wait."""
    assert admin.request("POST", "/localorg/faults", fault).status_code == 204


def exists(admin: Client, name: str) -> bool:
    """Tell whether an account was stored."""
    return bool(admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'"))


def test_a_fault_before_the_call_prevents_it(admin: Client) -> None:
    """The answer is the fault's, with its headers, as often as it says; nothing is stored."""
    match = {"method": "POST", "pathContains": "/sobjects/Account"}
    add(admin, match=match, status=503, headers={"Retry-After": "7"}, times=2)
    for _ in range(2):
        failed = admin.request("POST", "/sobjects/Account", {"Name": "fault one"})
        assert (failed.status_code, failed.headers["Retry-After"]) == (503, "7")
    assert not exists(admin, "fault one")
    assert admin.request("POST", "/sobjects/Account", {"Name": "fault one"}).status_code == 201


def test_a_fault_after_the_commit_hides_a_success(admin: Client) -> None:
    """The caller sees a failure; the record is there."""
    body = [{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "locked"}]
    add(admin, match={"method": "POST"}, status=400, body=body, after="commit")
    failed = admin.request("POST", "/sobjects/Account", {"Name": "fault two"})
    assert (failed.status_code, failed.json()) == (400, body)
    assert exists(admin, "fault two")


@pytest.mark.parametrize(("after", "stored"), [("before", False), ("commit", True)])
def test_a_connection_is_dropped(admin: Client, *, after: str, stored: bool) -> None:
    """The caller gets no answer at all, and cannot tell the two cases apart."""
    name = f"fault drop {after}"
    add(admin, match={"pathContains": "/sobjects"}, drop=True, after=after)
    with pytest.raises(requests.ConnectionError):
        admin.request("POST", "/sobjects/Account", {"Name": name})
    assert exists(admin, name) is stored


def test_calls_are_counted_and_named(admin: Client) -> None:
    """The count and the list cover API calls only, and start again after a reset."""
    admin.request("DELETE", "/localorg/calls")
    admin.request("GET", "/limits")
    admin.request("PATCH", "/sobjects/Account/nope", {})
    calls = admin.request("GET", "/localorg/calls").json()
    assert calls == {
        "count": 2,
        "recent": [
            {"method": "GET", "path": "/services/data/v68.0/limits"},
            {"method": "PATCH", "path": "/services/data/v68.0/sobjects/Account/nope"},
        ],
    }


def test_latency_delays_every_call(admin: Client) -> None:
    """A call takes at least the latency set."""
    assert admin.request("POST", "/localorg/latency", {"ms": 120}).status_code == 204
    start = time.perf_counter()
    admin.request("GET", "/limits")
    assert time.perf_counter() - start >= 0.12


@pytest.mark.parametrize(
    "fault",
    [
        {"statsu": 503},
        {"match": {"verb": "GET"}},
        {"match": 1},
        {"status": 99},
        {"times": 0},
        {"after": "later"},
        {"headers": []},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(admin: Client, fault: dict[str, object]) -> None:
    """Unknown keys and values out of range are errors, never ignored."""
    assert admin.request("POST", "/localorg/faults", fault).status_code == 400


def test_faults_take_view_setup(bob: Client) -> None:
    """Nobody else can break the org for others."""
    for method, path in (("POST", "/localorg/faults"), ("GET", "/localorg/calls")):
        refused = bob.request(method, path, {} if method == "POST" else None)
        assert refused.status_code == 403
