"""What the planner asks instead of guessing, and how answers find their place."""

from __future__ import annotations

from typing import Any

import pytest

ASKED = [
    ("create the account Hooli and add a contact to it", "a2.LastName", "missing"),
    ("create a case for Acme", "a1.Subject", "missing"),
    ("change the close date of Acme Renewal", "a1.CloseDate", "missing"),
    ("change the amount to 99000", "a1.Id", "missing"),
    ("close the Acme Renewall as won", "a1.Id", "not_found"),
    ("close Acme as won", "a1.Id", "not_found"),
    ("create a task for Acme Renewal for Globex Pilot: x", "a1.WhatId", "unclear"),
    ("change the amount of Globex Pilot to 10%", "a1.Amount", "unclear"),
    ("new lead: Peter Pan", "a1.Company", "missing"),
    ("reopen Acme Renewal", "a1.StageName", "no_value"),
    ("set the close date of Globex Pilot to next month", "a1.CloseDate", "unclear"),
    ("reschedule Globex Pilot to next month", "a1.CloseDate", "unclear"),
    (
        "create an opportunity 'X' for Acme closing next month in Prospecting",
        "a1.CloseDate",
        "unclear",
    ),
    ("clear the stage of Globex Pilot", "a1.StageName", "unclear"),
    ("move John Smith to Nowhere Inc", "a1.AccountId", "not_found"),
    ("remove the owner of Globex Pilot", "a1.Id", "not_found"),
    ("close it as won", "a1.Id", "not_found"),
    ("update the contact Smith's phone to 555-0100", "a1.Id", "not_found"),
    ("set the priority of case 00001001 to urgent", "a1.Priority", "no_value"),
    ("move Acme Renewal to the moon", "a1.StageName", "no_value"),
    ("mark lead Jane Doe as not qualified", "a1.Status", "no_value"),
    ("set the amount of Acme Renewal to lots", "a1.Amount", "unclear"),
    ("change the amount of Acme Renewal to 1,5", "a1.Amount", "unclear"),
    ("change the close date of Acme Renewal to 12/11/2026", "a1.CloseDate", "unclear"),
    ("change the close date of Acme Renewal to 2026-02-30", "a1.CloseDate", "unclear"),
]


@pytest.mark.parametrize(("goal", "wanted", "reason"), ASKED)
def test_what_is_open_is_asked(goal: str, wanted: str, reason: str, plans: Any) -> None:
    """An open value becomes one question that names action, input, reason and the way to answer."""
    outcome = plans(goal)
    assert [(each.id, each.reason) for each in outcome.questions] == [(wanted, reason)]
    assert f"-d {wanted}=" in outcome.questions[0].text
    assert outcome.plan.questions == outcome.questions
    action = outcome.plan.action(wanted.split(".", maxsplit=1)[0])
    assert outcome.questions[0].input not in action.arguments


def test_near_names_are_candidates(plans: Any) -> None:
    """A name nobody has comes with the names that are near, each with its id and a little context."""
    (question,) = plans("close the Acme Renewall as won").questions
    assert question.candidates[0].label == "Acme Renewal (Opportunity, Acme)"
    assert str(question.candidates[0].value).startswith("006")


def test_several_records_of_one_name_are_candidates(plans: Any, memory_org: Any) -> None:
    """A name that two records bear is asked about, with both as candidates."""
    twin = {**memory_org.rows["Opportunity"][0], "Id": "006000000000999AAA"}
    memory_org.rows["Opportunity"].append(twin)
    (question,) = plans("close the Acme Renewal as won").questions
    assert question.reason == "ambiguous"
    assert len(question.candidates) == 2


def test_one_name_in_two_objects_is_asked_and_answered_by_id(
    plans: Any, memory_org: Any, spell: Any
) -> None:
    """A person who is lead and contact is asked about; the id answered decides the object."""
    double = {**memory_org.rows["Contact"][0], "Id": "003000000000999AAA", "Name": "Jane Doe"}
    memory_org.rows["Contact"].append(double)
    goal = "update Jane Doe's phone to +1 212 555 0100"
    (question,) = plans(goal).questions
    assert question.reason == "ambiguous"
    assert {str(each.value)[:3] for each in question.candidates} == {"003", "00Q"}
    answered = plans(goal, {"a1.Id": "003000000000999AAA"})
    assert [name for name, _ in spell(answered)] == ["UpdateContactDetails"]
    assert answered.questions == ()


def test_a_picklist_question_offers_the_values(plans: Any) -> None:
    """A word that is no value of the picklist comes with the values there are."""
    (question,) = plans("set the priority of case 00001001 to urgent").questions
    assert [each.value for each in question.candidates] == ["High", "Medium", "Low"]


@pytest.mark.parametrize(
    ("goal", "answer", "argument"),
    [
        ("close the Acme Renewal", {"a1.StageName": "Closed Lost"}, ("StageName", "Closed Lost")),
        ("change the amount of Acme Renewal", {"amount": "99000"}, ("Amount", 99000)),
        ("change the amount of Acme Renewal", {"Amount": 99000}, ("Amount", 99000)),
        ("change the close date of Acme Renewal", {"close_date": "tomorrow"}, ("CloseDate", "2026-11-22")),
        ("change the close date of Acme Renewal", {"closeDate": "2026-12-01"}, ("CloseDate", "2026-12-01")),
        ("close Acme as won", {"a1.Id": "Acme Expansion"}, ("Id", "Opportunity: Acme Expansion")),
        ("close Acme as won", {"id": "Acme Expansion"}, ("Id", "Opportunity: Acme Expansion")),
        ("close Acme as won", {"a1.Id": "006000000000001AAA"}, ("Id", "006000000000001AAA")),
        ("create a task for the moon: hide", {"a1.WhatId": "Acme"}, ("WhatId", "Account: Acme")),
        ("create a case for Acme", {"subject": "broken"}, ("Subject", "broken")),
    ],
)  # fmt: skip
def test_an_answer_by_data_finds_its_input(
    goal: str, answer: dict[str, Any], argument: tuple[str, object], plans: Any, spell: Any
) -> None:
    """Data named after input, label or ACTION.INPUT, in snake or camel case, answers the question."""
    outcome = plans(goal, answer)
    assert outcome.questions == ()
    assert spell(outcome)[0][1][argument[0]] == argument[1]


def test_data_has_provenance_data(plans: Any) -> None:
    """A value from data says so, and names the data it came from."""
    outcome = plans("change the amount of Acme Renewal", {"amount": "99000"})
    argument = outcome.plan.actions[0].arguments["Amount"]
    assert (argument.provenance, argument.source) == ("data", "amount")
    assert outcome.plan.data == {"amount": "99000"}


def test_data_goes_to_the_action_that_waits_for_it(plans: Any, spell: Any) -> None:
    """Of two actions that could take a value, the one that needs it gets it."""
    outcome = plans(
        "create the account Hooli and add a contact to it",
        {"LastName": "Hendricks", "first_name": "Richard"},
    )
    assert spell(outcome)[1][1]["LastName"] == "Hendricks"
    assert spell(outcome)[1][1]["FirstName"] == "Richard"


CONTRARY: list[tuple[str, dict[str, Any], str, list[object]]] = [
    ("change the amount of Acme Renewal to 99000", {"amount": "5"}, "a1.Amount", [99000, 5]),
    ("set the stage of Globex Pilot to Qualification", {"StageName": "Prospecting"}, "a1.StageName", ["Qualification", "Prospecting"]),
    ("escalate case 00001002", {"status": "Working"}, "a1.Status", ["Escalated", "Working"]),
    ("set the close date of Globex Pilot to 2026-12-01", {"CloseDate": "tomorrow"}, "a1.CloseDate", ["2026-12-01", "2026-11-22"]),
    ("close Acme Renewal as won", {"Id": "Globex Pilot"}, "a1.Id", ["006", "006"]),
    ("create a task for Acme Renewal: x", {"WhatId": "Globex Pilot"}, "a1.WhatId", ["006", "006"]),
    ("assign Acme Renewal to Bob", {"OwnerId": "Carol"}, "a1.OwnerId", ["005", "005"]),
]  # fmt: skip


@pytest.mark.parametrize(("goal", "data", "wanted", "both"), CONTRARY)
def test_data_that_contradicts_the_goal_is_asked(
    goal: str, data: dict[str, Any], wanted: str, both: list[object], plans: Any
) -> None:
    """Neither the goal nor the data silently wins: both are named, and are the candidates."""
    outcome = plans(goal, data)
    assert [(each.id, each.reason) for each in outcome.questions] == [(wanted, "unclear")]
    (question,) = outcome.questions
    assert question.text.startswith("The goal says ")
    ((name, value),) = data.items()
    assert f"{name}={value}" in question.text
    values = [each.value for each in question.candidates]
    assert len(values) == 2
    assert all(v == b or str(v).startswith(str(b)) for v, b in zip(values, both, strict=True))


@pytest.mark.parametrize(("goal", "data", "wanted", "both"), CONTRARY)
def test_the_answer_to_a_contradiction_settles_it(
    goal: str, data: dict[str, Any], wanted: str, both: list[object], plans: Any
) -> None:
    """Data addressed to the question stands, beside the data that raised it."""
    del both
    (question,) = plans(goal, data).questions
    for each in question.candidates:
        answered = plans(goal, {**data, wanted: each.value})
        assert answered.questions == ()
        argument = answered.plan.actions[0].arguments[wanted.partition(".")[2]]
        assert argument.provenance == "data"


@pytest.mark.parametrize(
    ("goal", "data"),
    [
        ("change the amount of Acme Renewal to 99000", {"amount": "99,000"}),
        ("change the amount of Acme Renewal to 99000", {"Amount": 99000.0}),
        ("set the close date of Globex Pilot to tomorrow", {"CloseDate": "2026-11-22"}),
        ("set the priority of case 00001001 to high", {"Priority": "High"}),
        ("close Acme Renewal as won", {"Id": "acme renewal"}),
        ("assign Acme Renewal to Bob", {"OwnerId": "Bob Baxter"}),
    ],
)
def test_data_that_says_the_same_asks_nothing(goal: str, data: dict[str, Any], plans: Any) -> None:
    """The same value written otherwise, and the same record called otherwise, contradict nothing."""
    assert plans(goal, data).questions == ()


def test_an_answer_that_does_not_fit_is_asked_again(plans: Any) -> None:
    """An answer that is no value of the picklist leaves the question open."""
    outcome = plans("close the Acme Renewal", {"StageName": "Nope"})
    assert [each.reason for each in outcome.questions] == ["no_value"]


def test_a_follow_up_goes_where_data_says(plans: Any, spell: Any) -> None:
    """A follow-up linked by data belongs to that record, and its subject has provenance data."""
    goal = "Close the Acme Renewal as won and create a follow-up task for next Tuesday"
    outcome = plans(goal, {"a2.WhatId": "Globex Pilot"})
    assert spell(outcome)[1][1]["WhatId"] == "Opportunity: Globex Pilot"
    assert outcome.plan.actions[1].arguments["Subject"].provenance == "data"
    assert outcome.questions == ()
