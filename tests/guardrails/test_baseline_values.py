"""The baseline: whether values fit their fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actwright.guardrails.baseline import check_baseline
from actwright.guardrails.context import EffectContext
from actwright.org.effect import FieldChange
from actwright.org.schema import ObjectSchema

MakeContext = Callable[..., EffectContext]
MakeChange = Callable[..., FieldChange]
_shared_fixtures = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("Name", "x" * 20, None),
        ("Name", "x" * 21, "value_too_long"),
        ("Name", "x" * 19 + "\U0001f600", None),
        ("Name", "x" * 20 + "\U0001f600", "value_too_long"),
        ("Name", "to @{e0.id}", "text_reference"),
        ("Description", "@{", "text_reference"),
        ("Description", "@ {e0.id} {@}", None),
        ("Name", 5, "value_type_wrong"),
        ("Name", "bell\x07", "value_type_wrong"),
        ("Name", "\ud800", "value_type_wrong"),
        ("Amount", 99000, None),
        ("Amount", Decimal("99000.10"), None),
        ("Amount", Decimal("99000.100"), None),
        ("Amount", Decimal("99000.001"), "number_too_precise"),
        ("Amount", Decimal(10) ** 16 - 1, None),
        ("Amount", Decimal(10) ** 16, "number_too_large"),
        ("Amount", Decimal("1E+400"), "number_too_large"),
        ("Amount", Decimal("1E-400"), "number_too_precise"),
        ("Amount", Decimal("0E+400"), None),
        ("Amount", Decimal("NaN"), "value_type_wrong"),
        ("Amount", Decimal("sNaN"), "value_type_wrong"),
        ("Amount", Decimal("-Infinity"), "value_type_wrong"),
        ("Amount", "99000", "value_type_wrong"),
        ("Amount", True, "value_type_wrong"),
        pytest.param("Amount", 10**5000, "number_too_large", id="huge"),
        ("Discount__c", Decimal("999.99"), None),
        ("Discount__c", -1000, "number_too_large"),
        ("Seats__c", 2**31 - 1, None),
        ("Seats__c", -(2**31), None),
        ("Seats__c", 2**31, "integer_out_of_range"),
        ("Seats__c", Decimal("1.5"), "value_type_wrong"),
        ("Seats__c", Decimal("5.0"), None),
        ("IsPrivate", False, None),
        ("IsPrivate", 1, "value_type_wrong"),
        ("IsPrivate", "true", "value_type_wrong"),
        ("CloseDate", "2026-11-24", None),
        ("CloseDate", "2026-02-30", "value_type_wrong"),
        ("CloseDate", "2026-11-24T10:00:00Z", "value_type_wrong"),
        ("CloseDate", "1699-12-31", "date_out_of_calendar"),
        ("CloseDate", "4000-12-31", None),
        ("CloseDate", "4001-01-01", "date_out_of_calendar"),
        ("Meeting__c", "2026-11-24T15:00:00Z", None),
        ("Meeting__c", "2026-11-24T15:00:00", "value_type_wrong"),
        ("Meeting__c", "2026-11-24", "value_type_wrong"),
        ("Starts__c", "15:30:00.000Z", None),
        ("Starts__c", "25:30", "value_type_wrong"),
        ("Contact__c", "jane@example.com", None),
        ("Contact__c", "jane at example", "value_type_wrong"),
        ("OwnerId", 5, "value_type_wrong"),
    ],
)
def test_a_value_fits_its_field(
    make_context: MakeContext,
    make_change: MakeChange,
    field: str,
    value: str | int | Decimal,
    code: str | None,
) -> None:
    """A value is held to its field's type, length, precision, scale and range."""
    issues = check_baseline(make_context(make_change(field, value)))
    assert [(each.code, each.field) for each in issues] == ([(code, field)] if code else [])
    assert all(each.hint for each in issues)


@given(number=st.decimals(allow_nan=False, allow_infinity=False))
@_shared_fixtures
def test_a_number_passes_if_and_only_if_the_field_keeps_it(
    make_context: MakeContext, make_change: MakeChange, number: Decimal
) -> None:
    """A number passes exactly where rounding to the scale keeps it and the whole part has room."""
    kept = abs(number) < 1000 and number == round(number, 2)
    issues = check_baseline(make_context(make_change("Discount__c", number)))
    assert (issues == ()) == kept


@given(precision=st.integers(1, 18), scale=st.integers(0, 17), digits=st.integers(1, 10**20))
@_shared_fixtures
def test_precision_bounds_the_whole_part(
    make_context: MakeContext,
    make_change: MakeChange,
    opportunity: ObjectSchema,
    *,
    precision: int,
    scale: int,
    digits: int,
) -> None:
    """A whole number passes if and only if it has at most precision less scale digits."""
    scale = min(scale, precision)
    fields = tuple(
        replace(each, precision=precision, scale=scale) if each.name == "Amount" else each
        for each in opportunity.fields
    )
    context = make_context(
        make_change("Amount", digits), schema=replace(opportunity, fields=fields)
    )
    assert (check_baseline(context) == ()) == (len(str(digits)) <= precision - scale)


@given(number=st.integers())
@_shared_fixtures
def test_an_integer_field_holds_32_bits(
    make_context: MakeContext, make_change: MakeChange, number: int
) -> None:
    """An integer field holds the whole numbers of 32 bits, and no other."""
    issues = check_baseline(make_context(make_change("Seats__c", number)))
    assert (issues == ()) == (-(2**31) <= number < 2**31)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("Type", "Renewal", None),
        ("Type", "renewal", ("picklist_value_unknown", "error", 'Did you mean "Renewal"?')),
        ("Type", "Retired", ("picklist_value_unknown", "error", "Its values: ")),
        ("StageName", "Closed Won", None),
        ("StageName", "Clsoed Won", ("picklist_value_unlisted", "warning", 'Did you mean "Clo')),
        ("Tags__c", "red;blue", None),
        ("Tags__c", "red;pink", ("picklist_value_unknown", "error", "")),
    ],
)
def test_a_picklist_knows_its_values(
    make_context: MakeContext,
    make_change: MakeChange,
    field: str,
    value: str,
    found: tuple[str, str, str] | None,
) -> None:
    """A restricted picklist refuses an unknown or inactive value, another warns; the hint names the nearest one."""
    issues = check_baseline(make_context(make_change(field, value)))
    assert len(issues) == (1 if found else 0)
    if found:
        assert (issues[0].code, issues[0].severity) == found[:2]
        assert (issues[0].hint or "").startswith(found[2])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("AccountId", "001000000000001AAA", None),
        ("AccountId", "001000000000001", None),
        ("OwnerId", "005000000000001AAA", None),
        ("AccountId", "005000000000001AAA", "reference_wrong_object"),
        ("AccountId", "a0X000000000001", "reference_wrong_object"),
        ("AccountId", "001000000000009AAA", "reference_not_found"),
        ("AccountId", "Acme", "reference_malformed"),
        ("AccountId", "001000000000001ZZZ", "reference_malformed"),
        ("OwnerId", "00G000000000001", "reference_not_found"),
    ],
)
def test_a_reference_leads_to_a_record(
    make_context: MakeContext, make_change: MakeChange, field: str, value: str, code: str | None
) -> None:
    """An id must be well-formed, of an object the field refers to, and of a record that was found."""
    issues = check_baseline(make_context(make_change(field, value)))
    assert [(each.code, each.field) for each in issues] == ([(code, field)] if code else [])


def test_a_linked_reference_is_fine(make_context: MakeContext, make_change: MakeChange) -> None:
    """The id of a record this very plan creates needs no look-up."""
    assert check_baseline(make_context(make_change("AccountId", linked_to="a0"))) == ()


def test_a_reference_to_objects_nobody_sees_is_refused(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """Where no target's prefix is known, the id cannot be checked, and is refused."""
    context = make_context(make_change("AccountId", "001000000000001AAA"), prefixes={})
    assert [each.code for each in check_baseline(context)] == ["reference_wrong_object"]


def test_text_for_a_hidden_field_is_no_reference_either(
    make_context: MakeContext, make_change: MakeChange
) -> None:
    """A field nobody sees is told as hidden, and its text all the same; a long one shows both faults."""
    issues = check_baseline(make_context(make_change("Nowhere__c", "@{a}")))
    assert {(each.code, each.field, each.guardrail) for each in issues} == {
        ("field_not_visible", "Nowhere__c", "BASELINE"),
        ("text_reference", "Nowhere__c", "BASELINE"),
    }
    both = check_baseline(make_context(make_change("Name", "@{" + "x" * 20)))
    assert {each.code for each in both} == {"value_too_long", "text_reference"}
