"""Goals that create records, and the actions they become."""

from __future__ import annotations

from typing import Any

import pytest

RENEWAL = "Opportunity: Acme Renewal"
HOOLI = ("CreateAccount", {"Name": "Hooli"})
GOALS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "create the account Hooli and add a contact Richard Hendricks to it",
        [
            HOOLI,
            (
                "CreateContact",
                {"FirstName": "Richard", "LastName": "Hendricks", "AccountId": "-> a1"},
            ),
        ],
    ),
    (
        (
            "create the account Hooli and create an opportunity 'Hooli Pilot' for that account"
            " worth 10k closing 2026-12-15 in Prospecting"
        ),
        [
            HOOLI,
            (
                "CreateOpportunity",
                {
                    "Name": "Hooli Pilot",
                    "Amount": 10_000,
                    "CloseDate": "2026-12-15",
                    "StageName": "Prospecting",
                    "AccountId": "-> a1",
                },
            ),
        ],
    ),
    (
        'create an account named "Hooli", industry Technology, website www.hooli.com',
        [
            (
                "CreateAccount",
                {"Name": "Hooli", "Industry": "Technology", "Website": "www.hooli.com"},
            )
        ],
    ),
    (
        "create a contact Bill Gates at Acme, title CTO, phone 555-0100",
        [
            (
                "CreateContact",
                {
                    "FirstName": "Bill",
                    "LastName": "Gates",
                    "AccountId": "Account: Acme",
                    "Title": "CTO",
                    "Phone": "555-0100",
                },
            )
        ],
    ),
    (
        "create a case for Acme: printer is broken, high priority",
        [
            (
                "CreateCase",
                {"Subject": "printer is broken", "Priority": "High", "AccountId": "Account: Acme"},
            )
        ],
    ),
    (
        "open a high priority case for John Smith: it does not print",
        [
            (
                "CreateCase",
                {
                    "Subject": "it does not print",
                    "Priority": "High",
                    "ContactId": "Contact: John Smith",
                },
            )
        ],
    ),
    (
        "create a lead for Ann Lee at Fabrikam, email ann@fabrikam.com",
        [
            (
                "CreateLead",
                {
                    "FirstName": "Ann",
                    "LastName": "Lee",
                    "Company": "Fabrikam",
                    "Email": "ann@fabrikam.com",
                },
            )
        ],
    ),
    (
        "create an opportunity 'Acme Add-on' for Acme worth 45k closing 2026-12-15 in Prospecting",
        [
            (
                "CreateOpportunity",
                {
                    "Name": "Acme Add-on",
                    "AccountId": "Account: Acme",
                    "Amount": 45_000,
                    "CloseDate": "2026-12-15",
                    "StageName": "Prospecting",
                },
            )
        ],
    ),
    (
        "create a task for John Smith on Acme Renewal: send the contract, due tomorrow",
        [
            (
                "CreateTask",
                {
                    "Subject": "send the contract",
                    "WhoId": "Contact: John Smith",
                    "WhatId": RENEWAL,
                    "ActivityDate": "2026-11-22",
                },
            )
        ],
    ),
    (
        "Create a task for Acme Renewal to send the quote by Friday",
        [
            (
                "CreateTask",
                {"Subject": "send the quote", "WhatId": RENEWAL, "ActivityDate": "2026-11-27"},
            )
        ],
    ),
    (
        "log a call with John Smith",
        [("CreateTask", {"Subject": "Call", "WhoId": "Contact: John Smith"})],
    ),
    (
        "create a follow-up task for case 00001001 for tomorrow",
        [
            (
                "CreateCaseFollowupTask",
                {
                    "Subject": "Follow up: 00001001",
                    "WhatId": "Case: 00001001",
                    "ActivityDate": "2026-11-22",
                },
            )
        ],
    ),
]


@pytest.mark.parametrize(("goal", "expected"), GOALS, ids=[each[0][:60] for each in GOALS])
def test_a_goal_becomes_new_records(
    goal: str, expected: list[tuple[str, dict[str, Any]]], plans: Any, spell: Any
) -> None:
    """Each goal becomes exactly these creations with these arguments, and asks nothing."""
    outcome = plans(goal)
    assert spell(outcome) == expected
    assert outcome.questions == ()


def test_the_second_action_waits_for_the_record_it_takes(plans: Any) -> None:
    """An action that takes the id of a record the plan creates depends on the action that creates it."""
    outcome = plans("create the account Hooli and add a contact Richard Hendricks to it")
    assert [each.depends_on for each in outcome.plan.actions] == [(), ("a1",)]
