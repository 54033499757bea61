"""Collections: up to 200 rows a call, each with its own result."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import Client

ABSENT = "001000000000000AAA"


def rows(*names: str | None) -> list[dict[str, object]]:
    """Return accounts to create."""
    return [{"attributes": {"type": "Account"}, "Name": name} for name in names]


def post(admin: Client, records: object, *, whole: bool) -> list[dict[str, Any]]:
    """Create records and return their results."""
    body = {"allOrNone": whole, "records": records}
    results: list[dict[str, Any]] = admin.request("POST", "/composite/sobjects", body).json()
    return results


def upsert(admin: Client, path: str, *records: dict[str, object]) -> list[dict[str, Any]]:
    """Upsert records of an object and return their results."""
    typed = [{"attributes": {"type": path.split("/", maxsplit=1)[0]}, **each} for each in records]
    body = {"allOrNone": False, "records": typed}
    response = admin.request("PATCH", f"/composite/sobjects/{path}", body)
    results: list[dict[str, Any]] = response.json()
    return results


def test_each_row_answers_for_itself(admin: Client) -> None:
    """Without allOrNone good rows are stored and bad ones say why, with ``statusCode``."""
    good, bad = post(admin, rows("Collected", None), whole=False)
    assert (good["success"], bad["success"]) == (True, False)
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert admin.query(f"SELECT Name FROM Account WHERE Id = '{good['id']}'")


def test_all_or_none_stores_nothing(admin: Client) -> None:
    """With allOrNone one bad row takes the others back."""
    name = f"Back {uuid4().hex}"
    good, bad = post(admin, rows(name, None), whole=True)
    assert good["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'") == []


def test_rows_are_changed_and_deleted_by_id(admin: Client) -> None:
    """Updates name each row by its id; deletes take a list of ids."""
    ids = [each["id"] for each in post(admin, rows("One", "Two"), whole=True)]
    changes = [{"attributes": {"type": "Account"}, "id": each, "Site": "s"} for each in ids]
    changed = admin.request("PATCH", "/composite/sobjects", {"records": changes}).json()
    assert [each["success"] for each in changed] == [True, True]
    params = {"ids": ",".join([*ids, "bad"]), "allOrNone": "false"}
    deleted = admin.request("DELETE", "/composite/sobjects", params=params).json()
    assert [each["success"] for each in deleted] == [True, True, False]


def test_a_row_that_is_not_there_is_a_wrong_id(admin: Client) -> None:
    """An absent record, a deleted one and a row without an id each say which it is."""
    [gone] = post(admin, rows("Gone"), whole=True)
    admin.request("DELETE", f"/sobjects/Account/{gone['id']}")
    records = [{"attributes": {"type": "Account"}, "Id": each} for each in (ABSENT, gone["id"], "")]
    changed = admin.request("PATCH", "/composite/sobjects", {"records": records}).json()
    assert [each["errors"][0]["statusCode"] for each in changed] == [
        "INVALID_CROSS_REFERENCE_KEY",
        "ENTITY_IS_DELETED",
        "MISSING_ARGUMENT",
    ]


def test_rows_are_read_by_id_in_a_url_or_a_body(admin: Client) -> None:
    """Records come in the order asked for, null for one that is not there."""
    ids = [each["id"] for each in post(admin, rows("First", "Second"), whole=True)]
    wanted = [ids[1], ABSENT, ids[0]]
    params = {"ids": ",".join(wanted), "fields": "Name, Id"}
    by_url = admin.request("GET", "/composite/sobjects/Account", params=params).json()
    body = {"ids": wanted, "fields": ["Name", "Id"]}
    by_body = admin.request("POST", "/composite/sobjects/Account", body).json()
    assert [each and each["Name"] for each in by_url] == ["Second", None, "First"]
    assert by_body == by_url


def test_rows_are_upserted_by_a_key(admin: Client) -> None:
    """A key that is there changes its record, one that is not makes it, and the result says which."""
    email = f"{uuid4().hex}@collected.example"
    [made] = upsert(admin, "Contact/Email", {"Email": email, "LastName": "New"})
    again, missing = upsert(admin, "Contact/Email", {"email": email, "Title": "T"}, {"Title": "T"})
    assert (made["created"], again["created"]) == (True, False)
    assert made["id"] == again["id"]
    assert missing["errors"][0]["statusCode"] == "MISSING_ARGUMENT"
    [by_id] = upsert(admin, "Contact/Id", {"Id": made["id"], "Title": "by id"})
    assert by_id == {"id": made["id"], "success": True, "errors": [], "created": False}
    assert admin.query(f"SELECT Title FROM Contact WHERE Email = '{email}'")[0]["Title"] == "by id"


def test_a_key_of_several_records_changes_none(admin: Client) -> None:
    """A row whose key is held twice is refused, with both ids in the message."""
    email = f"{uuid4().hex}@twice.example"
    ids = [
        admin.create("Lead", LastName=f"Twin {n}", Company="Twins", Email=email) for n in range(2)
    ]
    [refused] = upsert(admin, "Lead/Email", {"Email": email, "Title": "T"})
    assert refused["errors"][0]["statusCode"] == "DUPLICATE_EXTERNAL_ID"
    assert all(each in refused["errors"][0]["message"] for each in ids)


def test_an_upsert_is_of_one_object(admin: Client) -> None:
    """A record of another type than the URL's is refused, and so is a field that is no key."""
    body = {"records": rows("Wrong")}
    [refused] = admin.request("PATCH", "/composite/sobjects/Contact/Email", body).json()
    assert refused["errors"][0]["statusCode"] == "JSON_PARSER_ERROR"
    assert admin.request("PATCH", "/composite/sobjects/Contact/Title", body).status_code == 404


@pytest.mark.parametrize("records", [None, {}, [1], [{"Name": "x"}] * 201])
def test_a_malformed_collection_is_refused(admin: Client, records: object) -> None:
    """Records are a list of at most 200 objects."""
    response = admin.request("POST", "/composite/sobjects", {"records": records})
    assert response.status_code == 400


def test_objects_come_in_at_most_ten_runs(admin: Client) -> None:
    """Eleven changes from one object to another are refused whole; the same rows sorted are taken."""
    mixed = [{"attributes": {"type": name}} for name in ("Account", "Contact") * 6]
    refused = admin.request("POST", "/composite/sobjects", {"records": mixed})
    assert refused.status_code == 400
    assert refused.json()[0]["message"].startswith("Cannot have more than 10 chunks")
    in_order = sorted(mixed, key=lambda each: str(each["attributes"]))
    assert len(post(admin, in_order, whole=True)) == 12


def test_a_list_of_ids_has_an_end(admin: Client) -> None:
    """More than 200 ids cannot be deleted, and more than 2,000 not be read, in one call."""
    params = {"ids": ",".join(["x"] * 201)}
    deleted = admin.request("DELETE", "/composite/sobjects", params=params)
    body = {"ids": [ABSENT] * 2001, "fields": ["Id"]}
    read = admin.request("POST", "/composite/sobjects/Account", body)
    for refused in (deleted, read):
        assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")


def test_a_thousand_rows_are_one_transaction(admin: Client) -> None:
    """Five collections of 200 rows go in one composite call; a bad last row takes all of them back."""
    name = f"Thousand {uuid4().hex}"

    def send(last: str | None) -> list[dict[str, Any]]:
        records = rows(*[name] * 999, last)
        subrequests = [
            {
                "method": "POST",
                "url": "/services/data/v68.0/composite/sobjects",
                "referenceId": f"c{start}",
                "body": {"records": records[start : start + 200]},
            }
            for start in range(0, 1000, 200)
        ]
        body = {"allOrNone": True, "compositeRequest": subrequests}
        answers: list[dict[str, Any]] = admin.request("POST", "/composite", body).json()[
            "compositeResponse"
        ]
        return answers

    def stored() -> int:
        params = {"q": f"SELECT COUNT() FROM Account WHERE Name = '{name}'"}
        return int(admin.request("GET", "/query", params=params).json()["totalSize"])

    failed = send(None)
    assert (failed[0]["httpStatusCode"], stored()) == (400, 0)
    assert failed[4]["body"][199]["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert all(each["httpStatusCode"] == 200 for each in send(name))
    assert stored() == 1000


def test_later_rows_refer_to_rows_of_an_earlier_collection(admin: Client) -> None:
    """``@{parents[1].id}`` is the second record created."""
    name = f"Parent {uuid4().hex}"
    child = {"attributes": {"type": "Contact"}, "LastName": "C", "AccountId": "@{parents[1].id}"}
    url = "/services/data/v68.0/composite/sobjects"
    subrequests = [
        {"method": "POST", "url": url, "referenceId": key, "body": {"records": records}}
        for key, records in (("parents", rows("First", name)), ("children", [child]))
    ]
    admin.request("POST", "/composite", {"allOrNone": True, "compositeRequest": subrequests})
    assert len(admin.query(f"SELECT Id FROM Contact WHERE Account.Name = '{name}'")) == 1
