"""The offline planner over a real local org, as each person sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.planning.planner import PlanningOutcome, PlanningRequest

Login = Callable[[str], SalesforceOrg]
RENEWAL = "Opportunity: Acme Renewal"


class NoonClock:
    """Noon in UTC today: the same day wherever the demo's people live."""

    def now(self) -> datetime:
        """Return noon."""
        return datetime.now(UTC).replace(hour=12)


@pytest.fixture
def ask(login: Login, planner: Any, library: Any) -> Callable[..., PlanningOutcome]:
    """Plan a goal as somebody, over the real org."""

    def run(goal: str, who: str = "alice", **data: Any) -> PlanningOutcome:
        outcome: PlanningOutcome = planner.plan(
            PlanningRequest(goal, library, login(who), NoonClock(), data)
        )
        return outcome

    return run


def next_tuesday() -> date:
    """Return the first Tuesday after today in New York."""
    today = NoonClock().now().astimezone(ZoneInfo("America/New_York")).date()
    return next(day for ahead in range(1, 8) if (day := today + timedelta(ahead)).weekday() == 1)


def test_the_first_example_of_the_readme(ask: Any, spell: Any) -> None:
    """The goal the project is shown with becomes two actions over the real demo org."""
    outcome = ask("Close the Acme Renewal as won and create a follow-up task for next Tuesday")
    assert outcome.questions == ()
    assert spell(outcome) == [
        ("UpdateOpportunityStage", {"Id": RENEWAL, "StageName": "Closed Won"}),
        (
            "CreateTask",
            {
                "Subject": "Follow up: Acme Renewal",
                "WhatId": RENEWAL,
                "ActivityDate": next_tuesday().isoformat(),
            },
        ),
    ]


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (
            "Change the amount of acme renewal to 99000",
            ("UpdateOpportunityAmount", {"Id": RENEWAL, "Amount": 99000}),
        ),
        (
            "escalate case 00001002 to tier 2",
            (
                "EscalateCaseToTier2",
                {"Id": "Case: 00001002", "OwnerId": "Group: Tier 2 Support"},
            ),
        ),
        (
            "update Jane Doe's phone to +1 212 555 0100",
            ("UpdateLeadDetails", {"Id": "Lead: Jane Doe", "Phone": "+1 212 555 0100"}),
        ),
        (
            "assign Acme Renewal to Bob",
            ("ChangeOpportunityOwner", {"Id": RENEWAL, "OwnerId": "User: Bob Baxter"}),
        ),
        (
            'delete the task "Call about the renewal terms"',
            ("DeleteTask", {"Id": "Task: Call about the renewal terms"}),
        ),
        (
            "create a case for John Smith: printer is broken, high priority",
            (
                "CreateCase",
                {
                    "Subject": "printer is broken",
                    "Priority": "High",
                    "ContactId": "Contact: John Smith",
                },
            ),
        ),
    ],
)
def test_goals_over_the_real_schema(
    goal: str, expected: tuple[str, dict[str, Any]], ask: Any, spell: Any
) -> None:
    """Names, queues, people and numbers are found by real queries over real describes."""
    outcome = ask(goal)
    assert spell(outcome) == [expected]
    assert outcome.questions == ()


def test_somebody_without_the_right_gets_the_same_plan(ask: Any, spell: Any) -> None:
    """Bob may not edit the amount; the plan says so much, and the refusal is left to the guardrails."""
    outcome = ask("Change the amount of Acme Renewal to 99000", who="bob")
    assert spell(outcome) == [("UpdateOpportunityAmount", {"Id": RENEWAL, "Amount": 99000})]
    assert outcome.plan.dependencies == ("Opportunity.edit",)


@pytest.mark.parametrize("who", ["carol", "dana"])
@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (
            "close Globex Pilot as won",
            (
                "UpdateOpportunityStage",
                {"Id": "Opportunity: Globex Pilot", "StageName": "Closed Won"},
            ),
        ),
        ("create account Foo", ("CreateAccount", {"Name": "Foo"})),
        ("delete contact Kevin Brown", ("DeleteContact", {"Id": "Contact: Kevin Brown"})),
        (
            "rename the contact John Smith to John Smythe",
            (
                "UpdateContactDetails",
                {"Id": "Contact: John Smith", "FirstName": "John", "LastName": "Smythe"},
            ),
        ),
        (
            "create a task for John Smith to send the quote",
            ("CreateTask", {"Subject": "send the quote", "WhoId": "Contact: John Smith"}),
        ),
        (
            "escalate case 00001003",
            ("EscalateCase", {"Id": "Case: 00001003", "Status": "Escalated"}),
        ),
        (
            "create an opportunity 'X' for Acme worth 5 closing 2026-12-15 in Prospecting",
            (
                "CreateOpportunity",
                {
                    "Name": "X",
                    "AccountId": "Account: Acme",
                    "Amount": 5,
                    "CloseDate": "2026-12-15",
                    "StageName": "Prospecting",
                },
            ),
        ),
    ],
)
def test_who_may_only_read_gets_the_plan_too(
    who: str, goal: str, expected: tuple[str, dict[str, Any]], ask: Any, spell: Any
) -> None:
    """A lacking right never makes a goal unreadable: the preview refuses it and names the permission."""
    outcome = ask(goal, who=who)
    assert spell(outcome) == [expected]
    assert outcome.questions == ()


@pytest.mark.parametrize("who", ["admin", "dana"])
def test_what_nobody_may_write_is_no_plan(who: str, ask: Any) -> None:
    """A field the platform keeps itself is written by nobody's plan."""
    assert ask("set IsWon of Globex Pilot to true", who=who).plan is None


def test_a_typing_error_is_asked_with_the_real_name_near(ask: Any) -> None:
    """Near names come from the org, with the account they belong to."""
    (question,) = ask("close the Acme Renewall as won").questions
    assert question.candidates[0].label == "Acme Renewal (Opportunity, Acme)"


def test_the_answer_by_id_is_taken(ask: Any) -> None:
    """The candidate's id answers the question."""
    (question,) = ask("close the Acme Renewall as won").questions
    answered = ask("close the Acme Renewall as won", **{"a1.Id": question.candidates[0].value})
    assert answered.questions == ()
    assert answered.plan.actions[0].arguments["Id"].value == question.candidates[0].value


def test_a_hidden_object_is_no_object(ask: Any) -> None:
    """Carol does not see leads: for her the goal names nothing."""
    outcome = ask("qualify lead Jane Doe", who="carol")
    assert outcome.plan is None or outcome.questions


@pytest.mark.parametrize(
    "goal", ["change the amount of \"x' OR Name != '\" to 5", 'close "50%_\\\'" as won']
)
def test_hostile_names_find_nothing(goal: str, ask: Any) -> None:
    """Quotes, wildcards and backslashes in a name are only a name that nobody has."""
    outcome = ask(goal)
    assert outcome.refusal is not None or outcome.questions[0].reason == "not_found"


def test_planning_takes_few_calls(login: Login, planner: Any, library: Any) -> None:
    """With the schema known, whatever a goal of two actions has to look up goes out in one call."""
    org = login("alice")
    goal = "assign case 00001001 to Billing and close Acme Renewal as won"
    request = PlanningRequest(goal, library, org, NoonClock())
    assert planner.plan(request).questions == ()
    before = org.api_calls
    planner.plan(request)
    assert org.api_calls - before == 1


def test_the_source_of_a_follow_up_is_the_goals_own_word(ask: Any) -> None:
    """A case called by its number without the zeros is followed up; the source repeats the goal and no record."""
    plan = ask("close case 1001 and create a follow-up task").plan
    subject = plan.actions[1].arguments["Subject"]
    assert (subject.value, subject.source) == ("Follow up: 00001001", "follow-up")
