"""Composite calls: in order, with references, whole or not at all."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import Client

BASE = "/services/data/v68.0"


def sub(
    method: str, path: str, name: str, body: object = None, **more: object
) -> dict[str, object]:
    """Return one subrequest."""
    entry = {"method": method, "url": BASE + path, "referenceId": name, **more}
    return entry if body is None else entry | {"body": body}


def send(
    client: Client, *subrequests: dict[str, object], whole: bool = True
) -> list[dict[str, Any]]:
    """Make a composite call and return the answers of its subrequests."""
    body = {
        "allOrNone": whole,
        "collateSubrequests": False,
        "compositeRequest": list(subrequests),
    }
    response = client.request("POST", "/composite", body)
    assert response.status_code == 200
    answers: list[dict[str, Any]] = response.json()["compositeResponse"]
    return answers


def test_later_subrequests_use_earlier_answers(admin: Client) -> None:
    """Ids and query results are put into bodies and urls."""
    name = f"Composite {uuid4().hex}"
    answers = send(
        admin,
        sub("POST", "/sobjects/Account", "a", {"Name": name}),
        sub("POST", "/sobjects/Contact", "c", {"LastName": "Doe", "AccountId": "@{a.id}"}),
        sub("GET", "/query?q=SELECT+Id,Name+FROM+Contact+WHERE+AccountId='@{a.id}'", "q"),
        sub(
            "PATCH",
            "/sobjects/Contact/@{q.records[0].Id}",
            "p",
            {"Title": "of @{q.records[0].Name}"},
        ),
        sub("GET", "/sobjects/Contact/@{c.id}?fields=Title,AccountId", "r"),
    )
    assert [each["httpStatusCode"] for each in answers] == [201, 201, 200, 204, 200]
    assert [each["referenceId"] for each in answers] == ["a", "c", "q", "p", "r"]
    assert answers[4]["body"]["Title"] == "of Doe"
    assert answers[4]["body"]["AccountId"] == answers[0]["body"]["id"]
    assert answers[0]["httpHeaders"]["Location"].endswith(answers[0]["body"]["id"])


def test_one_failure_takes_everything_back(admin: Client) -> None:
    """With allOrNone the failed subrequest explains itself and the others are halted, undone."""
    name = f"Undone {uuid4().hex}"
    answers = send(
        admin,
        sub("POST", "/sobjects/Account", "a", {"Name": name}),
        sub("POST", "/sobjects/Contact", "c", {"FirstName": "No last name"}),
        sub("POST", "/sobjects/Account", "b", {"Name": name}),
    )
    codes = [each["body"][0]["errorCode"] for each in answers]
    assert codes == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]
    assert [each["httpStatusCode"] for each in answers] == [400, 400, 400]
    assert admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'") == []


def test_without_all_or_none_each_stands_for_itself(admin: Client) -> None:
    """Good subrequests are kept; what depends on a failed one is halted."""
    name = f"Kept {uuid4().hex}"
    answers = send(
        admin,
        sub("POST", "/sobjects/Account", "a", {"Name": name}),
        sub("POST", "/sobjects/Account", "bad", {}),
        sub("POST", "/sobjects/Contact", "c", {"LastName": "x", "AccountId": "@{bad.id}"}),
        whole=False,
    )
    assert [each["httpStatusCode"] for each in answers] == [201, 400, 400]
    assert answers[2]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert len(admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'")) == 1


def test_a_stale_row_fails_the_whole(admin: Client) -> None:
    """``If-Unmodified-Since`` stands in the headers of one subrequest."""
    record = admin.create("Account", Name="Versioned")
    past = {"If-Unmodified-Since": formatdate(time.time() - 3600, usegmt=True)}
    answers = send(
        admin,
        sub("PATCH", f"/sobjects/Account/{record}", "first", {"Site": "one"}),
        sub("PATCH", f"/sobjects/Account/{record}", "second", {"Site": "two"}, httpHeaders=past),
    )
    assert [each["httpStatusCode"] for each in answers] == [400, 412]
    assert admin.query(f"SELECT Site FROM Account WHERE Id = '{record}'")[0]["Site"] is None


def test_upserts_and_deletes_take_part(admin: Client) -> None:
    """Every operation on rows can be a subrequest."""
    email = f"{uuid4().hex}@composite.example"
    record = admin.create("Account", Name="To delete")
    answers = send(
        admin,
        sub("PATCH", f"/sobjects/Contact/Email/{email}", "u", {"LastName": "Up"}),
        sub("DELETE", f"/sobjects/Account/{record}", "d"),
    )
    assert [each["httpStatusCode"] for each in answers] == [201, 204]


def test_a_reference_cannot_leave_its_place(admin: Client) -> None:
    """A value put into a url is encoded: it stays one segment, one literal."""
    record = admin.create("Account", Name="../../User", Site="x")
    answers = send(
        admin,
        sub("GET", f"/sobjects/Account/{record}", "a"),
        sub("GET", "/sobjects/Account/@{a.Name}", "b"),
        whole=False,
    )
    assert answers[1]["body"][0]["errorCode"] == "MALFORMED_ID"


def test_collections_inside_follow_the_outer_rule(admin: Client) -> None:
    """A failed row of a collection fails the whole all-or-none call."""
    name = f"Rows {uuid4().hex}"
    rows = [{"attributes": {"type": "Account"}, "Name": name}, {"attributes": {"type": "Account"}}]
    send(
        admin,
        sub("POST", "/sobjects/Account", "a", {"Name": name}),
        sub("POST", "/composite/sobjects", "rows", {"records": rows}),
    )
    assert admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'") == []


def test_a_collection_inside_keeps_its_own_rule(admin: Client) -> None:
    """Where the outer call is not all or none, an inner collection may be, for itself alone."""
    name = f"Inner {uuid4().hex}"
    rows = [{"attributes": {"type": "Account"}, "Name": name}, {"attributes": {"type": "Account"}}]
    body = {"records": rows, "allOrNone": True}
    answers = send(
        admin,
        sub("POST", "/sobjects/Account", "a", {"Name": name}),
        sub("POST", "/composite/sobjects", "rows", body),
        whole=False,
    )
    [back, _] = [each["errors"][0]["statusCode"] for each in answers[1]["body"]]
    assert back == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert len(admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'")) == 1


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"compositeRequest": []},
        {"compositeRequest": [1]},
        {"compositeRequest": [{"method": "GET", "url": BASE}]},
        {"compositeRequest": [sub("GET", "/limits", "a"), sub("GET", "/limits", "a")]},
        {"compositeRequest": [sub("GET", "/limits", f"r{n}") for n in range(26)]},
        {"compositeRequest": [sub("GET", "/query?q=x", f"r{n}") for n in range(6)]},
        {"compositeRequest": [sub("GET", "/limits", "a", httpHeaders={"Authorization": "x"})]},
    ],
)
def test_a_malformed_call_makes_no_subrequest(admin: Client, request_body: object) -> None:
    """Shape, limits and reserved headers are checked before anything runs."""
    assert admin.request("POST", "/composite", request_body).status_code == 400


def test_a_subrequest_stays_inside_the_api(admin: Client) -> None:
    """Other paths, other hosts and nested composites cannot be reached."""
    urls = [
        "/localorg/calls",
        "http://evil.example/services/data/v68.0/limits",
        f"{BASE}/composite",
    ]
    for url in urls:
        entry: dict[str, object] = {"method": "GET", "url": url, "referenceId": "a"}
        [answer] = send(admin, entry, whole=False)
        assert answer["httpStatusCode"] in {400, 404}


def test_one_composite_counts_as_one_call(admin: Client) -> None:
    """The limit header moves by one for the whole call."""

    def used(body: dict[str, object]) -> int:
        response = admin.request("POST", "/composite", body)
        return int(response.headers["Sforce-Limit-Info"].split("=")[1].split("/")[0])

    body: dict[str, object] = {
        "compositeRequest": [sub("GET", "/limits", f"r{n}") for n in range(5)]
    }
    assert used(body) + 1 == used(body)
