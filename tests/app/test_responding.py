"""Editing and responding through the public calls: rules first, a model for what they do not understand."""

from __future__ import annotations

import pytest
from tests.scenario import amount, new_deal, plan_of, sign_in, task

from actwright import Actwright, Preview
from actwright.canonical import Json
from actwright.errors import ConfirmationForeignError, ModelRefusedError, NotFoundError, PlanError
from actwright.testing import FixedClock, LocalOrg
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a-key-for-tests-only")


@pytest.fixture
def deal(shared_org: LocalOrg) -> str:
    """Give the name of an opportunity nobody else touches."""
    return new_deal(sign_in(shared_org.url))


def seen(app: Actwright, deal: str, **terms: bool) -> Preview:
    """Return the preview of a plan that sets an amount and creates a task."""
    goal = f"set the amount of {deal} to 5 and create a task Call Ann"
    plan = plan_of(app, amount("a1", deal, 5), task("a2", "Call Ann"), goal=goal)
    return app.preview(plan, **terms)  # type: ignore[arg-type]  # terms are flags


def renewed(deal: str) -> Json:
    """Return a model's reply that leaves the task out and writes a next step."""
    where: Json = [{"field": "Name", "operator": "=", "values": [deal]}]
    arguments: Json = [
        {"name": "Id", "kind": "record", "object": "Opportunity", "where": where},
        {"name": "NextStep", "kind": "literal", "value": "Paint it green"},
    ]
    action: Json = {
        "id": "a1",
        "blueprint": "derived.opportunity.update",
        "arguments": arguments,
        "dependsOn": [],
        "forEach": None,
    }
    empty: dict[str, Json] = {"checkpoint": "", "assumptions": [], "questions": [], "reason": ""}
    return {"outcome": "plan", "actions": [action], **empty}


def test_an_edit_is_a_preview_of_its_own(shared_org: LocalOrg, deal: str) -> None:
    """It keeps the terms, names the one it came from, and a yes to the old one is none to it."""
    app = shared_org.as_user()
    old = seen(app, deal, allow_delete=True)
    new = app.edit(old, without=["a2"], values={"a1.Amount": 6})
    assert (new.edited_from, new.terms) == (old.id, old.terms)
    assert [each.action_id for each in new.effects] == ["a1"]
    assert new.effects[0].change("Amount").provenance == "data"  # type: ignore[union-attr]  # it is there
    assert app.previews.get(old.id) == old
    yes = app.confirm(old, approver="Alice Archer")
    assert isinstance(app.run(new, yes).stopped_by, str)
    with pytest.raises(ConfirmationForeignError):
        app.confirmations.check(yes, new)


def test_guardrails_run_again_after_an_edit(shared_org: LocalOrg, deal: str) -> None:
    """A value that no record may hold blocks the new preview; one that is no value at all makes none."""
    app = shared_org.as_user()
    old = seen(app, deal)
    assert app.edit(old, values={"a2.Subject": "x" * 300}).blocked
    with pytest.raises(PlanError, match="no number") as caught:
        app.edit(old, values={"a1.Amount": "lots"})
    assert f"The plan {old.plan_id} stands as it was" in str(caught.value.hint)


def test_words_are_read_by_rules(shared_org: LocalOrg, deal: str) -> None:
    """No model is needed, and the plan that comes of it is stored and previewed like any other."""
    app = shared_org.as_user()
    old = seen(app, deal)
    outcome = app.respond(old.id, "not the task, and make the amount 7")
    assert outcome.plan is not None
    new = app.edit(old, plan=outcome.plan)
    assert [(each.field, str(each.after)) for each in new.effects[0].changes] == [("Amount", "7")]
    assert app.respond(old.plan_id, "paint it green").refusal is not None
    with pytest.raises(NotFoundError):
        app.respond("prv_00000000000000000000", "not the task")


def test_a_model_is_asked_for_what_rules_do_not_understand(shared_org: LocalOrg, deal: str) -> None:
    """What they do understand costs no call; the rest is planned anew, as an edit of the plan the person saw."""
    words = "no task; write Paint it green down as next step instead"
    with ScriptedModel([Reply.json(renewed(deal))]) as model:
        settings = {"planner": "openai", "model_url": model.base_url}
        app = shared_org.as_user(clock=FixedClock(), settings=settings)
        old = seen(app, deal)
        assert app.respond(old, "not the task").usage is None
        outcome = app.respond(old, words)
    assert outcome.plan is not None, outcome
    assert outcome.plan.planner.edited_from == old.plan_id
    assert outcome.plan.planner.prompt_name == "respond"
    assert len(model.requests) == 1
    assert deal in model.requests[0].text
    assert old.effects[0].record_id is not None
    assert old.effects[0].record_id not in model.requests[0].text, "no record was sent"


def test_a_model_that_fails_is_said(shared_org: LocalOrg, deal: str) -> None:
    """Where falling back is allowed, what the rules said stands, with a note; else the error is the caller's."""
    with ScriptedModel(lambda _: Reply.error(400), strict=False) as model:
        settings: dict[str, object] = {"planner": "openai", "model_url": model.base_url}
        app = shared_org.as_user(settings={**settings, "fallback": True})
        outcome = app.respond(seen(app, deal), "paint it green")
        assert outcome.refusal is not None
        assert "rules alone" in outcome.notes[0]
        strict = shared_org.as_user(settings=settings)
        with pytest.raises(ModelRefusedError):
            strict.respond(seen(strict, deal), "paint it green")
