"""A person's own query."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.connectors.salesforce.scripted_org import Reply, ScriptedOrg, Seen, fault

from actwright.connectors.salesforce.auth import ClientCredentials
from actwright.connectors.salesforce.connect import open_client
from actwright.connectors.salesforce.raw_query import raw_rows
from actwright.errors import InputError, OrgProtocolError, OrgRefusedError
from actwright.org.ports import Row

SOQL = "SELECT Name FROM Account WHERE Name = 'A&B? #%/..'"
LOCATOR = "/services/data/v66.0/query/01gD0000002HU6KIAW-2000"


def _rows(scripted: ScriptedOrg, soql: str = SOQL) -> list[Row]:
    client = open_client(scripted.url, ClientCredentials("alice", "localorg"))
    try:
        return raw_rows(client, soql)
    finally:
        client.close()


def _page(*records: object, **more: object) -> Reply:
    return Reply(body={"totalSize": len(records), "done": True, "records": list(records), **more})


def test_the_query_is_one_escaped_part_of_the_url(scripted: ScriptedOrg) -> None:
    """Whatever a person wrote arrives as it was, and can change neither path nor other parameters."""
    scripted.on("GET", "/query", _page())
    assert _rows(scripted) == []
    (seen,) = scripted.seen("/query")
    url = urlsplit(seen.path)
    assert url.path == "/services/data/v66.0/query"
    assert parse_qs(url.query) == {"q": [SOQL]}


def test_rows_are_plain(scripted: ScriptedOrg) -> None:
    """No notes about rows, parents nested, children as lists, an empty parent and no children as null."""
    note = {"type": "Account", "url": "/x"}
    children = {"totalSize": 1, "done": True, "records": [{"attributes": note, "Name": "C"}]}
    row = {"attributes": note, "Owner": {"attributes": note, "Name": "O"}, "Parent": None}
    scripted.on("GET", "/query", _page({**row, "Contacts": children, "Cases": None}))
    assert _rows(scripted) == [
        {"Owner": {"Name": "O"}, "Parent": None, "Contacts": [{"Name": "C"}], "Cases": None}
    ]


def test_all_pages_are_fetched_also_those_of_children(scripted: ScriptedOrg) -> None:
    """What the first answer left out is asked for, wherever it was left out."""
    first = {"totalSize": 2, "done": False, "nextRecordsUrl": LOCATOR, "records": [{"Name": "1"}]}
    scripted.on("GET", "/query?", _page({"Name": "A", "Contacts": first}))
    scripted.on("GET", "/query/01g", _page({"Name": "2"}))
    assert _rows(scripted) == [{"Name": "A", "Contacts": [{"Name": "1"}, {"Name": "2"}]}]


def test_a_next_page_elsewhere_is_not_followed(scripted: ScriptedOrg) -> None:
    """The org cannot send us to another address."""
    scripted.on("GET", "/query", _page({}, done=False, nextRecordsUrl="https://evil.example/"))
    with pytest.raises(OrgProtocolError):
        _rows(scripted)


def test_numbers_read_back_exactly(scripted: ScriptedOrg) -> None:
    """A number that no float can hold arrives as text, every other one as a number."""
    body = b'{"totalSize":1,"done":true,"records":[{"a":120000.0,"b":0.1,"c":1234567890123456.78}]}'
    scripted.on("GET", "/query", Reply(body=body))
    assert _rows(scripted) == [{"a": 120000.0, "b": 0.1, "c": "1234567890123456.78"}]


@pytest.mark.parametrize("total", [5, 0])
def test_a_count_is_a_row(scripted: ScriptedOrg, total: int) -> None:
    """``SELECT COUNT()`` has no records, only a total, and nothing counts as zero."""
    scripted.on("GET", "/query", Reply(body={"totalSize": total, "done": True, "records": []}))
    assert _rows(scripted, "select count ( ) FROM Account") == [{"count": total}]


def test_children_that_page_for_ever_are_given_up_on(
    scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows whose children's next page has children with a next page, and so on, share one bound."""
    monkeypatch.setattr("actwright.connectors.salesforce.questions.MOST_PAGES", 5)

    def nested(seen: Seen) -> Reply:
        del seen
        link = f"{LOCATOR[:-4]}{len(scripted.requests)}"
        children = {"totalSize": 2, "done": False, "nextRecordsUrl": link, "records": []}
        return _page({"Name": "A", "Contacts": children})

    scripted.on("GET", "/query", nested)
    with pytest.raises(OrgProtocolError, match="does not come to an end"):
        _rows(scripted)
    assert len(scripted.seen("/query")) == 1 + 5


def test_rows_nested_too_deeply_are_no_answer(scripted: ScriptedOrg) -> None:
    """Depth that the reader of JSON just bears is refused all the same."""
    deep = b'{"a":' * 600 + b"1" + b"}" * 600
    scripted.on("GET", "/query", Reply(body=b'{"totalSize":1,"records":[' + deep + b"]}"))
    with pytest.raises(OrgProtocolError):
        _rows(scripted)


@pytest.mark.parametrize("soql", ["", "  \n"])
def test_an_empty_query_is_not_sent(scripted: ScriptedOrg, soql: str) -> None:
    """There is nothing to ask."""
    with pytest.raises(InputError, match="empty"):
        _rows(scripted, soql)
    assert scripted.seen("/query") == []


@pytest.mark.parametrize("code", ["MALFORMED_QUERY", "INVALID_FIELD", "INVALID_TYPE"])
def test_a_badly_put_query_is_the_askers_mistake(scripted: ScriptedOrg, code: str) -> None:
    """It is bad input, with a way out, and not a failure of the org."""
    scripted.on("GET", "/query", fault(400, code))
    with pytest.raises(InputError) as caught:
        _rows(scripted)
    assert caught.value.error_code == "query_invalid"


def test_any_other_refusal_is_the_orgs(scripted: ScriptedOrg) -> None:
    """What is not wrong in the query itself stays an error of the org."""
    scripted.on("GET", "/query", fault(400, "OPERATION_TOO_LARGE"))
    with pytest.raises(OrgRefusedError):
        _rows(scripted)
