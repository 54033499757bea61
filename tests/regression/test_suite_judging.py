"""A case of the suite is judged by the goal's expectation, and by what the suite holds beyond it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.suite_scene import AT, MemoryScene, Shown
from tests.testing.test_judging import RENEWAL, WIN, action, planned

from actwright.blueprints.plan import Question
from actwright.errors import OrgUnreachableError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.planning.planner import PlanningOutcome, Refusal
from actwright.regression.suite.judging import checkpoints_lost
from actwright.regression.suite.suite import Suite, SuiteCase
from actwright.testing.goals import Expectation, ExpectedAction, ExpectedQuestion
from actwright.testing.judging import Verdict

SUITE = Suite((), AT)
WON = Expectation(
    actions=(
        ExpectedAction(
            blueprint=("UpdateOpportunityStage",),
            arguments={"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"},
        ),
    )
)
CASE = SuiteCase("won", "close the Acme Renewal as won", "plain", (WON,), checkpoint=True)
TASK = action("a2", "CreateTask", {"Subject": {"value": "Call", "provenance": "goal"}})


@pytest.fixture(scope="module")
def scene() -> MemoryScene:
    """The demo org in memory."""
    return MemoryScene()


def winning(checkpoint: str = "Close the Acme Renewal as won?", *more: Any) -> PlanningOutcome:
    """Return the outcome that is right, with a checkpoint text."""
    outcome = planned(action("a1", "UpdateOpportunityStage", WIN), *more)
    assert outcome.plan is not None
    plan = outcome.plan.model_copy(update={"checkpoint": checkpoint})
    return outcome.model_copy(update={"plan": plan})


def judged(scene: MemoryScene, case: SuiteCase, outcome: PlanningOutcome | None) -> Verdict:
    """Return the verdict on an outcome."""
    return SUITE.judge(case, outcome, scene)


def test_a_right_plan_with_its_checkpoint_text_is_right(scene: MemoryScene) -> None:
    """Nothing is wrong, lost or unneeded."""
    assert judged(scene, CASE, winning()) == Verdict(right=True, grave=False, differences=())


@pytest.mark.parametrize("text", ["", "Sure?", "Go on with it now?"])
def test_a_plan_that_lost_its_checkpoint_text_is_wrong(scene: MemoryScene, text: str) -> None:
    """The text is not there, or speaks of nothing the action does."""
    verdict = judged(scene, CASE, winning(text))
    assert (verdict.right, verdict.checkpoints_lost) == (False, ("a1",))
    assert "a1 has lost its checkpoint text" in verdict.differences
    assert judged(scene, replace(CASE, checkpoint=False), winning(text)).right


def test_a_checkpoint_text_speaks_of_each_action() -> None:
    """Of two actions, the one it does not mention has lost its text; wording does not matter."""
    both = winning("Win the renewal and CREATE a task?", TASK).plan
    one = winning("Win the Acme Renewal?", TASK).plan
    assert both is not None
    assert one is not None
    assert checkpoints_lost(both) == ()
    assert checkpoints_lost(one) == ("a2",)


def test_an_action_beyond_the_expected_is_counted(scene: MemoryScene) -> None:
    """It makes the plan wrong, and stands in the count of unneeded steps."""
    verdict = judged(scene, CASE, winning("Win Acme Renewal, task?", TASK))
    assert (verdict.right, verdict.grave, verdict.unneeded) == (False, False, 1)


def test_every_step_is_unneeded_where_a_question_was_right(scene: MemoryScene) -> None:
    """Acting where one should ask is grave, whatever else is held."""
    asks = Expectation(questions=(ExpectedQuestion(id=("a1.Id",)),))
    verdict = judged(scene, replace(CASE, expect=(asks,)), winning())
    assert (verdict.grave, verdict.unneeded, verdict.checkpoints_lost) == (True, 1, ())


def test_the_order_of_the_blueprints_counts_where_it_is_said(scene: MemoryScene) -> None:
    """Others may stand in between; one that is missing or comes too early is told with what came."""
    expected = ExpectedAction(blueprint=("CreateTask",), arguments={"Subject": "Call"})
    assert WON.actions is not None
    both = Expectation(actions=(*WON.actions, expected))
    case = replace(CASE, expect=(both,), order=("UpdateOpportunityStage", "CreateTask"))
    outcome = winning("Win Acme Renewal, task?", TASK)
    assert judged(scene, case, outcome).right
    turned = judged(scene, replace(case, order=("CreateTask", "UpdateOpportunityStage")), outcome)
    assert "the order is UpdateOpportunityStage, CreateTask, not" in turned.differences[0]


def issue(code: str, severity: Any = "error") -> Issue:
    """Return an issue of a preview."""
    return Issue(code=code, message="It is so.", severity=severity)


def test_guardrails_are_judged_by_what_the_preview_says(scene: MemoryScene) -> None:
    """An error blocks, a warning warns, no issue allows; of one code the gravest counts."""
    case = replace(CASE, guardrails={"late": "blocked", "dear": "warned", "new": "allowed"})
    issues = (issue("late"), issue("late", "warning"), issue("dear", "warning"))
    shown = replace(scene, shown=Shown(issues))
    verdict = judged(shown, case, winning())
    assert (verdict.right, verdict.guardrails, verdict.guardrails_right) == (True, 3, 3)
    none = judged(replace(scene, shown=Shown()), case, winning())
    assert (none.right, none.guardrails_right) == (False, 1)
    assert "the guardrail late says allowed, not blocked" in none.differences


def test_a_plan_that_cannot_be_previewed_is_blocked(scene: MemoryScene) -> None:
    """The code of the error stands for the guardrail; an org that cannot be asked says nothing."""
    case = replace(CASE, guardrails={"rows_too_many": "blocked"})
    refusing = Shown(error=RefusedError("Too many.", code="rows_too_many"))
    assert judged(replace(scene, shown=refusing), case, winning()).right
    gone = Shown(error=OrgUnreachableError("Gone."))
    with pytest.raises(OrgUnreachableError):
        judged(replace(scene, shown=gone), case, winning())


def test_guardrails_that_could_not_be_asked_are_not_right(scene: MemoryScene) -> None:
    """Where no plan came, the expected verdicts count, and none of them came."""
    case = replace(CASE, guardrails={"late": "blocked"})
    refused = PlanningOutcome(refusal=Refusal(code="no_fit", message="No."))
    verdict = judged(scene, case, refused)
    assert (verdict.right, verdict.guardrails, verdict.guardrails_right) == (False, 1, 0)


def test_a_failure_is_right_by_its_code(scene: MemoryScene) -> None:
    """Another code is wrong; a plan that could be confirmed is grave as well."""
    case = replace(CASE, expect=(), failure="model_busy")
    assert case.wanted == "failure"
    assert SUITE.judge(case, None, scene, error="model_busy").right
    other = SUITE.judge(case, None, scene, error="model_timeout")
    assert other.differences == ("should fail with model_busy, failed with model_timeout",)
    acted = judged(scene, case, winning())
    assert (acted.right, acted.grave) == (False, True)


def test_no_answer_is_wrong_where_one_was_expected(scene: MemoryScene) -> None:
    """The code of the error stands in the verdict."""
    verdict = SUITE.judge(CASE, None, scene, error="model_busy")
    assert verdict.differences == ("no answer came: model_busy",)


def test_a_plan_with_open_questions_needs_no_checkpoint_text(scene: MemoryScene) -> None:
    """What nobody can confirm yet is judged by its questions alone."""
    asks = Expectation(questions=(ExpectedQuestion(id=("a1.CloseDate",)),))
    question = Question(
        id="a1.CloseDate", action_id="a1", input="CloseDate", reason="missing", text="When?"
    )
    made = planned(action("a1", "UpdateOpportunityStage", {"Id": RENEWAL}))
    outcome = made.model_copy(update={"questions": (question,)})
    assert judged(scene, replace(CASE, expect=(asks,)), outcome).right
