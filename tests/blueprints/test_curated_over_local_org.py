"""Every curated blueprint carried out over a real local org, and refused where its guardrails say so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from tests.scenario import action, carried_out, lookup, previewed, sign_in, value

from actwright.blueprints.library import load_library
from actwright.canonical import Json
from actwright.testing import LocalOrg

TODAY = datetime.now(UTC).date()
SOON = value((TODAY + timedelta(days=30)).isoformat())
YESTERDAY = value((TODAY - timedelta(days=2)).isoformat())
TOMORROW = value((TODAY + timedelta(days=2)).isoformat())


def _named(target: str, name: str) -> Json:
    return lookup(target, "Name", name)


ACCOUNT = _named("Account", "Acme")
CASE = lookup("Case", "CaseNumber", "00001001")
CONTACT = _named("Contact", "John Smith")
DEAL = _named("Opportunity", "Globex Pilot")
QUOTED_DEAL = _named("Opportunity", "Initech Upgrade")
LEAD = _named("Lead", "Jane Doe")
BOB = _named("User", "Bob Baxter")
BILLING = _named("Group", "Billing")
CAMPAIGN = _named("Campaign", "Spring Launch")
ENTRY = _named("PricebookEntry", "Premium Support")
BOOK = _named("Pricebook2", "Standard Price Book")
CONTRACT = lookup("Contract", "ContractNumber", "00000100")
ORDER = lookup("Order", "OrderNumber", "00000100")
QUOTE = _named("Quote", "Northwind Platform Quote")
LINE = lookup("QuoteLineItem", "LineNumber", "00000201")
TASK = lookup("Task", "Subject", "Send security questionnaire")

Arguments = Mapping[str, Json]

SAMPLES: dict[str, Arguments] = {
    "account_change_owner": {"Id": ACCOUNT, "OwnerId": BOB},
    "account_create": {"Name": value("Hooli")},
    "account_update_details": {"Id": ACCOUNT, "Industry": value("Retail"), "Rating": value("Hot")},
    "call_log": {"Subject": value("Renewal"), "WhoId": CONTACT, "CallType": value("Outbound")},
    "campaign_create": {"Name": value("Autumn"), "Type": value("Webinar"), "EndDate": SOON},
    "campaign_member_add": {"CampaignId": CAMPAIGN, "ContactId": CONTACT},
    "campaign_member_set_status": {
        "Id": lookup("CampaignMember", "Name", "Jane Doe"),
        "Status": value("Responded"),
    },
    "campaign_set_status": {"Id": CAMPAIGN, "Status": value("Completed")},
    "case_change_owner": {"Id": CASE, "OwnerId": BOB},
    "case_change_status": {"Id": CASE, "Status": value("Working")},
    "case_close": {"Id": CASE},
    "case_create": {"Subject": value("Printer is broken"), "ContactId": CONTACT},
    "case_create_followup_task": {"WhatId": CASE, "ActivityDate": SOON},
    "case_escalate": {"Id": CASE},
    "case_escalate_tier2": {"Id": CASE, "OwnerId": _named("Group", "Tier 2 Support")},
    "case_reassign_queue": {"Id": CASE, "OwnerId": BILLING},
    "case_set_priority": {"Id": CASE, "Priority": value("Low")},
    "contact_create": {"LastName": value("Hendricks"), "AccountId": ACCOUNT},
    "contact_update_details": {"Id": CONTACT, "Title": value("Director"), "AccountId": ACCOUNT},
    "contract_activate": {"Id": CONTRACT},
    "contract_create": {"AccountId": ACCOUNT, "StartDate": SOON, "ContractTerm": value(12)},
    "event_create": {"Subject": value("Kick-off"), "StartDateTime": value(f"{TODAY}T15:00:00Z")},
    "lead_assign": {"Id": LEAD, "OwnerId": BOB},
    "lead_create": {"LastName": value("Bighetti"), "Company": value("Hooli")},
    "lead_mark_qualified": {"Id": LEAD},
    "lead_qualify": {"Id": LEAD, "Status": value("Working")},
    "lead_update_details": {"Id": LEAD, "Company": value("Fabrikam Inc."), "City": value("Bonn")},
    "opportunity_change_owner": {"Id": DEAL, "OwnerId": BOB},
    "opportunity_close_lost": {"Id": DEAL, "Description": value("price")},
    "opportunity_contact_role_add": {
        "OpportunityId": DEAL,
        "ContactId": CONTACT,
        "Role": value("Evaluator"),
    },
    "opportunity_create": {
        "Name": value("Hooli Pilot"),
        "StageName": value("Prospecting"),
        "CloseDate": SOON,
    },
    "opportunity_line_add": {
        "OpportunityId": QUOTED_DEAL,
        "PricebookEntryId": ENTRY,
        "Quantity": value(2),
        "UnitPrice": value(11000),
    },
    "opportunity_move_stage": {"Id": DEAL, "StageName": value("Qualification")},
    "opportunity_push_close_date": {"Id": DEAL, "CloseDate": SOON},
    "opportunity_set_next_step": {"Id": DEAL, "NextStep": value("Call Ann")},
    "opportunity_update_amount": {"Id": DEAL, "Amount": value(45000)},
    "oppty_closed_won": {"Id": _named("Opportunity", "Acme Renewal")},
    "order_activate": {"Id": ORDER},
    "order_create": {"AccountId": ACCOUNT, "EffectiveDate": SOON},
    "order_line_add": {
        "OrderId": ORDER,
        "PricebookEntryId": ENTRY,
        "Quantity": value(1),
        "UnitPrice": value(12000),
    },
    "pricebook_entry_create": {
        "Pricebook2Id": BOOK,
        "Product2Id": _named("Product2", "Premium Support"),
        "UnitPrice": value(12000),
    },
    "pricebook_entry_set_price": {"Id": ENTRY, "UnitPrice": value(12500)},
    "product_create": {"Name": value("Widget"), "ProductCode": value("W-1")},
    "quote_create": {"Name": value("Globex Offer"), "OpportunityId": DEAL, "ExpirationDate": SOON},
    "quote_extend": {"Id": QUOTE, "ExpirationDate": SOON},
    "quote_line_create": {
        "QuoteId": QUOTE,
        "PricebookEntryId": ENTRY,
        "Quantity": value(3),
        "UnitPrice": value(12000),
        "Discount": value(10),
    },
    "quote_line_discount_set": {"Id": LINE, "Discount": value(15)},
    "quote_set_status": {"Id": QUOTE, "Status": value("Approved")},
    "task_change_owner": {"Id": TASK, "OwnerId": BOB},
    "task_complete": {"Id": TASK},
    "task_create": {"Subject": value("Call back"), "ActivityDate": SOON, "WhoId": CONTACT},
    "task_reschedule": {"Id": TASK, "ActivityDate": SOON},
}
"""Key -> the least that makes sense, by what the demo org holds."""


def test_every_curated_blueprint_has_a_sample() -> None:
    """No blueprint comes into the library without having been carried out."""
    assert SAMPLES.keys() == {each.key for each in load_library().entries}


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_it_is_carried_out(key: str, shared_org: LocalOrg) -> None:
    """Previewed without an issue, confirmed, run, and written by the org."""
    app = shared_org.as_user("admin")
    envelope = carried_out(app, action("a1", key, **SAMPLES[key]))
    assert envelope.success, envelope.errors


REFUSED: list[tuple[str, Arguments, str]] = [
    ("call_log", {"ActivityDate": TOMORROW}, "date_out_of_range"),
    ("call_log", {"Status": value("Not Started")}, "enum_not_allowed"),
    ("case_change_status", {"Status": value("Closed")}, "enum_not_allowed"),
    ("case_close", {"Status": value("New")}, "enum_not_allowed"),
    ("case_reassign_queue", {"OwnerId": BOB}, "regex_no_match"),
    ("case_set_priority", {"Priority": value("Urgent")}, "enum_not_allowed"),
    ("campaign_create", {"BudgetedCost": value(-1)}, "numeric_out_of_range"),
    ("contract_create", {"ContractTerm": value(0)}, "numeric_out_of_range"),
    ("contract_create", {"Status": value("Activated")}, "enum_not_allowed"),
    ("event_create", {"DurationInMinutes": value(0)}, "numeric_out_of_range"),
    ("event_create", {"StartDateTime": value("2062-11-24T15:00:00Z")}, "date_out_of_range"),
    ("opportunity_line_add", {"Quantity": value(0)}, "numeric_not_positive"),
    ("opportunity_move_stage", {"StageName": value("Closed Won")}, "enum_not_allowed"),
    ("opportunity_push_close_date", {"CloseDate": YESTERDAY}, "date_out_of_range"),
    ("opportunity_update_amount", {"Amount": value(-500)}, "numeric_not_positive"),
    ("order_create", {"Status": value("Activated")}, "enum_not_allowed"),
    ("pricebook_entry_create", {"UnitPrice": value(-1)}, "numeric_out_of_range"),
    ("quote_create", {"ExpirationDate": YESTERDAY}, "date_out_of_range"),
    ("quote_line_discount_set", {"Discount": value(101)}, "numeric_out_of_range"),
    ("task_reschedule", {"ActivityDate": YESTERDAY}, "date_out_of_range"),
]


@pytest.mark.parametrize(
    ("key", "change", "code"), REFUSED, ids=[f"{row[0]}-{row[2]}" for row in REFUSED]
)
def test_its_guardrails_hold(key: str, change: Arguments, code: str, shared_org: LocalOrg) -> None:
    """What makes no sense for this action is refused before anything is written."""
    preview = previewed(
        shared_org.as_user("admin"), action("a1", key, **{**SAMPLES[key], **change})
    )
    assert code in [each.code for each in preview.blocked]


def test_an_alias_carries_out_the_blueprint_it_stands_for(local_org: LocalOrg) -> None:
    """Upstream's second key for closing as won closes as won."""
    app = local_org.as_user("admin")
    deal = _named("Opportunity", "Acme Expansion")
    assert carried_out(app, action("a1", "opportunity_closed_won", Id=deal)).success
    stage = sign_in(local_org.url).field("Opportunity", "Acme Expansion", "StageName")
    assert stage == "Closed Won"
