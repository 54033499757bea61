"""Duplicate rules over HTTP: alert and block, the header that overrides, and what the answer shows."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.errors import ApiError
from localorg.save_options import HEADER, SaveOptions, save_options
from localorg.testing import Client

ALLOW = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}
MESSAGE = "Use one of these records? A contact with this email is already there."


@pytest.fixture
def email() -> str:
    """An address nobody has yet."""
    return f"{uuid4().hex}@same.example"


def contact(client: Client, email: str, headers: Mapping[str, str] | None = None) -> Any:
    """Ask for a contact with an email and return the response."""
    body = {"LastName": "Twin", "Email": email}
    return client.request("POST", "/sobjects/Contact", body, headers)


@pytest.fixture
def blocking(admin: Client) -> Iterator[None]:
    """Let the rule for accounts block while the test runs."""
    path = "/localorg/rules/Account.Account_Same_Name"
    admin.request("PUT", path, {"mode": "block"})
    yield
    admin.request("PUT", path, {"mode": "off"})


def test_a_second_contact_with_an_email_is_alerted_to(admin: Client, email: str) -> None:
    """The answer names the rule and the record that is there, with its id alone; the case of letters is no matter."""
    first = contact(admin, email).json()["id"]
    refused = contact(admin, email.upper())
    url = f"/services/data/v68.0/sobjects/Contact/{first}"
    record = {"attributes": {"type": "Contact", "url": url}, "Id": first}
    assert refused.status_code == 400
    assert refused.json() == [
        {
            "message": MESSAGE,
            "errorCode": "DUPLICATES_DETECTED",
            "duplicateResult": {
                "allowSave": True,
                "duplicateRule": "Contact_Same_Email",
                "duplicateRuleEntityType": "Contact",
                "errorMessage": MESSAGE,
                "matchResults": [
                    {
                        "entityType": "Contact",
                        "errors": [],
                        "matchEngine": "ExactMatchEngine",
                        "matchRecords": [
                            {
                                "additionalInformation": [],
                                "fieldDiffs": [],
                                "matchConfidence": 100.0,
                                "record": record,
                            }
                        ],
                        "rule": "Contact_Exact_Email",
                        "size": 1,
                        "success": True,
                    }
                ],
            },
        }
    ]


def test_an_alert_can_be_overridden(admin: Client, email: str) -> None:
    """With ``allowSave`` the record is saved; with it set to false it is not."""
    contact(admin, email)
    denied = {"Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=true"}
    [error] = contact(admin, email, denied).json()
    [match] = error["duplicateResult"]["matchResults"][0]["matchRecords"]
    assert (match["record"]["Name"], match["record"]["Email"]) == ("Twin", email)
    assert contact(admin, email, ALLOW).status_code == 201


def test_a_change_is_looked_at_where_the_field_changes(admin: Client, email: str) -> None:
    """A record keeps what it has, and may not take over another one's."""
    first = contact(admin, email).json()["id"]
    second = contact(admin, f"other.{email}").json()["id"]
    keep = admin.request("PATCH", f"/sobjects/Contact/{first}", {"Email": email, "Title": "CEO"})
    assert keep.status_code == 204
    taken = admin.request("PATCH", f"/sobjects/Contact/{second}", {"Email": email})
    assert taken.json()[0]["errorCode"] == "DUPLICATES_DETECTED"


def test_a_rule_that_blocks_is_not_overridden(admin: Client, blocking: None) -> None:  # noqa: ARG001 - its effect
    """``allowSave`` in the answer says so before anybody tries."""
    name = f"Blocked {uuid4().hex}"
    admin.create("Account", Name=name)
    refused = admin.request("POST", "/sobjects/Account", {"Name": name}, ALLOW)
    [error] = refused.json()
    assert error["errorCode"] == "DUPLICATES_DETECTED"
    assert error["duplicateResult"]["allowSave"] is False


def test_a_rule_that_is_off_says_nothing(admin: Client) -> None:
    """Accounts of one name are no matter in a fresh org."""
    name = f"Twice {uuid4().hex}"
    assert admin.create("Account", Name=name) != admin.create("Account", Name=name)


def test_a_row_of_a_collection_carries_the_result(admin: Client, email: str) -> None:
    """The second of two equal rows is refused with its match; the header of the call overrides for all rows."""
    record = {"attributes": {"type": "Contact"}, "LastName": "Twin", "Email": email}
    body = {"records": [record, record]}
    first, second = admin.request("POST", "/composite/sobjects", body).json()
    [error] = second["errors"]
    assert first["success"]
    assert (error["statusCode"], error["fields"]) == ("DUPLICATES_DETECTED", [])
    [match] = error["duplicateResult"]["matchResults"][0]["matchRecords"]
    assert match["record"]["Id"] == first["id"]
    again = admin.request("POST", "/composite/sobjects", body, ALLOW).json()
    assert [each["success"] for each in again] == [True, True]


def test_a_subrequest_has_a_header_of_its_own(admin: Client, email: str) -> None:
    """In a composite call only the subrequest that carries the header may save a duplicate."""
    contact(admin, email)

    def subrequest(name: str, headers: dict[str, str]) -> dict[str, object]:
        url = "/services/data/v68.0/sobjects/Contact"
        body = {"LastName": "Twin", "Email": email}
        return {
            "method": "POST",
            "url": url,
            "referenceId": name,
            "body": body,
            "httpHeaders": headers,
        }

    body = {"compositeRequest": [subrequest("a", {}), subrequest("b", ALLOW)]}
    answers = admin.request("POST", "/composite", body).json()["compositeResponse"]
    assert [each["httpStatusCode"] for each in answers] == [400, 201]
    assert answers[0]["body"][0]["duplicateResult"]["duplicateRule"] == "Contact_Same_Email"


def test_a_bulk_job_refuses_the_row(admin: Client, email: str) -> None:
    """A job has no header of its own for these rules, so that an alert stands, in the row it is about."""
    wanted = {"object": "Contact", "operation": "insert"}
    job = f"/jobs/ingest/{admin.request('POST', '/jobs/ingest', wanted).json()['id']}"
    url = f"{admin.url}/services/data/v68.0{job}"
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "text/csv"}
    rows = f"LastName,Email\nOne,{email}\nTwo,{email}\n"
    admin.http.put(f"{url}/batches", rows, headers=headers, timeout=30).raise_for_status()
    admin.request("PATCH", job, {"state": "UploadComplete"})
    deadline = time.monotonic() + 10
    while admin.request("GET", job).json()["state"] != "JobComplete":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    [failed] = csv.DictReader(admin.request("GET", f"{job}/failedResults").text.splitlines())
    assert failed["LastName"] == "Two"
    assert failed["sf__Error"].startswith(f"DUPLICATES_DETECTED:{MESSAGE}")


def test_a_match_nobody_may_see_stays_unseen(admin: Client, bob: Client, email: str) -> None:
    """A private record is matched and not shown; with ``runAsCurrentUser`` it is not even matched."""
    contact(admin, email)
    [error] = contact(bob, email).json()
    [result] = error["duplicateResult"]["matchResults"]
    assert (result["matchRecords"], result["size"]) == ([], 0)
    own = {"Sforce-Duplicate-Rule-Header": "runAsCurrentUser=true"}
    assert contact(bob, email, own).status_code == 201


@pytest.mark.parametrize("value", ["allowSave", "allowSave=1", "saveAll=true", "allowSave=true x"])
def test_a_header_nobody_understands_is_refused(admin: Client, email: str, value: str) -> None:
    """A misspelt header must not be read as no header, and writes nothing."""
    refused = contact(admin, email, {"Sforce-Duplicate-Rule-Header": value})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_HEADER")
    assert admin.query(f"SELECT Id FROM Contact WHERE Email = '{email}'") == []


@given(allow=st.booleans(), details=st.booleans(), own=st.booleans(), glue=st.sampled_from(";,"))
def test_the_header_says_what_was_written(
    *, allow: bool, details: bool, own: bool, glue: str
) -> None:
    """Any order of letters' case, spaces and separators reads as the three flags."""
    said = {"ALLOWSAVE": allow, "includeRecordDetails": details, "runascurrentuser": own}
    text = f" {glue} ".join(f"{name} = {value}" for name, value in said.items())
    assert save_options({HEADER: text}) == SaveOptions(allow, details, own)
    assert save_options({HEADER: ""}) == SaveOptions() == save_options({})


@given(st.text("aelrstu =", min_size=1, max_size=30).filter(str.strip))
def test_any_other_header_is_refused(text: str) -> None:
    """Whatever is not a list of known flags is an error, never a silent yes."""
    with pytest.raises(ApiError) as refused:
        save_options({HEADER: text})
    assert refused.value.code == "INVALID_HEADER"
