"""What an import puts right about field-level security."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import FieldsParams
from actwright.blueprints.mending import mended
from actwright.blueprints.writable import never_written
from actwright.errors import BlueprintError

Document = dict[str, Any]


@pytest.fixture
def lead() -> Document:
    """Return upstream's own qualification of a lead, defects included."""
    return {
        "name": "QualifyLead",
        "targetSObject": "Lead",
        "operation": "UPDATE",
        "inputs": [
            {"apiName": "Id", "dataType": "Id", "required": True},
            {"apiName": "Status", "required": True},
            {"apiName": "IsConverted", "dataType": "Boolean"},
        ],
        "guardrails": [
            {"type": "FLS_EDIT", "params": {"fields": ["Id", "Status", "IsConverted"]}},
            {"type": "ENUM_ALLOWED", "params": {"field": "IsConverted", "values": [True]}},
            {"type": "ENUM_ALLOWED", "params": {"field": "Status", "values": ["Working"]}},
        ],
    }


def _mended(document: Document) -> tuple[ActionBlueprint, list[tuple[str, str]]]:
    blueprint, findings = mended(ActionBlueprint.model_validate(document))
    return blueprint, [(each.rule, each.path) for each in findings]


def test_what_nobody_can_write_is_left_out_and_told(lead: Document) -> None:
    """Neither Id nor a platform's own field stays, and the guardrails of the other fields do."""
    blueprint, findings = _mended(lead)
    assert [each.api_name for each in blueprint.inputs] == ["Id", "Status"]
    assert [(each.type, each.params) for each in blueprint.guardrails] == [
        ("FLS_EDIT", {"fields": ["Status"]}),
        ("ENUM_ALLOWED", {"field": "Status", "values": ["Working"]}),
    ]
    assert findings == [
        ("field_not_updateable", "inputs.IsConverted"),
        ("guardrail_on_id", "guardrails[0].params.fields"),
    ]


def test_the_mended_guardrail_checks_what_it_says(lead: Document) -> None:
    """The parameters a check reads are the mended ones."""
    blueprint, _ = _mended(lead)
    params = blueprint.guardrails[0].parsed()
    assert isinstance(params, FieldsParams)
    assert params.fields == ("Status",)


def test_a_list_of_nothing_but_id_is_no_guardrail(lead: Document) -> None:
    """Where only Id was listed, nothing is left to check."""
    lead["guardrails"] = [{"type": "FLS_EDIT", "params": {"fields": ["Id"]}}]
    blueprint, findings = _mended(lead)
    assert blueprint.guardrails == ()
    assert ("guardrail_on_id", "guardrails[0].params.fields") in findings


@pytest.mark.parametrize(
    ("operation", "given", "right"),
    [("CREATE", "FLS_EDIT", "FLS_CREATE"), ("UPDATE", "FLS_CREATE", "FLS_EDIT")],
)
def test_the_right_of_the_operation_is_checked(
    lead: Document, operation: str, given: str, right: str
) -> None:
    """A right that does not fit the operation becomes the one that does, and keeps its message."""
    inputs = [each for each in lead["inputs"] if operation == "UPDATE" or each["apiName"] != "Id"]
    guardrail = {"type": given, "params": {"fields": ["Status"]}, "message": "Ask Ann."}
    change = {"operation": operation, "inputs": inputs, "guardrails": [guardrail]}
    blueprint, findings = _mended(lead | change)
    assert [(each.type, each.message) for each in blueprint.guardrails] == [(right, "Ask Ann.")]
    assert ("guardrail_of_other_operation", "guardrails[0].type") in findings


def test_a_required_input_nobody_can_write_is_refused(lead: Document) -> None:
    """An action that could never run is not imported."""
    lead["inputs"][2]["required"] = True
    with pytest.raises(BlueprintError) as refused:
        _mended(lead)
    assert refused.value.error_code == "field_not_writable"


def test_a_sound_blueprint_stays_as_it_is(document: Document) -> None:
    """Nothing is changed where nothing is wrong."""
    blueprint, findings = _mended(document)
    assert (blueprint, findings) == (ActionBlueprint.model_validate(document), [])


def test_the_platforms_own_fields_are_known_by_name() -> None:
    """Audit fields of any object, and what a create may give but no update, in any case of letters."""
    assert never_written("Anything__c", "createddate", "CREATE")
    assert never_written("opportunity", "ISWON", "UPDATE")
    assert never_written("Lead", "IsConverted", "UPDATE")
    assert not never_written("Lead", "IsConverted", "CREATE")
    assert not never_written("Lead", "Status", "UPDATE")
