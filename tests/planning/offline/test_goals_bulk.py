"""Goals about many records at once: the rows they mean, and never more of them."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.library import Library
from actwright.errors import InputError
from actwright.planning.rows.row_binding import MOST_ROWS, ceiling

ACME = ("Account.Name", "=", "Acme")
OPEN = ("IsClosed", "=", False)
CLOSED_LOST = {"StageName": "Closed Lost"}


def rows(outcome: Any, number: int = 0) -> set[tuple[str, str, object]]:
    """Return the conditions of one action's rows."""
    assert outcome.refusal is None, outcome.refusal
    where = outcome.plan.actions[number].for_each.where
    return {(each.field, each.operator, each.value) for each in where}


Case = tuple[str, str, dict[str, Any], set[tuple[str, str, object]]]
"""A goal, the object of its rows, what is written, and the conditions of the rows."""

BULK: list[Case] = [
    (
        "close every opportunity of Acme older than 10 days as lost",
        "Opportunity",
        CLOSED_LOST,
        {ACME, ("CreatedDate", "<", "2026-11-11T05:00:00Z"), OPEN},
    ),
    (
        "reassign all open cases of Acme to Tier 2 Support",
        "Case",
        {"OwnerId": "Group: Tier 2 Support"},
        {ACME, OPEN},
    ),
    (
        "set the priority of all new cases to high",
        "Case",
        {"Priority": "High"},
        {("Status", "=", "New")},
    ),
    (
        "mark all my open tasks as completed",
        "Task",
        {"Status": "Completed"},
        {("OwnerId", "=", "005000000000013AAA"), OPEN},
    ),
    (
        "delete all tasks that are in progress",
        "Task",
        {},
        {("Status", "=", "In Progress")},
    ),
    (
        "assign every unassigned case to Bob",
        "Case",
        {"OwnerId": "User: Bob Baxter"},
        {("Owner.Type", "!=", "User")},
    ),
    (
        "assign every new lead from Proseware to Bob",
        "Lead",
        {"OwnerId": "User: Bob Baxter"},
        {("Status", "=", "New"), ("Company", "=", "Proseware")},
    ),
    (
        "push all opportunities closing next month to 2027-01-01",
        "Opportunity",
        {"CloseDate": "2027-01-01"},
        {("CloseDate", ">=", "2026-12-01"), ("CloseDate", "<=", "2026-12-31"), OPEN},
    ),
    (
        "close all open opportunities except Acme Renewal as lost",
        "Opportunity",
        CLOSED_LOST,
        {OPEN, ("Name", "!=", "Acme Renewal")},
    ),
    (
        "close all cases older than 3 days except 00001001 and 00001002",
        "Case",
        {"Status": "Closed"},
        {
            ("CreatedDate", "<", "2026-11-18T05:00:00Z"),
            ("CaseNumber", "NOT IN", ("00001001", "00001002")),
            OPEN,
        },
    ),
    (
        "set the priority of all open cases of Acme and Globex to low",
        "Case",
        {"Priority": "Low"},
        {OPEN, ("Account.Name", "IN", ("Acme", "Globex"))},
    ),
    (
        'set the next step of all opportunities over 40k to "Call"',
        "Opportunity",
        {"NextStep": "Call"},
        {("Amount", ">", 40_000)},
    ),
    (
        "assign all open opportunities worth at least $45,000 to Bob",
        "Opportunity",
        {"OwnerId": "User: Bob Baxter"},
        {OPEN, ("Amount", ">=", 45_000)},
    ),
    (
        "set the lead source of every opportunity in Prospecting or Qualification to Web",
        "Opportunity",
        {"LeadSource": "Web"},
        {("StageName", "IN", ("Prospecting", "Qualification"))},
    ),
    (
        "assign all of Bob's opportunities to Alice",
        "Opportunity",
        {"OwnerId": "User: Alice Archer"},
        {("Owner.Name", "=", "Bob Baxter")},
    ),
    (
        "reassign all cases assigned to Carol to Bob",
        "Case",
        {"OwnerId": "User: Bob Baxter"},
        {("Owner.Name", "=", "Carol Chen")},
    ),
    (
        "close all cases with high priority",
        "Case",
        {"Status": "Closed"},
        {("Priority", "=", "High"), OPEN},
    ),
    (
        "change the priority of all open cases from Medium to High",
        "Case",
        {"Priority": "High"},
        {OPEN, ("Priority", "=", "Medium")},
    ),
    (
        "move all open opportunities from Prospecting to Qualification",
        "Opportunity",
        {"StageName": "Qualification"},
        {OPEN, ("StageName", "=", "Prospecting")},
    ),
    (
        "delete all tasks of Acme Renewal",
        "Task",
        {},
        {("What.Name", "=", "Acme Renewal"), ("What.Type", "=", "Opportunity")},
    ),
    (
        "set the priority of every case of John Smith to low",
        "Case",
        {"Priority": "Low"},
        {("Contact.Name", "=", "John Smith")},
    ),
    (
        'update all open opportunities of Acme: next step "Call", lead source Web',
        "Opportunity",
        {"NextStep": "Call", "LeadSource": "Web"},
        {ACME, OPEN},
    ),
    ("reopen all closed cases as Working", "Case", {"Status": "Working"}, {("IsClosed", "=", True)}),
    ("close my open tasks", "Task", {"Status": "Completed"}, {("OwnerId", "=", "005000000000013AAA"), OPEN}),
    (
        "clear the next step of all open opportunities of Acme",
        "Opportunity",
        {"NextStep": None},
        {ACME, OPEN},
    ),
    (
        "set the rating of all leads with rating Cold to Warm",
        "Lead",
        {"Rating": "Warm"},
        {("Rating", "=", "Cold")},
    ),
    (
        "assign every case in the Billing queue to Carol",
        "Case",
        {"OwnerId": "User: Carol Chen"},
        {("Owner.Name", "=", "Billing")},
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", BULK, ids=[each[0][:60] for each in BULK])
def test_a_goal_about_many_records_is_one_action_for_their_rows(
    case: Case, plans: Any, spell: Any
) -> None:
    """One action, repeated for exactly the rows that were said, its id given by each row."""
    goal, target, values, where = case
    outcome = plans(goal)
    assert rows(outcome) == where
    (action,) = outcome.plan.actions
    assert action.for_each.object == action.blueprint.target_s_object == target
    assert spell(outcome)[0][1] == values
    assert "Id" not in action.arguments
    assert outcome.questions == ()


CREATED: list[Case] = [
    (
        "add all contacts of Acme to the campaign Spring Launch with status Sent",
        "Contact",
        {"CampaignId": "Campaign: Spring Launch", "Status": "Sent", "ContactId": "-> Id"},
        {ACME},
    ),
    (
        "add every new lead to the campaign Spring Launch",
        "Lead",
        {"CampaignId": "Campaign: Spring Launch", "LeadId": "-> Id"},
        {("Status", "=", "New")},
    ),
    (
        "create a follow-up task for every open opportunity of Acme",
        "Opportunity",
        {"Subject": "Follow up", "WhatId": "-> Id"},
        {ACME, OPEN},
    ),
    (
        "create a task for every open case of Acme by Friday: check",
        "Case",
        {"Subject": "check", "WhatId": "-> Id", "ActivityDate": "2026-11-27"},
        {ACME, OPEN},
    ),
]


@pytest.mark.parametrize("case", CREATED, ids=[each[0][:60] for each in CREATED])
def test_new_records_for_many_take_the_id_of_each_row(case: Case, plans: Any, spell: Any) -> None:
    """What creates a record for each row takes the row's id, and nothing else of it."""
    goal, target, values, where = case
    outcome = plans(goal)
    assert rows(outcome) == where
    assert outcome.plan.actions[0].for_each.object == target
    assert spell(outcome)[0][1] == values


REFUSED = [
    ("close all opportunities as won", "no_fit"),
    ("delete all tasks", "no_fit"),
    ("convert all leads", "no_fit"),
    ("close all cases that are waiting on customer since last month", "part_not_understood"),
    ("close all cases that nobody cares about", "part_not_understood"),
    ("close every opportunity of Acme older than many days as lost", "part_not_understood"),
    ("close all open opportunities of Acme without activity as lost", "part_not_understood"),
    ("set the industry of all accounts in New York to Energy", "rows_unclear"),
    ("close all cases created before Monday", "part_not_understood"),
    ("close all cases created before October 1st", "part_not_understood"),
    ("delete all completed or deferred and silly tasks", "part_not_understood"),
    ("close all open cases of Acme as won", "part_not_understood"),
    ("create a task for every case of Acme with description foo: x", "part_not_understood"),
    ("close all open cases of Contso", "rows_unclear"),
    ("close all open cases of Smith", "rows_unclear"),
    ("close all open opportunities except Acme Renewall as lost", "rows_unclear"),
    ("close all open cases but not the case of Acme", "rows_unclear"),
    ("close all open cases of Acme, don't touch 00001001", "rows_unclear"),
    ("close all open cases of Acme and create a follow-up task for tomorrow", "rows_unclear"),
    ("close all opportunities of Umbrella Health as lost", "no_rows"),
    ("mark all overdue tasks as completed", "no_rows"),
    ("set the rating of all leads without an email to Cold", "no_rows"),
]


@pytest.mark.parametrize(("goal", "code"), REFUSED, ids=[each[0][:60] for each in REFUSED])
def test_rows_that_are_not_clear_are_refused(goal: str, code: str, plans: Any) -> None:
    """A word nobody understood, a name nobody bears or no row at all: nothing is planned, and the way out is said."""
    outcome = plans(goal)
    assert outcome.plan is None
    assert (outcome.refusal.code, bool(outcome.refusal.hint)) == (code, True)


def test_an_exception_nobody_bears_offers_the_near_names(plans: Any) -> None:
    """A misspelt exception would let the record through, so it is refused with the names that come near."""
    refusal = plans("close all open opportunities except Acme Renewall as lost").refusal
    assert "Acme Renewal (Opportunity, Acme)" in refusal.hint


def test_the_rows_are_told_and_counted(plans: Any) -> None:
    """The plan says in words which rows it is for, and how many there are today."""
    (note,) = plans("set the priority of all open cases of Acme to low").plan.assumptions
    assert note == "a1 is done for 1 Case today: of Acme, open"


def test_what_is_closed_already_is_not_closed_again(plans: Any) -> None:
    """Closing rows leaves out those that are closed, so that no won deal is lost by the way, and says so."""
    outcome = plans("close all opportunities of Acme as lost")
    assert OPEN in rows(outcome)
    assert "those that are closed already are left out" in outcome.plan.assumptions[0]


def test_an_open_value_is_asked_for_all_rows_at_once(plans: Any) -> None:
    """A value that is open is one question, whatever the number of rows."""
    outcome = plans("set the priority of all open cases of Acme to urgent")
    assert [(each.id, each.reason) for each in outcome.questions] == [("a1.Priority", "no_value")]
    assert rows(outcome) == {ACME, OPEN}


def test_only_ids_of_rows_are_read(plans: Any, memory_org: Any) -> None:
    """Rows are counted by their ids, and by one more than the ceiling allows."""
    plans("set the priority of all open cases of Acme to low")
    query = memory_org.asked[-1]
    assert (query.object, query.fields, query.limit) == ("Case", ("Id",), MOST_ROWS + 1)


def test_more_rows_than_the_ceiling_are_told(plans: Any, memory_org: Any) -> None:
    """One row too many is said with the plan, whose preview will refuse it."""
    case = memory_org.rows["Case"][0]
    memory_org.rows["Case"] = [case] * MOST_ROWS
    assert plans("set the priority of all open cases of Acme to low").plan
    memory_org.rows["Case"] = [case] * (MOST_ROWS + 1)
    plan = plans("set the priority of all open cases of Acme to low").plan
    told = f"more than {MOST_ROWS:,} Cases today"
    assert any(told in each for each in plan.assumptions)
    assert plan.actions[0].for_each.limit == MOST_ROWS


def test_the_ceiling_is_the_blueprints_own(library: Library) -> None:
    """``MAX_ROWS`` of a blueprint is its ceiling, the lowest where there are several, and else the general one."""
    blueprint = next(each.blueprint for each in library.entries if each.key == "account_create")
    plain = blueprint.model_copy(update={"guardrails": ()})
    bounds = tuple(GuardrailSpec(type="MAX_ROWS", params={"max": each}) for each in (7, 5))
    assert ceiling(plain) == MOST_ROWS
    assert ceiling(plain.model_copy(update={"guardrails": bounds})) == 5


def test_rows_the_org_cannot_find_are_refused(plans: Any, memory_org: Any) -> None:
    """An org that refuses the conditions is no error of the person's."""
    ask = memory_org.query

    def query(queries: Any) -> Any:
        if any(each.limit == MOST_ROWS + 1 for each in queries):
            raise InputError("Status cannot be filtered by.", hint="Filter by another field.")
        return ask(queries)

    memory_org.query = query
    refusal = plans("set the priority of all open cases of Acme to low").refusal
    assert (refusal.code, refusal.hint) == ("rows_unclear", "Filter by another field.")


def test_them_points_back_to_the_rows(plans: Any, spell: Any) -> None:
    """``them`` and an owner named in passing mean the rows spoken of before; ``it`` never does."""
    outcome = plans("reassign all open cases of Acme to Bob and set their priority to high")
    assert rows(outcome, 0) == rows(outcome, 1) == {ACME, OPEN}
    each = plans("close all open cases of Acme and create a task for each of them: check")
    assert rows(each, 1) == {ACME, OPEN}
    assert spell(each)[1][1]["WhatId"] == "-> Id"
    single = plans("close all open cases of Acme and create a task for it: check")
    assert [one.id for one in single.questions] == ["a2.WhatId"]


def test_a_goal_about_one_record_is_not_repeated(plans: Any) -> None:
    """A named record has no rows."""
    assert plans("close Acme Renewal as won").plan.actions[0].for_each is None


def test_rows_in_a_name_of_two_records_are_unclear(plans: Any, memory_org: Any) -> None:
    """Rows of an account that two bear the name of are refused: their number would depend on which is meant."""
    twin = {**memory_org.rows["Account"][0], "Id": "001000000000999AAA"}
    memory_org.rows["Account"].append(twin)
    refusal = plans("close all open cases of Acme").refusal
    assert refusal.code == "rows_unclear"
    assert "2 records" in refusal.message


STRANGE = [
    ("close all deals of Acme that bore me as lost", "I did not understand 'that bore me'."),
    ("push all Contoso deals by two weeks", "I did not understand 'by two weeks'."),
    ("set the rating of all Contoso accounts to Hot", "I did not understand 'Contoso'."),
    ("set the next step of all deals between 20 and 50k to 'x'", "'between 20 and 50k'"),
    ("set the next step of all deals between 50k and 20k to 'x'", "'between 50k and 20k'"),
    ("close all deals not touched in a while as lost", "'not touched in a while'"),
    ("delete all contacts", "'all contacts' needs a condition, such as open, or of Acme."),
    ("delete every lead", "'every lead' needs a condition"),
]


@pytest.mark.parametrize(("goal", "words"), STRANGE, ids=[each[0][:60] for each in STRANGE])
def test_what_was_not_understood_of_many_is_quoted(goal: str, words: str, plans: Any) -> None:
    """A refusal quotes the very words that were strange, or says that a condition is missing."""
    refusal = plans(goal).refusal
    assert words in refusal.message
    assert len(refusal.message) < 120


def test_a_shift_of_many_says_that_the_day_itself_is_needed(plans: Any) -> None:
    """No record is read while planning, whether one or many are to move."""
    assert "new value itself" in plans("push all Contoso deals by two weeks").refusal.hint


def test_no_rows_are_told_in_the_persons_words(plans: Any) -> None:
    """Where nothing fits, the conditions read as people say them, with days as days."""
    message = plans("complete all my tasks due today").refusal.message
    assert message == (
        "No Task fits today: owned by Alice Archer (you), open, due on 21 Nov 2026. Nothing was planned."
    )


@pytest.mark.parametrize(
    "goal",
    [
        "close Acme Deals as lost",
        "set the priority of tasks to high",
        "set the next step of all but Contoso and Acme deals to 'x'",
        "close all deals not touched in less than 60 days as lost",
        "close all deals not touched in 60 days by Bob as lost",
        "add tasks of Acme to Spring Launch",
    ],
)
def test_no_plural_and_no_condition_is_read_too_widely(goal: str, plans: Any) -> None:
    """A name that ends like a plural, no condition, or one that says more: no rows are planned."""
    outcome = plans(goal)
    actions = outcome.plan.actions if outcome.plan else ()
    assert all(each.for_each is None for each in actions)
    assert outcome.refusal or outcome.questions


@pytest.mark.parametrize("goal", ["delete completed tasks", "delete Bob's tasks"])
def test_a_plural_alone_deletes_nothing(goal: str, plans: Any) -> None:
    """What is to be deleted for good needs an all or an every."""
    refusal = plans(goal).refusal
    assert refusal.code == "part_not_understood"
    assert "begin with all or every" in refusal.hint
