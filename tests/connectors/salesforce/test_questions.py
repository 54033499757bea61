"""Queries against an org that pages, points elsewhere, and answers with rows nobody can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.connectors.salesforce.scripted_org import (
    ORG_ID,
    USER_ID,
    Reply,
    ScriptedOrg,
    Seen,
    composite,
    described,
)

from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.client import OrgClient
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.errors import InputError, OrgProtocolError
from actwright.org.ports import RecordRead
from actwright.org.query import Condition, RecordQuery
from actwright.org.record_id import record_id

PAGES = f"/services/data/v66.0/query/01g{'0' * 15}-2"


@pytest.fixture
def paging(scripted: ScriptedOrg) -> Iterator[SalesforceOrg]:
    """Return an org whose every query has two pages of two rows."""
    empty = {"records": [], "done": True}
    scripted.on("POST", "/composite", composite((200, empty), (200, empty)))
    scripted.on(
        "GET",
        "/Account/describe",
        Reply(body=described("Account", "001", {"name": "Size", "type": "int"})),
    )
    rows = [{"Id": record_id(f"00100000000000{n}"), "Name": str(n), "Size": n} for n in range(4)]
    scripted.on(
        "GET",
        "/query?q=",
        Reply(body={"records": rows[:2], "done": False, "nextRecordsUrl": PAGES}),
    )
    scripted.on("GET", PAGES, Reply(body={"records": rows[2:], "done": True}))
    org = SalesforceOrg(OrgClient(Session("T", scripted.url, ORG_ID, USER_ID)))
    yield org
    org.close()


@pytest.mark.parametrize(("limit", "count", "pages"), [(None, 4, 1), (4, 4, 1), (2, 2, 0)])
def test_further_pages_are_fetched_up_to_the_limit(
    paging: SalesforceOrg, scripted: ScriptedOrg, limit: int | None, count: int, pages: int
) -> None:
    """No page is asked for that the limit does not need."""
    rows = paging.query([RecordQuery(object="Account", fields=("Name",), limit=limit)])[0]
    assert [each.name for each in rows] == [str(n) for n in range(count)]
    assert len(scripted.seen(PAGES)) == pages


@pytest.mark.parametrize("limit", [1, 3])
def test_more_rows_than_were_asked_for_are_no_answer(paging: SalesforceOrg, limit: int) -> None:
    """An org that ignores the limit is not believed about the rows within it either."""
    with pytest.raises(OrgProtocolError, match=f"more rows than the {limit}"):
        paging.query([RecordQuery(object="Account", limit=limit)])


def test_more_snapshots_than_ids_are_no_answer(
    paging: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """One id was asked for, and two records came."""
    rows = [{"Id": record_id(f"00100000000000{n}"), "Name": "x"} for n in range(2)]
    scripted.on("POST", "/composite", composite((200, {"records": rows, "done": True})))
    with pytest.raises(OrgProtocolError, match="more rows than the 1"):
        paging.read([RecordRead("Account", (rows[0]["Id"],), ())])


def test_a_page_that_leads_back_to_itself_is_given_up_on(
    paging: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """Each page is asked for once."""
    row = {"Id": record_id("001000000000009"), "Name": "x"}
    again = {"records": [row], "done": False, "nextRecordsUrl": PAGES}
    scripted.on("GET", PAGES, Reply(body=again))
    with pytest.raises(OrgProtocolError, match="does not come to an end"):
        paging.query([RecordQuery(object="Account", fields=("Name",))])
    assert len(scripted.seen(PAGES)) == 1


def test_pages_without_end_are_given_up_on(
    paging: SalesforceOrg, scripted: ScriptedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An org that always has one more page is asked a bounded number of times."""
    monkeypatch.setattr("actwright.connectors.salesforce.questions.MOST_PAGES", 5)
    row = {"Id": record_id("001000000000009"), "Name": "x"}

    def another(seen: Seen) -> Reply:
        del seen
        link = f"{PAGES[:-1]}{len(scripted.requests)}"
        return Reply(body={"records": [row], "done": False, "nextRecordsUrl": link})

    scripted.on("GET", PAGES[:-1], another)
    with pytest.raises(OrgProtocolError, match="does not come to an end"):
        paging.query([RecordQuery(object="Account", fields=("Name",))])
    assert len(scripted.seen(PAGES[:-1])) == 5


@pytest.mark.parametrize(
    "link",
    [
        "http://evil.example/x",
        "//evil.example/x",
        "/services/data/v66.0/tooling/x",
        f"{PAGES}/../../..",
        None,
        5,
    ],
)
def test_a_crafted_link_to_the_next_page_is_not_followed(
    paging: SalesforceOrg, scripted: ScriptedOrg, link: object
) -> None:
    """Only a query locator of the usual form is asked for."""
    scripted.on(
        "GET", "/query?q=", Reply(body={"records": [], "done": False, "nextRecordsUrl": link})
    )
    before = len(scripted.requests)
    with pytest.raises(OrgProtocolError):
        paging.query([RecordQuery(object="Account")])
    assert len(scripted.requests) == before + 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"done": true, "records": [{"Id": "001000000000001AAA", "Size": NaN}]}',
        b'{"done": true, "records": [{"Id": "001000000000001AAA", "Size": 1e999999999}]}',
        b'{"done": true, "records": [{"Id": "001000000000001AAA", "Size": 1e99999999999999999999}]}',
        b'{"done": true, "records": [{"Id": "001000000000001AAA", "Size": "many"}]}',
        b'{"done": true, "records": [{"Id": "001000000000001AAA", "Size": {"a": 1}}]}',
        b'{"done": true, "records": [{"Id": "003000000000001AAA", "Size": 1}]}',
        b'{"done": true, "records": [{"Id": null, "Size": 1}]}',
        b'{"done": true, "records": [7]}',
        b'{"done": true}',
        b'{"done": false, "records": []}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_rows_nobody_can_read_are_an_unreadable_answer(
    paging: SalesforceOrg, scripted: ScriptedOrg, body: bytes
) -> None:
    """Numbers that are none, foreign ids and wrong shapes are refused, quickly."""
    scripted.on("GET", "/query?q=", Reply(body=body))
    with pytest.raises(OrgProtocolError):
        paging.query([RecordQuery(object="Account", fields=("Size",))])


def test_a_query_too_long_for_a_url_is_refused(
    paging: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """The error says how long it is, and nothing is sent."""
    values = tuple(f"{n}" + "é" * 50 for n in range(200))
    long = RecordQuery(
        object="Account", where=(Condition(field="Name", operator="IN", value=values),)
    )
    with pytest.raises(InputError, match="16000"):
        paging.query([long])
    assert scripted.seen("/query?q=") == []


def test_many_ids_are_split_into_queries_that_fit(
    paging: SalesforceOrg, scripted: ScriptedOrg
) -> None:
    """450 records of one object are three queries of at most 200 ids, in one call."""

    def answer(count: int) -> Reply:
        return Reply(body={"compositeResponse": [
            {"referenceId": f"q{n}", "httpStatusCode": 200, "body": {"records": [], "done": True}} for n in range(count)
        ]})  # fmt: skip

    ids = tuple(record_id(f"001{n:012}") for n in range(450))
    scripted.on("POST", "/composite", answer(3))
    assert paging.read([RecordRead("Account", ids, ("Size",))]) == {}
    requests = scripted.seen("/composite")[-1].json["compositeRequest"]
    assert isinstance(requests, list)
    sizes = [each["url"].count("%27001") for each in requests]
    assert sizes == [200, 200, 50]
    assert all(len(each["url"]) < 16_000 for each in requests)


def test_nothing_to_ask_asks_nothing(paging: SalesforceOrg, scripted: ScriptedOrg) -> None:
    """No queries and no ids make no call."""
    before = len(scripted.requests)
    assert paging.query([]) == []
    assert paging.read([]) == {}
    assert len(scripted.requests) == before
