"""Compiling replies: what fits becomes a plan, what does not goes back with every fault at once."""

from __future__ import annotations

import pytest
from tests.memory_org import demo_org
from tests.model_replies import (
    ACME_WON,
    Document,
    action,
    asks,
    data,
    literal,
    named,
    output,
    plan,
    questions,
    record,
    reply,
    where,
)

from actwright.blueprints.argument import ValueArgument
from actwright.errors import ModelReplyError

GOAL = "Close the Acme Renewal as won and create a follow-up task for next Tuesday"
TASK = action(
    "task_create",
    literal("Subject", "Follow up"),
    literal("ActivityDate", "2026-11-24"),
    named("WhatId", "Opportunity", "Acme Renewal"),
    id="a2",
)


def faulty(goal: str, document: Document, **more: object) -> str:
    """Return what goes back for a reply that never gets better."""
    told: list[str] = []
    with pytest.raises(ModelReplyError) as error:
        plan(goal, answering=lambda _: document, **more)  # type: ignore[arg-type]  # data of a test
    told.append(error.value.message)
    return " ".join(told)


def test_two_actions_become_a_plan_with_provenance_of_our_own() -> None:
    """A date the goal says in words is from the goal, a subject it does not say is the model's."""
    planned = plan(GOAL, reply(ACME_WON, TASK))
    assert planned.spelled() == [
        ("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal"}),
        (
            "CreateTask",
            {
                "Subject": ("Follow up", "model"),
                "ActivityDate": ("2026-11-24", "goal"),
                "WhatId": "Opportunity: Acme Renewal",
            },
        ),
    ]
    plan_made = planned.outcome.plan
    assert plan_made is not None
    assert plan_made.dependencies == ("Opportunity.edit", "Task.create")
    assert plan_made.planner.kind == "model"
    assert plan_made.planner.model == "fake-1"
    assert plan_made.planner.prompt_name == "plan"


def test_every_fault_goes_back_at_once() -> None:
    """Unknown keys, inputs, fields, values, references and records are all in one repair."""
    bad = reply(
        action("make_it_so", id="a1"),
        action(
            "task_create",
            literal("Subjekt", "x"),
            literal("ActivityDate", "soon"),
            output("WhatId", "a9"),
            id="a2",
            dependsOn=["a7"],
        ),
        action(
            "derived.opportunity.update",
            record("Id", "Opportunity", where("Nickname", "Acme Renewal")),
            literal("StageName", "Almost there"),
            id="a3",
        ),
    )
    planned = plan(GOAL, bad, reply(ACME_WON, TASK))
    told = planned.chat.faults()
    for words in ("make_it_so", "Subjekt", "soon", "a9", "a7", "Nickname", "Almost there"):
        assert words in told
    assert len(planned.chat.requests) == 2
    assert planned.outcome.plan is not None


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (reply(), "there is no action"),
        (reply(ACME_WON, outcome="noPlan"), "there are actions"),
        (reply(outcome="noPlan"), "no reason"),
        (reply(outcome="questions"), "no question"),
        (reply(ACME_WON, ACME_WON), "two actions have the id"),
        (reply(ACME_WON, ACME_WON | {"id": "a2"}), "says the same as a1"),
        (
            reply(action("derived.opportunity.update", named("Id", "Opportunity", "Acme Renewal"))),
            "it changes nothing",
        ),
        (
            reply(
                action(
                    "derived.opportunity.update",
                    named("Id", "Opportunity", "Acme Renewal"),
                    literal("IsWon", "true"),
                )
            ),
            "IsWon",
        ),
        (reply(action("derived.passwords.update")), "derived.passwords.update"),
        (
            reply(action("oppty_closed_won", named("Id", "Account", "Acme Renewal"))),
            "takes a record of Opportunity",
        ),
        (reply(action("oppty_closed_won", literal("Id", "Acme Renewal"))), "is no record id"),
        (reply(action("oppty_closed_won", record("Id", "Opportunity"))), "at least one condition"),
        (
            reply(
                action(
                    "oppty_closed_won",
                    record("Id", "Opportunity", where("Name", "%", operator="LIKE")),
                )
            ),
            "nearly every record",
        ),
        (
            reply(
                action("oppty_closed_won", record("Id", "Opportunity", where("Name", operator=">")))
            ),
            "does not go with 0 values",
        ),
        (
            reply(
                action(
                    "oppty_closed_won",
                    record("Id", "Opportunity", where("Amount", "5", operator="LIKE")),
                )
            ),
            "LIKE compares text",
        ),
        (reply(action("oppty_closed_won", data("Id", "deal"))), "there is no data"),
        (reply(ACME_WON | {"dependsOn": ["a1"]}), "depends on itself"),
    ],
)
def test_a_reply_that_cannot_be_is_named(document: Document, words: str) -> None:
    """What stays wrong after two repairs is a clear error that says what it was."""
    assert words in faulty("Close the Acme Renewal as won", document)


def test_actions_that_wait_for_each_other_are_refused() -> None:
    """A circle is a fault, by dependsOn and by outputs alike."""
    first = action("task_create", literal("Subject", "Call"), id="a1", dependsOn=["a2"])
    second = action("task_create", literal("Subject", "Mail"), id="a2", dependsOn=["a1"])
    assert "circle" in faulty("create a task Call and a task Mail", reply(first, second))


def test_ids_are_numbered_anew_and_outputs_follow() -> None:
    """Whatever a model calls its actions, the plan calls them a1 and a2."""
    document = reply(
        action("account_create", literal("Name", "Hooli"), id="the-account"),
        action(
            "contact_create",
            literal("LastName", "Hendricks"),
            output("AccountId", "the-account"),
            id="x",
        ),
    )
    planned = plan("create the account Hooli and the contact Hendricks there", document)
    assert planned.outcome.plan is not None
    assert [each.id for each in planned.outcome.plan.actions] == ["a1", "a2"]
    assert planned.spelled()[1][1]["AccountId"] == "actions.a1.output.id"


def test_a_lookup_by_words_nobody_said_is_a_fault() -> None:
    """A model looks records up by the person's own words, or asks."""
    document = reply(action("oppty_closed_won", named("Id", "Opportunity", "Initech Upgrade")))
    assert "neither in the goal nor in data" in faulty("Close the Acme Renewal as won", document)


def test_a_record_nobody_finds_becomes_a_question_with_candidates() -> None:
    """The person is asked, with names that come near; the model is not told of them."""
    document = reply(action("oppty_closed_won", named("Id", "Opportunity", "Acme Renewall")))
    planned = plan("Close the Acme Renewall as won", document)
    assert questions(planned) == [("a1.Id", "not_found")]
    assert any("Acme Renewal" in each.label for each in planned.outcome.questions[0].candidates)
    assert planned.outcome.plan is not None
    assert "Id" not in planned.outcome.plan.actions[0].arguments
    assert len(planned.chat.requests) == 1


def test_several_records_become_a_question_and_no_name_reaches_the_model() -> None:
    """What lookups find is shown to the person alone."""
    org = demo_org()
    twin = dict(next(each for each in org.rows["Opportunity"] if each["Name"] == "Acme Renewal"))
    twin["Id"] = "006000000000ZZZAAA"
    org.rows["Opportunity"].append(twin)
    planned = plan("Close the Acme Renewal as won", reply(ACME_WON), org=org)
    assert questions(planned) == [("a1.Id", "ambiguous")]
    assert len(planned.outcome.questions[0].candidates) == 2
    sent = planned.chat.sent().replace("Acme Renewal", "")
    names = {str(row["Name"]) for rows in org.rows.values() for row in rows if row.get("Name")}
    assert [name for name in names if " " in name and name in sent] == []
    assert not any(str(row["Id"]) in sent for rows in org.rows.values() for row in rows)


def test_a_missing_required_input_becomes_a_question() -> None:
    """What the model left out of a required input is asked for, with the picklist's values."""
    planned = plan(
        "create the opportunity Big Deal",
        reply(action("opportunity_create", literal("Name", "Big Deal"))),
    )
    asked = dict(questions(planned))
    assert asked["a1.CloseDate"] == "missing"


def test_an_answer_takes_the_place_of_what_the_model_says() -> None:
    """Data named after an input is its value, whatever the reply has for it."""
    document = reply(
        action(
            "opportunity_create",
            literal("Name", "Big Deal"),
            literal("CloseDate", "2031-01-01"),
            literal("StageName", "Prospecting"),
        )
    )
    planned = plan("create the opportunity Big Deal", document, data={"a1.CloseDate": "2026-12-24"})
    made = planned.spelled()[0][1]
    assert made["CloseDate"] == ("2026-12-24", "data")


def test_an_answer_by_name_is_looked_up() -> None:
    """A record may be answered by its name."""
    planned = plan(
        "Close the deal as won", reply(action("oppty_closed_won")), data={"a1.Id": "Acme Renewal"}
    )
    assert planned.spelled() == [("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal"})]
    assert planned.outcome.questions == ()


def test_an_answer_that_does_not_fit_is_asked_for_again() -> None:
    """A wrong answer is the person's to mend, not the model's."""
    document = reply(
        action(
            "opportunity_create", literal("Name", "Big Deal"), literal("StageName", "Prospecting")
        )
    )
    planned = plan("create the opportunity Big Deal", document, data={"a1.CloseDate": "whenever"})
    assert questions(planned) == [("a1.CloseDate", "unclear")]
    assert len(planned.chat.requests) == 1


def test_data_is_taken_by_name_and_typed() -> None:
    """Named data that fits goes into the plan as data; a picklist value in another case as the org spells it."""
    document = reply(
        action(
            "derived.opportunity.update",
            named("Id", "Opportunity", "Acme Renewal"),
            data("Amount", "amount"),
            data("StageName", "stage"),
        )
    )
    planned = plan(
        "update the Acme Renewal", document, data={"amount": 5000, "stage": "negotiation/review"}
    )
    made = planned.spelled()[0][1]
    assert made["Amount"] == "data.amount"
    assert made["StageName"] == ("Negotiation/Review", "data")


def test_data_nobody_uses_is_a_fault() -> None:
    """Data is never dropped in silence."""
    assert "no action takes the data 'budget'" in faulty(
        "Close the Acme Renewal as won", reply(ACME_WON), data={"budget": 5}
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"object": "Opportunity", "where": [], "limit": 50}, "at least one condition"),
        (
            {"object": "Opportunity", "where": [where("Account.Name", "Acme")], "limit": 5000},
            "between 1 and 1000",
        ),
        (
            {"object": "Opportunity", "where": [where("Account.Name", "Acme")], "limit": 0},
            "between 1 and 1000",
        ),
        (
            {"object": "Account", "where": [where("Name", "Acme")], "limit": 5},
            "over Opportunity records",
        ),
        (
            {"object": "Opportunity", "where": [where("Account.Secret", "Acme")], "limit": 5},
            "no field 'Secret'",
        ),
    ],
)
def test_for_each_needs_conditions_and_a_ceiling(rows: Document, words: str) -> None:
    """No action repeats over all there is, over more than the ceiling, or over another object's rows."""
    document = reply(action("oppty_closed_won", forEach=rows))
    assert words in faulty("Close every opportunity of Acme as won", document)


def test_for_each_becomes_typed_conditions() -> None:
    """Rows are chosen by typed conditions, and give the record themselves."""
    rows: Document = {
        "object": "Opportunity",
        "where": [where("Account.Name", "Acme"), where("IsClosed", "false")],
        "limit": 50,
    }
    planned = plan(
        "Close every open opportunity of Acme as won",
        reply(action("oppty_closed_won", forEach=rows)),
    )
    assert planned.outcome.plan is not None
    made = planned.outcome.plan.actions[0]
    assert made.for_each is not None
    assert [(each.field, each.value) for each in made.for_each.where] == [
        ("Account.Name", "Acme"),
        ("IsClosed", False),
    ]
    assert "Id" not in made.arguments
    assert planned.outcome.questions == ()


def test_me_is_the_person_who_asks() -> None:
    """The running user is looked up by us; the model never learns who that is."""
    document = reply(
        action("task_create", literal("Subject", "Call"), {"name": "OwnerId", "kind": "me"})
    )
    planned = plan("create a task Call for me", document)
    username = planned.org.user.username
    assert planned.spelled()[0][1]["OwnerId"] == f"User: {username}"
    assert username not in planned.chat.sent()
    assert planned.outcome.questions == ()


def test_a_chosen_blueprint_is_the_only_one() -> None:
    """Where the person chose a blueprint, a reply with another is a fault."""
    planned = plan(
        "the Acme Renewal",
        reply(TASK | {"id": "a1"}),
        reply(ACME_WON),
        blueprint="oppty_closed_won",
    )
    assert "use no other" in planned.chat.faults()
    assert planned.spelled() == [("UpdateOpportunityStage", {"Id": "Opportunity: Acme Renewal"})]


def test_null_empties_a_field_of_an_update_only() -> None:
    """Clearing needs the goal's word to be of the goal; on a create it is a fault."""
    document = reply(
        action(
            "derived.opportunity.update",
            named("Id", "Opportunity", "Acme Renewal"),
            literal("Description", None),
        )
    )
    planned = plan("clear the description of the Acme Renewal", document)
    assert planned.outcome.plan is not None
    made = planned.outcome.plan.actions[0].arguments["Description"]
    assert isinstance(made, ValueArgument)
    assert (made.value, made.provenance) == (None, "goal")
    new = reply(action("task_create", literal("Subject", "Call"), literal("Description", None)))
    assert "empties a field" in faulty("create a task Call", new)


def test_the_checkpoint_and_the_assumptions_are_inert_and_short() -> None:
    """A model's sentences are cut, on one line, and without characters nobody sees."""
    document = reply(
        ACME_WON, checkpoint="Done.\n\x1b[31m\u202e" + "x" * 900, assumptions=["a\u200bb", ""]
    )
    planned = plan("Close the Acme Renewal as won", document)
    assert planned.outcome.plan is not None
    assert planned.outcome.plan.checkpoint.startswith("Done. [31mxxx")
    assert len(planned.outcome.plan.checkpoint) == 300
    assert planned.outcome.plan.assumptions == ("ab",)


def test_a_reply_that_only_asks_what_is_answered_is_a_fault() -> None:
    """No outcome is empty: there is a plan, a question, or a reason."""
    again = reply(outcome="questions", questions=[asks("blueprint", "Which?", "oppty_closed_won")])
    message = faulty("Close the Acme Renewal", again, data={"a1.blueprint": "oppty_closed_won"})
    assert "nothing is asked that is not answered yet" in message


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (where("Amount", "120000"), True),
        (where("StageName", "Prospecting"), True),
        (where("Name", "Acme Renewal", operator="!="), True),
        (where("Name", "Acme Renewal"), False),
        (where("Name", "%Acme%", operator="LIKE"), False),
    ],
)
def test_a_record_that_is_found_without_a_word_of_the_persons_is_told(
    condition: Document, *, told: bool
) -> None:
    """Which record is meant is the model's guess then, and the plan says so and is less sure."""
    change = action("derived.opportunity.update", record("Id", "Opportunity", condition))
    change["arguments"] = [*change["arguments"], literal("StageName", "Closed Won")]  # type: ignore[misc]  # a list of a test
    planned = plan("Close the Acme Renewal as won", reply(change)).outcome.plan
    assert planned is not None
    assert any("the goal does not name it" in each for each in planned.assumptions) is told


def test_objects_that_would_be_refused_are_not_offered() -> None:
    """The list of objects to derive from leaves out those nobody writes, so that a repair can succeed."""
    said = faulty("change the owner of Acme to Bob", reply(action("derived.nope.update")))
    offered = said.rpartition("with one of these objects: ")[2].split(".")[0].split(", ")
    assert "account" in offered
    assert not {"user", "group"} & set(offered)
