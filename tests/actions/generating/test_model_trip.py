"""A model plans a generated action and writes its code: two requests over HTTP, one review, and the real writes."""

from __future__ import annotations

import pytest
from tests.actions.generating.replies import reply as written
from tests.model_replies import Document, action, named, reply
from tests.scenario import Rest

from actwright import Actwright
from actwright.actions.generating.review_card import review_card
from actwright.settings import Settings
from actwright.testing.local_org import LocalOrg
from actwright.testing.model_server import ScriptedModel
from actwright.testing.replies import Reply

pytestmark = pytest.mark.xdist_group("generated_trip")

DESCRIBED: Document = {
    "name": "TellOpenCases",
    "object": "Task",
    "inputs": [
        {"name": "AccountId", "kind": "record", "object": "Account", "description": "The account."}
    ],
    "logic": "Count the Case records of AccountId where IsClosed is false. Create a Task for the owner of the Account:"
    " Subject tells the number, WhatId is AccountId.",
}


def test_a_model_s_action_is_written_reviewed_and_previewed(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """What the second request writes waits for a person; once approved, the preview shows what it makes of real records."""
    planned = action("generated", named("AccountId", "Account", "Acme"), generated=DESCRIBED)
    answers = [Reply.json(reply(planned)), Reply.json(written())]
    with ScriptedModel(answers) as server:
        settings = Settings(
            home=shared_org.home, user="alice", planner="openai", model_url=server.base_url
        )
        with Actwright(settings=settings, local_org=shared_org._running) as app:
            outcome = app.plan("Create a task for Acme's owner that says how many cases are open")
            assert outcome.plan is not None, outcome.refusal
            name = outcome.plan.actions[0].blueprint.name
            assert f"waits for a person's review: actwright actions review {name}" in "".join(
                outcome.notes
            )
            version = app.generated_actions.get(name)
            card = review_card(version.action)
            assert (card.origin, card.faults) == ("model", ())
            assert card.said[0].startswith("Count the Case records")
            app.generated.approve(version.action.id, approver="Dana")
            preview = app.preview(outcome.plan)
    (effect,) = preview.effects
    cases = admin.rows(
        "SELECT Id FROM Case WHERE IsClosed = false AND Account.Name = 'Acme' AND AccountId != null"
    )
    subject = effect.change("Subject")
    assert subject is not None
    assert subject.after == f"Open cases: {len(cases)}"
    assert subject.provenance == "record"
    assert outcome.usage is not None
    assert (outcome.usage.calls, outcome.usage.input_tokens > 0) == (2, True)
    assert [each.text.count("<logic>") for each in server.requests] == [0, 2]
