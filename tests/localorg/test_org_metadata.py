"""Describe and its neighbours over HTTP: never stale, never more than the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from localorg.testing import Client, RunningOrg, running_org


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[RunningOrg]:
    """An org of its own, whose permissions may be changed."""
    with running_org(db=str(tmp_path / "org.db")) as served:
        yield served


def describe(client: Client, since: str | None = None) -> requests.Response:
    """Ask for the describe of opportunities."""
    headers = {} if since is None else {"If-Modified-Since": since}
    return client.request("GET", "/sobjects/Opportunity/describe", headers=headers)


def updateable(response: requests.Response, name: str) -> bool:
    """Tell whether a describe lets its user change a field."""
    fields = {each["name"]: each for each in response.json()["fields"]}
    return bool(fields[name]["updateable"])


def test_the_versions_are_public(org: RunningOrg) -> None:
    """Anybody may ask which versions there are."""
    versions = requests.get(f"{org.url}/services/data", timeout=10).json()
    assert versions[-1]["url"] == "/services/data/v68.0"


def test_describe_answers_per_user(alice: Client, bob: Client) -> None:
    """Two users see the same field with the rights each has."""
    assert updateable(describe(alice), "Amount")
    assert not updateable(describe(bob), "Amount")


def test_the_global_describe_lists_what_may_be_read(org: RunningOrg, alice: Client) -> None:
    """An object without read permission is absent."""
    carol = org.login("carol")
    seen = {
        user: {each["name"] for each in client.request("GET", "/sobjects").json()["sobjects"]}
        for user, client in (("alice", alice), ("carol", carol))
    }
    assert "Lead" in seen["alice"] - seen["carol"]
    basics = alice.request("GET", "/sobjects/Lead").json()
    assert basics["objectDescribe"]["name"] == "Lead"


def test_an_unchanged_describe_is_not_sent_again(fresh: RunningOrg) -> None:
    """With its own Last-Modified a client gets 304 and an empty body."""
    client = fresh.login("alice")
    since = describe(client).headers["Last-Modified"]
    again = describe(client, since)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Last-Modified"] == since


def test_two_changes_in_one_second_are_both_seen(fresh: RunningOrg) -> None:
    """A client never keeps a stale describe, however fast permissions change."""
    bob, admin = fresh.login("bob"), fresh.login("admin")
    [permission] = admin.query(
        "SELECT Id FROM FieldPermissions WHERE Field = 'Opportunity.Amount'"
        " AND Parent.Profile.Name = 'Sales Rep'"
    )
    path = f"/sobjects/FieldPermissions/{permission['Id']}"
    response = describe(bob)
    for allowed in (True, False, True):
        changed = admin.request("PATCH", path, {"PermissionsEdit": allowed})
        assert changed.status_code == 204
        response = describe(bob, response.headers["Last-Modified"])
        assert response.status_code == 200
        assert updateable(response, "Amount") is allowed


def test_taking_a_permission_set_away_counts_at_once(fresh: RunningOrg) -> None:
    """Deleting an assignment changes describe and writes alike."""
    alice, admin = fresh.login("alice"), fresh.login("admin")
    [assignment] = admin.query(
        "SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Sales_Amount_Editor'"
    )
    since = describe(alice).headers["Last-Modified"]
    path = f"/sobjects/PermissionSetAssignment/{assignment['Id']}"
    assert admin.request("DELETE", path).status_code == 204
    response = describe(alice, since)
    assert not updateable(response, "Amount")
    [deal] = alice.query("SELECT Id FROM Opportunity WHERE Name = 'Acme Renewal'")
    refused = alice.request("PATCH", f"/sobjects/Opportunity/{deal['Id']}", {"Amount": 1})
    assert refused.json()[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_hidden_field_looks_like_one_that_does_not_exist(fresh: RunningOrg) -> None:
    """Without read permission a field is absent everywhere, and named as unknown."""
    bob, admin = fresh.login("bob"), fresh.login("admin")
    [permission] = admin.query(
        "SELECT Id FROM FieldPermissions WHERE Field = 'Opportunity.NextStep'"
        " AND Parent.Profile.Name = 'Sales Rep'"
    )
    assert admin.request("DELETE", f"/sobjects/FieldPermissions/{permission['Id']}").ok
    assert "NextStep" not in {each["name"] for each in describe(bob).json()["fields"]}
    [deal] = bob.query("SELECT Id FROM Opportunity WHERE Name = 'Acme Renewal'")
    path = f"/sobjects/Opportunity/{deal['Id']}"
    assert "NextStep" not in bob.request("GET", path).json()
    refusals = [
        bob.request("GET", "/query", params={"q": "SELECT NextStep FROM Opportunity"}),
        bob.request(
            "GET", "/query", params={"q": "SELECT Id FROM Opportunity WHERE NextStep = 'x'"}
        ),
        bob.request("GET", "/query", params={"q": "SELECT Id FROM Opportunity ORDER BY NextStep"}),
        bob.request("GET", path, params={"fields": "NextStep"}),
        bob.request("PATCH", path, {"NextStep": "x"}),
    ]
    for refused in refusals:
        assert refused.json()[0]["errorCode"] == "INVALID_FIELD"
        assert "No such column 'NextStep'" in refused.json()[0]["message"]


def test_setup_objects_need_view_setup(bob: Client) -> None:
    """Permissions themselves are nothing a seller may read."""
    response = bob.request("GET", "/query", params={"q": "SELECT Id FROM FieldPermissions"})
    assert response.json()[0]["errorCode"] == "INVALID_TYPE"
