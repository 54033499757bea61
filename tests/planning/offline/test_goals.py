"""Goals in words, and the actions they become."""

from __future__ import annotations

from typing import Any

import pytest

RENEWAL = "Opportunity: Acme Renewal"
WON: tuple[str, dict[str, Any]] = (
    "UpdateOpportunityStage",
    {"Id": RENEWAL, "StageName": "Closed Won"},
)
FOLLOW_UP: tuple[str, dict[str, Any]] = (
    "CreateTask",
    {"Subject": "Follow up: Acme Renewal", "WhatId": RENEWAL, "ActivityDate": "2026-11-24"},
)


CURATED: dict[str, tuple[str, set[str]]] = {
    "ChangeCaseStatus": ("Case", {"Status"}),
    "ChangeOpportunityOwner": ("Opportunity", {"OwnerId"}),
    "MoveOpportunityStage": ("Opportunity", {"StageName"}),
    "PushOpportunityCloseDate": ("Opportunity", {"CloseDate"}),
    "SetCasePriority": ("Case", {"Priority"}),
    "UpdateAccountDetails": ("Account", {"NumberOfEmployees", "Website"}),
    "UpdateContactDetails": ("Contact", {"AccountId", "FirstName", "LastName"}),
    "UpdateLeadDetails": ("Lead", {"Email", "Phone"}),
    "UpdateOpportunityAmount": ("Opportunity", {"Amount"}),
}
"""The curated blueprints that a change of nothing but these fields is for."""


def update(kind: str, record: str, **fields: object) -> tuple[str, dict[str, Any]]:
    """Return an update of the record called so, by the curated blueprint for just these fields or a derived one."""
    fitting = [
        name
        for name, (target, own) in CURATED.items()
        if target == kind and fields.keys() <= own and None not in fields.values()
    ]
    return (*fitting, f"Update{kind}")[0], {"Id": f"{kind}: {record}", **fields}


GOALS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "Close the Acme Renewal as won and create a follow-up task for next Tuesday",
        [WON, FOLLOW_UP],
    ),
    ("close Acme Renewal as won. Create a follow-up task for next Tuesday.", [WON, FOLLOW_UP]),
    (
        "close the Acme renewal as won and book a follow-up call",
        [
            ("UpdateOpportunityStage", {"Id": RENEWAL, "StageName": "Closed Won"}),
            ("CreateTask", {"Subject": "Call", "WhatId": RENEWAL}),
        ],
    ),
    ("please close the Acme Renewal as won.", [WON]),
    ("Could you close the Acme Renewal as won?", [WON]),
    ("I'd like to close the Acme Renewal as won, thanks!", [WON]),
    ("win Acme Renewal", [WON]),
    ("we won Acme Renewal", [WON]),
    ("mark Acme Renewal closed won", [WON]),
    ("close  Acme  Renewal  as  won", [WON]),
    ('close the "Acme Renewal" opportunity as won', [WON]),
    ("don't forget to close Acme Renewal as won", [WON]),
    ("please close Acme Renewal as won?", [WON]),
    ("close Acme Renewal as won, thank you!", [WON]),
    (
        "close Acme Renewal as won with amount 50000",
        [WON, update("Opportunity", "Acme Renewal", Amount=50000)],
    ),
    (
        "set the stage of Acme Renewal to Closed Won and the amount to 50000",
        [WON, update("Opportunity", "Acme Renewal", Amount=50000)],
    ),
    (
        'escalate case 00001003 with subject "X"',
        [
            ("EscalateCase", {"Id": "Case: 00001003", "Status": "Escalated"}),
            update("Case", "00001003", Subject="X"),
        ],
    ),
    (
        "escalate case 00001003 to Tier 2 Support with high priority",
        [
            (
                "EscalateCaseToTier2",
                {"Id": "Case: 00001003", "OwnerId": "Group: Tier 2 Support", "Priority": "High"},
            )
        ],
    ),
    (
        'escalate the "00001002" case',
        [("EscalateCase", {"Id": "Case: 00001002", "Status": "Escalated"})],
    ),
    (
        'set the amount of the "Initech Upgrade" opportunity to 70000',
        [update("Opportunity", "Initech Upgrade", Amount=70000)],
    ),
    ('delete the "Kevin Brown" contact', [("DeleteContact", {"Id": "Contact: Kevin Brown"})]),
    (
        "change the amount of Globex Pilot from 30000 to 45000",
        [update("Opportunity", "Globex Pilot", Amount=45000)],
    ),
    (
        "change Globex Pilot's amount from 30000 to 45000",
        [update("Opportunity", "Globex Pilot", Amount=45000)],
    ),
    (
        "move Globex Pilot from Prospecting to Qualification",
        [update("Opportunity", "Globex Pilot", StageName="Qualification")],
    ),
    (
        "set Globex Pilot amount to 45000 and Initech Upgrade amount to 70000",
        [
            update("Opportunity", "Globex Pilot", Amount=45000),
            update("Opportunity", "Initech Upgrade", Amount=70000),
        ],
    ),
    *(
        (goal, [update("Opportunity", "Globex Pilot", Amount=45000, StageName="Qualification")])
        for goal in (
            "update opportunity Globex Pilot set amount to 45000, stage to Qualification",
            "set the amount to 45000 and the stage to Qualification for Globex Pilot",
        )
    ),
    *(
        (goal, [update("Opportunity", "Globex Pilot", NextStep=None)])
        for goal in (
            "clear the next step of Globex Pilot",
            "remove the next step of Globex Pilot",
            "empty Globex Pilot's next step",
        )
    ),
    ("move Kevin Brown to Acme", [update("Contact", "Kevin Brown", AccountId="Account: Acme")]),
    (
        "close the task Send security questionnaire",
        [("CompleteTask", {"Id": "Task: Send security questionnaire", "Status": "Completed"})],
    ),
    ("reopen case 00001004 as Working", [update("Case", "00001004", Status="Working")]),
    (
        "set the amount of Globex Pilot to -500",
        [update("Opportunity", "Globex Pilot", Amount=-500)],
    ),
    (
        "set the amount of Globex Pilot to -$1,500.50",
        [update("Opportunity", "Globex Pilot", Amount=-1500.5)],
    ),
    ("mark Acme Renewal as won", [WON]),
    ("mark the Acme Renewal deal as closed won", [WON]),
    ("set Acme Renewal to Closed Won", [WON]),
    ("set the stage of Acme Renewal to Closed Won", [WON]),
    ("MOVE ACME RENEWAL TO CLOSED WON", [WON]),
    (
        "mark Initech Upgrade as lost because of price",
        [
            (
                "CloseOpportunityLost",
                {
                    "Id": "Opportunity: Initech Upgrade",
                    "StageName": "Closed Lost",
                    "Description": "price",
                },
            )
        ],
    ),
    (
        "close Globex Pilot as lost",
        [
            (
                "CloseOpportunityLost",
                {"Id": "Opportunity: Globex Pilot", "StageName": "Closed Lost"},
            )
        ],
    ),
    (
        "Change the amount of Acme Renewal to 99000",
        [update("Opportunity", "Acme Renewal", Amount=99000)],
    ),
    (
        "change the Acme Renewal amount to $99,000.50",
        [update("Opportunity", "Acme Renewal", Amount=99000.5)],
    ),
    (
        "set Acme Renewal's amount to 1.5m",
        [update("Opportunity", "Acme Renewal", Amount=1_500_000)],
    ),
    (
        "change the amount of the Acme Renewal deal to 12k",
        [update("Opportunity", "Acme Renewal", Amount=12_000)],
    ),
    (
        "change the amount of Acme Renewal to 5 and the next step to Call",
        [update("Opportunity", "Acme Renewal", Amount=5, NextStep="Call")],
    ),
    (
        "update Acme Renewal: amount 99000, stage Qualification",
        [update("Opportunity", "Acme Renewal", Amount=99000, StageName="Qualification")],
    ),
    (
        'update Acme Renewal with amount 99000 and next step "call Bob"',
        [update("Opportunity", "Acme Renewal", Amount=99000, NextStep="call Bob")],
    ),
    (
        "move Acme Renewal to Negotiation/Review",
        [update("Opportunity", "Acme Renewal", StageName="Negotiation/Review")],
    ),
    (
        "move Acme Renewal to Negotiation",
        [update("Opportunity", "Acme Renewal", StageName="Negotiation/Review")],
    ),
    (
        "set the probability of Acme Renewal to 50%",
        [update("Opportunity", "Acme Renewal", Probability=50)],
    ),
    (
        "set the close date of Globex Pilot to 2026-12-31",
        [update("Opportunity", "Globex Pilot", CloseDate="2026-12-31")],
    ),
    (
        "push the close date of Globex Pilot to the end of the quarter",
        [update("Opportunity", "Globex Pilot", CloseDate="2026-12-31")],
    ),
    (
        "reschedule Globex Pilot to next Friday",
        [update("Opportunity", "Globex Pilot", CloseDate="2026-11-27")],
    ),
    (
        "rename Globex Pilot to Globex Rollout",
        [update("Opportunity", "Globex Pilot", Name="Globex Rollout")],
    ),
    (
        "rename the contact John Smith to John Smythe",
        [update("Contact", "John Smith", FirstName="John", LastName="Smythe")],
    ),
    (
        "assign Acme Renewal to Bob",
        [("ChangeOpportunityOwner", {"Id": RENEWAL, "OwnerId": "User: Bob Baxter"})],
    ),
    (
        "set the owner of Acme Renewal to Bob Baxter",
        [update("Opportunity", "Acme Renewal", OwnerId="User: Bob Baxter")],
    ),
    (
        "change the account of Acme Renewal to Globex",
        [update("Opportunity", "Acme Renewal", AccountId="Account: Globex")],
    ),
    ("set the priority of case 00001001 to High", [update("Case", "00001001", Priority="High")]),
    ("set priority to high on case 00001001", [update("Case", "00001001", Priority="High")]),
    ("make the priority of case 00001001 high", [update("Case", "00001001", Priority="High")]),
    ("set the priority of case 1001 to low", [update("Case", "00001001", Priority="Low")]),
    ("change case 00001003's priority to low", [update("Case", "00001003", Priority="Low")]),
    (
        "set case 00001001 to high priority",
        [("SetCasePriority", {"Id": "Case: 00001001", "Priority": "High"})],
    ),
    ("close case 00001001", [("CloseCase", {"Id": "Case: 00001001", "Status": "Closed"})]),
    (
        "assign case 00001001 to the Billing queue",
        [("AssignCaseToQueue", {"Id": "Case: 00001001", "OwnerId": "Group: Billing"})],
    ),
    (
        "escalate case 00001002 to tier 2",
        [
            (
                "EscalateCaseToTier2",
                {"Id": "Case: 00001002", "OwnerId": "Group: Tier 2 Support"},
            )
        ],
    ),
    (
        "escalate case 00001002",
        [("EscalateCase", {"Id": "Case: 00001002", "Status": "Escalated"})],
    ),
    (
        "set the status of case 00001001 to Escalated",
        [update("Case", "00001001", Status="Escalated")],
    ),
    (
        "mark lead Jane Doe as qualified",
        [("MarkLeadQualified", {"Id": "Lead: Jane Doe", "Status": "Qualified"})],
    ),
    (
        "update Jane Doe's phone to +1 212 555 0100",
        [update("Lead", "Jane Doe", Phone="+1 212 555 0100")],
    ),
    (
        "change Jane Doe's email to jane@new.example",
        [update("Lead", "Jane Doe", Email="jane@new.example")],
    ),
    ("set the employees of Acme to 500", [update("Account", "Acme", NumberOfEmployees=500)]),
    (
        "set the website of Acme to https://acme.example/x",
        [update("Account", "Acme", Website="https://acme.example/x")],
    ),
    (
        "mark campaign Spring Launch as active",
        [update("Campaign", "Spring Launch", IsActive=True)],
    ),
    (
        'complete the task "Call about the renewal terms"',
        [
            (
                "CompleteTask",
                {"Id": "Task: Call about the renewal terms", "Status": "Completed"},
            )
        ],
    ),
    (
        'delete the task "Log kick-off notes"',
        [("DeleteTask", {"Id": "Task: Log kick-off notes"})],
    ),
    ("remove the lead Jane Doe", [("DeleteLead", {"Id": "Lead: Jane Doe"})]),
    (
        "close Acme Renewal as won; create a follow-up task for next Tuesday; qualify lead Jane Doe",
        [WON, FOLLOW_UP, ("MarkLeadQualified", {"Id": "Lead: Jane Doe", "Status": "Qualified"})],
    ),
    (
        "set the amount of Acme Renewal to 5 and change the close date to tomorrow",
        [
            update("Opportunity", "Acme Renewal", Amount=5),
            update("Opportunity", "Acme Renewal", CloseDate="2026-11-22"),
        ],
    ),
]


@pytest.mark.parametrize(("goal", "expected"), GOALS, ids=[each[0][:60] for each in GOALS])
def test_a_goal_becomes_its_actions(
    goal: str, expected: list[tuple[str, dict[str, Any]]], plans: Any, spell: Any
) -> None:
    """Each goal becomes exactly these actions with these arguments, and asks nothing."""
    outcome = plans(goal)
    assert spell(outcome) == expected
    assert outcome.questions == ()


def test_both_actions_look_the_same_record_up(plans: Any) -> None:
    """A follow-up carries the very lookup of the record it follows up, and waits for nothing."""
    outcome = plans("Close the Acme Renewal as won and create a follow-up task for next Tuesday")
    first, second = outcome.plan.actions
    assert second.arguments["WhatId"] == first.arguments["Id"]
    assert second.depends_on == ()


def test_an_id_in_the_goal_is_taken_when_its_checksum_is_right(plans: Any, spell: Any) -> None:
    """A record id in the goal's own words is a value with provenance goal, never looked up."""
    outcome = plans("set the amount of 006000000000001AAA to 5")
    assert spell(outcome) == [
        ("UpdateOpportunityAmount", {"Id": "006000000000001AAA", "Amount": 5})
    ]
    assert outcome.plan.actions[0].arguments["Id"].provenance == "goal"


def test_an_id_with_a_wrong_checksum_is_no_id(plans: Any) -> None:
    """What looks like an id and fails its checksum is asked about, never used."""
    outcome = plans("set the amount of 006000000000001ZZZ to 5")
    assert "Id" not in outcome.plan.actions[0].arguments
    assert [each.reason for each in outcome.questions] == ["not_found"]


def test_fifteen_letters_are_a_word(plans: Any) -> None:
    """A word of fifteen letters is never taken for a record id."""
    outcome = plans("set the amount of responsibility0 to 5")
    assert "Id" not in outcome.plan.actions[0].arguments


def test_what_is_said_of_the_present_is_an_assumption(plans: Any) -> None:
    """A value the record is said to hold now is never dropped in silence."""
    outcome = plans("change the amount of Globex Pilot from 30000 to 45000")
    assert any('"from 30000"' in each for each in outcome.plan.assumptions)


def test_an_emptied_field_is_what_the_goal_says(plans: Any) -> None:
    """No value is a value with provenance goal and the goal's own words as its source."""
    argument = plans("clear the next step of Globex Pilot").plan.actions[0].arguments["NextStep"]
    assert (argument.value, argument.provenance) == (None, "goal")
    assert argument.source == "clear the next step"


def test_data_for_either_half_of_a_clause_finds_it(plans: Any, spell: Any) -> None:
    """A field the curated blueprint lacks goes to the second action, by the clause's id or by its own."""
    for name in ("Amount", "a1.Amount", "a1b.Amount"):
        outcome = plans("close Acme Renewal as won", {name: "-500"})
        assert spell(outcome) == [WON, update("Opportunity", "Acme Renewal", Amount=-500)]
        assert [each.id for each in outcome.plan.actions] == ["a1", "a1b"]


def test_the_record_of_both_halves_is_asked_once_and_answered_once(plans: Any, spell: Any) -> None:
    """One answer names the record for the curated action and for the rest."""
    goal = "close Acme Renewall as won with amount 5"
    assert [each.id for each in plans(goal).questions] == ["a1.Id"]
    answered = plans(goal, {"a1.Id": "Acme Renewal"})
    assert spell(answered) == [WON, update("Opportunity", "Acme Renewal", Amount=5)]
    assert answered.questions == ()
