"""The guardrails on values: numbers, enums, patterns, dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.guardrails.context import EffectContext
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import FieldChange

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
_shared_fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def spec(kind: str, **params: Any) -> GuardrailSpec:
    """Return a guardrail."""
    return GuardrailSpec(type=kind, params=params)


POSITIVE = spec("NUMERIC_POSITIVE", field="Amount")
RANGE = spec("NUMERIC_RANGE", field="Amount", min=0.1, max=100)
STAGES = spec("ENUM_ALLOWED", field="StageName", values=["Closed Won", "Closed Lost"])
MIXED = spec("ENUM_ALLOWED", field="Amount", values=[1, "2", None])
FLAG = spec("ENUM_ALLOWED", field="IsPrivate", values=[1])
TAGS = spec("ENUM_ALLOWED", field="Tags__c", values=["red", "green"])
OWNER = spec("ENUM_ALLOWED", field="OwnerId", values=["005000000000001"])
WORD = spec("REGEX_MATCH", field="Name", pattern="[A-Z][a-z]+|x")
SOON = spec("DATE_RANGE", field="CloseDate", **{"from": "today", "to": "today+30d"})
THIS_YEAR = spec("DATE_RANGE", field="CloseDate", **{"from": "2026-01-01", "to": "2026-12-31"})
MEETING = spec("DATE_RANGE", field="Meeting__c", to="today")


@pytest.mark.parametrize(
    ("guardrail", "value", "code"),
    [
        (POSITIVE, 1, None),
        (POSITIVE, Decimal("0.01"), None),
        (POSITIVE, 0, "numeric_not_positive"),
        (POSITIVE, -5, "numeric_not_positive"),
        (POSITIVE, Decimal("NaN"), "value_unreadable"),
        (POSITIVE, Decimal("sNaN"), "value_unreadable"),
        (POSITIVE, Decimal("Infinity"), "value_unreadable"),
        (POSITIVE, "12", "value_unreadable"),
        (POSITIVE, True, "value_unreadable"),
        pytest.param(POSITIVE, 10**5000, None, id="huge"),
        pytest.param(RANGE, 10**5000, "numeric_out_of_range", id="huge and refused"),
        (RANGE, Decimal("0.1"), None),
        (RANGE, 100, None),
        (RANGE, Decimal("0.0999"), "numeric_out_of_range"),
        (RANGE, Decimal("100.01"), "numeric_out_of_range"),
        (RANGE, Decimal("1E+400"), "numeric_out_of_range"),
        (STAGES, "Closed Won", None),
        (STAGES, "closed won", "enum_not_allowed"),
        (STAGES, "Closed Won ", "enum_not_allowed"),
        (STAGES, "Closed W\u043en", "enum_not_allowed"),
        (MIXED, 1, None),
        (MIXED, Decimal("1.0"), None),
        (MIXED, 2, "enum_not_allowed"),
        (FLAG, True, "enum_not_allowed"),
        (TAGS, "red;green", None),
        (TAGS, "red;blue", "enum_not_allowed"),
        (OWNER, "005000000000001AAA", None),
        (OWNER, "005000000000002AAA", "enum_not_allowed"),
        (WORD, "Acme", None),
        (WORD, "x", None),
        (WORD, "Acme 2", "regex_no_match"),
        (WORD, "Acme\n", "regex_no_match"),
        (WORD, "an Acme", "regex_no_match"),
        (SOON, "2026-11-24", None),
        (SOON, "2026-12-24", None),
        (SOON, "2026-12-25", "date_out_of_range"),
        (SOON, "2026-11-23", "date_out_of_range"),
        (SOON, "next Friday", "value_unreadable"),
        (THIS_YEAR, "2026-12-31", None),
        (THIS_YEAR, "2027-01-01", "date_out_of_range"),
        (MEETING, "2026-11-25T05:59:00Z", None),
        (MEETING, "2026-11-25T06:00:00Z", "date_out_of_range"),
    ],
)
def test_each_value_is_judged(
    make_context: MakeContext,
    make_change: MakeChange,
    guardrail: GuardrailSpec,
    value: object,
    code: str | None,
) -> None:
    """Each value passes or fails as its guardrail says; a point in time counts as the person's own day."""
    field = str(guardrail.params["field"])
    context = make_context(make_change(field, value), guardrails=(guardrail,))
    issues = check_guardrails(context)
    assert [(each.code, each.field) for each in issues] == ([(code, field)] if code else [])


@pytest.mark.parametrize("guardrail", [POSITIVE, RANGE, STAGES, WORD, SOON])
def test_an_absent_value_passes(make_context: MakeContext, guardrail: GuardrailSpec) -> None:
    """A guarded field that the effect does not write passes."""
    assert check_guardrails(make_context(guardrails=(guardrail,))) == ()


@pytest.mark.parametrize("guardrail", [POSITIVE, RANGE, STAGES, WORD, SOON, OWNER])
def test_a_linked_id_cannot_be_judged(
    make_context: MakeContext, make_change: MakeChange, guardrail: GuardrailSpec
) -> None:
    """A linked id is present, and refused by every guardrail that would have to know it."""
    change = make_change(str(guardrail.params["field"]), linked_to="a0")
    issues = check_guardrails(make_context(change, guardrails=(guardrail,)))
    assert [each.code for each in issues] == ["value_unreadable"]


@pytest.mark.parametrize(
    ("guardrail", "before", "codes"),
    [
        (POSITIVE, 5, ["numeric_not_positive"]),
        (POSITIVE, None, []),
        (STAGES, "Closed Won", ["enum_not_allowed"]),
        (MIXED, 1, []),
    ],
)
def test_emptying_a_field_is_no_absence(
    make_context: MakeContext,
    make_change: MakeChange,
    guardrail: GuardrailSpec,
    before: object,
    codes: list[str],
) -> None:
    """A field that is emptied fails, unless nothing is among the allowed values; one that was empty passes."""
    change = make_change(str(guardrail.params["field"]), None, before)
    issues = check_guardrails(make_context(change, guardrails=(guardrail,)))
    assert [each.code for each in issues] == codes


def test_text_is_no_number(make_context: MakeContext, make_change: MakeChange) -> None:
    """A value of the wrong type fails rather than passing unread."""
    change = make_change("Name", "12")
    guardrail = spec("NUMERIC_POSITIVE", field="Name")
    issues = check_guardrails(make_context(change, guardrails=(guardrail,)))
    assert [each.code for each in issues] == ["value_unreadable"]


def test_a_parameter_is_guarded_too(make_context: MakeContext) -> None:
    """An input that is written to no field is guarded by its name, in any case."""
    parameter = ActionInput(api_name="discount", data_type="Decimal", usage="PARAMETER")
    guardrail = spec("NUMERIC_RANGE", field="Discount", max=20)
    codes = [
        [
            each.code
            for each in check_guardrails(
                replace(
                    make_context(guardrails=(guardrail,), inputs=(parameter,)),
                    inputs={"discount": Decimal(value)},
                )
            )
        ]
        for value in (20, 21)
    ]
    assert codes == [[], ["numeric_out_of_range"]]


def test_an_unknown_field_is_no_absence(make_context: MakeContext) -> None:
    """A guardrail that names no field and no input refuses: misspelt, it would guard nothing."""
    guardrail = spec("NUMERIC_POSITIVE", field="Amuont")
    (issue,) = check_guardrails(make_context(guardrails=(guardrail,)))
    assert (issue.code, issue.field) == ("field_not_visible", "Amuont")


def test_a_bound_past_2_to_the_53rd_is_exact(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """The number one above the largest exact float is let in by its own bound, and the next one is not."""
    guardrail = spec("NUMERIC_RANGE", field="Amount", min=2**53 + 1, max=2**53 + 1)
    codes = [
        [
            each.code
            for each in check_guardrails(
                make_context(make_change("Amount", value), guardrails=(guardrail,))
            )
        ]
        for value in (2**53, 2**53 + 1, 2**53 + 2)
    ]
    assert codes == [["numeric_out_of_range"], [], ["numeric_out_of_range"]]


@given(
    low=st.integers(-(10**9), 10**9),
    span=st.integers(0, 10**6),
    value=st.decimals(-(10**10), 10**10, places=3),
)
@_shared_fixtures
def test_a_range_holds_exactly_its_numbers(
    make_context: MakeContext, make_change: MakeChange, low: int, span: int, value: Decimal
) -> None:
    """A number passes a range if and only if it is between the bounds or one of them."""
    guardrail = spec("NUMERIC_RANGE", field="Amount", min=low, max=low + span)
    context = make_context(make_change("Amount", value), guardrails=(guardrail,))
    assert (check_guardrails(context) == ()) == (low <= value <= low + span)


@given(tenths=st.integers(-(10**9), 10**9))
@_shared_fixtures
def test_a_decimal_bound_belongs_to_its_range(
    make_context: MakeContext, make_change: MakeChange, tenths: int
) -> None:
    """A bound with decimals lets its own value through, in spite of binary fractions."""
    guardrail = spec("NUMERIC_RANGE", field="Amount", min=tenths / 10, max=tenths / 10)
    context = make_context(make_change("Amount", Decimal(tenths) / 10), guardrails=(guardrail,))
    assert check_guardrails(context) == ()
