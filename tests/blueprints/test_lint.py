"""Lint: one finding for each way a blueprint can miss the org."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.library import LibraryEntry
from actwright.blueprints.lint import Describe, lint

Document = dict[str, Any]
DescribeAs = Callable[[str], Describe]

ID: Document = {"apiName": "Id", "dataType": "Id", "required": True}
TASK: Document = {
    "targetSObject": "Task",
    "operation": "CREATE",
    "inputs": [{"apiName": "Subject"}],
    "guardrails": [{"type": "FLS_CREATE", "params": {"fields": ["Subject"]}}],
}


def _found(document: Document, describe: Describe) -> list[tuple[str, str, str]]:
    findings = lint(ActionBlueprint.model_validate(document), describe)
    assert all(each.message and each.hint for each in findings)
    return [(each.rule, each.severity, each.path) for each in findings]


def test_a_good_blueprint_has_no_findings(document: Document, describe_as: DescribeAs) -> None:
    """A blueprint that fits the org has none, whether handed in bare or as an entry."""
    blueprint = ActionBlueprint.model_validate(document)
    assert lint(blueprint, describe_as("admin")) == ()
    assert lint(LibraryEntry("case_close", blueprint), describe_as("admin")) == ()


CASES: list[tuple[str, Document, tuple[str, str, str]]] = [
    (
        "an object the org does not have",
        {"targetSObject": "Ghost__c"},
        ("object_unknown", "error", "targetSObject"),
    ),
    (
        "a field the object does not have",
        {"inputs": [ID, {"apiName": "Ghost__c"}], "guardrails": []},
        ("field_unknown", "error", "inputs[1].fieldApiName"),
    ),
    (
        "a field nobody can update",
        {"inputs": [ID, {"apiName": "IsClosed", "dataType": "Boolean"}], "guardrails": []},
        ("field_not_updateable", "error", "inputs[1]"),
    ),
    (
        "a field nobody can create",
        TASK | {"inputs": [{"apiName": "IsClosed", "dataType": "Boolean"}], "guardrails": []},
        ("field_not_createable", "error", "inputs[0]"),
    ),
    (
        "a picklist typed as text",
        {"inputs": [ID, {"apiName": "Status", "dataType": "String"}]},
        ("type_mismatch", "error", "inputs[1].dataType"),
    ),
    (
        "a default that is no value of the picklist",
        {"inputs": [ID, {"apiName": "Status", "dataType": "Picklist", "default": "Shut"}]},
        ("value_unknown", "warning", "inputs[1].default"),
    ),
    (
        "a default that is no value of a restricted picklist",
        TASK | {
            "inputs": [{"apiName": "CallType", "dataType": "Picklist", "default": "Loud"}],
            "guardrails": [],
        },
        ("value_unknown", "error", "inputs[0].default"),
    ),
    (
        "an allowed value the picklist does not have",
        {"guardrails": [
            {"type": "ENUM_ALLOWED", "params": {"field": "Status", "values": ["Closed", "Shut"]}}
        ]},
        ("value_unknown", "warning", "guardrails[0].params.values"),
    ),
    (
        "a create without a required field",
        {
            "targetSObject": "Account",
            "operation": "CREATE",
            "inputs": [{"apiName": "Phone", "dataType": "Phone"}],
            "guardrails": [],
        },
        ("required_input_missing", "error", "inputs"),
    ),
    (
        "a create whose required field is optional",
        {
            "targetSObject": "Account",
            "operation": "CREATE",
            "inputs": [{"apiName": "Name"}],
            "guardrails": [],
        },
        ("required_input_missing", "error", "inputs"),
    ),
    (
        "a guardrail on a field that is no input",
        {"guardrails": [{"type": "NUMERIC_POSITIVE", "params": {"field": "Amount"}}]},
        ("guardrail_without_input", "error", "guardrails[0].params"),
    ),
    (
        "an edit guardrail on Id",
        {"guardrails": [{"type": "FLS_EDIT", "params": {"fields": ["Id", "Status"]}}]},
        ("guardrail_on_id", "error", "guardrails[0].params.fields"),
    ),
    (
        "an edit guardrail on a create",
        TASK | {"guardrails": [{"type": "FLS_EDIT", "params": {"fields": ["Subject"]}}]},
        ("guardrail_of_other_operation", "error", "guardrails[0].type"),
    ),
    (
        "a create guardrail on an update",
        {"guardrails": [{"type": "FLS_CREATE", "params": {"fields": ["Status"]}}]},
        ("guardrail_of_other_operation", "error", "guardrails[0].type"),
    ),
    (
        "an upsert by a field that cannot tell records apart",
        {
            "targetSObject": "Contact",
            "operation": "UPSERT",
            "keyFields": ["LastName"],
            "inputs": [{"apiName": "LastName", "required": True}],
            "guardrails": [],
        },
        ("key_not_external_id", "error", "keyFields[0]"),
    ),
    ("no label", {"label": ""}, ("label_missing", "warning", "label")),
    ("no summary", {"summary": ""}, ("summary_missing", "warning", "summary")),
    ("no checkpoint", {"checkpoint": ""}, ("checkpoint_missing", "warning", "checkpoint")),
    ("no tags", {"tags": []}, ("tags_missing", "warning", "tags")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_each_way_to_miss_the_org_is_one_finding(
    document: Document,
    describe_as: DescribeAs,
    change: Document,
    expected: tuple[str, str, str],
) -> None:
    """A blueprint that misses the org in one way has that one finding, with its place and severity."""
    assert _found(document | change, describe_as("admin")) == [expected]


def test_findings_follow_the_file(document: Document, describe_as: DescribeAs) -> None:
    """Findings come in the order of the contract's fields, places counted as numbers."""
    inputs = [ID, *({"apiName": f"Ghost{index}__c"} for index in range(1, 12))]
    found = _found(
        document | {"inputs": inputs, "guardrails": [], "label": ""}, describe_as("admin")
    )
    places = ["label", *(f"inputs[{index}].fieldApiName" for index in range(1, 12))]
    assert [path for _, _, path in found] == places


def test_what_only_this_user_may_not_write_is_a_warning(
    document: Document, describe_as: DescribeAs
) -> None:
    """A field that lacks a permission is no fault of the blueprint, and says so."""
    change: Document = {
        "targetSObject": "Opportunity",
        "inputs": [ID, {"apiName": "Amount", "dataType": "Currency"}],
        "guardrails": [],
    }
    assert _found(document | change, describe_as("admin")) == []
    expected = ("field_not_updateable", "warning", "inputs[1]")
    assert _found(document | change, describe_as("bob")) == [expected]


CLOSED: list[tuple[Document, str]] = [
    ({}, "object_not_updateable"),
    (TASK, "object_not_createable"),
    ({"operation": "DELETE", "inputs": [ID], "guardrails": []}, "object_not_deletable"),
]


@pytest.mark.parametrize(("change", "rule"), CLOSED)
def test_an_object_closed_to_the_user_is_one_warning(
    document: Document, describe_as: DescribeAs, change: Document, rule: str
) -> None:
    """Where the whole object is closed to the user, that is said once and not for each field."""
    found = _found(document | change, describe_as("dana"))
    assert found == [(rule, "warning", "targetSObject")]


def test_a_call_needs_no_schema(document: Document) -> None:
    """A blueprint for a service is linted for its words and guardrails without asking an org."""
    change: Document = {"operation": "CALL", "targetSObject": None, "target": "billing", "tags": []}

    def describe(name: str) -> None:
        raise AssertionError(name)

    assert _found(document | change, describe) == [("tags_missing", "warning", "tags")]
