"""Contradicting: what a reply does is held against what the goal says."""

from __future__ import annotations

import pytest
from tests.model_replies import (
    ACME_WON,
    Document,
    action,
    literal,
    named,
    output,
    plan,
    questions,
    reply,
)

from actwright.blueprints.argument import ValueArgument
from actwright.errors import ModelReplyError

WON = "close the Acme Renewal as won"
RENEWAL = named("Id", "Opportunity", "Acme Renewal")


def faulty(goal: str, *actions: Document) -> str:
    """Return what is said of a reply that never gets better."""
    with pytest.raises(ModelReplyError) as error:
        plan(goal, answering=lambda _: reply(*actions))
    return error.value.message


def test_a_constant_that_is_not_what_the_goal_says_is_a_fault() -> None:
    """A deal that is to be closed as won is not closed as lost because a blueprint's default says so."""
    said = faulty(WON, action("opportunity_close_lost", RENEWAL))
    assert "'close as won', which is Closed Won, and not 'Closed Lost'" in said


def test_a_literal_that_is_not_what_the_goal_says_is_a_fault() -> None:
    """The value itself is no better than the default, whichever blueprint carries it."""
    lost = literal("StageName", "Closed Lost")
    for key in ("opportunity_close_lost", "derived.opportunity.update"):
        assert "Closed Won" in faulty(WON, action(key, RENEWAL, lost))


def test_a_contradiction_can_be_mended() -> None:
    """The fault goes back to the model, and the plan is the one it mended."""
    wrong = action("opportunity_close_lost", RENEWAL)
    planned = plan(WON, reply(wrong), reply(ACME_WON))
    assert [each for each, _ in planned.spelled()] == ["UpdateOpportunityStage"]


def test_another_number_than_the_only_one_is_a_fault() -> None:
    """A goal that says 50000 leaves no room for 99999; both are named."""
    said = faulty(
        "set the amount of the Acme Renewal to 50000",
        action("opportunity_update_amount", RENEWAL, literal("Amount", "99999")),
    )
    assert "'50000'" in said
    assert "'99999'" in said


def test_another_day_than_the_only_one_is_a_fault() -> None:
    """A goal that says one day leaves no room for another."""
    said = faulty(
        "set the close date of the Acme Renewal to 2026-12-04",
        action("derived.opportunity.update", RENEWAL, literal("CloseDate", "2027-01-04")),
    )
    assert "'2026-12-04'" in said
    assert "'2027-01-04'" in said


@pytest.mark.parametrize(
    ("goal", "name", "value"),
    [
        ("set the amount of the Acme Renewal to a tenth of 50000", "Amount", "5000"),
        ("move the close date of the Acme Renewal to two days before 2026-12-04", "CloseDate", "2026-12-02"),
    ],
    ids=["number", "date"],
)  # fmt: skip
def test_what_is_counted_from_a_day_is_no_contradiction(goal: str, name: str, value: str) -> None:
    """A day that another is counted from is not itself the value; a number is held to its words all the same."""
    wanted = action("derived.opportunity.update", RENEWAL, literal(name, value))
    if name == "Amount":
        assert "'50000'" in faulty(goal, wanted)
    else:
        assert plan(goal, reply(wanted)).outcome.plan is not None


def test_a_value_that_another_action_takes_contradicts_nothing() -> None:
    """What the goal says of one record is not held against another: one is won, the other one lost."""
    lost = action("opportunity_close_lost", named("Id", "Opportunity", "Globex Pilot"), id="a2")
    goal = f"{WON}, and the Globex Pilot is gone"
    planned = plan(goal, reply(ACME_WON, lost))
    assert len(planned.spelled()) == 2


def test_words_of_a_record_or_of_a_text_contradict_nothing() -> None:
    """A task about high prices need not be of high priority."""
    task = action("task_create", literal("Subject", "talk about the high priority list"))
    planned = plan('create a task "talk about the high priority list"', reply(task))
    assert planned.outcome.plan is not None


def test_what_the_goal_forbids_is_not_what_it_says() -> None:
    """Words of a negation do not stand for a value."""
    lost = action("opportunity_close_lost", RENEWAL)
    goal = "the Acme Renewal is gone, so it ends, but not as won"
    assert plan(goal, reply(lost)).outcome.plan is not None


def test_a_delete_nobody_asked_for_is_a_fault() -> None:
    """A goal without a verb of deletion deletes nothing."""
    gone = action("derived.account.delete", named("Id", "Account", "Acme"), id="a2")
    assert "a2: it deletes a record" in faulty(WON, ACME_WON, gone)


@pytest.mark.parametrize("verb", ["delete", "please remove", "erase", "get rid of", "purge"])
def test_a_delete_that_is_asked_for_is_planned(verb: str) -> None:
    """People have many words for it."""
    gone = action("derived.opportunity.delete", RENEWAL)
    assert plan(f"{verb} the Acme Renewal", reply(gone)).outcome.plan is not None


def test_a_name_asks_for_no_deletion() -> None:
    """A record called like a verb is not deleted for its name."""
    goal = "log a call with Remove Corp"
    gone = action("derived.account.delete", named("Id", "Account", "Remove Corp"))
    assert "does not say to delete" in faulty(goal, gone)


def test_an_action_nobody_asked_for_is_told_and_asked() -> None:
    """It is among the assumptions, it takes from the confidence, and its made-up values become questions."""
    task = action("task_create", literal("Subject", "Party"), output("WhatId", "a1"), id="a2")
    planned = plan(WON, reply(ACME_WON, task))
    made = planned.outcome.plan
    assert made is not None
    assert "a2: nothing in the goal asks for Create Task." in made.assumptions
    assert made.confidence is not None
    assert made.confidence < 0.6
    assert questions(planned) == [("a2.Subject", "unclear")]
    (asked,) = planned.outcome.questions
    assert "stands neither in the goal nor in the data" in asked.text
    assert [each.value for each in asked.candidates] == ["Party"]


def test_the_answer_to_a_made_up_value_is_data() -> None:
    """What the person said yes to is the person's own, and is not asked again."""
    task = action("task_create", literal("Subject", "Party"), output("WhatId", "a1"), id="a2")
    planned = plan(WON, reply(ACME_WON, task), data={"a2.Subject": "Party"})
    assert questions(planned) == []
    assert planned.outcome.plan is not None
    subject = planned.outcome.plan.actions[1].arguments["Subject"]
    assert isinstance(subject, ValueArgument)
    assert subject.provenance == "data"


def test_a_sure_plan_with_a_made_up_value_does_not_ask() -> None:
    """One value of the model's own in a plan that is sure otherwise is shown, and not asked."""
    task = action("task_create", literal("Subject", "Follow up"), output("WhatId", "a1"), id="a2")
    planned = plan(f"{WON} and create a task", reply(ACME_WON, task))
    assert questions(planned) == []


def test_several_faults_are_told_apart() -> None:
    """Each has a number of its own, so that a person can read where one ends."""
    lost = action("opportunity_close_lost", RENEWAL)
    gone = action("derived.account.delete", named("Id", "Account", "Acme"), id="a2")
    said = faulty(WON, lost, gone)
    assert "(1) a1" in said
    assert "(2) a2" in said
