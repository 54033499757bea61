"""Record ids: their checksum guards their case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localorg.errors import ApiError
from localorg.ids import checksum, make_id, parse_id, require_id

_SHORT = st.text("0123456789ABCXYZabcxyz", min_size=15, max_size=15)


@given(_SHORT)
def test_a_short_id_and_its_long_form_are_the_same_record(short: str) -> None:
    """A 15-character id is completed; the 18-character form stands as it is."""
    full = short + checksum(short)
    assert parse_id(short) == parse_id(full) == full


@given(_SHORT.filter(lambda each: each.swapcase() != each))
def test_an_id_whose_case_was_lost_is_noticed(short: str) -> None:
    """The checksum of one spelling does not fit the same letters in the other case."""
    assert parse_id(short.swapcase() + checksum(short)) is None


@given(st.integers(0, 62**6 - 1), st.integers(0, 62**6 - 1))
def test_numbers_and_ids_are_one_to_one(first: int, second: int) -> None:
    """Two numbers never share an id, and every id made is valid."""
    ids = [make_id("001", "aB3xY9", each) for each in (first, second)]
    assert (ids[0] == ids[1]) == (first == second)
    assert parse_id(ids[0]) == ids[0]


@given(st.integers(0, 62**6 - 1), st.integers(0, 62**6 - 1))
def test_two_instances_share_no_id(first: int, second: int) -> None:
    """Whatever the numbers, an id of one org is none of another's."""
    assert make_id("001", "aB3xY9", first) != make_id("001", "aB3xY8", second)


@pytest.mark.parametrize(
    "text", ["", "001", "001xx", "001Lo0000000001/..", "0" * 18 + "A", None, 7]
)
def test_what_is_no_id_is_refused(text: object) -> None:
    """Anything but 15 or 18 letters and digits is no id."""
    assert parse_id(text) is None


def test_a_wrong_checksum_is_malformed() -> None:
    """A request with a wrong checksum is answered with ``MALFORMED_ID``."""
    with pytest.raises(ApiError) as refused:
        require_id(make_id("001", "aB3xY9", 1)[:15] + "ZZZ")
    assert refused.value.code == "MALFORMED_ID"


def test_the_checksum_is_the_platforms() -> None:
    """A published pair of short and long id checks out."""
    assert checksum("00D000000000062") == "EAA"
