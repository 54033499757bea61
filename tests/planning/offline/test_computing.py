"""Goals whose new record holds what has to be worked out: understood whole, asked, or refused; never guessed."""

from __future__ import annotations

import pytest
from tests.planning.conftest import Plans, spelled

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.recipe import Recipe
from actwright.blueprints.recipe_steps import (
    AggregateStep,
    Constant,
    CreateStep,
    FromStep,
    QueryStep,
    ReadStep,
    TextStep,
)

DONE_WHEN = (
    "Escalate case 00001001, open a task whose description holds the account's total open opportunity amount, and assign"
    " it to the account's owner"
)
ACME = "WhatId", "Account: Acme"
Understood = tuple[str, str, str, str | None, set[str], tuple[str, str]]
"""A goal, and its function, object, field, conditions and the input that names the record."""

GOALS: list[Understood] = [
    (
        "create a task whose description says Acme's total open opportunity amount",
        "sum",
        "Opportunity",
        "Amount",
        {"AccountId", "IsClosed"},
        ("AccountId", "Account: Acme"),
    ),
    (
        "create a task for Acme whose description says the account's number of open cases",
        "count",
        "Case",
        None,
        {"AccountId", "IsClosed"},
        ACME,
    ),
    (
        "create a task for Acme whose description contains how many contacts the account has",
        "count",
        "Contact",
        None,
        {"AccountId"},
        ACME,
    ),
    (
        "add a task whose subject is the number of high priority cases of Acme",
        "count",
        "Case",
        None,
        {"AccountId", "Priority"},
        ("AccountId", "Account: Acme"),
    ),
    (
        "create a task for Acme Renewal whose description holds the latest close date of the account's won opportunities",
        "max",
        "Opportunity",
        "CloseDate",
        {"AccountId", "IsWon"},
        ("WhatId", "Opportunity: Acme Renewal"),
    ),
    (
        "create a high priority task for Acme whose description shows the account's highest open opportunity amount",
        "max",
        "Opportunity",
        "Amount",
        {"AccountId", "IsClosed"},
        ACME,
    ),
    (
        "create a task for Acme whose description states the smallest amount among the account's lost opportunities",
        "min",
        "Opportunity",
        "Amount",
        {"AccountId", "IsClosed", "IsWon"},
        ACME,
    ),
    (
        "create a task for Acme, whose description gives the average amount of the account's opportunities, priority High",
        "avg",
        "Opportunity",
        "Amount",
        {"AccountId"},
        ACME,
    ),
    (
        "create a task for case 00001001 whose description holds the sum of the account's open opportunity amounts",
        "sum",
        "Opportunity",
        "Amount",
        {"AccountId", "IsClosed"},
        ("WhatId", "Case: 00001001"),
    ),
    (
        "create a case for Acme: printer broken, whose description gives the account's combined contract term",
        "sum",
        "Contract",
        "ContractTerm",
        {"AccountId"},
        ("AccountId", "Account: Acme"),
    ),
    (
        "create a task for Acme whose due date is the earliest close date of the account's open opportunities",
        "min",
        "Opportunity",
        "CloseDate",
        {"AccountId", "IsClosed"},
        ACME,
    ),
    (
        "create a contact for Acme: Ann Lee, whose description holds the number of Acme's contacts",
        "count",
        "Contact",
        None,
        {"AccountId"},
        ("AccountId", "Account: Acme"),
    ),
    (
        "close the Acme Renewal as won and create a task whose description says the account's total won opportunity amount",
        "sum",
        "Opportunity",
        "Amount",
        {"AccountId", "IsWon"},
        ("OpportunityId", "Opportunity: Acme Renewal"),
    ),
    (
        "log a task for Acme with a description that equals the account's total number of open cases",
        "count",
        "Case",
        None,
        {"AccountId", "IsClosed"},
        ACME,
    ),
]


def generated(plans: Plans, goal: str) -> tuple[ActionBlueprint, Recipe]:
    """Return the generated action of a goal's plan, and its recipe."""
    outcome = plans(goal)
    assert outcome.refusal is None, outcome.refusal
    assert outcome.questions == ()
    assert outcome.plan is not None
    (found,) = [each.blueprint for each in outcome.plan.actions if each.blueprint.recipe]
    assert found.recipe is not None
    return found, found.recipe


@pytest.mark.parametrize("case", GOALS, ids=lambda each: each[0][:60])
def test_a_computation_is_understood(plans: Plans, case: Understood) -> None:
    """Function, object, field, conditions and the record to start from are those the goal says."""
    goal, function, name, field, conditions, taken = case
    _, recipe = generated(plans, goal)
    (query,) = [each for each in recipe.steps if isinstance(each, QueryStep)]
    (figure,) = [each for each in recipe.steps if isinstance(each, AggregateStep)]
    assert (figure.function, query.object, figure.field) == (function, name, field)
    assert {each.field for each in query.where} == conditions
    assert spelled(plans(goal))[-1][1][taken[0]] == taken[1]


def test_the_goal_of_the_issue(plans: Plans) -> None:
    """The curated escalation, and one generated action that starts from the same case."""
    outcome = plans(DONE_WHEN)
    first, second = spelled(outcome)
    assert first[0] == "EscalateCase"
    assert second[1] == {"CaseId": "Case: 00001001"}
    blueprint, recipe = generated(plans, DONE_WHEN)
    assert (blueprint.operation, blueprint.target_s_object) == ("CALL", "Task")
    (create,) = recipe.write_steps
    assert isinstance(create, CreateStep)
    values = {each.field: each.source for each in create.values}
    assert values["OwnerId"] == FromStep(step="account", field="OwnerId")
    assert values["Subject"] == Constant(constant="The account's total open opportunity amount")
    assert values.keys() == {"Description", "OwnerId", "Subject", "WhatId"}
    assert outcome.plan is not None
    assert outcome.plan.dependencies == ("Case.edit", "Task.create")
    assert any("about the case" in each for each in outcome.plan.assumptions)


def test_the_same_logic_has_the_same_name(plans: Plans) -> None:
    """Another record, the same action; another field, another one: an approval holds for the logic alone."""
    said = "create a task for {} whose description says the account's total open opportunity amount"
    acme, globex = (generated(plans, said.format(each))[0] for each in ("Acme", "Globex"))
    assert acme == globex
    other = generated(plans, said.format("Acme").replace("total", "highest"))[0]
    assert other.name != acme.name


def test_two_fields_and_an_owner_by_name(plans: Plans) -> None:
    """Each computation is read by itself, and whom the next clause gives it to becomes the owner."""
    goal = (
        "create a task for Acme whose description holds the account's total open opportunity amount and whose subject"
        " says the account's number of open cases, and assign it to Bob"
    )
    _, recipe = generated(plans, goal)
    texts = [each for each in recipe.steps if isinstance(each, TextStep)]
    assert len(texts) == 2
    assert spelled(plans(goal))[0][1]["OwnerId"] == "User: Bob Baxter"


def test_fields_with_plain_values_stand_beside_it(plans: Plans) -> None:
    """What is said of other fields in the same way is an input with its value, so that the logic stays the same."""
    goal = (
        "create a task for Acme whose priority is high, whose due date is tomorrow and whose description holds the"
        " account's number of cases"
    )
    ((_, arguments),) = spelled(plans(goal))
    assert arguments == {
        "WhatId": "Account: Acme",
        "Priority": "High",
        "ActivityDate": "2026-11-22",
    }


def test_a_field_is_copied(plans: Plans) -> None:
    """Without a function, the field of the record itself is meant, and keeps its type."""
    _, recipe = generated(
        plans, "create a contact for Acme: Ann Lee, whose phone is the account's phone"
    )
    (read,) = [each for each in recipe.steps if isinstance(each, ReadStep)]
    assert (read.object, read.fields) == ("Account", ("Phone",))
    assert not any(isinstance(each, TextStep) for each in recipe.steps)


def test_what_the_new_record_needs_is_asked(plans: Plans) -> None:
    """A required field nobody gave is asked for, and its answer is taken."""
    goal = (
        "create an opportunity for Acme whose amount is the account's total won opportunity amount"
    )
    asked = plans(goal)
    assert {each.id for each in asked.questions} == {"a1.Name", "a1.StageName", "a1.CloseDate"}
    answers = {"a1.Name": "Big", "a1.StageName": "Prospecting", "a1.CloseDate": "2026-12-31"}
    told = plans(goal, answers)
    assert told.questions == ()
    assert spelled(told)[0][1]["Name"] == "Big"


def test_a_record_nobody_knows_is_asked_for(plans: Plans) -> None:
    """A name no account bears becomes a question, and its answer is taken."""
    goal = "create a task whose description says Nobody Inc's number of open cases"
    asked = plans(goal)
    assert [(each.id, each.reason) for each in asked.questions] == [("a1.AccountId", "not_found")]


REFUSED = [
    (
        "create a task for Acme whose description says the account's average opportunity stage",
        "not a number",
    ),
    (
        "create a task for Acme whose description says the account's latest opportunity amount",
        "not a day",
    ),
    (
        "create a task for Acme whose description says the account's total opportunity wibble",
        "no field",
    ),
    ("create a task for Acme whose description says the account's number of wibbles", "No records"),
    (
        "create a task for Acme whose description says the account's number of shiny cases",
        "not understood whole",
    ),
    (
        "create a task for Acme whose description says the account's number of products",
        "not related",
    ),
    (
        "create a task for Acme whose due date is the account's total opportunity amount",
        "cannot hold",
    ),
    ("create a task for Acme whose priority is the account's number of open cases", "cannot hold"),
    ("create a task whose description says the account's number of open cases", "nothing of what"),
    (
        "escalate case 00001001 and create a task for Globex Pilot whose description says the account's number of cases",
        "2 records",
    ),
    (
        "create a campaign Foo whose description holds the number of leads of Spring Launch",
        "not related",
    ),
    (
        "create the account Hooli and create a task whose description says the account's number of cases",
        "no one record",
    ),
    (
        "escalate all open cases of Acme and create a task whose description says the account's number of open cases",
        "not known yet",
    ),
    (
        "create a task for Acme whose description says the account's highest open opportunity amount due next Friday",
        "two ways",
    ),
    (
        "create a task for Acme whose description says the account's number of cases and assign it to the moon and stars",
        "the moon and stars",
    ),
    (
        "create a task for Acme whose description says the account's number of cases but do not link it",
        "do not link it",
    ),
]


@pytest.mark.parametrize(("goal", "why"), REFUSED, ids=lambda each: each[:60])
def test_what_is_not_clear_is_refused(plans: Plans, goal: str, why: str) -> None:
    """No field, no relation, another type, several records, two readings: nothing is planned, and the reason is said."""
    outcome = plans(goal)
    assert outcome.plan is None
    assert outcome.refusal is not None
    assert outcome.refusal.code in {"computation_unclear", "part_not_understood"}
    assert why in outcome.refusal.message


def test_quoted_words_are_no_computation(plans: Plans) -> None:
    """What stands in quotes is a text, whatever it says."""
    outcome = plans('create a task for Acme: "the account\'s total open opportunity amount"')
    ((name, arguments),) = spelled(outcome)
    assert name == "CreateTask"
    assert arguments["Subject"] == "the account's total open opportunity amount"


def test_an_owner_is_never_dropped(plans: Plans) -> None:
    """A clause that computes nothing keeps what stands behind it as a clause of its own."""
    outcome = plans(
        "create a task for Acme with a description that says hello of Bob and assign it to Carol"
    )
    assert outcome.plan is None or "Carol" in str(outcome.plan.actions)


@pytest.mark.parametrize(
    "goal",
    [
        "set the description of case 00001001 to the account's total open opportunity amount",
        "set the description of case 00001001 to the number of open cases of Acme",
        "set the description of case 00001001 to how many open cases the account has",
        "set the description of case 00001001 to the account's phone",
        "set the description of case 00001001 to the total open opportunity amount",
        "set Acme's description to total open opportunity amount",
        "set the description of case 00001001 to twice the account's total open opportunity amount",
        "set the description of case 00001001 to the account's open opportunity count",
        "set the description of case 00001001 to the phone of Acme",
        "set the description of case 00001001 to the account's open opportunity amount in total",
        "escalate case 00001001 and set its description to the account's total open opportunity amount",
        "create a task for Acme with description the account's total open opportunity amount",
    ],
)
def test_a_computation_is_never_written_as_a_text(plans: Plans, goal: str) -> None:
    """Who asks for a total in a text field is refused, wherever it is not worked out; the words are not written down."""
    outcome = plans(goal)
    assert outcome.plan is None
    assert outcome.refusal is not None
    assert outcome.refusal.code == "computation_unclear"
    assert "quotes" in (outcome.refusal.hint or "")


@pytest.mark.parametrize(
    "goal",
    [
        'set the description of case 00001001 to "the account\'s total open opportunity amount"',
        "set the description of case 00001001 to customer called about the total",
        "set the description of case 00001001 to total loss",
        "set the description of case 00001001 to the total is what the customer complains of",
    ],
)
def test_a_text_stays_a_text(plans: Plans, goal: str) -> None:
    """Quoted words, and words that only mention a total, are planned as the text they are."""
    ((_, arguments),) = spelled(plans(goal))
    assert "total" in str(arguments["Description"])


def test_a_record_that_is_not_there_is_said_before_what_starts_from_it(plans: Plans) -> None:
    """Where an earlier clause names no record, that is the reason, and not what could not be worked out from it."""
    outcome = plans(DONE_WHEN.replace("00001001", "00009999"))
    assert outcome.refusal is not None
    assert outcome.refusal.message.startswith("No case is called 'case 00009999'")
