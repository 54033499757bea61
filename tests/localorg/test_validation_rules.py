"""The org's own validation rules, over HTTP: their words, where they stand, and the switch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from localorg.testing import Client

AMOUNT = "An opportunity above 10,000,000 is the deal desk's: ask it to enter the amount."
NEXT_STEP = "Say in Next Step what follows before you close an opportunity as lost."


@pytest.fixture
def switch(admin: Client) -> Iterator[Callable[[str, str], None]]:
    """Return a way to give a rule a mode; afterwards each has the one it had before."""
    before = {each["name"]: each["mode"] for each in admin.request("GET", "/localorg/rules").json()}

    def to(name: str, mode: str) -> None:
        assert admin.request("PUT", f"/localorg/rules/{name}", {"mode": mode}).status_code == 204

    yield to
    for name, mode in before.items():
        to(name, mode)


@pytest.fixture
def deal(admin: Client) -> str:
    """Create an open opportunity and return its id."""
    return admin.create(
        "Opportunity", Name="Ruled", StageName="Prospecting", CloseDate="2031-01-01"
    )


def patch(client: Client, name: str, record: str, **fields: object) -> list[dict[str, Any]]:
    """Change a record and return the errors that stand against it."""
    response = client.request("PATCH", f"/sobjects/{name}/{record}", fields)
    assert response.status_code in {204, 400}
    errors: list[dict[str, Any]] = response.json() if response.content else []
    return errors


def test_a_broken_rule_speaks_in_its_own_words(admin: Client, deal: str) -> None:
    """The refusal is the rule's message at the rule's field, and nothing is stored; the ceiling itself is allowed."""
    assert patch(admin, "Opportunity", deal, Amount=10_000_000.01) == [
        {
            "message": AMOUNT,
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "fields": ["Amount"],
        }
    ]
    [row] = admin.query(f"SELECT Amount FROM Opportunity WHERE Id = '{deal}'")
    assert row["Amount"] is None
    assert patch(admin, "Opportunity", deal, Amount=10_000_000) == []


def test_a_rule_looks_only_at_what_changes(
    admin: Client, deal: str, switch: Callable[[str, str], None]
) -> None:
    """A record that broke a rule before the rule was there can still be worked on."""
    switch("Opportunity.Amount_Ceiling", "off")
    assert patch(admin, "Opportunity", deal, Amount=20_000_000) == []
    switch("Opportunity.Amount_Ceiling", "on")
    assert patch(admin, "Opportunity", deal, NextStep="Call") == []
    assert patch(admin, "Opportunity", deal, Amount=30_000_000) != []


def test_every_broken_rule_is_named_at_once(
    admin: Client, deal: str, switch: Callable[[str, str], None]
) -> None:
    """Two rules against one row are two errors, in a single row as in a collection."""
    switch("Opportunity.Lost_Needs_Next_Step", "on")
    fields = {"Amount": 11_000_000, "StageName": "Closed Lost"}
    assert [each["message"] for each in patch(admin, "Opportunity", deal, **fields)] == [
        AMOUNT,
        NEXT_STEP,
    ]
    record = {"attributes": {"type": "Opportunity"}, "Id": deal, **fields}
    [row] = admin.request("PATCH", "/composite/sobjects", {"records": [record]}).json()
    code = "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert [(each["statusCode"], each["fields"]) for each in row["errors"]] == [
        (code, ["Amount"]),
        (code, ["NextStep"]),
    ]
    assert patch(admin, "Opportunity", deal, StageName="Closed Lost", NextStep="Ask again") == []


def test_a_rule_takes_the_whole_transaction_back(admin: Client, deal: str) -> None:
    """In a composite call the rule speaks in its own subrequest, and what came before it was never written."""

    def subrequest(name: str, fields: dict[str, object]) -> dict[str, object]:
        url = f"/services/data/v68.0/sobjects/Opportunity/{deal}"
        return {"method": "PATCH", "url": url, "referenceId": name, "body": fields}

    body = {
        "allOrNone": True,
        "compositeRequest": [
            subrequest("fine", {"NextStep": "Written and taken back"}),
            subrequest("broken", {"Amount": 99_000_000}),
        ],
    }
    fine, broken = admin.request("POST", "/composite", body).json()["compositeResponse"]
    assert fine["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert (broken["httpStatusCode"], broken["body"][0]["message"]) == (400, AMOUNT)
    [row] = admin.query(f"SELECT NextStep, Amount FROM Opportunity WHERE Id = '{deal}'")
    assert (row["NextStep"], row["Amount"]) == (None, None)


def test_a_rule_without_a_field_stands_at_the_top(admin: Client) -> None:
    """A discount above 60 percent is refused for the line as a whole."""
    [line] = admin.query("SELECT Id FROM QuoteLineItem WHERE LineNumber = '00000101'")
    [error] = patch(admin, "QuoteLineItem", line["Id"], Discount=60.5)
    assert error["fields"] == []
    assert error["message"].startswith("A discount above 60 percent")


def test_a_task_is_due_within_five_years(admin: Client) -> None:
    """The day five years from today is the last one; a task without a day is none of the rule's business."""
    today = datetime.now(UTC).date()
    ahead = f"{today.year + 5}-{today.month:02}-{min(today.day, 28):02}"
    task = admin.create("Task", Subject="Someday", ActivityDate=ahead)
    [error] = patch(admin, "Task", task, ActivityDate=f"{today.year + 6}-01-01")
    assert error["fields"] == ["ActivityDate"]
    assert patch(admin, "Task", task, ActivityDate=None) == []


def test_a_case_may_have_to_name_its_component(
    admin: Client, switch: Callable[[str, str], None]
) -> None:
    """The rule is off from the start; once it is on, closing takes a component."""
    case = admin.create("Case", Subject="Ruled")
    switch("Case.Closed_Needs_Component", "on")
    assert patch(admin, "Case", case, Status="Closed")[0]["fields"] == ["Component__c"]
    assert patch(admin, "Case", case, Status="Closed", Component__c="Portal") == []


def test_only_an_administrator_switches_rules(admin: Client, alice: Client) -> None:
    """A seller sees no rules; a mode or a name that does not exist is refused and changes nothing."""
    rules = admin.request("GET", "/localorg/rules").json()
    assert alice.request("GET", "/localorg/rules").status_code == 403
    path = "/localorg/rules/Opportunity.Amount_Ceiling"
    assert alice.request("PUT", path, {"mode": "off"}).status_code == 403
    for mode in ("alert", "", None, ["on"]):
        assert admin.request("PUT", path, {"mode": mode}).status_code == 400
    assert admin.request("PUT", "/localorg/rules/Nothing", {"mode": "on"}).status_code == 404
    assert admin.request("GET", "/localorg/rules").json() == rules
    assert {each["name"]: each["mode"] for each in rules if each["kind"] == "validation"} == {
        "Opportunity.Amount_Ceiling": "on",
        "Opportunity.Lost_Needs_Next_Step": "off",
        "Task.Due_Within_Five_Years": "on",
        "QuoteLineItem.Discount_Ceiling": "on",
        "Case.Closed_Needs_Component": "off",
    }
