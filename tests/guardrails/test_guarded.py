"""What a guardrail looks at: the field, the input of that name, and what the effect writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace

import pytest

from actwright.blueprints.blueprint import ActionInput
from actwright.guardrails.context import EffectContext
from actwright.guardrails.guarded import GuardedValue, guarded_value, is_known, target_field
from actwright.org.effect import FieldChange

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
BOUND = ActionInput(api_name="sum", field_api_name="Hidden__c")
MEMO = ActionInput(api_name="memo", usage="PARAMETER")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("amount", True),
        ("HIDDEN__C", True),
        ("Sum", True),
        ("MEMO", True),
        ("written__C", True),
        ("Nowhere__c", False),
        ("\u212aey__c", False),
    ],
)
def test_a_name_is_known_for_one_reason_alone(
    make_context: MakeContext, make_change: MakeChange, name: str, *, known: bool
) -> None:
    """A visible field, a bound field, an input, or a field that is written: each is enough, in any case."""
    context = make_context(make_change("Written__c", "x"), inputs=(BOUND, MEMO))
    assert is_known(context, name) is known


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("Amount", "Amount"),
        ("sum", "Hidden__c"),
        ("hidden__c", "hidden__c"),
        ("None__c", "None__c"),
    ],
)
def test_an_inputs_name_stands_for_its_field(
    make_context: MakeContext, name: str, target: str
) -> None:
    """A guardrail may name the payload key; a field of that very name goes before it."""
    shadow = ActionInput(api_name="Amount", field_api_name="Discount__c")
    assert target_field(make_context(inputs=(BOUND, shadow)), name) == target


def test_what_is_written_goes_before_what_was_given(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The effect is what would happen; an input counts only where the effect does not write its field."""
    context = make_context(make_change("Hidden__c", "written"), inputs=(BOUND, MEMO))
    context = replace(context, inputs={"sum": "given", "memo": "said"})
    assert guarded_value(context, "sum") == GuardedValue("sum", "written")
    assert guarded_value(context, "Memo") == GuardedValue("Memo", "said")
    unwritten = replace(make_context(inputs=(BOUND,)), inputs={"sum": "given"})
    assert guarded_value(unwritten, "HIDDEN__c") == GuardedValue("HIDDEN__c", "given")


@pytest.mark.parametrize("given", [None, ""])
def test_an_empty_input_is_absent(make_context: MakeContext, given: str | None) -> None:
    """What was not given, or given as nothing, is not there to be guarded; zero and false are."""
    context = make_context(inputs=(MEMO,))
    assert guarded_value(replace(context, inputs={"memo": given}), "memo") is None
    assert guarded_value(replace(context, inputs={"memo": 0}), "memo") == GuardedValue("memo", 0)
    assert guarded_value(context, "nowhere") is None


def test_a_delete_writes_no_field(make_context: MakeContext, make_change: MakeChange) -> None:
    """The changes of a delete are only what goes; its inputs are what was given."""
    context = make_context(make_change("Amount", 5), operation="DELETE")
    assert guarded_value(context, "Amount") is None


def test_a_check_cannot_change_what_it_is_given(make_context: MakeContext) -> None:
    """The context is the same for every check."""
    context = make_context()
    with pytest.raises(FrozenInstanceError):
        context.rows = 0  # type: ignore[misc]  # this is what is tried
    assert context.rows == 1
