"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.words.amounts import number, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99000", "99000"),
        ("99,000", "99000"),
        ("$99,000.50", "99000.50"),
        ("45k", "45000"),
        ("1.5M", "1500000"),
        ("2bn", "2000000000"),
        ("2 million", "2000000"),
        ("10%", "10"),
        ("10 percent", "10"),
        ("99000 dollars", "99000"),
        ("0", "0"),
        ("-500", "-500"),
        ("-$1,500.50", "-1500.50"),
        ("\u22122k", "-2000"),
    ],
)
def test_a_number_is_read_exactly(text: str, expected: str) -> None:
    """Grouping, scale and currency words give one exact decimal."""
    assert number(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", "lots", "1,5", "1,50,000", "1.2.3", "--1", "1e9", "٣", "9" * 30, "1 2", "k", "NaN"]
)
def test_what_could_be_two_numbers_or_none_is_no_number(text: str) -> None:
    """A comma that could be a decimal sign, other digits and other notations are no number."""
    assert number(text) is None


@given(st.integers(0, 10**17))
def test_grouping_by_thousands_changes_nothing(value: int) -> None:
    """A whole number reads back with and without commas, and is plain JSON where that is exact."""
    assert number(f"{value:,}") == number(str(value)) == value
    assert int(plain(Decimal(value))) == value


@given(st.decimals(0, 10**9, places=2))
def test_plain_numbers_are_exact(value: Decimal) -> None:
    """What goes out as JSON reads back as the same decimal."""
    assert Decimal(str(plain(value))) == value
