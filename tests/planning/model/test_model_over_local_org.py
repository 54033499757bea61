"""The model planner with both ends real: a scripted model and the local org, each over HTTP."""

from __future__ import annotations

import pytest
from tests.model_replies import (
    ACME_WON,
    PROMPTS,
    Document,
    Log,
    action,
    extract,
    literal,
    named,
    reply,
)

from actwright.app import Actwright
from actwright.model.openai_chat import OpenAIChat
from actwright.model.settings import ModelSettings
from actwright.planning.model.planner import ModelPlanner
from actwright.settings import Settings
from actwright.testing.local_org import LocalOrg
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

MAIL = "Hello, as we said on the phone, the renewal is fixed at 52500 dollars for next year. " * 4


def planner(server: ScriptedModel) -> ModelPlanner:
    """Return a planner that asks ``server``."""
    chat = OpenAIChat(base_url=server.base_url, api_key="sk-test")
    return ModelPlanner(chat, PROMPTS, ModelSettings(model="scripted"), log=Log())


def served(*documents: Document) -> ScriptedModel:
    """Return a model that answers these documents, one after the other."""
    return ScriptedModel([Reply.json(each) for each in documents])


def test_a_confirmed_plan_of_a_model_changes_the_record(shared_org: LocalOrg) -> None:
    """Goal, plan, preview, yes, run: the model's part ends with the plan."""
    task = action(
        "task_create",
        literal("Subject", "Call"),
        named("WhatId", "Opportunity", "Acme Renewal"),
        id="a2",
    )
    with served(reply(ACME_WON, task, checkpoint="Close it and call.")) as server:
        app = shared_org.as_user("alice", planner=planner(server))
        outcome = app.plan("Close the Acme Renewal as won and create a task Call for it")
        assert outcome.plan is not None
        preview = app.preview(outcome.plan)
        assert preview.issues == ()
        assert preview.planner_words == "Close it and call."
        confirmation = app.confirm(preview, approver="alice")
        result = app.run(preview, confirmation)
    assert result.success, result.errors
    (row,) = app.query("SELECT StageName FROM Opportunity WHERE Name = 'Acme Renewal'")
    assert row["StageName"] == "Closed Won"


def test_an_extracted_value_is_shown_as_extracted(shared_org: LocalOrg) -> None:
    """Before anybody says yes, the preview tells that the value came out of a text."""
    change = action(
        "derived.opportunity.update",
        named("Id", "Opportunity", "Globex Pilot"),
        extract("Amount", "mail", "the price of the renewal"),
    )
    with served(reply(change), {"found": True, "value": "52500"}) as server:
        settings = Settings(
            home=shared_org.home, user="alice", planner="openai", model_url=server.base_url
        )
        with Actwright(settings=settings, local_org=shared_org._running) as app:
            outcome = app.plan("Set the amount of Globex Pilot from the mail", data={"mail": MAIL})
            assert outcome.plan is not None
            assert outcome.questions == ()
            preview = app.preview(outcome.plan)
    (effect,) = (one for group in preview.groups for one in group.effects)
    amount = next(each for each in effect.changes if each.field == "Amount")
    assert amount.provenance == "extract"
    assert str(amount.after) == "52500"


@pytest.mark.parametrize("person", ["bob", "carol", "dana"])
def test_what_a_person_may_not_read_is_not_sent(shared_org: LocalOrg, person: str) -> None:
    """The schema in the request is the running person's own."""
    with served(reply(outcome="noPlan", reason="No.")) as server:
        app = shared_org.as_user(person, planner=planner(server))
        app.plan("Set the amount and the next step of the Acme Renewal")
        (asked,) = server.requests
    schema = asked.text.split("<schema>")[-1].split("</schema>")[0]
    readable = {each.name for each in app.org.describe("Opportunity").fields}
    described = {
        each.name for each in shared_org.as_user("admin").org.describe("Opportunity").fields
    }
    line = next((each for each in schema.splitlines() if '"object": "Opportunity"' in each), "")
    assert line
    for hidden in described - readable:
        assert f'"name": "{hidden}"' not in line
