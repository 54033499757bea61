"""The contract of a blueprint: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.document import validated
from actwright.errors import BlueprintError

Document = dict[str, Any]


def _read(document: Document) -> ActionBlueprint:
    return validated(ActionBlueprint, document, where="close.json", error=BlueprintError)


def _refusal(document: Document) -> str:
    with pytest.raises(BlueprintError) as refused:
        _read(document)
    assert refused.value.exit_code == 2
    return refused.value.message


def test_a_blueprint_reads_back_from_what_it_wrote(document: Document) -> None:
    """Writing a blueprint and reading it again gives the same blueprint."""
    blueprint = _read(document)
    assert _read(json.loads(blueprint.model_dump_json())) == blueprint


def test_wire_names_are_camel_case(document: Document) -> None:
    """A written blueprint uses the contract's camelCase names, ``targetSObject`` among them."""
    written = json.loads(_read(document).model_dump_json())
    assert {"targetSObject", "keyFields", "checkpoint"} <= written.keys()
    assert {"apiName", "fieldApiName", "dataType"} <= written["inputs"][0].keys()


def test_the_published_schema_accepts_what_is_written(document: Document) -> None:
    """The JSON Schema of the contract validates a written blueprint and refuses an unknown field."""
    schema = ActionBlueprint.model_json_schema(by_alias=True)
    written = json.loads(_read(document).model_dump_json())
    jsonschema.validate(written, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**written, "colour": "red"}, schema)


@pytest.mark.parametrize("operation", ["INSERT", "insert", " Create "])
def test_insert_is_read_as_create(document: Document, operation: str) -> None:
    """Operations are read in any case, and INSERT is another name of CREATE."""
    document |= {"operation": operation, "inputs": document["inputs"][1:]}
    assert _read(document).operation == "CREATE"


def test_field_and_label_default_to_the_payload_key(document: Document) -> None:
    """An input without fieldApiName and label takes its apiName for both."""
    read = _read(document).inputs[1]
    assert (read.field_api_name, read.label, read.is_field) == ("Status", "Status", True)


@pytest.mark.parametrize("spelling", ["picklist", "PICKLIST", " Picklist "])
def test_type_names_are_read_in_any_case(document: Document, spelling: str) -> None:
    """A data type may be spelt in any case."""
    document["inputs"][1]["dataType"] = spelling
    assert _read(document).inputs[1].data_type == "Picklist"


def test_an_unknown_operation_names_the_allowed_ones(document: Document) -> None:
    """An operation nobody knows is refused with its path and all allowed operations."""
    message = _refusal(document | {"operation": "CONVERT"})
    assert "operation: " in message
    assert all(each in message for each in ("CREATE", "UPDATE", "UPSERT", "DELETE", "CALL"))


def test_an_unknown_guardrail_names_the_allowed_ones(document: Document) -> None:
    """A misspelt guardrail is refused with its path and all kinds, instead of being passed over."""
    message = _refusal(document | {"guardrails": [{"type": "FLS_EDITT"}]})
    assert "guardrails[0].type: unknown guardrail 'FLS_EDITT'; allowed: " in message
    assert "SHARING_REQUIRED" in message


def test_an_unknown_guardrail_parameter_names_the_allowed_ones(document: Document) -> None:
    """A misspelt parameter is refused with the parameters the kind has."""
    message = _refusal(
        document | {"guardrails": [{"type": "FLS_EDIT", "params": {"feilds": ["Status"]}}]}
    )
    assert "guardrails[0]: params of FLS_EDIT: " in message
    assert "feilds: unknown field; allowed: fields" in message


def test_an_unknown_field_names_the_allowed_ones(document: Document) -> None:
    """A field the contract does not have is refused with its path and those it has."""
    assert "colour: unknown field; allowed: aliases, category" in _refusal(
        document | {"colour": "red"}
    )


def test_an_unknown_field_of_an_input_names_those_of_an_input(document: Document) -> None:
    """A misspelt key of an input is answered with the keys of inputs, not of blueprints."""
    document["inputs"][0]["requird"] = True
    message = _refusal(document)
    assert "inputs[0].requird: unknown field; allowed: apiName, dataType, default" in message


def test_an_unknown_type_names_the_allowed_ones(document: Document) -> None:
    """A data type nobody knows is refused with its path and all allowed types."""
    document["inputs"][1]["dataType"] = "Money"
    message = _refusal(document)
    assert "inputs[1].dataType: " in message
    assert "'Currency'" in message


def test_an_unknown_usage_names_the_allowed_ones(document: Document) -> None:
    """A usage nobody knows is refused instead of dropping the input."""
    document["inputs"][1]["usage"] = "field"
    message = _refusal(document)
    assert "inputs[1].usage: " in message
    assert "'PARAMETER'" in message


def test_every_fault_is_named_at_once(document: Document) -> None:
    """One refusal carries all faults, so that nobody mends a file one error at a time."""
    document |= {"operation": "CONVERT", "colour": "red"}
    document["inputs"][1]["dataType"] = "Money"
    message = _refusal(document)
    assert all(each in message for each in ("operation: ", "colour: ", "inputs[1].dataType: "))


INVALID: list[tuple[str, Document, str]] = [
    ("no target", {"targetSObject": None}, "UPDATE needs targetSObject"),
    ("call without target", {"operation": "CALL", "targetSObject": None}, "CALL needs target"),
    ("a target that is a path", {"targetSObject": "Case/../User"}, "targetSObject"),
    ("a name with a blank", {"name": "Close Case"}, "name: "),
    ("update without Id", {"inputs": [{"apiName": "Status"}]}, "required input bound to"),
    (
        "update with an optional Id",
        {"inputs": [{"apiName": "Id", "dataType": "Id"}]},
        "required input bound to",
    ),
    (
        "an Id that is any text",
        {"inputs": [{"apiName": "Id", "dataType": "String", "required": True}]},
        "its dataType is Id",
    ),
    (
        "an Id that is only a parameter",
        {"inputs": [{"apiName": "Id", "dataType": "Id", "required": True, "usage": "PARAMETER"}]},
        "required input bound to",
    ),
    (
        "create with an Id",
        {"operation": "CREATE"},
        "CREATE takes no input bound to the field Id",
    ),
    (
        "two inputs of one key",
        {"operation": "CREATE", "inputs": [{"apiName": "A"}, {"apiName": "A"}]},
        "share the apiName 'A'",
    ),
    (
        "two inputs of one field",
        {
            "operation": "CREATE",
            "inputs": [{"apiName": "A", "fieldApiName": "Subject"}, {"apiName": "subject"}],
        },
        "share the fieldApiName 'subject'",
    ),
    ("upsert without a key", {"operation": "UPSERT"}, "exactly one key field"),
    (
        "upsert with an unbound key",
        {"operation": "UPSERT", "keyFields": ["Ext__c"]},
        "required input bound to 'Ext__c'",
    ),
    ("a key field that is a path", {"keyFields": ["Id/../User"]}, "keyFields[0]"),
    ("an alias that is no name", {"aliases": ["close case"]}, "aliases[0]"),
    ("a guarded field that is no name", {"guardrails": [
        {"type": "FLS_EDIT", "params": {"fields": ["Status, Id"]}}
    ]}, "params of FLS_EDIT: fields[0]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"), [row[1:] for row in INVALID], ids=[row[0] for row in INVALID]
)
def test_parts_that_do_not_fit_are_refused(
    document: Document, change: Document, expected: str
) -> None:
    """A blueprint whose parts contradict each other is refused with what is wrong."""
    assert expected in _refusal(document | change)


@pytest.mark.parametrize(
    ("data_type", "default", "expected"),
    [
        ("Date", "tomorrow", "no date"),
        ("Boolean", "maybe", "no yes-or-no value"),
        ("Integer", 1.5, "no whole number"),
        ("Reference", "005000000000001AAA", "a record id cannot be a default"),
    ],
)
def test_a_default_must_fit_its_type(
    document: Document, data_type: str, default: object, expected: str
) -> None:
    """A default is checked like any other value, and may never be the id of a record."""
    document["inputs"][1] |= {"dataType": data_type, "default": default}
    assert expected in _refusal(document)


def test_inputs_are_found_by_payload_key(document: Document) -> None:
    """An input is found by its exact payload key, and the one that names the record by its field."""
    document["inputs"][0] |= {"apiName": "caseId", "fieldApiName": "Id"}
    blueprint = _read(document)
    assert blueprint.id_input is blueprint.input("caseId")
    assert blueprint.input("Id") is None
