"""The cases, tasks and events of the demo org."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from localorg.schema.stages import CLOSED_CASE_STATUSES, CLOSED_TASK_STATUSES
from localorg.seed.parties import CONTACTS
from localorg.seed.row import Ref, Row, Value, day, moment


class _Ticket(NamedTuple):
    subject: str
    contact: str
    status: str
    priority: str
    origin: str
    owner: str


class _Activity(NamedTuple):
    subject: str
    opportunity: str
    contact: str
    in_days: int
    owner: str


_TICKETS = (
    _Ticket("Login fails after password reset", "john_smith", "New", "High", "Web", "carol"),
    _Ticket(
        "Invoice shows the wrong amount",
        "anna_smith",
        "Working",
        "Medium",
        "Email",
        "queue_billing",
    ),
    _Ticket("Export to spreadsheet times out", "tom_baker", "Working", "Medium", "Email", "carol"),
    _Ticket(
        "Patient portal is unreachable",
        "rosa_klein",
        "Escalated",
        "High",
        "Phone",
        "queue_tier_2_support",
    ),
    _Ticket("How to add a second warehouse", "nancy_davis", "Closed", "Low", "Web", "carol"),
)
_FIRST_CASE_NUMBER = 1001

_TASKS = {
    _Activity(
        "Call about the renewal terms", "acme_renewal", "john_smith", 3, "alice"
    ): "Not Started",
    _Activity(
        "Send security questionnaire", "initech_upgrade", "tom_baker", 5, "bob"
    ): "In Progress",
    _Activity("Log kick-off notes", "globex_pilot", "anna_smith", -2, "alice"): "Completed",
}
_EVENTS = {
    _Activity("Acme renewal review", "acme_renewal", "john_smith", 7, "alice"): 14,
    _Activity("Northwind discovery workshop", "northwind_platform", "nancy_davis", 10, "bob"): 16,
}
"""Meetings of one hour -> the hour in UTC at which they start."""


def service_rows(today: dt.date) -> Iterator[Row]:
    """Yield cases, then the tasks and events around the opportunities."""
    for number, ticket in enumerate(_TICKETS, _FIRST_CASE_NUMBER):
        yield _case(today, number, ticket)
    for activity, status in _TASKS.items():
        yield _task(today, activity, status)
    for activity, hour in _EVENTS.items():
        yield _event(today, activity, hour)


def _case(today: dt.date, number: int, ticket: _Ticket) -> Row:
    opened = number - _FIRST_CASE_NUMBER - 9
    closed = ticket.status in CLOSED_CASE_STATUSES
    contact = CONTACTS[ticket.contact]
    return "Case", {
        "Id": Ref(f"case_{number}"),
        "CaseNumber": f"{number:08}",
        "Subject": ticket.subject,
        "Status": ticket.status,
        "Priority": ticket.priority,
        "Origin": ticket.origin,
        "IsClosed": closed,
        "ClosedDate": moment(today, opened + 1, 15) if closed else None,
        "IsEscalated": ticket.status == "Escalated",
        "ContactId": Ref(ticket.contact),
        "ContactEmail": contact.email,
        "ContactPhone": contact.phone,
        "AccountId": Ref(contact.account),
        "OwnerId": Ref(ticket.owner),
        "CreatedDate": moment(today, opened),
    }


def _shared(today: dt.date, activity: _Activity) -> dict[str, Value]:
    """What tasks and events have alike."""
    return {
        "Id": Ref(activity.subject.lower().replace(" ", "_")),
        "Subject": activity.subject,
        "WhatId": Ref(activity.opportunity),
        "WhoId": Ref(activity.contact),
        "AccountId": Ref(CONTACTS[activity.contact].account),
        "OwnerId": Ref(activity.owner),
        "CreatedDate": moment(today, -7),
    }


def _task(today: dt.date, activity: _Activity, status: str) -> Row:
    closed = status in CLOSED_TASK_STATUSES
    return "Task", {
        **_shared(today, activity),
        "Status": status,
        "Priority": "Normal",
        "ActivityDate": day(today, activity.in_days),
        "IsClosed": closed,
        "CompletedDateTime": moment(today, activity.in_days, 17) if closed else None,
        "TaskSubtype": "Task",
    }


def _event(today: dt.date, activity: _Activity, hour: int) -> Row:
    starts = moment(today, activity.in_days, hour)
    return "Event", {
        **_shared(today, activity),
        "StartDateTime": starts,
        "EndDateTime": moment(today, activity.in_days, hour + 1),
        "DurationInMinutes": 60,
        "ActivityDateTime": starts,
        "ActivityDate": day(today, activity.in_days),
        "EndDate": day(today, activity.in_days),
        "ShowAs": "Busy",
        "EventSubtype": "Event",
    }
