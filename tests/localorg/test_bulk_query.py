"""Jobs that read records: made of a query, fetched page by page."""

from __future__ import annotations

import csv
import io
import time
from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import Client

JOBS = "/jobs/query"


def run(client: Client, query: str, operation: str = "query") -> str:
    """Make a query job, wait for its end and return its id."""
    made = client.request("POST", JOBS, {"operation": operation, "query": query})
    assert made.status_code == 200, made.text
    job = str(made.json()["id"])
    for _ in range(500):
        told: dict[str, Any] = client.request("GET", f"{JOBS}/{job}").json()
        if told["state"] == "JobComplete":
            return job
        time.sleep(0.01)
    raise AssertionError(told)


def page(client: Client, job: str, **params: str) -> tuple[list[dict[str, str]], str]:
    """Return the rows of one page and the locator of the next."""
    response = client.request("GET", f"{JOBS}/{job}/results", params=params)
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["Sforce-NumberOfRecords"] == str(len(rows))
    return rows, response.headers["Sforce-Locator"]


def test_rows_come_page_by_page(admin: Client) -> None:
    """Fields and parents' fields are columns; the last page's locator is the word null."""
    name = uuid4().hex
    account = admin.create("Account", Name=name)
    for number in range(3):
        admin.create("Opportunity", Name=f"{number}", StageName="Prospecting",
                     CloseDate="2026-12-01", AccountId=account, Amount=number)  # fmt: skip
    query = f"SELECT Name, Account.Name, Amount, IsClosed, NextStep FROM Opportunity WHERE AccountId = '{account}' ORDER BY Name"
    job = run(admin, query)
    first, locator = page(admin, job, maxRecords="2")
    rest, end = page(admin, job, maxRecords="2", locator=locator)
    assert end == "null"
    assert first[1] == {
        "Name": "1",
        "Account.Name": name,
        "Amount": "1.0",
        "IsClosed": "false",
        "NextStep": "",
    }
    assert [each["Name"] for each in (*first, *rest)] == ["0", "1", "2"]


def test_deleted_rows_are_for_query_all(admin: Client) -> None:
    """``queryAll`` reads the recycle bin too."""
    name = uuid4().hex
    admin.request("DELETE", f"/sobjects/Account/{admin.create('Account', Name=name)}")
    query = f"SELECT Id FROM Account WHERE Name = '{name}'"
    assert page(admin, run(admin, query)) == ([], "null")
    assert len(page(admin, run(admin, query, "queryAll"))[0]) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "INVALIDJOB"),
        ("SELECT FROM Account", "MALFORMED_QUERY"),
        ("SELECT Nonsense FROM Account", "INVALID_FIELD"),
        ("SELECT COUNT() FROM Account", "FUNCTIONALITYNOTENABLED"),
        ("SELECT Id, (SELECT Id FROM Contacts) FROM Account", "FUNCTIONALITYNOTENABLED"),
        ("SELECT BillingAddress FROM Account", "FUNCTIONALITYNOTENABLED"),
    ],
)
def test_a_query_that_is_not_flat_is_refused(admin: Client, query: str, code: str) -> None:
    """What cannot be a table, or read at all, makes no job."""
    refused = admin.request("POST", JOBS, {"operation": "query", "query": query})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, code)


@pytest.mark.parametrize(
    "params", [{"locator": "x"}, {"locator": "9"}, {"maxRecords": "0"}, {"maxRecords": "-1"}]
)
def test_a_page_out_of_range_is_refused(admin: Client, params: dict[str, str]) -> None:
    """A locator or a number that makes no sense is an error."""
    job = run(admin, "SELECT Id FROM Account LIMIT 1")
    refused = admin.request("GET", f"{JOBS}/{job}/results", params=params)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_an_ended_job_can_be_deleted_only(admin: Client, bob: Client) -> None:
    """It cannot be aborted any more; somebody else does not see it."""
    job = run(admin, "SELECT Id FROM Account LIMIT 1")
    assert bob.request("GET", f"{JOBS}/{job}/results").status_code == 404
    aborted = admin.request("PATCH", f"{JOBS}/{job}", {"state": "Aborted"})
    assert aborted.json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert job in [each["id"] for each in admin.request("GET", JOBS).json()["records"]]
    assert admin.request("DELETE", f"{JOBS}/{job}").status_code == 204
    assert admin.request("GET", f"{JOBS}/{job}/results").status_code == 404
