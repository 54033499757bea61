"""The older shape, brought into the contract's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import EnumParams
from actwright.blueprints.legacy import from_legacy, is_legacy
from actwright.errors import BlueprintError

Document = dict[str, Any]


@pytest.fixture
def older() -> Document:
    """Return a document of the older shape with everything it can have."""
    return {
        "actionName": "EscalateCase",
        "description": "Raises a case.",
        "targetSObject": "Case",
        "operation": "Update",
        "checkpoint": "Escalate?",
        "inputs": {
            "Priority": {"type": "Picklist", "required": True, "enum": ["High", "Low"]},
            "Id": {"type": "Id", "required": True},
            "Escalation_Notes__c": {"type": "LongTextArea"},
            "Quantity__c": "Decimal",
        },
        "fls": {"fields": ["Priority", "Escalation_Notes__c", "Quantity__c"]},
        "sharing": "WITH_SHARING",
        "enum": [{"field": "Priority", "values": ["High", "Medium"]}],
        "numericPositive": ["Quantity__c"],
        "pii": {"fields": ["Escalation_Notes__c"]},
    }


def _read(document: Document, key: str = "case_escalate") -> ActionBlueprint:
    return ActionBlueprint.model_validate(from_legacy(document, key))


def _guardrails(blueprint: ActionBlueprint) -> list[tuple[str, dict[str, Any]]]:
    return [(each.type, each.params) for each in blueprint.guardrails]


def test_every_older_guardrail_becomes_one_of_the_contract(older: Document) -> None:
    """Named guardrails and the values of inputs come through whole, both value lists of one field."""
    assert _guardrails(_read(older)) == [
        ("FLS_EDIT", {"fields": ["Priority", "Escalation_Notes__c", "Quantity__c"]}),
        ("ENUM_ALLOWED", {"field": "Priority", "values": ["High", "Medium"]}),
        ("NUMERIC_POSITIVE", {"field": "Quantity__c"}),
        ("PII_REDACT", {"fields": ["Escalation_Notes__c"]}),
        ("SHARING_REQUIRED", {}),
        ("ENUM_ALLOWED", {"field": "Priority", "values": ["High", "Low"]}),
    ]


def test_names_and_texts_find_their_place(older: Document) -> None:
    """The action's name is the name, its description the summary; the label is spelt out."""
    read = _read(older)
    assert (read.name, read.label, read.category) == ("EscalateCase", "Escalate Case", "DOMAIN")
    assert (read.summary, read.checkpoint) == ("Raises a case.", "Escalate?")
    assert read.key_fields == ("Id",)


def test_without_a_description_the_checkpoint_is_the_summary(older: Document) -> None:
    """The log has a line even where the author wrote none."""
    del older["description"]
    assert _read(older).summary == "Escalate?"


def test_without_a_name_the_key_is_the_name(older: Document) -> None:
    """A nameless document is called what its file is called."""
    del older["actionName"]
    assert _read(older, "case_escalate").name == "case_escalate"


def test_inputs_are_sorted_by_name(older: Document) -> None:
    """The order of a JSON object means nothing, so the names decide."""
    names = [each.api_name for each in _read(older).inputs]
    assert names == ["Escalation_Notes__c", "Id", "Priority", "Quantity__c"]


def test_a_list_of_inputs_is_read_too(older: Document) -> None:
    """A payload key may differ from its field, and the value list is on the field."""
    older["inputs"] = [
        {"name": "Id", "type": "Id", "required": True},
        {"name": "Urgency", "field": "Priority", "type": "Picklist", "enum": "High"},
    ]
    for name in ("fls", "enum", "numericPositive", "pii", "sharing"):
        del older[name]
    read = _read(older)
    assert _guardrails(read) == [("ENUM_ALLOWED", {"field": "Priority", "values": ["High"]})]
    urgency = read.input("Urgency")
    assert urgency is not None
    assert urgency.field_api_name == "Priority"


@pytest.mark.parametrize(
    ("operation", "updateable", "kind"),
    [
        ("Update", True, "FLS_EDIT"),
        ("Update", False, "FLS_VIEW"),
        ("Create", True, "FLS_CREATE"),
        ("insert", True, "FLS_CREATE"),
        ("Create", False, "FLS_VIEW"),
    ],
)
def test_field_security_fits_the_operation(
    older: Document, operation: str, kind: str, *, updateable: bool
) -> None:
    """The right to edit, or to create, or only to see."""
    older["operation"] = operation
    older["fls"]["requireUpdateable"] = updateable
    if operation != "Update":
        del older["inputs"]["Id"]
    assert _guardrails(_read(older))[0][0] == kind


def test_guardrails_may_stand_under_guardrails(older: Document) -> None:
    """An object of guardrails means the same as guardrails at the top."""
    expected = _read(older)
    inner = {name: older.pop(name) for name in ("fls", "sharing", "enum", "numericPositive", "pii")}
    assert _read(older | {"guardrails": inner}) == expected


def test_a_list_of_guardrails_is_kept_behind_them(older: Document) -> None:
    """Guardrails of the contract's shape may stand in an older document."""
    older["guardrails"] = [{"type": "MAX_ROWS", "params": {"max": 5}}]
    assert _guardrails(_read(older))[-1] == ("MAX_ROWS", {"max": 5})


def test_a_bound_older_code_passed_over_is_a_guardrail_now(older: Document) -> None:
    """A minimum on a positive number becomes a range of its own."""
    older["numericPositive"] = [{"field": "Quantity__c", "min": 5}]
    assert ("NUMERIC_RANGE", {"field": "Quantity__c", "min": 5}) in _guardrails(_read(older))


@pytest.mark.parametrize(
    ("older_name", "name"),
    [("text", "String"), ("Lookup", "Reference"), ("checkbox", "Boolean"), ("STRING", "String")],
)
def test_older_names_of_types_are_known(older: Document, older_name: str, name: str) -> None:
    """Types have one name, whatever they were called."""
    older["inputs"]["Quantity__c"] = older_name
    del older["numericPositive"]
    given_input = _read(older).input("Quantity__c")
    assert given_input is not None
    assert given_input.data_type == name


BROKEN: list[tuple[str, Document, str]] = [
    ("an unknown guardrail", {"rateLimit": {"max": 5}}, "rateLimit"),
    ("an unknown guardrail below", {"guardrails": {"limits": 1}}, "guardrails.limits"),
    ("an unknown field of an input", {"inputs": {"Id": {"type": "Id", "max": 3}}}, "inputs.Id.max"),
    ("two names", {"inputs": [{"name": "Id", "apiName": "Id"}]}, "inputs[0]"),
    ("no name", {"inputs": [{"type": "Id"}]}, "inputs[0].apiName"),
    ("no input", {"inputs": [7]}, "inputs[0]"),
    ("no inputs", {"inputs": "Id"}, "inputs"),
    ("values that are none", {"inputs": {"Id": {"enum": []}}}, "inputs.Id.enum"),
    ("a list without values", {"enum": [{"field": "Priority"}]}, "enum[0].values"),
    ("an enum that is none", {"enum": {"field": "Priority"}}, "enum"),
    ("rights that are none", {"fls": ["Priority"]}, "fls"),
    (
        "a word for a flag",
        {"fls": {"fields": ["A"], "requireUpdateable": "no"}},
        "fls.requireUpdate",
    ),
    ("one guardrail twice", {"guardrails": {"sharing": True}, "sharing": "WITH"}, "sharing"),
    ("guardrails that are none", {"guardrails": "FLS", "sharing": "WITH"}, "guardrails"),
]


@pytest.mark.parametrize(
    ("change", "where"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_nobody_knows_is_refused_with_its_place(
    older: Document, change: Document, where: str
) -> None:
    """Nothing is passed over: it may have been a guardrail."""
    with pytest.raises(BlueprintError) as refused:
        from_legacy(older | change, "case_escalate")
    assert str(refused.value.where).startswith(where)
    assert refused.value.hint


def test_only_the_older_shape_is_taken_for_it(document: Document) -> None:
    """A document of the contract's shape is none."""
    assert not is_legacy(document)
    assert is_legacy(document | {"actionName": "X"})
    assert is_legacy(document | {"inputs": {}})
    assert is_legacy(document | {"inputs": [{"name": "Id"}]})
    assert is_legacy(document | {"guardrails": {}})


FIELDS = st.sampled_from([f"Field{number}__c" for number in range(8)])
VALUES = st.lists(
    st.one_of(st.text(min_size=1, max_size=8), st.integers(-99, 99), st.booleans()),
    min_size=1,
    max_size=5,
)


@given(
    inputs=st.dictionaries(FIELDS, st.one_of(st.none(), VALUES), max_size=8),
    listed=st.lists(st.tuples(FIELDS, VALUES), max_size=5),
    nested=st.booleans(),
    as_list=st.booleans(),
)
def test_no_value_list_is_ever_lost(
    inputs: dict[str, Any], listed: list[tuple[str, Any]], *, nested: bool, as_list: bool
) -> None:
    """Whatever the shape, each value list of each field is a guardrail afterwards, and there is no other one."""
    named: Document = {name: {"type": "String", "enum": values} for name, values in inputs.items()}
    given_inputs = [{"name": name, **each} for name, each in named.items()] if as_list else named
    enum = [{"field": field, "values": values} for field, values in listed]
    own: Document = {"guardrails": {"enum": enum}} if nested else {"enum": enum}
    older = {"actionName": "A", "targetSObject": "Case", "operation": "CREATE", **own}
    read = _read(older | {"inputs": given_inputs})
    expected = [(field, repr(values)) for field, values in listed]
    expected += [(name, repr(values)) for name, values in inputs.items() if values is not None]
    parsed = [each.parsed() for each in read.guardrails]
    kept = [
        (each.field, repr(list(each.values))) for each in parsed if isinstance(each, EnumParams)
    ]
    assert sorted(kept) == sorted(expected)
