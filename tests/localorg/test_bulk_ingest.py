"""Jobs that change records: from an open job to its results, row by row."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from localorg.testing import TIMEOUT, VERSION, Client, running_org

JOBS = "/jobs/ingest"
ENDED = {"JobComplete", "Failed", "Aborted"}


def new_job(client: Client, operation: str, name: str, **more: str) -> str:
    """Make a job and return its id."""
    body = {"operation": operation, "object": name, "contentType": "CSV", **more}
    response = client.request("POST", JOBS, body)
    assert (response.status_code, response.json()["state"]) == (200, "Open")
    return str(response.json()["id"])


def put(client: Client, job: str, content: str) -> Any:
    """Give a job its upload and return the response."""
    url = f"{client.url}/services/data/{VERSION}{JOBS}/{job}/batches"
    headers = {"Authorization": f"Bearer {client.token}", "Content-Type": "text/csv; charset=UTF-8"}
    return client.http.put(url, data=content.encode(), headers=headers, timeout=TIMEOUT)


def ended(client: Client, job: str) -> dict[str, Any]:
    """Return a job once it has ended."""
    for _ in range(1500):
        told: dict[str, Any] = client.request("GET", f"{JOBS}/{job}").json()
        if told["state"] in ENDED:
            return told
        time.sleep(0.01)
    raise AssertionError(told)


def carry_out(
    client: Client, operation: str, name: str, content: str, **more: str
) -> tuple[str, dict[str, Any]]:
    """Make a job, upload, start it and wait; return its id and how it ended."""
    job = new_job(client, operation, name, **more)
    assert put(client, job, content).status_code == 201
    started = client.request("PATCH", f"{JOBS}/{job}", {"state": "UploadComplete"})
    assert started.status_code == 200
    return job, ended(client, job)


def results(client: Client, job: str, kind: str) -> list[dict[str, str]]:
    """Return the rows of one of a job's results."""
    response = client.request("GET", f"{JOBS}/{job}/{kind}")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "Sforce-Limit-Info" in response.headers
    return list(csv.DictReader(io.StringIO(response.text)))


def count(client: Client, where: str) -> int:
    """Count accounts."""
    params = {"q": f"SELECT COUNT() FROM Account WHERE {where}"}
    return int(client.request("GET", "/query", params=params).json()["totalSize"])


def test_each_row_answers_for_itself(admin: Client) -> None:
    """Good rows are kept with their new ids, refused ones say why, and none is left untried."""
    name = uuid4().hex
    content = f'Name,Site\n{name},"two\nlines"\n,nameless\n'
    job, told = carry_out(admin, "insert", "Account", content)
    counts = (told["state"], told["numberRecordsProcessed"], told["numberRecordsFailed"])
    assert counts == ("JobComplete", 2, 1)
    [kept] = results(admin, job, "successfulResults")
    [refused] = results(admin, job, "failedResults/")
    assert (kept["sf__Created"], kept["Name"], kept["Site"]) == ("true", name, "two\nlines")
    assert admin.query(f"SELECT Id FROM Account WHERE Name = '{name}'")[0]["Id"] == kept["sf__Id"]
    missing = "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --"
    assert (refused["sf__Id"], refused["sf__Error"]) == ("", missing)
    assert results(admin, job, "unprocessedRecords") == []


@pytest.mark.parametrize("cell", ["nan", "Infinity", "1_000", "0x10", "1e999"])
def test_a_cell_that_is_no_number_is_refused_as_a_row(admin: Client, cell: str) -> None:
    """What only a programming language takes for a number neither becomes one nor ends the job."""
    content = f"Name,AnnualRevenue\nNumbers,{cell}\nNumbers,\n"
    job, told = carry_out(admin, "insert", "Account", content)
    assert (told["state"], told["numberRecordsFailed"]) == ("JobComplete", 1)
    [refused] = results(admin, job, "failedResults")
    assert refused["AnnualRevenue"] == cell


def test_cells_become_values(admin: Client) -> None:
    """An empty cell changes nothing, ``#N/A`` clears, numbers and booleans are read as such."""
    record = admin.create("Account", Name="Cells", Site="old", Description="stays")
    content = f"Id,Site,Description,AnnualRevenue,NumberOfEmployees\n{record},#N/A,,1234.0,7\n"
    _, told = carry_out(admin, "update", "Account", content)
    assert told["numberRecordsFailed"] == 0
    stored = admin.request("GET", f"/sobjects/Account/{record}").json()
    names = ("Site", "Description", "AnnualRevenue", "NumberOfEmployees")
    assert [stored[each] for each in names] == [None, "stays", 1234, 7]


def test_a_cell_of_the_wrong_type_is_told_with_its_field(admin: Client) -> None:
    """A text where a number belongs refuses its row alone, which keeps its id in the results."""
    record = admin.create("Account", Name="Typed")
    content = f"Id,NumberOfEmployees\n{record},seven\n"
    job, _ = carry_out(admin, "update", "Account", content)
    [refused] = results(admin, job, "failedResults")
    assert refused["sf__Id"] == record
    assert refused["sf__Error"].startswith("INVALID_TYPE_ON_FIELD_IN_RECORD:")
    assert refused["sf__Error"].endswith(":NumberOfEmployees --")


def test_upserts_say_what_they_created(admin: Client) -> None:
    """A key that is there changes its record; a row without the key is refused."""
    key = uuid4().hex
    admin.create("Account", Name="Keyed", External_Key__c=key)
    content = f"External_Key__c,Name\n{key},Changed\n{key}2,New\n,Nobody\n"
    more = {"externalIdFieldName": "External_Key__c"}
    job, _ = carry_out(admin, "upsert", "Account", content, **more)
    kept = results(admin, job, "successfulResults")
    assert [each["sf__Created"] for each in kept] == ["false", "true"]
    [refused] = results(admin, job, "failedResults")
    assert refused["sf__Error"] == "MISSING_ARGUMENT:Account.External_Key__c not specified:--"


def test_deletes_name_absent_rows(admin: Client) -> None:
    """A row that was deleted already is refused, the other one is gone."""
    gone, here = (admin.create("Account", Name=f"Bulk {n}") for n in range(2))
    admin.request("DELETE", f"/sobjects/Account/{gone}")
    job, _ = carry_out(admin, "delete", "Account", f"Id\n{gone}\n{here}\n")
    assert [each["sf__Id"] for each in results(admin, job, "successfulResults")] == [here]
    [refused] = results(admin, job, "failedResults")
    assert refused["sf__Error"] == "ENTITY_IS_DELETED:entity is deleted:--"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Name,Nonsense\nx,y\n", "InvalidBatch : Field name not found : Nonsense"),
        ("Name,Site\nx\n", "InvalidBatch : row 1 has 1 columns, the header 2"),
        ("Name,NAME\nx,y\n", "InvalidBatch : a column is given more than once"),
        ("Name\r\nx\r\n", "LineEnding is invalid on user data"),
    ],
)
def test_a_bad_upload_fails_the_job_before_its_first_row(
    admin: Client, content: str, said: str
) -> None:
    """The job says why, and nothing was tried."""
    job, told = carry_out(admin, "insert", "Account", content)
    assert (told["state"], told["numberRecordsProcessed"]) == ("Failed", 0)
    assert said in told["errorMessage"]
    assert results(admin, job, "successfulResults") == []


def test_rights_are_the_owners(bob: Client, admin: Client) -> None:
    """A job does no more than its owner may, and nobody else sees it."""
    job, told = carry_out(bob, "delete", "Account", f"Id\n{admin.create('Account', Name='Mine')}\n")
    assert told["numberRecordsFailed"] == 1
    assert admin.request("GET", f"{JOBS}/{job}").status_code == 404
    assert job in [each["id"] for each in bob.request("GET", JOBS).json()["records"]]


def test_the_dialect_is_the_jobs(admin: Client) -> None:
    """Another delimiter and line ending are read, and written in the results."""
    content = f"Name|Site\r\n{uuid4().hex}|s\r\n"
    more = {"columnDelimiter": "PIPE", "lineEnding": "CRLF"}
    job, told = carry_out(admin, "insert", "Account", content, **more)
    assert told["numberRecordsFailed"] == 0
    text = admin.request("GET", f"{JOBS}/{job}/successfulResults").text
    assert text.startswith('"sf__Id"|"sf__Created"|"Name"|"Site"\r\n')


def test_a_job_takes_its_steps_in_order(admin: Client) -> None:
    """No start without an upload, one upload only, nothing after the end; then it can be deleted."""
    job = new_job(admin, "insert", "Account")
    early = admin.request("PATCH", f"{JOBS}/{job}", {"state": "UploadComplete"})
    assert early.json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert put(admin, job, "Name\n").status_code == 201
    assert put(admin, job, "Name\n").json()[0]["errorCode"] == "CLIENTERROR"
    aborted = admin.request("PATCH", f"{JOBS}/{job}", {"state": "Aborted"}).json()
    assert aborted["state"] == "Aborted"
    assert put(admin, job, "Name\n").json()[0]["errorCode"] == "INVALIDJOBSTATE"
    again = admin.request("PATCH", f"{JOBS}/{job}", {"state": "UploadComplete"})
    assert again.status_code == 400
    assert admin.request("DELETE", f"{JOBS}/{job}").status_code == 204
    assert admin.request("GET", f"{JOBS}/{job}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "hardDelete"},
        {"operation": "upsert"},
        {"externalIdFieldName": "Name"},
        {"object": "Nonsense"},
        {"lineEnding": "CR"},
        {"columnDelimiter": ","},
        {"contentType": "XML"},
        {"surprise": "x"},
        {"object": 1},
    ],
)
def test_a_job_that_cannot_be_is_refused(admin: Client, change: dict[str, object]) -> None:
    """Unknown keys, objects, operations and dialects are errors, never ignored."""
    body = {"operation": "insert", "object": "Account", **change}
    refused = admin.request("POST", JOBS, body)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALIDJOB")


def test_an_aborted_job_keeps_what_it_did(admin: Client) -> None:
    """Rows tried and rows never tried are told apart and are all there."""
    name = uuid4().hex
    job = new_job(admin, "insert", "Account")
    content = "Name,Site\n" + "".join(f"{name} {n},{name}\n" for n in range(3000))
    put(admin, job, content)
    admin.request("PATCH", f"{JOBS}/{job}", {"state": "UploadComplete"})
    admin.request("PATCH", f"{JOBS}/{job}", {"state": "Aborted"})
    told = ended(admin, job)
    assert told["state"] == "Aborted"
    kept = results(admin, job, "successfulResults")
    left = results(admin, job, "unprocessedrecords")
    assert len(kept) == told["numberRecordsProcessed"] == count(admin, f"Site = '{name}'")
    assert len(kept) + len(left) == 3000
    assert left


def test_a_job_outlives_its_server(tmp_path: Path) -> None:
    """Killed in the middle and served again, the org carries on: no row twice, none lost."""
    path = str(tmp_path / "org.db")
    rows = 2000
    with running_org(db=path) as served:
        admin = served.login("admin")
        job = new_job(admin, "insert", "Account")
        put(admin, job, "Name,Site\n" + "".join(f"Row {n},outlived\n" for n in range(rows)))
        admin.request("PATCH", f"{JOBS}/{job}", {"state": "UploadComplete"})
        served.process.kill()
        served.process.wait()
    with running_org(db=path) as served:
        admin = served.login("admin")
        told = ended(admin, job)
        assert (told["state"], told["numberRecordsProcessed"]) == ("JobComplete", rows)
        assert count(admin, "Site = 'outlived'") == rows
        assert len(results(admin, job, "successfulResults")) == rows
