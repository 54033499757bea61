"""Single records over HTTP: created, read, changed, deleted, and every way that can be refused."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any
from uuid import uuid4

import pytest
import requests

from localorg.testing import Client


def error(response: requests.Response) -> tuple[int, str, list[str] | None]:
    """Return status, code and fields of a refusal."""
    [body] = response.json()
    return response.status_code, body["errorCode"], body.get("fields")


def row(client: Client, name: str, record: str) -> dict[str, Any]:
    """Read a whole record."""
    fields: dict[str, Any] = client.request("GET", f"/sobjects/{name}/{record}").json()
    return fields


def test_a_record_lives_its_life(alice: Client) -> None:
    """Created, read, changed, deleted: each step answers as the platform does."""
    created = alice.request("POST", "/sobjects/Account", {"Name": "Life", "Phone": "1"})
    assert created.status_code == 201
    record = created.json()["id"]
    assert created.json() == {"id": record, "success": True, "errors": []}
    path = f"/sobjects/Account/{record}"
    changed = alice.request("PATCH", path, {"name": "Life 2", "Phone": None})
    assert (changed.status_code, changed.content) == (204, b"")
    read = alice.request("GET", path, params={"fields": "Name,Phone"}).json()
    assert (read["Name"], read["Phone"]) == ("Life 2", None)
    assert alice.request("GET", f"/sobjects/Account/{record[:15]}").status_code == 200
    assert alice.request("DELETE", path).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        gone = alice.request(method, path, {} if method == "PATCH" else None)
        assert error(gone)[:2] == (404, "ENTITY_IS_DELETED")


def test_the_org_writes_who_and_when(alice: Client, admin: Client) -> None:
    """Audit fields name the running user and a time with milliseconds; a change moves them."""
    record = alice.create("Account", Name="Audited")
    before = row(alice, "Account", record)
    user = alice.request("GET", "/services/oauth2/userinfo").json()["user_id"]
    assert before["OwnerId"] == before["CreatedById"] == before["LastModifiedById"] == user
    assert len(before["CreatedDate"]) == len("2026-11-21T04:48:09.000+0000")
    assert before["CreatedDate"].endswith("+0000")
    admin.request("PATCH", f"/sobjects/Account/{record}", {"Site": "x"})
    after = row(alice, "Account", record)
    assert after["SystemModstamp"] == after["LastModifiedDate"] > before["LastModifiedDate"]
    assert after["LastModifiedById"] != user
    assert after["CreatedDate"] == before["CreatedDate"]


@pytest.mark.parametrize(
    ("name", "fields", "code", "named"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Opportunity", {"Name": "x"}, "REQUIRED_FIELD_MISSING", ["StageName", "CloseDate"]),
        ("Account", {"Name": None}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Account", {"Name": "  "}, "REQUIRED_FIELD_MISSING", ["Name"]),
        ("Account", {"Name": "x", "Site": "y" * 81}, "STRING_TOO_LONG", ["Site"]),
        ("Account", {"Name": 5}, "JSON_PARSER_ERROR", ["Name"]),
        ("Account", {"Name": ["x"]}, "JSON_PARSER_ERROR", ["Name"]),
        ("Account", {"Name": "x", "name": "y"}, "JSON_PARSER_ERROR", None),
        ("Account", {"Name": "nul\0"}, "JSON_PARSER_ERROR", None),
        ("Account", {"Name": "lone \ud800"}, "JSON_PARSER_ERROR", None),
        (
            "Account",
            {"Name": "x", "NumberOfEmployees": 1.5},
            "JSON_PARSER_ERROR",
            ["NumberOfEmployees"],
        ),
        (
            "Account",
            {"Name": "x", "NumberOfEmployees": True},
            "JSON_PARSER_ERROR",
            ["NumberOfEmployees"],
        ),
        (
            "Account",
            {"Name": "x", "NumberOfEmployees": 2**31},
            "NUMBER_OUTSIDE_VALID_RANGE",
            ["NumberOfEmployees"],
        ),
        (
            "Account",
            {"Name": "x", "AnnualRevenue": 10**18},
            "NUMBER_OUTSIDE_VALID_RANGE",
            ["AnnualRevenue"],
        ),
        ("Contact", {"LastName": "x", "Email": "no"}, "INVALID_EMAIL_ADDRESS", ["Email"]),
        (
            "Contact",
            {"LastName": "x", "Birthdate": "2026-02-30"},
            "JSON_PARSER_ERROR",
            ["Birthdate"],
        ),
        ("Contact", {"LastName": "x", "AccountId": "nope"}, "MALFORMED_ID", ["AccountId"]),
        (
            "Contact",
            {"LastName": "x", "AccountId": "003000000000001"},
            "FIELD_INTEGRITY_EXCEPTION",
            ["AccountId"],
        ),
        (
            "Contact",
            {"LastName": "x", "AccountId": "001000000000001"},
            "INVALID_CROSS_REFERENCE_KEY",
            ["AccountId"],
        ),
        ("Account", {"Name": "x", "Nope": 1}, "INVALID_FIELD", None),
        (
            "Account",
            {"Name": "x", "CreatedDate": "2026-01-01T00:00:00Z"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            ["CreatedDate"],
        ),
        (
            "Account",
            {"Name": "x", "IsDeleted": True, "Id": "1"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            ["IsDeleted", "Id"],
        ),
        (
            "Task",
            {"Subject": "x", "CallType": "Sideways"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            ["CallType"],
        ),
    ],
)
def test_a_bad_value_names_its_field(
    admin: Client, name: str, fields: dict[str, object], code: str, named: list[str] | None
) -> None:
    """A create with a value that does not fit is refused with the platform's code, and stores nothing."""
    assert error(admin.request("POST", f"/sobjects/{name}", fields)) == (400, code, named)


def test_a_required_field_cannot_be_emptied(alice: Client) -> None:
    """An update may clear what is nillable and nothing else."""
    record = alice.create("Account", Name="Keeps its name")
    refused = alice.request("PATCH", f"/sobjects/Account/{record}", {"Name": None})
    assert error(refused) == (400, "REQUIRED_FIELD_MISSING", ["Name"])


def test_every_field_out_of_bounds_is_named_at_once(bob: Client) -> None:
    """Fields that may not be written are gathered in one message."""
    [row] = bob.query("SELECT Id FROM Opportunity WHERE Name = 'Initech Upgrade'")
    fields = {"Amount": 1, "IsWon": True, "NextStep": "fine"}
    refused = bob.request("PATCH", f"/sobjects/Opportunity/{row['Id']}", fields)
    assert error(refused) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Amount", "IsWon"])
    assert "Unable to create/update fields: Amount, IsWon." in refused.json()[0]["message"]


def test_permissions_decide_each_operation(admin: Client, bob: Client, dana: Client) -> None:
    """Without the object permission an operation is refused with 403."""
    record = admin.create("Account", Name="Guarded")
    refusals = [
        bob.request("DELETE", f"/sobjects/Account/{record}"),
        dana.request("PATCH", f"/sobjects/Account/{record}", {"Site": "x"}),
        dana.request("POST", "/sobjects/Account", {"Name": "x"}),
    ]
    for refused in refusals:
        assert error(refused)[:2] == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert row(admin, "Account", record)["Site"] is None


def test_an_owner_must_be_active(admin: Client) -> None:
    """A record is not given to a user who has left."""
    template = admin.query("SELECT ProfileId FROM User WHERE Alias = 'dana'")[0]
    gone = admin.create(
        "User",
        Username=f"{uuid4().hex}@demo.localorg.example",
        LastName="Gone",
        Email="gone@demo.localorg.example",
        Alias="gone",
        TimeZoneSidKey="GMT",
        LocaleSidKey="en_US",
        EmailEncodingKey="UTF-8",
        LanguageLocaleKey="en_US",
        ProfileId=template["ProfileId"],
        IsActive=False,
    )
    refused = admin.request("POST", "/sobjects/Account", {"Name": "x", "OwnerId": gone})
    assert error(refused)[:2] == (400, "INACTIVE_OWNER_OR_USER")


def test_a_unique_value_is_taken_once(admin: Client) -> None:
    """A second record with a unique value, in any case, is a duplicate."""
    [user] = admin.query("SELECT Id, Username FROM User WHERE Alias = 'dana'")
    [other] = admin.query("SELECT Id FROM User WHERE Alias = 'carol'")
    refused = admin.request(
        "PATCH", f"/sobjects/User/{other['Id']}", {"Username": user["Username"].upper()}
    )
    assert error(refused)[:2] == (400, "DUPLICATE_VALUE")
    assert user["Id"] in refused.json()[0]["message"]


def test_a_stale_write_is_refused(alice: Client) -> None:
    """``If-Unmodified-Since`` compares whole seconds; a row changed later answers 412."""
    record = alice.create("Account", Name="Contended")
    path = f"/sobjects/Account/{record}"
    past = {"If-Unmodified-Since": formatdate(time.time() - 3600, usegmt=True)}
    now = {"If-Unmodified-Since": formatdate(time.time() + 1, usegmt=True)}
    stale = alice.request("PATCH", path, {"Site": "x"}, headers=past)
    assert error(stale)[:2] == (412, "PRECONDITION_FAILED")
    assert alice.request("GET", path, headers=past).status_code == 412
    assert alice.request("PATCH", path, {"Site": "x"}, headers=now).status_code == 204
    broken = alice.request("PATCH", path, {"Site": "y"}, headers={"If-Unmodified-Since": "soon"})
    assert broken.status_code == 400
    assert alice.request("DELETE", path, headers=past).status_code == 204


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sobjects/Account/001Lo0000000001ZZZ", 400, "MALFORMED_ID"),
        ("/sobjects/Account/..%2fUser", 400, "MALFORMED_ID"),
        ("/sobjects/Account/003000000000001", 404, "NOT_FOUND"),
        ("/sobjects/Account/001000000000001", 404, "NOT_FOUND"),
        ("/sobjects/Nope/001000000000001", 404, "NOT_FOUND"),
        ("/sobjects/UserRecordAccess/001000000000001", 404, "NOT_FOUND"),
        ("/nope", 404, "NOT_FOUND"),
        ("/services/data/v49.0/sobjects", 404, "NOT_FOUND"),
        ("/services/data/v69.0/sobjects", 404, "NOT_FOUND"),
    ],
)
def test_a_wrong_address_is_refused(alice: Client, path: str, status: int, code: str) -> None:
    """Ids are checked before anything is looked up; absent and hidden look alike."""
    assert error(alice.request("GET", path))[:2] == (status, code)


def test_a_body_must_be_a_json_object(alice: Client) -> None:
    """Broken JSON, constants that are not JSON, and other shapes are a parser error."""
    url = f"{alice.url}/services/data/v68.0/sobjects/Account"
    headers = {"Authorization": f"Bearer {alice.token}", "Content-Type": "application/json"}
    for content in (
        "{",
        "[]",
        '{"AnnualRevenue": NaN}',
        "\xff",
        "[" * 100_000,
        '{"Name":' * 500 + "1" + "}" * 500,
    ):
        response = requests.post(url, content.encode("latin-1"), headers=headers, timeout=10)
        assert error(response)[:2] == (400, "JSON_PARSER_ERROR")


def test_a_method_the_resource_lacks_is_refused(alice: Client) -> None:
    """The answer names what is allowed."""
    assert error(alice.request("PUT", "/sobjects/Account"))[:2] == (405, "METHOD_NOT_ALLOWED")


def test_an_upsert_creates_once_and_then_changes(admin: Client) -> None:
    """201 with ``created`` first, 200 without it afterwards, 300 where the key is not unique."""
    email = f"{uuid4().hex}@upsert.example"
    path = f"/sobjects/Contact/Email/{email}"
    first = admin.request("PATCH", path, {"LastName": "One"})
    assert (first.status_code, first.json()["created"]) == (201, True)
    second = admin.request("PATCH", path, {"LastName": "Two"})
    assert (second.status_code, second.json()["created"]) == (200, False)
    assert second.json()["id"] == first.json()["id"]
    assert admin.request("GET", path).json()["LastName"] == "Two"
    admin.request(
        "POST",
        "/sobjects/Contact",
        {"LastName": "Three", "Email": email},
        headers={"Sforce-Duplicate-Rule-Header": "allowSave=true"},
    )
    several = admin.request("PATCH", path, {"LastName": "x"})
    assert (several.status_code, len(several.json())) == (300, 2)


@pytest.mark.parametrize("field", ["Id", "LastName", "Nope"])
def test_an_upsert_needs_a_key_field(admin: Client, field: str) -> None:
    """Only an external id or lookup field can be the key, and never ``Id``."""
    refused = admin.request("PATCH", f"/sobjects/Contact/{field}/x", {"LastName": "x"})
    assert error(refused)[:2] == (404, "NOT_FOUND")


def test_an_external_key_names_one_account(alice: Client, admin: Client, dana: Client) -> None:
    """It is unique in any case of letters, can be matched on, and is written by whoever edits accounts."""
    key = uuid4().hex
    first = alice.create("Account", Name="One", External_Key__c=key)
    twin = admin.request("POST", "/sobjects/Account", {"Name": "x", "External_Key__c": key.upper()})
    assert error(twin)[:2] == (400, "DUPLICATE_VALUE")
    path = f"/sobjects/Account/External_Key__c/{key.upper()}"
    assert alice.request("PATCH", path, {"Name": "Two"}).json()["id"] == first
    assert row(alice, "Account", first)["Name"] == "Two"
    for client, writable in ((alice, True), (dana, False)):
        fields = client.request("GET", "/sobjects/Account/describe").json()["fields"]
        (field,) = (each for each in fields if each["name"] == "External_Key__c")
        assert (field["unique"], field["externalId"], field["idLookup"]) == (True, True, True)
        assert (field["caseSensitive"], field["custom"], field["length"]) == (False, True, 80)
        assert field["createable"] is field["updateable"] is writable


def test_numbers_are_generated_in_order(admin: Client) -> None:
    """Case numbers continue after the seed's."""
    numbers = [
        int(row(admin, "Case", admin.create("Case", Subject=str(n)))["CaseNumber"])
        for n in range(2)
    ]
    assert numbers[1] == numbers[0] + 1 > 1006


def test_decimals_are_rounded_to_their_scale(admin: Client) -> None:
    """A currency keeps two places, rounded half up."""
    fields = {"Name": "x", "StageName": "Prospecting", "CloseDate": "2026-12-31", "Amount": 10.005}
    record = admin.request("POST", "/sobjects/Opportunity", fields).json()["id"]
    assert row(admin, "Opportunity", record)["Amount"] == 10.01
