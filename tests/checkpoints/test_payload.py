"""Payloads: values by blueprint name or action id, which make a new plan and never reach a run by themselves."""

from __future__ import annotations

import pytest
from tests.scenario import Rest, action, blueprint, lookup, plan_of, task, win

from actwright import Actwright
from actwright.blueprints.argument import ValueArgument
from actwright.canonical import Json
from actwright.checkpoints.editing.payload import read_payload, with_payload
from actwright.errors import PayloadError


def test_a_payload_makes_a_new_plan(app: Actwright) -> None:
    """The plan handed in stays as it was; the new one takes the values as data."""
    plan = plan_of(app, task())
    filled = with_payload(plan, {"CreateTask": {"Subject": "Other", "Priority": "High"}})
    assert filled.id != plan.id
    assert plan.actions[0].arguments["Subject"] == ValueArgument(
        value="Call back", provenance="goal"
    )
    assert filled.actions[0].arguments["Subject"] == ValueArgument(
        value="Other", provenance="data", source="handed in beside the plan"
    )


def test_what_a_payload_gives_joins_the_data(app: Actwright, admin: Rest) -> None:
    """An id of a payload is a value of the new plan's data, beside an answer given before, however long its name."""
    one, two = (each["Id"] for each in admin.rows("SELECT Id FROM Account LIMIT 2"))
    given: Json = {"value": one, "provenance": "data"}
    plan = plan_of(app, task(WhatId=given), task("other", WhatId=given), data={"task.WhatId": one})
    filled = with_payload(plan, {"task": {"WhatId": two[:15]}})
    assert filled.data == {"task.WhatId": one, "payload.task.WhatId": two[:15]}
    preview = app.preview(plan, payload={"task": {"WhatId": two[:15]}})
    assert [each.change("WhatId").after for each in preview.effects] == [two, one]  # type: ignore[union-attr]  # they are there
    long = blueprint("UPDATE", "Opportunity", "Id", "N" * 80)
    named = plan_of(app, action("a" * 40, long, Id=lookup("Opportunity", "Name", "x")))
    assert app.preview(named, payload={"a" * 40: {"N" * 80: "x"}}).blocked


def test_an_empty_payload_changes_nothing(app: Actwright) -> None:
    """No values, no new plan."""
    plan = plan_of(app, task())
    assert with_payload(plan, {}).id == plan.id
    assert with_payload(plan, {"task": {}}).id == plan.id


def test_a_name_that_several_actions_bear_needs_an_id(app: Actwright) -> None:
    """The error lists the ids to choose from, and an id then works."""
    plan = plan_of(app, task("one"), task("two"))
    with pytest.raises(PayloadError, match="2 actions") as caught:
        with_payload(plan, {"CreateTask": {"Subject": "x"}})
    assert caught.value.hint == "Key the payload by action id instead: one, two."
    assert with_payload(plan, {"two": {"Subject": "x"}}).actions[0] == plan.actions[0]


def test_an_id_is_stronger_than_a_name(app: Actwright) -> None:
    """Where a key is both one action's id and another one's blueprint, the id counts."""
    plan = plan_of(app, task(), win("CreateTask"))
    filled = with_payload(plan, {"CreateTask": {"StageName": "Closed Won"}})
    assert "StageName" in filled.actions[1].arguments


@pytest.mark.parametrize(
    ("payload", "words", "where"),
    [
        ({"Nobody": {"x": 1}}, "No action", "Nobody"),
        ({"task": {"subject": "x"}}, "no input 'subject'", "task.subject"),
        ({"task": {"Subject": "a"}, "CreateTask": {"Subject": "b"}}, "twice", "CreateTask"),
    ],
)
def test_a_key_that_fits_nothing_is_named(
    app: Actwright, payload: dict[str, dict[str, str]], words: str, where: str
) -> None:
    """The error says which key, and what there is instead."""
    with pytest.raises(PayloadError, match=words) as caught:
        with_payload(plan_of(app, task()), payload)
    assert caught.value.where == where


def test_a_payload_answers_the_questions_it_covers(app: Actwright) -> None:
    """Answered questions are gone, the others stay open."""
    asked: list[Json] = [
        {"id": f"t.{name}", "actionId": "t", "input": name, "reason": "missing", "text": "?"}
        for name in ("Subject", "ActivityDate")
    ]
    plan = plan_of(app, action("t", "task_create"), questions=asked)
    filled = with_payload(plan, {"t": {"Subject": "x"}})
    assert [each.input for each in filled.questions] == ["ActivityDate"]


def test_json_reads_as_a_payload() -> None:
    """The seed's shape is read as it is."""
    document: Json = {"UpdateOpportunityStage": {"StageName": "Closed Won", "Amount": 5}}
    assert read_payload(document) == document
