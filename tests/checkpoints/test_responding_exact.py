"""What a response becomes once it is read: an edited plan, a question, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.checkpoints.edited_plans import (
    DEAL,
    OTHER,
    closing,
    effect,
    following,
    plan_made,
    preview_made,
    repeated,
)
from tests.memory_org import FakeClock, demo_org

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.library import load_library
from actwright.blueprints.plan import Candidate, Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.responding import as_edit, responded
from actwright.checkpoints.preview import Preview
from actwright.errors import PlanningError
from actwright.org.lookup import Lookup
from actwright.org.query import Condition
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.planning.response.response import ResponseReader
from actwright.planning.response.wish import Unclear, Wishes

BOTH = plan_made(closing(), following(about=None))


def many(*where: Json, key: str = "a1") -> Plan:
    """Return a plan of an action that is repeated for what fits."""
    return plan_made(repeated(key, where=list(where)))


OPEN: Json = {"field": "IsClosed", "value": False}


def except_for(*ids: str) -> Json:
    """Return the condition that leaves out some records."""
    return {"field": "ID", "operator": "NOT IN", "value": list(ids)}


def where(plan: Plan) -> list[tuple[str, str, Any]]:
    """Return the conditions of a plan's first action."""
    rows = plan.actions[0].for_each
    assert rows is not None
    return [(each.field, each.operator, each.value) for each in rows.where]


class Read(ResponseReader):
    """Takes every response for what it was made with."""

    def __init__(self, wishes: Wishes | PlanningError) -> None:
        self._wishes = wishes
        self.rows: Mapping[str, str] | None = None

    def wishes(
        self,
        plan: Plan,  # noqa: ARG002  the port's
        words: str,  # noqa: ARG002  likewise
        request: PlanningRequest,  # noqa: ARG002  likewise
        rows: Mapping[str, str] | None = None,
    ) -> Wishes:
        """Return the wishes, and keep what the rows are called."""
        self.rows = rows
        if isinstance(self._wishes, PlanningError):
            raise self._wishes
        return self._wishes


def answer(
    plan: Plan, wishes: Wishes | PlanningError, words: str = "words", preview: Preview | None = None
) -> PlanningOutcome:
    """Return what becomes of a plan by wishes."""
    request = PlanningRequest(plan.goal, load_library(), demo_org(), FakeClock())
    return responded(plan, words, request, Read(wishes), preview)


def test_wishes_make_an_edited_plan_and_are_repeated() -> None:
    """Each in a sentence: what goes, what goes with it, and which value is set."""
    plan = plan_made(closing(), following(), closing("a3"))
    lookup = Lookup(
        object="Opportunity",
        where=(
            Condition(field="Name", value="x"),
            Condition(field="Amount", operator=">", value=1),
        ),
    )
    wished: dict[str, Argument] = {
        "a3.Amount": ValueArgument(value=5, provenance="data"),
        "a3.StageName": ValueArgument(value=None, provenance="data"),
        "a3.Id": LookupArgument(lookup=lookup),
    }
    found = answer(plan, Wishes(without=["a1"], arguments=wished))
    assert found.refusal is None
    assert found.plan is not None
    assert [each.id for each in found.plan.actions] == ["a3"]
    assert found.plan.planner.edited_from == plan.id
    assert found.notes == (
        "Understood: without a1.",
        "With it goes a2, since it needs it.",
        "Understood: a3.Amount is 5.",
        "Understood: a3.StageName is (empty).",
        "Understood: a3.Id is the Opportunity with Name = x and Amount > 1.",
    )


def test_a_value_that_is_left_out_takes_no_action_along() -> None:
    """Only whole actions have others that go with them."""
    found = answer(plan_made(closing(), following()), Wishes(without=["a1.Amount"]))
    assert found.notes == ("Understood: without a1.Amount.",)
    assert found.plan is not None
    assert len(found.plan.actions) == 2


def test_questions_of_the_edited_plan_stay_open() -> None:
    """They are the outcome's as well."""
    asked = [
        {"id": f"{key}.Amount", "actionId": key, "input": "Amount", "reason": "missing", "text": "?"}
        for key in ("a1", "a2")
    ]  # fmt: skip
    found = answer(plan_made(closing("a1"), closing("a2"), questions=asked), Wishes(without=["a2"]))
    assert [each.action_id for each in found.questions] == ["a1"]


def test_words_nobody_understood_change_nothing() -> None:
    """Also where others were understood; the refusal repeats them, cut at eighty, and says how to say it."""
    found = answer(BOTH, Wishes(without=["a2"], left=["and dance", "more"]))
    assert found.plan is None
    assert found.refusal is not None
    assert found.refusal.code == "response_unclear"
    assert found.refusal.message == '"and dance" was not understood; nothing was changed.'
    assert str(found.refusal.hint).startswith("Say what to leave out or which value to use")
    nothing = answer(BOTH, Wishes(kept=["a1"]), "w" * 81)
    assert nothing.refusal is not None
    assert nothing.refusal.message == f'"{"w" * 79}…" was not understood; nothing was changed.'


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_made(repeated(rows=[{"Id": DEAL}])), "response_unclear_rows"),
        (plan_made(repeated(rows=[])), "response_unclear_rows"),
        (plan_made(repeated()), "response_unclear"),
        (plan_made(closing(), repeated("a2", rows=[{"Id": DEAL}])), "response_unclear_rows"),
    ],
)
def test_rows_that_were_handed_in_are_another_refusal(plan: Plan, code: str) -> None:
    """No model may then be asked: it could not be told of them."""
    found = answer(plan, Wishes(left=["x"]))
    assert found.refusal is not None
    assert found.refusal.code == code


def test_words_that_could_mean_several_things_are_a_question() -> None:
    """It is about the first of them; without any, about the plan's first action."""
    choice = (Candidate(value="a2.Amount", label="Two"), Candidate(value="a1.Amount", label="One"))
    whole = (Candidate(value="a2", label="Two"),)
    found = answer(
        BOTH,
        Wishes(
            without=["a2"],
            unclear=[Unclear("x", "Which?", choice), Unclear("x", "All?", whole), Unclear("x", "Odd.")],
        ),
    )  # fmt: skip
    assert found.plan is None
    assert [(each.id, each.action_id, each.input) for each in found.questions] == [
        ("a2.Amount", "a2", "Amount"),
        ("a2.response", "a2", "response"),
        ("a1.response", "a1", "response"),
    ]
    assert [each.text for each in found.questions] == [
        "Which? Say which one you mean.",
        "All? Say which one you mean.",
        "Odd.",
    ]
    assert [each.reason for each in found.questions] == ["unclear"] * 3
    assert found.questions[0].candidates == choice


def test_an_edit_that_does_not_fit_is_a_refusal() -> None:
    """With its own code and words, and its own hint or ours."""
    found = answer(BOTH, Wishes(without=["a9"]))
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.message) == ("edit_unknown", "The plan has no action 'a9'.")  # fmt: skip
    assert str(found.refusal.hint).startswith("Its actions: ")
    unread = answer(BOTH, PlanningError("Nobody can read that."))
    assert unread.refusal is not None
    assert str(unread.refusal.hint).startswith("Say what to leave out")


def test_only_rows_have_names_to_be_called_by() -> None:
    """Those of repeated actions that have a name, by their effects' ids; none without a preview."""
    named = effect("a1.1").model_copy(update={"record_name": "Acme"})
    single = effect("a2.1").model_copy(update={"record_name": "Other"})
    plan = plan_made(repeated(), closing("a2"))
    request = PlanningRequest("g", load_library(), demo_org(), FakeClock())
    reader = Read(Wishes(left=["x"]))
    responded(plan, "x", request, reader, preview_made(named, effect("a1.2", OTHER), single))
    assert reader.rows == {"a1.1": "Acme"}
    responded(plan, "x", request, reader)
    assert reader.rows == {}


def test_another_planners_answer_is_marked_as_an_edit() -> None:
    """It says which plan it came from, rows left out stay left out, and an answer without a plan stays as it is."""
    seen = many(OPEN, except_for(DEAL))
    outcome = PlanningOutcome(plan=many(OPEN), notes=("by a model",))
    made = as_edit(seen, outcome)
    assert made.notes == ("by a model",)
    assert made.plan is not None
    assert made.plan.planner.edited_from == seen.id
    assert where(made.plan)[-1] == ("Id", "NOT IN", (DEAL,))
    nothing = PlanningOutcome(notes=("none",))
    assert as_edit(seen, nothing) is nothing
