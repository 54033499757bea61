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
        [
            (
                "LogCall",
                {"Subject": "Call", "Status": "Completed", "WhoId": "Contact: John Smith"},
            )
        ],
    ),
    (
        "new lead: Peter Pan, Neverland Inc, peter@x.example",
        [
            (
                "CreateLead",
                {
                    "FirstName": "Peter",
                    "LastName": "Pan",
                    "Company": "Neverland Inc",
                    "Email": "peter@x.example",
                },
            )
        ],
    ),
    (
        "new contact: Peter Pan, Acme, title CTO",
        [
            (
                "CreateContact",
                {
                    "FirstName": "Peter",
                    "LastName": "Pan",
                    "AccountId": "Account: Acme",
                    "Title": "CTO",
                },
            )
        ],
    ),
    ("create an account: Hooli", [("CreateAccount", {"Name": "Hooli"})]),
    *(
        (
            goal,
            [
                (
                    "CreateTask",
                    {
                        "Subject": "Call John Smith",
                        "WhoId": "Contact: John Smith",
                        "ActivityDate": "2026-11-22",
                    },
                )
            ],
        )
        for goal in (
            "call John Smith tomorrow",
            "remind me to call John Smith tomorrow",
            "remind me tomorrow to call John Smith",
            "schedule a call with John Smith tomorrow",
            "create a task to call John Smith tomorrow",
            "please don't forget to call John Smith tomorrow!",
        )
    ),
    (
        "remind me to call Acme tomorrow",
        [
            (
                "CreateTask",
                {"Subject": "Call Acme", "WhatId": "Account: Acme", "ActivityDate": "2026-11-22"},
            )
        ],
    ),
    (
        "create a task to call Nobody Known tomorrow",
        [("CreateTask", {"Subject": "Call Nobody Known", "ActivityDate": "2026-11-22"})],
    ),
    (
        "create account Hooli with billing street 'x'",
        [("CreateAccount", {"Name": "Hooli", "BillingStreet": "x"})],
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


def test_a_field_beyond_the_curated_blueprint_keeps_its_guardrails(plans: Any) -> None:
    """A creation with a further field is the curated one, wider by that field, with every guardrail it has."""
    plain = plans("create account Hooli").plan.actions[0].blueprint
    wider = plans("create account Hooli with billing street 'x'").plan.actions[0].blueprint
    assert {each.api_name for each in wider.inputs} > {each.api_name for each in plain.inputs}
    assert [each for each in plain.guardrails if each not in wider.guardrails] == []


@pytest.mark.parametrize(
    ("goal", "label"),
    [
        ("create a contact John Smith at Acme", "John Smith (Contact, Acme)"),
        ("create account Acme", "Acme (Account)"),
    ],
)
def test_a_record_of_that_name_is_told(goal: str, label: str, plans: Any) -> None:
    """A new record whose name another one bears is planned, and the other is named as an assumption."""
    outcome = plans(goal)
    assert outcome.questions == ()
    assert any(f"exists already: {label}" in each for each in outcome.plan.assumptions)


def test_a_call_on_a_day_to_come_is_not_logged_as_made(plans: Any, spell: Any) -> None:
    """A call logged for tomorrow was not made yet, so its status stays the blueprint's default."""
    ((_, arguments),) = spell(plans("log a call with John Smith tomorrow"))
    assert "Status" not in arguments


def test_a_call_with_nobody_known_says_so(plans: Any) -> None:
    """The task keeps the words, is linked to nothing, and the plan says so."""
    outcome = plans("create a task to call Nobody Known tomorrow")
    assert any("linked to none" in each for each in outcome.plan.assumptions)
