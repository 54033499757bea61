"""Deletes over HTTP: what goes with a record, what stays, and what forbids it."""

from __future__ import annotations

import requests

from localorg.testing import Client


def error(response: requests.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    [body] = response.json()
    return response.status_code, body["errorCode"]


def field(client: Client, name: str, record: str, of: str) -> object:
    """Read one field of a record."""
    return client.request("GET", f"/sobjects/{name}/{record}").json()[of]


def test_deleting_a_parent_takes_its_children(admin: Client) -> None:
    """Contacts and opportunities go with their account, line items with their opportunity."""
    account = admin.create("Account", Name="Parent")
    contact = admin.create("Contact", LastName="Child", AccountId=account)
    deal = admin.create(
        "Opportunity",
        Name="Deal",
        AccountId=account,
        StageName="Prospecting",
        CloseDate="2026-12-31",
    )
    report = admin.create("Contact", LastName="Elsewhere", ReportsToId=contact)
    assert admin.request("DELETE", f"/sobjects/Account/{account}").status_code == 204
    for name, record in (("Contact", contact), ("Opportunity", deal)):
        gone = admin.request("GET", f"/sobjects/{name}/{record}")
        assert error(gone) == (404, "ENTITY_IS_DELETED")
    assert field(admin, "Contact", report, "ReportsToId") is None


def test_what_a_describe_says_goes_with_a_parent_goes(admin: Client) -> None:
    """Each kind of child is gone after the delete, or is still there, just as the describe had said."""
    account = admin.create("Account", Name="Parent")
    deal = {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
    children = {
        ("Contact", "AccountId"): admin.create("Contact", LastName="x", AccountId=account),
        ("Opportunity", "AccountId"): admin.create("Opportunity", AccountId=account, **deal),
        ("Task", "WhatId"): admin.create("Task", Subject="x", WhatId=account),
        ("Account", "ParentId"): admin.create("Account", Name="x", ParentId=account),
    }
    described = admin.request("GET", "/sobjects/Account/describe").json()["childRelationships"]
    said = {(each["childSObject"], each["field"]): each["cascadeDelete"] for each in described}
    assert admin.request("DELETE", f"/sobjects/Account/{account}").status_code == 204
    gone = {
        link: admin.request("GET", f"/sobjects/{link[0]}/{record}").status_code == 404
        for link, record in children.items()
    }
    assert gone == {link: said[link] for link in children}
    assert set(gone.values()) == {True, False}


def test_a_parent_that_is_needed_stays(admin: Client) -> None:
    """An account with cases is not deleted, nor anything that hangs on it."""
    account = admin.create("Account", Name="Needed")
    contact = admin.create("Contact", LastName="Stays", AccountId=account)
    admin.create("Case", Subject="Open", AccountId=account)
    refused = admin.request("DELETE", f"/sobjects/Account/{account}")
    assert error(refused) == (400, "DELETE_FAILED")
    assert field(admin, "Contact", contact, "IsDeleted") is False
