"""What a guardrail on a value demands, in words, and the edges of what fits a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import FieldValue

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({"min": 5}, "at least 5"),
        ({"max": 5}, "at most 5"),
        ({"min": 5, "max": 7}, "from 5 to 7"),
        ({"min": 0}, "at least 0"),
    ],
)
def test_a_range_says_what_it_wants(
    make_context: MakeContext, make_change: MakeChange, bounds: dict[str, int], words: str
) -> None:
    """One bound or two, each is named."""
    spec = GuardrailSpec(type="NUMERIC_RANGE", params={"field": "Amount", **bounds})
    (issue,) = check_guardrails(make_context(make_change("Amount", "x"), guardrails=(spec,)))
    assert words in issue.message
    assert words in str(issue.hint)


def test_allowed_values_are_named_as_people_write_them(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Nothing, true and false have words of their own."""
    params: dict[str, Any] = {"field": "Name", "values": [None, True, "a", 2]}
    spec = GuardrailSpec(type="ENUM_ALLOWED", params=params)
    (issue,) = check_guardrails(make_context(make_change("Name", "b"), guardrails=(spec,)))
    for word in ("nothing", "true", "a", "2"):
        assert f'"{word}"' in issue.message


def test_a_single_allowed_value_names_the_other_way_out(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Where a blueprint writes one value only, another one takes another plan."""
    params: dict[str, Any] = {"field": "Name", "values": ["Closed Won"]}
    spec = GuardrailSpec(type="ENUM_ALLOWED", params=params)
    (issue,) = check_guardrails(make_context(make_change("Name", "Lost"), guardrails=(spec,)))
    assert str(issue.hint).startswith('Give "Closed Won", or make a new plan')


@pytest.mark.parametrize(
    ("value", "allowed", "passes"),
    [
        (True, 1, False),
        (1, True, False),
        (True, True, True),
        ("001000000000001", "001000000000001AAA", True),
        ("001000000000001", "001000000000002", False),
        ("1", 1, False),
        (1, "1", False),
        (Decimal("0.1"), 0.1, True),
        (Decimal(2), 1, False),
        ("a;b", "a;b", True),
    ],
)
def test_values_are_the_same_by_type(
    make_context: MakeContext,
    value: FieldValue,
    allowed: FieldValue,
    *,
    passes: bool,
) -> None:
    """True is not 1, text is no number, and an id is the same in either of its lengths."""
    spec = GuardrailSpec(type="ENUM_ALLOWED", params={"field": "memo", "values": [allowed]})
    memo = ActionInput(api_name="memo", usage="PARAMETER")
    context = make_context(guardrails=(spec,), inputs=(memo,))
    assert (check_guardrails(replace(context, inputs={"memo": value})) == ()) is passes


@pytest.mark.parametrize("value", [5, "\ud800"])
def test_only_whole_text_is_matched(
    make_context: MakeContext, make_change: MakeChange, value: object
) -> None:
    """A number, and text with half a character, cannot be read; they are refused, not matched."""
    spec = GuardrailSpec(type="REGEX_MATCH", params={"field": "Name", "pattern": ".*"})
    (issue,) = check_guardrails(make_context(make_change("Name", value), guardrails=(spec,)))
    assert issue.code == "value_unreadable"


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        ("1699-12-31", ["date_out_of_calendar"]),
        ("1700-01-01", []),
        ("4000-12-31", []),
        ("4001-01-01", ["date_out_of_calendar"]),
    ],
)
def test_the_calendar_has_a_first_and_a_last_day(
    make_context: MakeContext, make_change: MakeChange, day: str, codes: list[str]
) -> None:
    """Both edges of the calendar belong to it."""
    assert [each.code for each in check_baseline(make_context(make_change("CloseDate", day)))] == (
        codes
    )


@pytest.mark.parametrize(
    ("bits", "value", "fits"),
    [
        (63, 2**63 - 1, True),
        (63, 2**63, False),
        (63, -(2**63), True),
        (63, -(2**63) - 1, False),
        (31, 2**31, False),
        (31, -(2**31), True),
    ],
)
def test_whole_numbers_have_bounds(
    make_context: MakeContext, opportunity: ObjectSchema, bits: int, value: int, *, fits: bool
) -> None:
    """A long holds 64 bits, an int 32, and the refusal names both bounds."""
    field = FieldSchema("Big__c", "Big", "long" if bits == 63 else "int", updateable=True)
    schema = replace(opportunity, fields=(*opportunity.fields, field))
    change = FieldChange(field="Big__c", label="Big", family="integer", provenance="goal")
    context = make_context(change.model_copy(update={"after": value}), schema=schema)
    found = check_baseline(context)
    assert (found == ()) is fits
    if not fits:
        assert f"outside of {-(2**bits)} to {2**bits - 1} (" in found[0].message


@pytest.mark.parametrize(
    ("number", "scale", "codes"),
    [
        ("5.00000", 2, []),
        ("100", 0, []),
        ("100.0", 0, []),
        ("0", 0, []),
        ("0.00", 0, []),
        ("0.5", 0, ["number_too_precise"]),
        ("0.05", 1, ["number_too_precise"]),
        ("0.5", 2, []),
    ],
)
def test_outer_zeros_are_no_digits(
    make_context: MakeContext, opportunity: ObjectSchema, number: str, scale: int, codes: list[str]
) -> None:
    """Digits are counted without the zeros around them; zero has none on either side."""
    field = FieldSchema(
        "Rate__c", "Rate", "double", updateable=True, precision=scale + 3, scale=scale
    )
    schema = replace(opportunity, fields=(*opportunity.fields, field))
    change = FieldChange(field="Rate__c", label="Rate", family="decimal", provenance="goal")
    context = make_context(change.model_copy(update={"after": Decimal(number)}), schema=schema)
    assert [each.code for each in check_baseline(context)] == codes


@pytest.mark.parametrize(("digits", "codes"), [(18, []), (19, ["number_too_large"])])
def test_no_field_keeps_more_than_eighteen_digits(
    make_context: MakeContext, opportunity: ObjectSchema, digits: int, codes: list[str]
) -> None:
    """Where describe leaves the precision out, the platform's own bound holds."""
    field = FieldSchema("Any__c", "Any", "double", updateable=True)
    schema = replace(opportunity, fields=(*opportunity.fields, field))
    change = FieldChange(field="Any__c", label="Any", family="decimal", provenance="goal")
    number = Decimal("1" * digits)
    context = make_context(change.model_copy(update={"after": number}), schema=schema)
    assert [each.code for each in check_baseline(context)] == codes
