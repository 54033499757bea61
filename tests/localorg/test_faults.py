"""Faults on demand: before a call, after its commit, or as a dropped connection."""

from __future__ import annotations

import threading
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
        {"kind": "flood"},
        {"kind": 1},
        {"nth": 0},
        {"nth": True},
        {"delayMs": -1},
        {"delayMs": 60_001},
        {"delayMs": True},
        {"kind": "slow", "delayMs": "1"},
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


def told(admin: Client, name: str) -> dict[str, object]:
    """Return what the org tells of a fault."""
    faults = admin.request("GET", "/localorg/faults").json()["faults"]
    return next(each for each in faults if each["name"] == name)


def until(admin: Client, name: str, what: str) -> None:
    """Wait until a count of a fault is not nothing."""
    while not told(admin, name)[what]:
        time.sleep(0.01)


def test_a_fault_happens_to_the_nth_call_that_matches(admin: Client) -> None:
    """Method, path and whether the call writes all count; the counts are told, also when it is spent."""
    match = {"method": "POST", "path": "*/sobjects/Acc*", "writes": True}
    add(admin, kind="server-error", name="third", match=match, nth=3, times=2)
    statuses = [
        admin.request("POST", "/sobjects/Account", {"Name": f"nth {n}"}).status_code
        for n in range(5)
    ]
    assert statuses == [201, 201, 500, 500, 201]
    assert admin.request("GET", "/sobjects/Account").status_code == 200
    assert told(admin, "third") == {
        "name": "third",
        "kind": "server-error",
        "matched": 4,
        "happened": 2,
        "holding": 0,
        "ended": 2,
        "spent": True,
    }


def test_a_composite_that_only_reads_is_no_write(admin: Client) -> None:
    """A fault for writes passes it over."""
    look = {"method": "GET", "url": "/services/data/v68.0/limits", "referenceId": "l"}
    add(admin, kind="server-error", match={"path": "*/composite", "writes": True})
    read = admin.request("POST", "/composite", {"compositeRequest": [look]})
    assert read.status_code == 200
    made = {**look, "method": "POST", "url": "/services/data/v68.0/sobjects/Account"}
    written = admin.request("POST", "/composite", {"compositeRequest": [{**made, "body": {}}]})
    assert written.status_code == 500


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("server-error", 500, "UNKNOWN_EXCEPTION"),
        ("unavailable", 503, "SERVER_UNAVAILABLE"),
        ("expired-session", 401, "INVALID_SESSION_ID"),
        ("request-limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("row-lock", 400, "UNABLE_TO_LOCK_ROW"),
    ],
)
def test_each_kind_fails_in_the_orgs_own_words(
    admin: Client, kind: str, status: int, code: str
) -> None:
    """Nothing is stored, and the next call is served as ever."""
    add(admin, kind=kind, match={"writes": True})
    failed = admin.request("POST", "/sobjects/Account", {"Name": f"kind {kind}"})
    assert (failed.status_code, failed.json()[0]["errorCode"]) == (status, code)
    assert not exists(admin, f"kind {kind}")
    admin.create("Account", Name=f"kind {kind}")


@pytest.mark.parametrize(
    ("kind", "stored"), [("lost-answer", True), ("lost-request", False), ("cut-answer", True)]
)
def test_an_answer_is_lost_or_cut(admin: Client, kind: str, *, stored: bool) -> None:
    """The caller hears nothing whole, and cannot tell whether it was stored."""
    add(admin, kind=kind, match={"writes": True})
    with pytest.raises(requests.RequestException):
        admin.request("POST", "/sobjects/Account", {"Name": f"broken {kind}"}).json()
    assert exists(admin, f"broken {kind}") is stored


@pytest.mark.parametrize(("after", "stored"), [("before", False), ("commit", True)])
def test_a_call_is_held_back_until_it_is_released(
    admin: Client, alice: Client, *, after: str, stored: bool
) -> None:
    """Before or after its commit; released, it ends as if nothing had been."""
    name = f"held {after}"
    add(admin, kind="hang", name=name, after=after, match={"writes": True})
    answers: list[int] = []

    def create() -> None:
        answers.append(alice.request("POST", "/sobjects/Account", {"Name": name}).status_code)

    held = threading.Thread(target=create)
    held.start()
    until(admin, name, "holding")
    assert exists(admin, name) is stored
    assert admin.request("POST", "/localorg/faults/release", {"name": name}).status_code == 204
    held.join(20)
    assert (answers, exists(admin, name)) == ([201], True)
    until(admin, name, "ended")


def test_a_call_is_slowed_down(admin: Client) -> None:
    """It takes at least as long as asked for, and is answered as ever."""
    add(admin, kind="slow", delayMs=120, match={"writes": True})
    start = time.perf_counter()
    admin.create("Account", Name="slow")
    assert time.perf_counter() - start >= 0.12


def test_a_call_asks_for_a_fault_of_its_own(admin: Client, bob: Client) -> None:
    """A header does it, for this call alone and for anybody; one that makes no sense is refused."""
    asked = {"X-Localorg-Fault": "unavailable; after=commit"}
    failed = bob.request("POST", "/sobjects/Account", {"Name": "by header"}, headers=asked)
    assert failed.status_code == 503
    assert exists(admin, "by header")
    for value in ("flood", "slow; speed=1", "slow; delayMs=x", "slow; delayMs=99999", "slow; after=x"):  # fmt: skip
        refused = bob.request("GET", "/limits", headers={"X-Localorg-Fault": value})
        assert refused.status_code == 400
    assert bob.request("GET", "/limits").status_code == 200


def test_a_fault_of_the_same_name_makes_way(admin: Client) -> None:
    """Armed again, it counts from the start; cleared, none is told of."""
    for _ in range(2):
        add(admin, kind="server-error", name="same", match={"path": "*/limits"})
        assert admin.request("GET", "/limits").status_code == 500
    assert told(admin, "same")["happened"] == 1
    admin.request("DELETE", "/localorg/faults")
    assert admin.request("GET", "/localorg/faults").json() == {"faults": []}
