"""A client written for the platform: simple-salesforce's Bulk 2.0, unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from localorg.testing import Client


class Redirected(HTTPAdapter):
    """Sends to the local org what a client addresses to a host over TLS, as it cannot do without."""

    def __init__(self, url: str) -> None:
        self._url = url
        super().__init__()

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """Send a request to the other address."""
        parts = urlsplit(str(request.url))
        query = f"?{parts.query}" if parts.query else ""
        request.url = f"{self._url}{parts.path}{query}"
        return super().send(request, *args, **more)


def rows(text: str) -> list[Mapping[str, str]]:
    """Return the rows of a table."""
    return list(csv.DictReader(io.StringIO(text)))


def test_simple_salesforce_inserts_and_reads(admin: Client) -> None:
    """Its insert, its three kinds of results and its query find what they expect."""
    name = uuid4().hex
    with requests.Session() as session:
        session.mount("https://", Redirected(admin.url))
        org: Any = Salesforce(instance="local.example", session_id=admin.token, session=session)
        accounts = org.bulk2.Account
        records = [{"Name": name, "Site": 'two\n"lines"'}, {"Name": "", "Site": "nameless"}]
        [told] = accounts.insert(records=records, wait=0.05)
        assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (2, 1)
        [kept] = rows(accounts.get_successful_records(told["job_id"]))
        assert (kept["Name"], kept["Site"]) == (name, 'two\n"lines"')
        assert len(rows(accounts.get_failed_records(told["job_id"]))) == 1
        assert rows(accounts.get_unprocessed_records(told["job_id"])) == []
        query = f"SELECT Id, Site FROM Account WHERE Name = '{name}'"
        [page] = accounts.query(query, wait=0.05)
    assert rows(page) == [{"Id": kept["sf__Id"], "Site": 'two\n"lines"'}]
