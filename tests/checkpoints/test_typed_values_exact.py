"""Typed values: which ids an input takes, and which are left to the guardrails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from tests.checkpoints.row_scene import plan_for
from tests.memory_org import MemoryOrg, demo_org
from tests.scenario import action, blueprint

from actwright.blueprints.plan import PlannedAction
from actwright.canonical import Json
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.errors import RecordIdError, ValueInvalidError

ACCOUNT, DEAL = "001000000000001AAA", "006000000000001AAA"


def planned(*inputs: str | Mapping[str, Json], target: str = "Task") -> PlannedAction:
    """Return an action whose inputs are typed."""
    return plan_for(action("a", blueprint("CREATE", target, *inputs))).actions[0]


def typed(org: MemoryOrg, of: PlannedAction, raw: Json) -> object:
    """Return a value in the type of an action's first input."""
    assert not isinstance(raw, (dict, list))
    return TypedValues(org).typed(of, of.blueprint.inputs[0], raw, "goal", None).value


def test_an_id_must_be_of_what_its_field_refers_to() -> None:
    """A reference takes the objects its field allows, the record's own id its own object, and no others."""
    org = demo_org()
    owner: Json = {"apiName": "AccountId", "dataType": "Reference"}
    contact = planned(owner, target="Contact")  # type: ignore[arg-type]  # an object
    assert typed(org, contact, ACCOUNT) == ACCOUNT
    with pytest.raises(RecordIdError, match="another object"):
        typed(org, contact, DEAL)
    own = plan_for(action("a", blueprint("UPDATE", "Opportunity", "Id", "Name"))).actions[0]
    assert typed(org, own, DEAL) == DEAL
    with pytest.raises(RecordIdError, match="'006'"):
        typed(org, own, ACCOUNT)


def test_an_id_of_what_nobody_sees_is_left_to_the_guardrails() -> None:
    """A hidden object, a field that is not there and an input that is none let any id pass."""
    org = demo_org()
    reference: dict[str, Json] = {"apiName": "AccountId", "dataType": "Reference"}
    for of in (
        planned(reference, target="Secret__c"),
        planned(reference | {"apiName": "Nope__c"}, target="Contact"),
        planned(reference | {"usage": "PARAMETER"}, target="Contact"),
        planned(reference | {"apiName": "LastName"}, target="Contact"),
    ):
        assert typed(org, of, DEAL) == DEAL


def test_an_id_that_the_blueprint_takes_for_text_is_refused() -> None:
    """Any id would pass; the error names field and blueprint, and how to mend it."""
    with pytest.raises(ValueInvalidError, match=r"Contact\.AccountId holds an id") as caught:
        typed(demo_org(), planned({"apiName": "AccountId"}, target="contact"), "x")
    assert caught.value.error_code == "input_type_wrong"


def test_objects_without_a_prefix_do_not_narrow_an_id() -> None:
    """Where the org tells no prefix, there is none to check."""
    org = demo_org()
    schemas = dict(org.schemas)
    schemas["Account"] = replace(schemas["Account"], key_prefix="")
    org.schemas = schemas
    contact = planned({"apiName": "AccountId", "dataType": "Reference"}, target="Contact")
    assert typed(org, contact, DEAL) == DEAL


def test_an_object_is_seen_in_any_case() -> None:
    """Whether it is seen at all is all that is asked."""
    values = TypedValues(demo_org())
    assert values.sees("aCCount")
    assert not values.sees("Secret__c")
