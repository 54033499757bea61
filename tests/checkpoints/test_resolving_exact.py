"""Resolving: a plan nothing can be shown of is refused before the org is asked anything."""

from __future__ import annotations

import pytest
from tests.checkpoints.row_scene import lost, open_deals, plan_for

from actwright.blueprints.plan import Plan, Question
from actwright.checkpoints.resolving.resolution import check_ready
from actwright.errors import OpenQuestionsError, PlanError


def asking(*texts: str) -> Plan:
    """Return a plan with open questions."""
    questions = [
        Question(id=f"a.In{place}", action_id="a", input="In", reason="missing", text=each)
        for place, each in enumerate(texts)
    ]
    return plan_for(lost(open_deals())).model_copy(update={"questions": tuple(questions)})


def test_a_plan_with_actions_and_without_questions_is_ready() -> None:
    """One without actions is not."""
    check_ready(asking())
    with pytest.raises(PlanError) as caught:
        check_ready(plan_for())
    assert (caught.value.error_code, caught.value.message) == (
        "plan_empty",
        "The plan has no actions.",
    )


def test_open_questions_are_repeated_with_how_to_answer_them() -> None:
    """All of them, in one line."""
    with pytest.raises(OpenQuestionsError) as caught:
        check_ready(asking("Which one?", "How many?"))
    assert caught.value.message == "The plan waits for answers: Which one?; How many?"
    assert caught.value.hint == "Answer with -d a.In0=VALUE -d a.In1=VALUE."


def test_six_hundred_characters_of_questions_are_enough() -> None:
    """What is longer is cut, and the cut is seen."""
    for text, shown in (("x" * 600, "x" * 600), ("x" * 301, "x" * 301)):
        with pytest.raises(OpenQuestionsError, match=f"answers: {shown}$"):
            check_ready(asking(text))
    with pytest.raises(OpenQuestionsError, match=f"answers: {'x' * 300}; {'y' * 297}…$"):
        check_ready(asking("x" * 300, "y" * 299))
