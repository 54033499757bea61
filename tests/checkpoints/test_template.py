"""The template of what a plan still needs."""

from __future__ import annotations

import json

import pytest
from tests.checkpoints.edited_plans import closing, following, plan_made, repeated
from tests.memory_org import demo_org
from tests.scenario import action, blueprint

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.payload import read_payload, with_payload
from actwright.checkpoints.editing.template import filled, template
from actwright.document import parse_json


def _asking(*questions: Json) -> Plan:
    """Return a plan with a create that lacks its required inputs, and these questions."""
    stage: Json = {"apiName": "StageName", "dataType": "Picklist", "required": True}
    day: Json = {
        "apiName": "CloseDate",
        "dataType": "Date",
        "required": True,
        "label": "Close Date",
    }
    owner: Json = {"apiName": "OwnerId", "dataType": "Reference"}
    entry = blueprint("CREATE", "Opportunity", *map(dict, (stage, day, owner)))  # type: ignore[arg-type]  # objects
    return plan_made(action("a1", entry), questions=list(questions))


def _question(name: str, *candidates: tuple[str, str], reason: str = "missing") -> Json:
    return {
        "id": f"a1.{name}",
        "actionId": "a1",
        "input": name,
        "reason": reason,
        "text": f"Which {name}? Answer with -d a1.{name}=VALUE.",
        "candidates": [{"value": value, "label": label} for value, label in candidates],
    }


def test_a_plan_that_is_whole_needs_nothing() -> None:
    """Both parts are there, and empty."""
    assert template(plan_made(closing(), following())) == {"payload": {}, "about": {}}


def test_what_is_missing_is_null_with_its_type() -> None:
    """A required input without a value stands there with its type, its form and what the org's picklist offers."""
    made = template(_asking(), demo_org())
    assert made["payload"] == {"a1": {"StageName": None, "CloseDate": None}}
    about = made["about"]
    assert isinstance(about, dict)
    assert about["a1.CloseDate"] == {
        "label": "Close Date",
        "type": "Date",
        "required": True,
        "form": "YYYY-MM-DD",
    }
    stage = about["a1.StageName"]
    assert isinstance(stage, dict)
    assert isinstance(stage["values"], list)
    assert "Closed Won" in stage["values"]


def test_an_open_question_is_asked_in_the_template() -> None:
    """Its candidates are there: records with their names, other values plainly; how to answer on a command line is not."""
    records = _question("OwnerId", ("005A", "Bob"), ("005B", "Bo"), reason="ambiguous")
    made = template(_asking(records, _question("StageName", ("Prospecting", "Prospecting"))))
    about = made["about"]
    assert isinstance(about, dict)
    owner, stage = about["a1.OwnerId"], about["a1.StageName"]
    assert isinstance(owner, dict)
    assert isinstance(stage, dict)
    assert owner["question"] == "Which OwnerId?"
    assert owner["candidates"] == [
        {"value": "005A", "label": "Bob"},
        {"value": "005B", "label": "Bo"},
    ]
    assert stage["values"] == ["Prospecting"]


def test_what_a_guardrail_allows_is_offered() -> None:
    """A blueprint's own list of values comes before the org's."""
    only: Json = {
        "type": "ENUM_ALLOWED",
        "params": {"field": "StageName", "values": ["Closed Won"]},
    }
    entry = blueprint(
        "CREATE", "Opportunity", {"apiName": "StageName", "required": True}, guardrails=[only]
    )
    about = template(plan_made(action("a1", entry)), demo_org())["about"]
    assert isinstance(about, dict)
    stage = about["a1.StageName"]
    assert isinstance(stage, dict)
    assert stage["values"] == ["Closed Won"]


def test_data_that_was_not_given_is_needed() -> None:
    """An argument that takes named data nobody gave has no value yet; with the data it has."""
    taken: Json = {"from": "data.day"}
    without = plan_made(following(about=None, Subject=taken))
    assert template(without)["payload"] == {"a2": {"Subject": None}}
    given = plan_made(following(about=None, Subject={"from": "data.day"}), data={"day": "x"})
    assert template(given)["payload"] == {}


def test_the_id_a_row_gives_is_not_needed() -> None:
    """A repeated action takes its record from each row."""
    assert template(plan_made(repeated()))["payload"] == {}


def test_a_template_that_was_filled_in_is_a_payload() -> None:
    """What was left null stays open, and the plan takes the rest as data."""
    plan = _asking(_question("CloseDate"), _question("StageName"))
    document = parse_json(json.dumps(template(plan)).encode(), where="t")
    assert isinstance(document, dict)
    assert isinstance(document["payload"], dict)
    document["payload"]["a1"] = {"CloseDate": "2026-12-15", "StageName": None}
    made = with_payload(plan, read_payload(filled(document)))
    assert [each.input for each in made.questions] == ["StageName"]
    assert made.data == {"payload.a1.CloseDate": "2026-12-15"}


def test_a_template_nobody_filled_in_gives_nothing() -> None:
    """Every null is left open, so there is no payload."""
    assert read_payload(filled(template(_asking()))) == {}


@pytest.mark.parametrize("document", [{"a1": {"x": 1}}, {"payload": {"x": 1}}, [], None, "x"])
def test_anything_else_is_left_as_it_is(document: Json) -> None:
    """Also an action that is called payload."""
    assert filled(document) == document


def test_what_takes_any_text_is_not_told_to_take_a_few_values() -> None:
    """A task's subject offers values and takes every other text: a list of what it takes would not be true."""
    entry = blueprint("CREATE", "Task", {"apiName": "Subject", "required": True})
    plan = plan_made(action("a1", entry))
    about = template(plan, demo_org())["about"]
    assert isinstance(about, dict)
    assert isinstance(about["a1.Subject"], dict)
    assert "values" not in about["a1.Subject"]
