"""The baseline: object permission and field-level security."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.org.effect import FieldChange
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]


def test_an_allowed_update_passes(make_context: MakeContext, make_change: MakeChange) -> None:
    """An update the person may do, of a value that fits, has no issue."""
    assert check_baseline(make_context(make_change("Amount", 99000, 120000))) == ()


@pytest.mark.parametrize(
    ("operation", "missing", "codes"),
    [
        ("UPDATE", "updateable", ["object_not_editable"]),
        ("DELETE", "deletable", ["object_not_deletable"]),
        ("UPSERT", "updateable", ["object_not_editable"]),
        ("UPSERT", "createable", ["object_not_createable"]),
        ("UPDATE", "deletable", []),
    ],
)
def test_the_operation_needs_its_object_permission(
    make_context: MakeContext,
    make_change: MakeChange,
    opportunity: ObjectSchema,
    *,
    operation: str,
    missing: str,
    codes: list[str],
) -> None:
    """Each operation needs its own permission on the object, and an upsert needs two."""
    schema = replace(opportunity, **{missing: False})  # type: ignore[arg-type]  # a flag's name
    context = make_context(
        make_change("Key__c", "k1", "k0"),
        operation=operation,
        schema=schema,
        effect={"key_field": "Key__c"} if operation == "UPSERT" else {},
    )
    assert [each.code for each in check_baseline(context)] == codes


def test_a_create_needs_the_create_permission(
    make_context: MakeContext, make_change: MakeChange, read_only: ObjectSchema
) -> None:
    """Without the create permission there is one issue, of the object, which names the fields it reaches."""
    context = make_context(make_change("Amount", 5), operation="CREATE", schema=read_only)
    (issue,) = check_baseline(context)
    assert (issue.code, issue.field) == ("object_not_createable", None)
    assert "Amount (Opportunity.Amount)" in issue.message


def test_a_hidden_object_is_refused(make_context: MakeContext, make_change: MakeChange) -> None:
    """An object the person cannot see is refused once, without a guess about its fields."""
    context = make_context(make_change("Amount", 5), schema=None)
    assert [each.code for each in check_baseline(context)] == ["object_not_visible"]


@pytest.mark.parametrize(
    ("operation", "field", "code"),
    [
        ("UPDATE", "Margin__c", "field_not_editable"),
        ("UPDATE", "Nowhere__c", "field_not_visible"),
        ("UPDATE", "CreatedDate", "field_read_only"),
        ("UPDATE", "Forecast__c", "field_read_only"),
        ("UPDATE", "Source__c", "field_read_only"),
        ("CREATE", "Margin__c", "field_not_createable"),
        ("CREATE", "CreatedDate", "field_read_only"),
        ("UPSERT", "Margin__c", "field_not_editable"),
    ],
)
def test_each_written_field_needs_its_right(
    make_context: MakeContext, make_change: MakeChange, operation: str, field: str, code: str
) -> None:
    """A field is refused for the right reason: hidden, field-level security, or the platform's own."""
    context = make_context(
        make_change(field.upper(), None, "x", family="string"),
        make_change("Key__c", "k"),
        operation=operation,
        effect={"key_field": "Key__c"} if operation == "UPSERT" else {},
    )
    issues = [each for each in check_baseline(context) if each.code != "required_missing"]
    assert [each.code for each in issues] == [code]
    assert issues[0].field == (field.upper() if code == "field_not_visible" else field)


def test_a_refusal_names_field_person_and_rule(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The message names the field's label and API name, the person and the rule; the hint says what to do."""
    (issue,) = check_baseline(make_context(make_change("Margin__c", 5, 4)))
    assert issue.message == (
        "Margin (Opportunity.Margin__c): bob may read this field but not edit it (field-level security)."
    )
    assert issue.hint == "Ask an administrator for edit access to Opportunity.Margin__c."
    assert issue.guardrail == "BASELINE"


def test_the_platforms_own_fields_have_another_hint(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Nobody is sent to an administrator for a field that no administrator can open."""
    change = make_change("CreatedDate", "2026-01-01T00:00:00Z")
    (issue,) = check_baseline(make_context(change))
    assert "administrator" not in (issue.hint or "")


def test_the_key_of_a_matched_upsert_is_not_written(
    make_context: MakeContext, make_change: MakeChange, opportunity: ObjectSchema
) -> None:
    """The key stands in the address of a matching upsert, so its edit right is not asked."""
    fields = tuple(
        replace(each, updateable=False) if each.name == "Key__c" else each
        for each in opportunity.fields
    )
    context = make_context(
        make_change("Key__c", "k", "k"),
        make_change("Amount", 1, 2),
        operation="UPSERT",
        schema=replace(opportunity, fields=fields),
        effect={"key_field": "Key__c"},
    )
    assert check_baseline(context) == ()


def test_a_field_is_written_once(make_context: MakeContext, make_change: MakeChange) -> None:
    """A second value for one field, in other letters, is refused."""
    context = make_context(make_change("Amount", 1), make_change("AMOUNT", 10**9))
    assert [each.code for each in check_baseline(context)] == ["field_written_twice"]


def test_all_issues_are_gathered(make_context: MakeContext, make_change: MakeChange) -> None:
    """Rights, values and picklists are all reported, none hidden behind the first."""
    context = make_context(
        make_change("Margin__c", "much"),
        make_change("Nowhere__c", "x"),
        make_change("Type", "Nonsense"),
        make_change("Name", "x" * 21),
    )
    assert [(each.field, each.code) for each in check_baseline(context)] == [
        ("Margin__c", "field_not_editable"),
        ("Nowhere__c", "field_not_visible"),
        ("Margin__c", "value_type_wrong"),
        ("Name", "value_too_long"),
        ("Type", "picklist_value_unknown"),
    ]


@pytest.mark.parametrize("operation", ["CREATE", "UPDATE", "DELETE"])
def test_no_plan_writes_the_ledger(make_context: MakeContext, operation: str) -> None:
    """It is refused before anybody is asked, in any spelling, whatever is to be done to it."""
    told = check_baseline(
        make_context(operation=operation, effect={"object": "actwright_LEDGER__c"})
    )
    assert [each.severity for each in told if each.code == "ledger_reserved"] == ["error"]


@pytest.mark.parametrize(
    ("kind", "code"), [("opaque", "opaque_not_allowed"), ("call", "effect_unchecked")]
)
def test_what_cannot_be_checked_is_refused(make_context: MakeContext, kind: str, code: str) -> None:
    """An effect that is no record write cannot be checked, and is refused."""
    (issue,) = check_baseline(make_context(effect={"kind": kind}))
    assert (issue.code, issue.severity) == (code, "error")


def test_what_is_allowed_to_act_by_itself_is_a_warning(make_context: MakeContext) -> None:
    """It is still said that nobody can check it; an effect of another kind is not allowed by that."""
    context = replace(make_context(effect={"kind": "opaque"}), opaque_allowed=True)
    (issue,) = check_baseline(context)
    assert (issue.code, issue.severity) == ("opaque_unchecked", "warning")
    call = replace(make_context(effect={"kind": "call"}), opaque_allowed=True)
    assert [each.severity for each in check_baseline(call)] == ["error"]
