"""The opportunities of the demo org: one deal or two for most accounts, and a long list for Contoso.

Contoso's list is what a clean-up is tried on: seven deals that are open and were created more than ninety days
ago, three open ones that are younger, and two that were closed long ago.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from localorg.schema.stages import STAGES
from localorg.seed.products import Lines, total
from localorg.seed.record_types import record_type
from localorg.seed.row import Ref, Row, Value, day, moment

INITECH_LINES: Lines = (("platform", 1), ("support", 1))
NORTHWIND_LINES: Lines = (("platform", 2), ("onboarding", 1))

_SALES_CYCLE = 120
"""Days from the creation of a deal to the day it is meant to close, where the deal does not say."""


class _Deal(NamedTuple):
    """An opportunity; ``closes_in`` and ``age`` are days from today, back and forth."""

    key: str
    account: str
    name: str
    stage: str
    amount: int
    closes_in: int
    owner: str
    age: int | None = None
    record_type: str | None = None


_DEALS = (
    _Deal("acme_renewal", "acme", "Acme Renewal", "Negotiation/Review", 120_000, 14, "alice"),
    _Deal("acme_expansion", "acme", "Acme Expansion", "Qualification", 45_000, 75, "alice"),
    _Deal("globex_pilot", "globex", "Globex Pilot", "Prospecting", 30_000, 90, "alice"),
    _Deal(
        "initech_upgrade",
        "initech",
        "Initech Upgrade",
        "Proposal/Price Quote",
        total(INITECH_LINES),
        30,
        "bob",
    ),
    _Deal(
        "northwind_platform",
        "northwind",
        "Northwind Platform",
        "Needs Analysis",
        total(NORTHWIND_LINES),
        60,
        "bob",
    ),
)


def _contoso(
    name: str, stage: str, amount: int, closes_in: int, age: int, *, renews: bool = False
) -> _Deal:
    key = f"contoso_{name.lower().replace(' ', '_')}"
    kind = "Renewal" if renews else "New_Business"
    return _Deal(key, "contoso", f"Contoso {name}", stage, amount, closes_in, "alice", age, kind)


_CONTOSO = (
    _contoso("Store Rollout North", "Prospecting", 48_000, 45, 140),
    _contoso("Store Rollout South", "Prospecting", 36_500, 60, 133),
    _contoso("Loyalty App", "Qualification", 72_000, 30, 180),
    _contoso("Inventory Sync", "Needs Analysis", 25_400, 21, 118),
    _contoso("Price Tags", "Value Proposition", 12_300, 75, 97),
    _contoso("Warehouse Scanners", "Proposal/Price Quote", 98_750, 16, 210),
    _contoso("Analytics", "Negotiation/Review", 150_000, 10, 260, renews=True),
    _contoso("Gift Cards", "Prospecting", 18_000, 95, 40),
    _contoso("Training Days", "Qualification", 9_600, 50, 12),
    _contoso("Support Plan", "Negotiation/Review", 64_000, 35, 84, renews=True),
    _contoso("Pilot Stores", "Closed Won", 55_000, -150, 300),
    _contoso("Kiosk Trial", "Closed Lost", 20_000, -100, 240),
)


def deal_rows(today: dt.date) -> Iterator[Row]:
    """Yield every opportunity, after the accounts and record types it refers to."""
    yield from (_opportunity(today, each) for each in (*_DEALS, *_CONTOSO))


def _opportunity(today: dt.date, deal: _Deal) -> Row:
    stage = STAGES[deal.stage]
    age = _SALES_CYCLE - deal.closes_in if deal.age is None else deal.age
    return "Opportunity", {
        "Id": Ref(deal.key),
        "AccountId": Ref(deal.account),
        "Name": deal.name,
        "StageName": deal.stage,
        "Amount": deal.amount,
        "CloseDate": day(today, deal.closes_in),
        "Probability": stage.probability,
        "ExpectedRevenue": deal.amount * stage.probability / 100,
        "ForecastCategory": stage.forecast_category,
        "ForecastCategoryName": stage.forecast_category_name,
        "IsClosed": stage.is_closed,
        "IsWon": stage.is_won,
        "OwnerId": Ref(deal.owner),
        "RecordTypeId": record_type("Opportunity", deal.record_type) if deal.record_type else None,
        "CreatedDate": moment(today, -age),
        **_line_facts(deal.key),
    }


def _line_facts(opportunity: str) -> dict[str, Value]:
    if opportunity != "initech_upgrade":
        return {}
    return {"Pricebook2Id": Ref("standard_book"), "HasOpportunityLineItem": True}
