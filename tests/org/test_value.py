"""Field values: their families, their one form, and how they enter the digest."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Context, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from actwright.canonical import digest
from actwright.org.value import (
    Family,
    FieldValue,
    digestible,
    family_of,
    in_family,
    same_value,
    utc_text,
)

WIRE: TypeAdapter[Any] = TypeAdapter(FieldValue)
NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=18
)

FORMS: list[tuple[Family, object, object]] = [
    ("string", "Acme", "Acme"),
    ("string", 12, "12"),
    ("string", True, "true"),
    ("id", "006000000000001AAA", "006000000000001AAA"),
    ("multipicklist", "Red;Blue", "Red;Blue"),
    ("decimal", 99000, Decimal(99000)),
    ("decimal", 0.1, Decimal("0.1")),
    ("decimal", "12.50", Decimal("12.50")),
    ("integer", 5.0, 5),
    ("integer", "5", 5),
    ("boolean", False, False),
    ("date", "2026-11-24", "2026-11-24"),
    ("datetime", "2026-11-24T15:00:00.000+0000", "2026-11-24T15:00:00Z"),
    ("datetime", "2026-11-24T15:00:00.250Z", "2026-11-24T15:00:00.250Z"),
    ("time", "15:30:00.000Z", "15:30:00"),
    ("time", "15:30", "15:30:00"),
]


@pytest.mark.parametrize(("family", "raw", "expected"), FORMS)
def test_the_orgs_json_takes_the_familys_form(
    family: Family, raw: object, expected: object
) -> None:
    """What the org sends becomes the family's one form, which reads back as it is."""
    value = in_family(raw, family)
    assert (type(value), value) == (type(expected), expected)
    assert in_family(value, family) == value


UNFIT: list[tuple[Family, object]] = [
    ("boolean", "true"),
    ("boolean", 1),
    ("decimal", True),
    ("decimal", "many"),
    ("decimal", "NaN"),
    ("decimal", [1]),
    ("decimal", "1e999999999"),
    ("decimal", "-1e-999999999"),
    ("integer", "1e999999999"),
    ("integer", 5.5),
    ("integer", True),
    ("date", "24.11.2026"),
    ("date", 20261124),
    ("datetime", "2026-11-24T15:00:00"),
    ("datetime", "soon"),
    ("datetime", 0),
    ("time", "late"),
    ("time", 1530),
    ("string", {"street": "x"}),
]


@pytest.mark.parametrize(("family", "raw"), UNFIT)
def test_a_value_of_another_family_is_refused(family: Family, raw: object) -> None:
    """A value the field cannot hold raises ValueError, never another error and never a guess."""
    with pytest.raises(ValueError):
        in_family(raw, family)


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize("family", ["string", "decimal", "boolean", "datetime"])
def test_empty_is_no_value(family: Family, empty: object) -> None:
    """None and empty text are no value in every family."""
    assert in_family(empty, family) is None


@given(NUMBERS)
def test_a_decimal_survives_the_store(number: Decimal) -> None:
    """A decimal written to a document and read back is the same number, with the same digest."""
    again = in_family(json.loads(WIRE.dump_json(number)), "decimal")
    assert again == number
    before, after = digestible(number, "decimal"), digestible(again, "decimal")
    assert digest([before]) == digest([after])


@given(NUMBERS)
def test_a_decimal_has_one_form_however_it_was_written(number: Decimal) -> None:
    """A decimal reads as one text, whether it came as 1100, 1100.0 or 1.1E+3, so that nobody takes it for another."""
    spelt = (number, number.normalize(Context(prec=60)), Decimal(f"{number:f}"), f"{number:e}")
    assert len({str(in_family(each, "decimal")) for each in spelt}) == 1


def test_a_number_json_cannot_carry_exactly_is_written_as_text() -> None:
    """A decimal too fine for a JSON number travels as text instead of losing digits."""
    fine = Decimal("10000000000000000000.000000000000000001")
    assert json.loads(WIRE.dump_json(fine)) == str(fine)


@given(st.integers(-(10**12), 10**12))
def test_a_whole_amount_has_one_digest(number: int) -> None:
    """An amount without cents is the same amount, whether it came as a whole number or as a decimal."""
    left, right = digestible(number, "decimal"), digestible(Decimal(number), "decimal")
    assert digest([left]) == digest([right])


DIGESTED: list[tuple[FieldValue, Family, object]] = [
    (None, "date", None),
    ("2026-11-24", "date", date(2026, 11, 24)),
    ("2026-11-24", "string", "2026-11-24"),
    ("15:30:00", "time", time(15, 30)),
    (True, "boolean", True),
    (5, "integer", 5),
]


@pytest.mark.parametrize(("value", "family", "expected"), DIGESTED)
def test_values_enter_the_digest_typed(value: FieldValue, family: Family, expected: object) -> None:
    """The family decides whether a text enters the digest as text, as a date or as a time."""
    found = digestible(value, family)
    assert (type(found), found) == (type(expected), expected)


@given(st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_written_in_utc(offset: int) -> None:
    """One point in time has one text, whatever zone it was given in."""
    moment = datetime(2026, 11, 24, 15, tzinfo=timezone(timedelta(minutes=offset)))
    text = utc_text(moment)
    assert text.endswith("Z")
    assert datetime.fromisoformat(text) == moment


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [(None, "", True), ("", None, True), ("a", "A", False), (Decimal("1.0"), Decimal(1), True)],
)
def test_sameness_takes_empty_text_for_no_value(
    left: FieldValue, right: FieldValue, *, same: bool
) -> None:
    """Two values are the same if a person would see no difference between them."""
    assert same_value(left, right) is same


@pytest.mark.parametrize(
    ("field_type", "family"),
    [("currency", "decimal"), ("reference", "id"), ("picklist", "string"), ("new", "string")],
)
def test_describe_types_have_families(field_type: str, family: str) -> None:
    """A describe type tells its family; one nobody knows is text."""
    assert family_of(field_type) == family
