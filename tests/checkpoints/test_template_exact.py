"""Templates: which values are told of which inputs, and what is made of one that was filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from tests.checkpoints.edited_plans import (
    plan_made,
)
from tests.memory_org import demo_org
from tests.scenario import action, blueprint

from actwright.canonical import Json
from actwright.checkpoints.editing.template import filled, template


def about(
    *inputs: Mapping[str, Json], target: str = "Opportunity", guardrails: Sequence[Json] = ()
) -> Mapping[str, Json]:
    """Return what a template says of the first input of an action that creates a record."""
    entry = blueprint("CREATE", target, *inputs, guardrails=list(guardrails))
    made = template(plan_made(action("a1", entry)), demo_org())["about"]
    assert isinstance(made, dict)
    (told,) = [each for key, each in made.items() if key == f"a1.{inputs[0]['apiName']}"]
    assert isinstance(told, dict)
    return told


STAGE: dict[str, Json] = {"apiName": "StageName", "dataType": "Picklist", "required": True}


def test_values_are_told_only_where_they_are_known() -> None:
    """Not of a hidden object, of a field that is not there, or of an input that is no field."""
    assert "values" in about(STAGE)
    assert "values" not in about(STAGE, target="Secret__c")
    assert "values" not in about(STAGE | {"apiName": "Nope__c"})
    assert "values" not in about(STAGE | {"usage": "PARAMETER"})
    entry = blueprint("CREATE", "Opportunity", STAGE)
    told = template(plan_made(action("a1", entry)))["about"]
    assert told == {"a1.StageName": {"label": "StageName", "type": "Picklist", "required": True}}


def test_a_guardrail_tells_values_of_its_own_field_only() -> None:
    """Whether it names the input or its field; another field's list, or another kind of guardrail, says nothing."""
    only: Json = {"field": "StageName", "values": ["Mine"]}
    named: Mapping[str, Json] = {**STAGE, "apiName": "Stage", "fieldApiName": "StageName"}
    allowed: Json = {"type": "ENUM_ALLOWED", "params": only}
    assert about(STAGE, guardrails=[allowed])["values"] == ["Mine"]
    assert about(named, guardrails=[allowed])["values"] == ["Mine"]
    least: Json = {"type": "NUMERIC_RANGE", "params": {"field": "StageName", "max": 5}}
    assert about(STAGE, guardrails=[least, allowed])["values"] == ["Mine"]
    other: Json = {"type": "ENUM_ALLOWED", "params": {"field": "Name", "values": ["Not"]}}
    assert about(STAGE, {"apiName": "Name"}, guardrails=[other])["values"] != ["Not"]


def test_a_default_is_a_value_unless_a_question_is_asked() -> None:
    """Nothing is needed for a required input that the blueprint sets by itself."""
    entry = blueprint("CREATE", "Opportunity", {**STAGE, "default": "Prospecting"})
    assert template(plan_made(action("a1", entry))) == {"payload": {}, "about": {}}
    asked: Json = {"id": "a1.StageName", "actionId": "a1", "input": "StageName", "reason": "missing", "text": "Which?"}  # fmt: skip
    made = template(plan_made(action("a1", entry), questions=[asked]))
    assert made["payload"] == {"a1": {"StageName": None}}


@pytest.mark.parametrize("payload", [[], "x", 5, None])
def test_a_template_whose_payload_is_none_is_left_to_be_refused(payload: Json) -> None:
    """Nothing is made up for it; an action whose inputs are no object stays, too."""
    assert filled({"payload": payload, "about": {}}) == payload
    assert filled({"payload": {"a1": 5, "a2": {}, "a3": {"X": None}}, "about": {}}) == {"a1": 5}
