"""Comparing blueprints: the same, as strict, different."""

from __future__ import annotations

from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.comparing import differences, guardrail_words, signature, unguarded

Document = dict[str, Any]


def _guarded(document: Document, *guardrails: tuple[str, Document]) -> ActionBlueprint:
    listed = [{"type": kind, "params": params} for kind, params in guardrails]
    return ActionBlueprint.model_validate(document | {"guardrails": listed})


def _enum(*values: str) -> tuple[str, Document]:
    return "ENUM_ALLOWED", {"field": "Status", "values": list(values)}


def _range(**bounds: int) -> tuple[str, Document]:
    return "NUMERIC_RANGE", {"field": "Amount", **bounds}


def _pii(mode: str, *fields: str, **more: object) -> tuple[str, Document]:
    return "PII_REDACT", {"fields": list(fields), "mode": mode, **more}


def test_names_and_words_do_not_tell_blueprints_apart(document: Document) -> None:
    """What a blueprint is called is not what it does."""
    other = document | {"name": "ShutCase", "label": "Shut", "tags": [], "summary": "Shut."}
    assert signature(ActionBlueprint.model_validate(document)) == signature(
        ActionBlueprint.model_validate(other)
    )


def test_a_single_allowed_value_is_a_constant(document: Document) -> None:
    """A default and the only allowed value mean the same; two allowed values are no constant."""
    by_default = _guarded(document, _enum("Closed"))
    inputs = [document["inputs"][0], {"apiName": "Status", "dataType": "String"}]
    without = document | {"inputs": inputs}
    assert signature(by_default) == signature(_guarded(without, _enum("Closed")))
    assert signature(by_default) != signature(_guarded(without, _enum("Closed", "New")))
    assert signature(by_default) != signature(_guarded(without, _enum("New")))


@pytest.mark.parametrize(
    "change",
    [
        {"targetSObject": "Lead"},
        {"operation": "DELETE"},
        {"inputs": [{"apiName": "Id", "dataType": "Id", "required": True}]},
    ],
)
def test_object_operation_and_inputs_tell_them_apart(document: Document, change: Document) -> None:
    """Two that do different things are never duplicates."""
    assert signature(ActionBlueprint.model_validate(document)) != signature(
        ActionBlueprint.model_validate(document | change)
    )


COVERED = [
    (_enum("New"), _enum("New", "Closed"), True),
    (_enum("New", "Closed"), _enum("New"), False),
    (_range(min=0, max=10), _range(min=0, max=20), True),
    (_range(min=0), _range(min=0, max=20), False),
    (_range(max=5), _range(min=0, max=20), False),
    (("FLS_EDIT", {"fields": ["Status", "Amount"]}), ("FLS_EDIT", {"fields": ["status"]}), True),
    (("FLS_EDIT", {"fields": ["Status"]}), ("FLS_EDIT", {"fields": ["Amount"]}), False),
    (("FLS_VIEW", {"fields": ["Status"]}), ("FLS_EDIT", {"fields": ["Status"]}), False),
    (("PII_REDACT", {"fields": ["A", "B"]}), ("PII_REDACT", {"fields": ["A"]}), True),
    (_pii("block", "A"), _pii("redact", "A"), True),
    (_pii("redact", "A"), _pii("detect", "A"), True),
    (_pii("detect", "A"), _pii("redact", "A"), False),
    (_pii("redact", "A"), _pii("block", "A"), False),
    (_pii("redact", "A"), _pii("redact", "A", kinds=["email"]), True),
    (_pii("redact", "A", kinds=["email"]), _pii("redact", "A"), False),
    (_pii("redact", "A", kinds=["email"]), _pii("detect", "A", kinds=["email"]), True),
    (("RATE_LIMIT", {"max": 5, "per": "hour"}), ("RATE_LIMIT", {"max": 9, "per": "hour"}), True),
    (("RATE_LIMIT", {"max": 9, "per": "hour"}), ("RATE_LIMIT", {"max": 5, "per": "hour"}), False),
    (("RATE_LIMIT", {"max": 5, "per": "hour"}), ("RATE_LIMIT", {"max": 5, "per": "day"}), False),
    (("MAX_ROWS", {"max": 5}), ("MAX_ROWS", {"max": 10}), True),
    (("MAX_ROWS", {"max": 10}), ("MAX_ROWS", {"max": 5}), False),
    (("NUMERIC_POSITIVE", {"field": "A"}), ("NUMERIC_POSITIVE", {"field": "a"}), True),
    (("NUMERIC_POSITIVE", {"field": "A"}), ("NUMERIC_POSITIVE", {"field": "B"}), False),
    (("SHARING_REQUIRED", {}), ("SHARING_REQUIRED", {}), True),
    (("SHARING_REQUIRED", {}), ("MAX_ROWS", {"max": 5}), False),
    (
        ("REGEX_MATCH", {"field": "A", "pattern": "a+"}),
        ("REGEX_MATCH", {"field": "A", "pattern": "b+"}),
        False,
    ),
]


@pytest.mark.parametrize(("known", "offered", "covered"), COVERED)
def test_a_guardrail_is_covered_by_one_as_strict(
    document: Document, known: tuple[str, Document], offered: tuple[str, Document], *, covered: bool
) -> None:
    """What is missing is exactly what nothing known is as strict as."""
    missing = unguarded(_guarded(document, known), _guarded(document, offered))
    assert [each.type for each in missing] == ([] if covered else [offered[0]])


def test_differences_are_told_in_words(document: Document) -> None:
    """Each input that is more, less or other is named."""
    other = document | {
        "name": "ShutCase",
        "inputs": [
            {"apiName": "Id", "dataType": "Id", "required": True},
            {"apiName": "Status", "dataType": "Boolean", "required": True},
            {"apiName": "Reason"},
        ],
        "guardrails": [],
    }
    told = list(
        differences(ActionBlueprint.model_validate(document), ActionBlueprint.model_validate(other))
    )
    assert told == [
        "name: ShutCase instead of CloseCase",
        "Status is required",
        "Status is Boolean instead of Picklist",
        "Status has the default none instead of 'Closed'",
        "a further input, Reason",
    ]


def test_a_missing_input_is_told(document: Document) -> None:
    """What the other one cannot take is named."""
    less = document | {"inputs": document["inputs"][:1], "guardrails": []}
    told = differences(
        ActionBlueprint.model_validate(document), ActionBlueprint.model_validate(less)
    )
    assert list(told) == ["no input Status"]


def test_a_guardrail_has_one_line(document: Document) -> None:
    """Kind and parameters, or the kind alone."""
    first, second = _guarded(document, _enum("New"), ("SHARING_REQUIRED", {})).guardrails
    assert guardrail_words(first) == "ENUM_ALLOWED (field=Status, values=['New'])"
    assert guardrail_words(second) == "SHARING_REQUIRED"
