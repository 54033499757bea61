"""Goals of several actions: sentences, lists, shared verbs, and words that point back."""

from __future__ import annotations

from typing import Any

import pytest

WON = ("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"})
FOLLOW_UP = (
    "CreateTask",
    {"Subject": "Follow up: Acme Renewal", "WhatId": "Opportunity: Acme Renewal", "ActivityDate": "2026-11-24"},
)  # fmt: skip
HOOLI = ("CreateAccount", {"Name": "Hooli"})
RICHARD = (
    "CreateContact",
    {"FirstName": "Richard", "LastName": "Hendricks", "AccountId": "-> a1"},
)
PILOT = (
    "CreateOpportunity",
    {
        "Name": "Hooli Pilot",
        "Amount": 50_000,
        "CloseDate": "2027-03-01",
        "StageName": "Prospecting",
        "AccountId": "-> a1",
    },
)
GOALS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        ("create the account Hooli, add a contact Richard Hendricks with email r@hooli.com to it, open an opportunity"
        " 'Hooli Pilot' over 50k closing 2027-03-01 in Prospecting for it and schedule a call with him next Monday"),
        [
            HOOLI,
            ("CreateContact", {**RICHARD[1], "Email": "r@hooli.com"}),
            PILOT,
            (
                "CreateTask",
                {"Subject": "Call Richard Hendricks", "WhoId": "-> a2", "ActivityDate": "2026-11-23"},
            ),
        ],
    ),
    ("create the account Hooli and a contact Richard Hendricks for it", [HOOLI, RICHARD]),
    (
        ("create an account Hooli, a contact Richard Hendricks at it and an opportunity 'Hooli Pilot' for it worth 50k"
        " closing 2027-03-01 in Prospecting"),
        [HOOLI, RICHARD, PILOT],
    ),
    (
        ("create the account Hooli, add the contact Richard Hendricks to the new account and create a task for the"
        " contact: call him"),
        [HOOLI, RICHARD, ("CreateTask", {"Subject": "call him", "WhoId": "-> a2"})],
    ),
    (
        "1. close Acme Renewal as won\n2. create a follow-up task for next Tuesday\n3. assign it to Bob",
        [WON, FOLLOW_UP, ("ChangeTaskOwner", {"Id": "-> a2", "OwnerId": "User: Bob Baxter"})],
    ),
    ("- close Acme Renewal as won\n- create a follow-up task for next Tuesday", [WON, FOLLOW_UP]),
    ("* close Acme Renewal as won\n\n* create a follow-up task for next Tuesday\n", [WON, FOLLOW_UP]),
    ("1) create the account Hooli 2) add a contact Richard Hendricks to it", [HOOLI, RICHARD]),
    (
        ('First close Acme Renewal as won, then set the next step to "Kick-off", and finally create a task for it: send'
        " thanks"),
        [
            WON,
            ("SetOpportunityNextStep", {"Id": "Opportunity: Acme Renewal", "NextStep": "Kick-off"}),
            ("CreateTask", {"Subject": "send thanks", "WhatId": "Opportunity: Acme Renewal"}),
        ],
    ),
    (
        ("First, close Acme Renewal as won. After that, create a follow-up task for next Tuesday. Finally, mark lead Jane"
        " Doe as qualified."),
        [WON, FOLLOW_UP, ("MarkLeadQualified", {"Id": "Lead: Jane Doe", "Status": "Qualified"})],
    ),
    ("close Acme Renewal as won after that create a follow-up task for next Tuesday", [WON, FOLLOW_UP]),
    (
        "create a contact Ann Lee at Acme, create a case for her: broken, and assign the case to Tier 2 Support",
        [
            ("CreateContact", {"FirstName": "Ann", "LastName": "Lee", "AccountId": "Account: Acme"}),
            ("CreateCase", {"Subject": "broken", "ContactId": "-> a1"}),
            ("ChangeCaseOwner", {"Id": "-> a2", "OwnerId": "Group: Tier 2 Support"}),
        ],
    ),
    (
        "mark Jane Doe as qualified, assign her to Bob and create a task to call her on Tuesday",
        [
            ("MarkLeadQualified", {"Id": "Lead: Jane Doe", "Status": "Qualified"}),
            ("AssignLead", {"Id": "Lead: Jane Doe", "OwnerId": "User: Bob Baxter"}),
            ("CreateTask", {"Subject": "Call her", "WhoId": "Lead: Jane Doe", "ActivityDate": "2026-11-24"}),
        ],
    ),
    (
        "close cases 00001001 and 00001003",
        [
            ("CloseCase", {"Id": "Case: 00001001", "Status": "Closed"}),
            ("CloseCase", {"Id": "Case: 00001003", "Status": "Closed"}),
        ],
    ),
    (
        "assign the account Globex and the opportunity Globex Pilot to Bob",
        [
            ("ChangeAccountOwner", {"Id": "Account: Globex", "OwnerId": "User: Bob Baxter"}),
            ("ChangeOpportunityOwner", {"Id": "Opportunity: Globex Pilot", "OwnerId": "User: Bob Baxter"}),
        ],
    ),
    (
        "hand the Contoso account over to Bob and put case 00001003 back to New",
        [
            ("ChangeAccountOwner", {"Id": "Account: Contoso", "OwnerId": "User: Bob Baxter"}),
            ("ChangeCaseStatus", {"Id": "Case: 00001003", "Status": "New"}),
        ],
    ),
    (
        "add John Smith to the campaign Spring Launch",
        [("AddCampaignMember", {"CampaignId": "Campaign: Spring Launch", "ContactId": "Contact: John Smith"})],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "expected"), GOALS, ids=[each[0][:60] for each in GOALS])
def test_a_goal_of_several_actions_becomes_them(
    goal: str, expected: list[tuple[str, dict[str, Any]]], plans: Any, spell: Any
) -> None:
    """Each part becomes its action, in the order said, with what it takes from the others."""
    outcome = plans(goal)
    assert spell(outcome) == expected
    assert outcome.questions == ()


def test_an_action_waits_for_what_it_takes(plans: Any) -> None:
    """Whoever takes the id of a new record depends on the action that creates it, and on no other."""
    actions = plans(GOALS[0][0]).plan.actions
    assert [each.depends_on for each in actions] == [(), ("a1",), ("a1",), ("a2",)]


ASKED = [
    ("create a contact Ann Lee at Acme and close it as won", "a2.Id"),
    ("create the account Hooli and create a task for him: call", "a2.WhoId"),
    ("escalate the case", "a1.Id"),
    ("add Zed Zebra to Spring Launch", "a1.ContactId"),
]


@pytest.mark.parametrize(("goal", "wanted"), ASKED, ids=[each[0][:60] for each in ASKED])
def test_words_that_point_nowhere_are_asked_about(goal: str, wanted: str, plans: Any) -> None:
    """Nobody calls a person ``it`` or a company ``him``."""
    assert wanted in [each.id for each in plans(goal).questions]


REFUSED = [
    ("create an account Hooli with a contact Richard Hendricks", "part_not_understood"),
    ("1. close Acme Renewal as won\n2. launch the rocket", "part_not_understood"),
    ("- close Acme Renewal as won\n- and quickly", "part_not_understood"),
    ("add milk to cart", "no_fit"),
    ("change the amount of Acme Renewal and Globex Pilot to 5", "part_not_understood"),
    ("delete the user Bob Baxter", "no_fit"),
]


@pytest.mark.parametrize(("goal", "code"), REFUSED, ids=[each[0][:60] for each in REFUSED])
def test_a_part_that_is_not_understood_ends_it(goal: str, code: str, plans: Any) -> None:
    """One part that nobody understands, and nothing at all is planned."""
    outcome = plans(goal)
    assert (outcome.plan, outcome.refusal.code) == (None, code)


@pytest.mark.parametrize(
    "goal",
    [
        "create a task for Acme Renewal: call Bob and a contact",
        "create a task for John Smith: 1. call 2. write",
        "create a case for Acme: printer - paper jam",
    ],
)
def test_a_text_with_lists_in_it_stays_one_text(goal: str, plans: Any) -> None:
    """What is to be written down is no list of actions."""
    (action,) = plans(goal).plan.actions
    assert goal.partition(": ")[2] == action.arguments["Subject"].value
