"""Record ids: shape, checksum, key prefix."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import RecordIdError
from actwright.org.record_id import checksum, is_record_id, record_id

ALPHABET = string.ascii_letters + string.digits
SHORT = st.text(ALPHABET, min_size=15, max_size=15)


@pytest.mark.parametrize(
    ("short", "check"),
    [("000000000000000", "AAA"), ("ABCDEFGHIJKLMNO", "555"), ("A0000B0000C0000", "BBB")],
)
def test_checksums_known_by_hand(short: str, check: str) -> None:
    """Each character stands for five: one bit for each upper-case letter, the first one lowest."""
    assert checksum(short) == check


@given(SHORT)
def test_a_short_id_and_its_long_form_are_one_id(short: str) -> None:
    """A 15-character id becomes the 18-character one, which stays as it is."""
    long = record_id(short)
    assert (len(long), long[:15]) == (18, short)
    assert record_id(long) == long
    assert is_record_id(short)
    assert is_record_id(long)


@given(SHORT)
def test_a_checksum_is_read_in_any_case(short: str) -> None:
    """A system that changed the case of the last three characters did no harm."""
    assert record_id(short + checksum(short).lower()) == record_id(short)


@given(SHORT, st.data())
def test_a_change_of_case_is_noticed(short: str, data: st.DataObject) -> None:
    """The checksum tells an id whose letters changed case: the very mistake it was made for."""
    letters = [index for index, char in enumerate(short) if char.isalpha()]
    if not letters:
        return
    place = data.draw(st.sampled_from(letters))
    mangled = short[:place] + short[place].swapcase() + short[place + 1 :] + checksum(short)
    assert not is_record_id(mangled)
    with pytest.raises(RecordIdError):
        record_id(mangled)


@given(SHORT, SHORT)
def test_a_wrong_checksum_is_refused(short: str, other: str) -> None:
    """Any three characters but the right ones make an id of 18 no id."""
    assert is_record_id(short + checksum(other)) == (checksum(short) == checksum(other))


@given(st.text(max_size=24))
def test_only_ids_pass(text: str) -> None:
    """What passes has 15 or 18 ASCII letters and digits; all else raises a RecordIdError."""
    passes = is_record_id(text)
    assert not passes or (len(text) in {15, 18} and set(text) <= set(ALPHABET))
    if not passes:
        with pytest.raises(RecordIdError):
            record_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00600000000000",
        "0060000000000011",
        "006000000000001\n",
        " 006000000000001",
        "00600000000000/",
        "../../services/",
        "006000000000001' OR 1=1",
        "\u0660\u0660\u0666000000000001",
        "006000000000001AAA?x",
    ],
)
def test_nothing_that_could_steer_a_url_is_an_id(text: str) -> None:
    """Slashes, quotes, blanks, line ends and digits of other scripts make no id."""
    assert not is_record_id(text)
    with pytest.raises(RecordIdError) as refused:
        record_id(text, where="Opportunity ID")
    assert refused.value.where == "Opportunity ID"
    assert refused.value.hint


def test_the_key_prefix_tells_the_object() -> None:
    """An id is taken for one of the allowed objects and refused for any other."""
    assert record_id("006000000000001", prefixes=("001", "006")) == "006000000000001AAA"
    with pytest.raises(RecordIdError, match=r"'006'.* expected '001' or '003'"):
        record_id("006000000000001", prefixes=("001", "003"))
