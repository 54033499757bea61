"""What the platform does by itself when a row is saved."""

from __future__ import annotations

from typing import Any

import pytest

from localorg.testing import Client


def deal(client: Client, **fields: object) -> str:
    """Create an opportunity."""
    basics = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2027-05-31"}
    return client.create("Opportunity", **(basics | fields))


def row(client: Client, name: str, record: str) -> dict[str, Any]:
    """Read a whole record."""
    fields: dict[str, Any] = client.request("GET", f"/sobjects/{name}/{record}").json()
    return fields


@pytest.mark.parametrize(
    ("stage", "probability", "closed", "won", "forecast"),
    [
        ("Prospecting", 10, False, False, "Pipeline"),
        ("Closed Won", 100, True, True, "Closed"),
        ("Closed Lost", 0, True, False, "Omitted"),
    ],
)
def test_a_stage_sets_what_follows_from_it(
    admin: Client, *, stage: str, probability: int, closed: bool, won: bool, forecast: str
) -> None:
    """Probability, closed, won and forecast follow the stage, on create and on update."""
    created = deal(admin, StageName=stage, Amount=200)
    moved = deal(admin, Amount=200)
    admin.request("PATCH", f"/sobjects/Opportunity/{moved}", {"StageName": stage})
    for record in (created, moved):
        found = row(admin, "Opportunity", record)
        assert found["Probability"] == probability
        assert (found["IsClosed"], found["IsWon"]) == (closed, won)
        assert found["ForecastCategoryName"] == forecast
        assert found["ExpectedRevenue"] == 2 * probability


def test_a_probability_given_with_the_stage_stands(admin: Client) -> None:
    """An explicit probability in the same write is not overwritten."""
    record = deal(admin)
    fields = {"StageName": "Negotiation/Review", "Probability": 33}
    admin.request("PATCH", f"/sobjects/Opportunity/{record}", fields)
    assert row(admin, "Opportunity", record)["Probability"] == 33


def test_a_close_date_sets_the_fiscal_period(admin: Client) -> None:
    """Year, quarter and period follow the close date."""
    found = row(admin, "Opportunity", deal(admin))
    assert (found["FiscalYear"], found["FiscalQuarter"], found["Fiscal"]) == (2027, 2, "2027 2")


def test_a_stage_change_is_dated(admin: Client) -> None:
    """The date of the last change of stage moves with the stage and with nothing else."""
    record = deal(admin)
    first = row(admin, "Opportunity", record)["LastStageChangeDate"]
    admin.request("PATCH", f"/sobjects/Opportunity/{record}", {"NextStep": "x"})
    assert row(admin, "Opportunity", record)["LastStageChangeDate"] == first
    admin.request("PATCH", f"/sobjects/Opportunity/{record}", {"StageName": "Qualification"})
    assert row(admin, "Opportunity", record)["LastStageChangeDate"] > first


def test_a_case_closes_and_opens_again(admin: Client) -> None:
    """Closed flag and date come and go with the status."""
    record = admin.create("Case", Subject="x")
    assert row(admin, "Case", record)["IsClosed"] is False
    admin.request("PATCH", f"/sobjects/Case/{record}", {"Status": "Closed"})
    closed = row(admin, "Case", record)
    assert (closed["IsClosed"], closed["ClosedDate"] is not None) == (True, True)
    admin.request("PATCH", f"/sobjects/Case/{record}", {"Status": "Working"})
    opened = row(admin, "Case", record)
    assert (opened["IsClosed"], opened["ClosedDate"]) == (False, None)


def test_a_task_is_completed_and_ranked(admin: Client) -> None:
    """A completed task is closed and dated; high priority is a flag of its own."""
    record = admin.create("Task", Subject="x", Priority="High", Status="Completed")
    found = row(admin, "Task", record)
    assert found["IsClosed"] is found["IsHighPriority"] is True
    assert found["CompletedDateTime"] is not None


def test_a_name_is_made_of_its_parts(admin: Client) -> None:
    """A contact's name joins first and last name, and follows them."""
    record = admin.create("Contact", FirstName="Grace", LastName="Hopper")
    assert row(admin, "Contact", record)["Name"] == "Grace Hopper"
    admin.request("PATCH", f"/sobjects/Contact/{record}", {"FirstName": None})
    assert row(admin, "Contact", record)["Name"] == "Hopper"


def test_line_items_add_up(admin: Client) -> None:
    """An opportunity's amount is the sum of its lines, also after one is deleted."""
    record = deal(admin)
    lines = [
        admin.create("OpportunityLineItem", OpportunityId=record, Quantity=n, UnitPrice=100)
        for n in (1, 2)
    ]
    found = row(admin, "Opportunity", record)
    assert (found["Amount"], found["HasOpportunityLineItem"]) == (300, True)
    assert found["ExpectedRevenue"] == 30
    admin.request("DELETE", f"/sobjects/OpportunityLineItem/{lines[1]}")
    assert row(admin, "Opportunity", record)["Amount"] == 100
