"""Goals that add lines to deals, quotes and orders, entries to a price book, and roles to people."""

from __future__ import annotations

from typing import Any

import pytest

SUPPORT = "PricebookEntry: Premium Support"
RENEWAL = "Opportunity: Acme Renewal"
GOALS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "add 3 Premium Support to the Acme Renewal at 11,000 each",
        "AddOpportunityLine",
        {"OpportunityId": RENEWAL, "PricebookEntryId": SUPPORT, "Quantity": 3, "UnitPrice": 11_000},
    ),
    (
        "add two of the product Premium Support for $12k apiece to Acme Renewal",
        "AddOpportunityLine",
        {"OpportunityId": RENEWAL, "PricebookEntryId": SUPPORT, "Quantity": 2, "UnitPrice": 12_000},
    ),
    (
        "add 4 Premium Support at 10000 each to the Initech Upgrade Quote with a 5% discount",
        "AddQuoteLine",
        {
            "QuoteId": "Quote: Initech Upgrade Quote",
            "PricebookEntryId": SUPPORT,
            "Quantity": 4,
            "UnitPrice": 10_000,
            "Discount": 5,
        },
    ),
    (
        "add 1 Premium Support at 12000 to order 00000100",
        "AddOrderLine",
        {
            "OrderId": "Order: 00000100",
            "PricebookEntryId": SUPPORT,
            "Quantity": 1,
            "UnitPrice": 12_000,
        },
    ),
    (
        "add Premium Support to the Standard Price Book at 9,999.50",
        "CreatePricebookEntry",
        {
            "Pricebook2Id": "Pricebook2: Standard Price Book",
            "Product2Id": "Product2: Premium Support",
            "UnitPrice": 9_999.5,
        },
    ),
    (
        "add John Smith to the Acme Expansion as an economic buyer.",
        "AddOpportunityContactRole",
        {
            "OpportunityId": "Opportunity: Acme Expansion",
            "ContactId": "Contact: John Smith",
            "Role": "Economic Buyer",
        },
    ),
    (
        "make Li Wei an evaluator on Acme Expansion",
        "AddOpportunityContactRole",
        {
            "OpportunityId": "Opportunity: Acme Expansion",
            "ContactId": "Contact: Li Wei",
            "Role": "Evaluator",
        },
    ),
]


@pytest.mark.parametrize(("goal", "name", "values"), GOALS, ids=[each[0][:60] for each in GOALS])
def test_what_is_added_becomes_one_new_record(
    goal: str, name: str, values: dict[str, Any], plans: Any, spell: Any
) -> None:
    """Each goal becomes the record that joins the two, by its curated blueprint, and asks nothing."""
    outcome = plans(goal)
    assert spell(outcome) == [(name, values)]
    assert outcome.questions == ()


@pytest.mark.parametrize(
    ("goal", "asked"),
    [
        ("add 2 Premium Support to the Acme Renewal", ["a1.UnitPrice"]),
        ("add Premium Support to the Acme Renewal", ["a1.Quantity", "a1.UnitPrice"]),
        ("add 3 Rocket Boots at 50 each to the Acme Renewal", ["a1.PricebookEntryId"]),
        ("add 3 Premium Support at 50 each to the Wonka deal", ["a1.OpportunityId"]),
    ],
)
def test_what_a_line_lacks_is_asked(goal: str, asked: list[str], plans: Any) -> None:
    """Quantity and price are never made up, and a product nobody sells is asked about."""
    assert [each.id for each in plans(goal).questions] == asked


@pytest.mark.parametrize(
    "goal",
    [
        "add 3 Premium Support at 11,000 each to the Acme Renewal at 12,000 each",
        "add John Smith to the Acme Renewal as an emperor",
        "add 3 Premium Support at lots each to the Acme Renewal",
    ],
)
def test_two_prices_and_unknown_roles_are_no_plan(goal: str, plans: Any) -> None:
    """Nothing is planned where one word more than the line was said."""
    outcome = plans(goal)
    assert outcome.plan is None or outcome.questions


def test_a_record_this_goal_creates_is_found_by_its_name(plans: Any, spell: Any) -> None:
    """A name that only an earlier action makes stands for the record it makes."""
    goal = "create a contact Ann Lee at Acme and add Ann Lee to the Acme Renewal as influencer"
    outcome = plans(goal)
    assert spell(outcome)[1][1]["ContactId"] == "-> a1"
    assert outcome.plan.actions[1].depends_on == ("a1",)
    assert outcome.questions == ()
