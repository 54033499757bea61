"""What data answers: a question the goal raises, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.planning.answers import with_answers

SMITH = "Update Smith's phone to +1 555 7777"
ADDRESSED: list[tuple[str, dict[str, Any], str]] = [
    ("close the Acme Renewal as won", {"a1.Id": "Globex Pilot"}, "a1.Id"),
    ("close the Acme Renewal as won", {"a1.StageName": "Closed Lost"}, "a1.StageName"),
    ("change the amount of Acme Renewal to 99000", {"a1.Amount": "5"}, "a1.Amount"),
    ("create a task for Acme Renewal: x", {"a1.WhatId": "Globex Pilot"}, "a1.WhatId"),
]


@pytest.mark.parametrize("answer", ["Initech", "Jim", "001000000000001AAA"])
def test_an_answer_never_changes_the_object(answer: str, plans: Any) -> None:
    """A question about a contact is answered with a contact; anything else is asked again, with the same offers."""
    first = plans(SMITH)
    again = plans(SMITH, with_answers(first.plan, answer))
    (before,), (behind,) = first.questions, again.questions
    assert [each.blueprint.target_s_object for each in again.plan.actions] == ["Contact"]
    assert (behind.id, behind.reason) == ("a1.Id", "not_found")
    assert behind.candidates == before.candidates
    assert len(behind.candidates) == 2


def test_a_second_answer_counts(plans: Any) -> None:
    """After an answer that was none, a candidate's number is taken."""
    plan = plans(SMITH, with_answers(plans(SMITH).plan, "Jim")).plan
    outcome = plans(SMITH, with_answers(plan, "2"))
    assert outcome.questions == ()
    assert outcome.plan.actions[0].blueprint.target_s_object == "Contact"


@pytest.mark.parametrize(("goal", "data", "wanted"), ADDRESSED)
def test_addressed_data_that_contradicts_the_goal_is_asked(
    goal: str, data: dict[str, Any], wanted: str, plans: Any
) -> None:
    """A datum nobody asked for does not silently win over the goal because it says its action."""
    (question,) = plans(goal, data).questions
    assert (question.id, question.reason) == (wanted, "unclear")
    assert len(question.candidates) == 2


@pytest.mark.parametrize(("goal", "data", "wanted"), ADDRESSED)
@pytest.mark.parametrize("number", ["1", "2"])
def test_either_side_may_be_chosen(
    goal: str, data: dict[str, Any], wanted: str, number: str, plans: Any
) -> None:
    """The goal's word or the data's: whichever the person answers with stands, and is not asked again."""
    asked = plans(goal, data)
    given = with_answers(asked.plan, number)
    outcome = plans(goal, given)
    assert outcome.questions == ()
    assert outcome.plan.data == given
    argument = outcome.plan.actions[0].arguments[wanted.partition(".")[2]]
    assert argument.value == asked.questions[0].candidates[int(number) - 1].value


def test_a_record_in_a_subject_is_called_by_its_name(plans: Any, spell: Any) -> None:
    """The subject of a meeting with the candidate that was chosen names the person, and shows no id."""
    goal = "schedule a meeting with Rosa Kleim on Dec 2 at 14:00"
    outcome = plans(goal, with_answers(plans(goal).plan, "1"))
    assert spell(outcome)[0][1]["Subject"] == "Meeting with Rosa Klein"


def test_an_id_nobody_offered_stays_out_of_the_subject(plans: Any, spell: Any) -> None:
    """Where nobody knows what a record is called, the subject says nothing of it."""
    data = {"a1.WhoId": "003000000001365AAA"}
    outcome = plans("schedule a meeting on Dec 2 at 14:00", data)
    assert spell(outcome)[0][1]["Subject"] == "Meeting"


@pytest.mark.parametrize("answer", ["Closed Won", "won", {"a1.StageName": "Closed Won"}])
def test_a_value_says_which_blueprint_is_meant(answer: Any, plans: Any, spell: Any) -> None:
    """Where won or lost is open, the stage answers it: alone, by a word of it, or under its name."""
    goal = "close the Acme Renewal"
    outcome = plans(goal, with_answers(plans(goal).plan, answer))
    assert outcome.questions == ()
    assert spell(outcome)[0][0] == "UpdateOpportunityStage"
