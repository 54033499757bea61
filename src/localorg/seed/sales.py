"""The quotes, contract, order and campaign of the demo org, around its opportunities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from localorg.seed.deals import INITECH_LINES, NORTHWIND_LINES, deal_rows
from localorg.seed.parties import COMPANIES, CONTACTS, LEADS, Person, Prospect
from localorg.seed.products import Lines, line_fields, total
from localorg.seed.row import Ref, Row, Value, day

_ORDER_LINES: Lines = (("onboarding", 1),)


class _Proposal(NamedTuple):
    key: str
    name: str
    opportunity: str
    account: str
    contact: str
    status: str
    lines: Lines


_PROPOSALS = (
    _Proposal(
        "initech_quote",
        "Initech Upgrade Quote",
        "initech_upgrade",
        "initech",
        "tom_baker",
        "Presented",
        INITECH_LINES,
    ),
    _Proposal(
        "northwind_quote",
        "Northwind Platform Quote",
        "northwind_platform",
        "northwind",
        "nancy_davis",
        "Draft",
        NORTHWIND_LINES,
    ),
)
_CONTACT_ROLES = (
    ("acme_renewal", "john_smith", "Decision Maker"),
    ("initech_upgrade", "tom_baker", "Technical Buyer"),
)


def sales_rows(today: dt.date) -> Iterator[Row]:
    """Yield what the sales team works on, in dependency order."""
    yield from deal_rows(today)
    for opportunity, contact, role in _CONTACT_ROLES:
        yield _contact_role(opportunity, contact, role)
    for key, quantity in INITECH_LINES:
        line = {"Id": Ref(f"initech_line_{key}"), "OpportunityId": Ref("initech_upgrade")}
        yield "OpportunityLineItem", {**line, **line_fields(key, quantity)}
    for number, proposal in enumerate(_PROPOSALS, 1):
        yield _quote(today, number, proposal)
        yield from _quote_lines(number, proposal)
    yield "Contract", _contract(today)
    yield from _order(today)
    yield from _campaign(today)


def _contact_role(opportunity: str, contact: str, role: str) -> Row:
    return "OpportunityContactRole", {
        "Id": Ref(f"role_{opportunity}_{contact}"),
        "OpportunityId": Ref(opportunity),
        "ContactId": Ref(contact),
        "Role": role,
        "IsPrimary": True,
    }


def _quote(today: dt.date, number: int, proposal: _Proposal) -> Row:
    amounts = ("Subtotal", "TotalPrice", "GrandTotal")
    return "Quote", {
        "Id": Ref(proposal.key),
        "QuoteNumber": f"{number:08}",
        "Name": proposal.name,
        "OpportunityId": Ref(proposal.opportunity),
        "AccountId": Ref(proposal.account),
        "ContactId": Ref(proposal.contact),
        "Email": CONTACTS[proposal.contact].email,
        "Pricebook2Id": Ref("standard_book"),
        "Status": proposal.status,
        "ExpirationDate": day(today, 45),
        "CanCreateQuoteLineItems": True,
        "LineItemCount": len(proposal.lines),
        "OwnerId": Ref("bob"),
        **dict.fromkeys(amounts, total(proposal.lines)),
    }


def _quote_lines(number: int, proposal: _Proposal) -> Iterator[Row]:
    for position, (product, quantity) in enumerate(proposal.lines, 1):
        fields = line_fields(product, quantity)
        yield (
            "QuoteLineItem",
            {
                "Id": Ref(f"{proposal.key}_line_{product}"),
                "QuoteId": Ref(proposal.key),
                "LineNumber": f"{number * 100 + position:08}",
                "Subtotal": fields["TotalPrice"],
                **fields,
            },
        )


def _contract(today: dt.date) -> dict[str, Value]:
    """A contract of twelve months over the calendar year."""
    return {
        "Id": Ref("contoso_contract"),
        "ContractNumber": "00000100",
        "AccountId": Ref("contoso"),
        "Status": "Activated",
        "StatusCode": "Activated",
        "StartDate": dt.date(today.year, 1, 1).isoformat(),
        "EndDate": dt.date(today.year, 12, 31).isoformat(),
        "ContractTerm": 12,
        "OwnerId": Ref("alice"),
    }


def _order(today: dt.date) -> Iterator[Row]:
    order: dict[str, Value] = {
        "Id": Ref("contoso_order"),
        "OrderNumber": "00000100",
        "AccountId": Ref("contoso"),
        "ContractId": Ref("contoso_contract"),
        "Pricebook2Id": Ref("standard_book"),
        "EffectiveDate": day(today, 0),
        "Status": "Draft",
        "StatusCode": "Draft",
        "TotalAmount": total(_ORDER_LINES),
        "OwnerId": Ref("alice"),
    }
    yield "Order", order
    for position, (product, quantity) in enumerate(_ORDER_LINES, 1):
        line = {"Id": Ref(f"contoso_order_{product}"), "OrderId": Ref("contoso_order")}
        number = {"OrderItemNumber": f"{position:010}"}
        yield "OrderItem", {**line, **number, **line_fields(product, quantity)}


def _campaign(today: dt.date) -> Iterator[Row]:
    campaign: dict[str, Value] = {
        "Id": Ref("spring_launch"),
        "Name": "Spring Launch",
        "Type": "Email",
        "Status": "In Progress",
        "IsActive": True,
        "StartDate": day(today, -10),
        "EndDate": day(today, 50),
        "BudgetedCost": 20_000,
        "NumberOfLeads": 1,
        "NumberOfContacts": 1,
        "NumberOfResponses": 1,
        "OwnerId": Ref("alice"),
    }
    yield "Campaign", campaign
    yield "CampaignMember", _lead_member("jane_doe")
    yield "CampaignMember", _contact_member("nancy_davis")


def _lead_member(key: str) -> dict[str, Value]:
    lead = LEADS[key]
    return {
        "LeadId": Ref(key),
        "Type": "Lead",
        "Status": "Sent",
        "HasResponded": False,
        "CompanyOrAccount": lead.company,
        **_member(key, lead),
    }


def _contact_member(key: str) -> dict[str, Value]:
    contact = CONTACTS[key]
    return {
        "ContactId": Ref(key),
        "Type": "Contact",
        "Status": "Responded",
        "HasResponded": True,
        "CompanyOrAccount": COMPANIES[contact.account].name,
        **_member(key, contact),
    }


def _member(key: str, member: Person | Prospect) -> dict[str, Value]:
    return {
        "Id": Ref(f"member_{key}"),
        "CampaignId": Ref("spring_launch"),
        "LeadOrContactId": Ref(key),
        "FirstName": member.first,
        "LastName": member.last,
        "Name": f"{member.first} {member.last}",
        "Title": member.title,
        "Email": member.email,
    }
