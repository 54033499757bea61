"""The sentences of refusals: whose id it is, when a field cannot be written, what a plan mixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from actwright.blueprints.guardrail import GuardrailSpec, NoParams
from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.plan_checks import check_plan
from actwright.guardrails.references import holds_id, same_id
from actwright.guardrails.registry import check_guardrails, register_guardrail
from actwright.org.effect import FieldChange
from actwright.org.schema import FieldSchema, ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
ACCOUNT = "001000000000001AAA"


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("006000000000001AAA", "the id of a Opportunity"),
        ("500000000000001AAA", "of an object with the key prefix 500"),
    ],
)
def test_an_id_of_another_object_is_named(
    make_context: MakeContext, make_change: MakeChange, value: str, what: str
) -> None:
    """The object is named where its key prefix is known, and the prefix where it is not."""
    (issue,) = check_baseline(make_context(make_change("AccountId", value)))
    assert f"is {what}; the field refers to Account." in issue.message


def test_the_first_five_targets_are_named(
    make_context: MakeContext, make_change: MakeChange, opportunity: ObjectSchema
) -> None:
    """A field that refers to many objects names a few of them."""
    many = tuple(f"Object{each}__c" for each in range(7))
    field = FieldSchema("What__c", "What", "reference", updateable=True, reference_to=many)
    schema = replace(opportunity, fields=(*opportunity.fields, field))
    (issue,) = check_baseline(make_context(make_change("What__c", ACCOUNT), schema=schema))
    assert "refers to " + " or ".join(many[:5]) + "." in issue.message


@pytest.mark.parametrize(
    ("known", "held"),
    [
        ("001000000000001AAA", True),
        ("001000000000001", True),
        ("001000000000002AAA", False),
        ("001000000000001XXX", True),
    ],
)
def test_an_id_is_held_in_either_length(known: str, *, held: bool) -> None:
    """The first fifteen characters tell a record."""
    assert holds_id({known: None}, ACCOUNT) is held
    assert holds_id({known: None}, ACCOUNT[:15]) is held
    assert same_id(known, ACCOUNT) is held
    assert not holds_id({}, ACCOUNT)


@pytest.mark.parametrize(
    ("name", "operation", "hint"),
    [
        ("Source__c", "UPDATE", "anybody write it once the record exists."),
        ("CreatedDate", "UPDATE", "the org fills it"),
        ("CreatedDate", "CREATE", "the org fills it"),
        ("Late__c", "CREATE", "anybody write it on a new record."),
    ],
)
def test_the_platforms_own_fields_say_when(
    make_context: MakeContext, opportunity: ObjectSchema, name: str, operation: str, hint: str
) -> None:
    """A field nobody may write now may be one to write later, or before; one that is never written says so."""
    late = FieldSchema("Late__c", "Late", "string", updateable=True)
    schema = replace(opportunity, fields=(*opportunity.fields, late))
    change = FieldChange(field=name, label=name, after="x", provenance="goal")
    found = check_baseline(make_context(change, operation=operation, schema=schema))
    (issue,) = (each for each in found if each.code == "field_read_only")
    when = "on a new record" if operation == "CREATE" else "once the record exists"
    assert issue.message.endswith(f"nobody can write it {when}.")
    assert hint in str(issue.hint)


def test_a_missing_object_permission_names_some_fields(
    make_context: MakeContext, make_change: MakeChange, read_only: ObjectSchema
) -> None:
    """The first twenty fields are named with the refusal; none are where nothing is written."""
    changes = [make_change(f"F{each}__c", "x", label="") for each in range(22)]
    found = check_baseline(make_context(*changes, schema=read_only))
    (issue,) = (each for each in found if each.code == "object_not_editable")
    assert "Opportunity.F19__c" in issue.message
    assert "Opportunity.F20__c" not in issue.message
    (bare,) = check_baseline(make_context(operation="DELETE", schema=read_only))
    assert bare.message.endswith("(object permission).")


def test_an_upsert_without_its_record_creates_only_where_none_stands(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """An upsert that matched a record is an edit of it, also where the effect does not carry its id."""
    change = make_change("Source__c", "x")
    effect = {"key_field": "Key__c", "record_id": None}
    key = make_change("Key__c", "K1")
    context = make_context(key, change, operation="UPSERT", effect=effect)
    assert "field_read_only" in [each.code for each in check_baseline(context)]


def test_a_long_fault_is_cut(make_context: MakeContext) -> None:
    """What broke in a check is told in at most 300 characters."""

    def broken(_params: NoParams, _context: EffectContext) -> list[object]:
        raise RuntimeError("x" * 1000)

    register_guardrail("LONG", broken)  # type: ignore[arg-type]  # it never answers
    (issue,) = check_guardrails(make_context(guardrails=(GuardrailSpec(type="LONG"),)))
    reason = issue.message.partition("checked: ")[2]
    assert len(reason) == len("x" * 300 + "....")


def test_a_guardrail_on_a_hidden_object_says_so(make_context: MakeContext) -> None:
    """Where nobody can see the object, its fields are not the matter."""
    spec = GuardrailSpec(type="NUMERIC_POSITIVE", params={"field": "Amount"})
    (issue,) = check_guardrails(make_context(guardrails=(spec,), schema=None))
    assert (issue.code, issue.guardrail) == ("object_not_visible", "NUMERIC_POSITIVE")


def test_setup_and_data_are_told_apart(make_context: MakeContext) -> None:
    """The warning names setup objects and data objects, each where it belongs."""
    user = make_context(
        effect={"object": "User", "record_id": "005000000000001AAA"}, action_id="a2"
    )
    (issue,) = check_plan([make_context(), user])
    assert 'setup objects ("User") beside data ("Opportunity")' in issue.message
    assert check_plan([make_context()]) == ()
    assert check_plan([user]) == ()
