"""A scripted reply is what a model that gets everything right would say, in the goal's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.goal_suite import cases
from tests.suite_scene import AT, MemoryScene, Stage

from actwright.document import validated
from actwright.errors import InputError
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.testing.goals import GoalCase
from actwright.testing.replies import Reply

pytestmark = pytest.mark.xdist_group("suite_scripting")


@pytest.fixture(scope="module")
def stage() -> Stage:
    """The demo org in memory, with a planner that is kept."""
    return Stage(Suite((), AT))


def written(case_id: str, **changed: Any) -> SuiteCase:
    """Return a case of the goal files, with parts of it changed."""
    found = next(each for each in cases() if each.id == case_id)
    return of(found.model_copy(update=changed))


def of(case: GoalCase, **more: Any) -> SuiteCase:
    """Return a goal file's case as a suite has it."""
    return SuiteCase(case.id, case.goal, case.kind, case.expect, case.data, case.user, **more)


def made(goal: str, **expect: Any) -> SuiteCase:
    """Return a case of a test's own."""
    document = {"id": "x", "goal": goal, "kind": "plain", "expect": expect}
    return of(validated(GoalCase, document, where="the case"))


def said(stage: Stage, case: SuiteCase) -> dict[str, Any]:
    """Return the document of a case's one scripted reply."""
    (reply,) = stage.suite.replies(case, stage.scene)
    assert reply.usage is None
    document: dict[str, Any] = json.loads(reply.text or "")
    return document


def arguments(stage: Stage, case: SuiteCase, number: int = 1) -> dict[str, Any]:
    """Return the arguments of one action of a case's scripted reply, by input."""
    return {each["name"]: each for each in said(stage, case)["actions"][number - 1]["arguments"]}


def test_a_record_is_looked_up_by_its_name(stage: Stage) -> None:
    """What is a default already is left out, and the checkpoint text speaks of the action."""
    reply = said(stage, written("win-acme-renewal"))
    (action,) = reply["actions"]
    assert action["blueprint"] == "oppty_closed_won"
    assert [each["name"] for each in action["arguments"]] == ["Id"]
    where = {"field": "Name", "operator": "=", "values": ["Acme Renewal"]}
    assert action["arguments"][0]["where"] == [where]
    assert reply["checkpoint"] == "Close Opportunity as Won?"


def test_a_record_said_by_half_is_looked_up_by_the_words_that_were_said(stage: Stage) -> None:
    """No word of a name that the goal does not hold is in the reply."""
    case = made(
        "mark the Umbrella account as hot",
        actions=[
            {
                "object": "Account",
                "operation": "UPDATE",
                "arguments": {"Id": "Account: Umbrella Health", "Rating": "Hot"},
            }
        ],
    )
    assert arguments(stage, case)["Id"]["where"] == [
        {"field": "Name", "operator": "LIKE", "values": ["%Umbrella%"]}
    ]


def test_the_person_who_asks_is_not_named(stage: Stage) -> None:
    """A record that is the person's own user, said as "me", is no lookup by name."""
    case = made(
        "assign Globex Pilot to me",
        actions=[
            {
                "blueprint": "ChangeOpportunityOwner",
                "arguments": {"Id": "Opportunity: Globex Pilot", "OwnerId": "User: Alice Archer"},
            }
        ],
    )
    assert arguments(stage, case)["OwnerId"] == {"name": "OwnerId", "kind": "me"}


def test_outputs_data_and_emptied_fields_have_their_own_kinds(stage: Stage) -> None:
    """A record that the plan makes is an output; data is named; an emptied field is null."""
    several = written("hooli-from-scratch")
    assert arguments(stage, several, 2)["AccountId"]["action"] == "a1"
    dated = arguments(stage, written("close-date-from-data"))
    assert dated["CloseDate"] == {"name": "CloseDate", "kind": "data", "data": "CloseDate"}
    emptied = arguments(stage, written("next-step-to-nothing"))
    assert emptied["NextStep"]["value"] is None


def test_rows_have_conditions_a_parent_by_name_and_a_ceiling(stage: Stage) -> None:
    """A day becomes the moment it begins in the person's zone, where the field holds moments."""
    (action,) = said(stage, written("old-contoso-deals-are-lost"))["actions"]
    assert action["forEach"]["where"] == [
        {"field": "Account.Name", "operator": "=", "values": ["Contoso"]},
        {"field": "CreatedDate", "operator": "<", "values": ["2026-08-23T00:00:00-04:00"]},
    ]
    assert 1 <= action["forEach"]["limit"] <= 200


def test_an_action_without_a_blueprint_gets_the_narrowest(stage: Stage) -> None:
    """A curated blueprint that does just this is chosen, a derived one only where there is none."""
    amount = said(stage, written("iso-date"))["actions"][0]["blueprint"]
    derived = said(stage, written("switch-the-launch-off"))["actions"][0]["blueprint"]
    assert (amount, derived) == ("opportunity_push_close_date", "derived.campaign.update")


def test_a_refusal_says_that_nothing_fits(stage: Stage) -> None:
    """It plans nothing, and gives a reason."""
    reply = said(stage, written("weather"))
    assert (reply["outcome"], reply["actions"]) == ("noPlan", [])
    assert reply["reason"]


def test_a_question_comes_with_the_actions_as_far_as_they_are_clear(stage: Stage) -> None:
    """The offline planner gives the actions, the case gives the question, and no record is offered."""
    reply = said(stage, written("a-bit-later"))
    (question,) = reply["questions"]
    assert (reply["outcome"], question["action"], question["input"]) == (
        "questions",
        "a1",
        "CloseDate",
    )
    assert reply["actions"][0]["blueprint"] == "opportunity_push_close_date"


def test_a_question_about_no_action_asks_which_one_is_meant(stage: Stage) -> None:
    """A goal nobody understands is answered with the question about the blueprint."""
    reply = said(stage, written("japanese"))
    assert [each["input"] for each in reply["questions"]] == ["blueprint"]
    assert reply["actions"] == []


def test_a_required_input_that_is_left_out_is_asked_for_by_the_compiler(stage: Stage) -> None:
    """Where a case expects the reason ``missing``, the reply says nothing of it."""
    reply = said(stage, written("case-about-what"))
    assert (reply["outcome"], reply["questions"]) == ("plan", [])


def test_replies_of_the_case_itself_come_first(stage: Stage) -> None:
    """What a person wrote into the suite is answered, and no tokens are counted."""
    case = of(cases()[0], replies=(Reply(text="x"), Reply.error(500)))
    assert stage.suite.replies(case, stage.scene) == (
        Reply(text="x", usage=None),
        Reply(status=500, body=Reply.error(500).body, usage=None),
    )


def test_a_blueprint_nobody_has_is_named() -> None:
    """A case with a name that is neither in the library nor derived cannot be scripted; it says which case it is."""
    case = made("do it", actions=[{"blueprint": "Frobnicate", "arguments": {}}])
    with pytest.raises(InputError) as caught:
        Suite((), AT).replies(case, MemoryScene())
    assert caught.value.error_code == "case_unjudgeable"
    assert "Frobnicate" in str(caught.value)
    assert case.id in caught.value.message
    assert caught.value.where == case.place


@pytest.mark.parametrize(
    "case_id",
    [
        "win-acme-renewal",
        "umbrella-belongs-to-acme",
        "short-record-number",
        "old-contoso-deals-are-lost",
        "pied-piper-in-five",
        "close-date-from-data",
        "next-step-to-nothing",
        "order-with-a-line",
        "a-bit-later",
        "case-about-what",
        "japanese",
        "weather",
    ],
)
def test_a_scripted_reply_is_compiled_to_what_the_case_expects(stage: Stage, case_id: str) -> None:
    """The real planner makes of the reply what was expected, at the first try."""
    case = written(case_id)
    verdict = stage.verdict(case)
    refused = case.wanted == "refusal"
    assert verdict.right or refused, verdict.differences
    assert stage.said.asked == 1
