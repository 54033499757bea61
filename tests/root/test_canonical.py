"""Canonical JSON and its digest: one document, one text; two documents, two digests."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from actwright.canonical import canonical_bytes, decimal_text, digest, plain
from actwright.errors import DocumentError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = TEXT.filter(lambda key: not key.startswith("$"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


def _shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(value[key]) for key in reversed(value)}
    return [_shuffled(each) for each in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_the_order_of_keys_does_not_count(document: Any) -> None:
    """A document has the same bytes in whatever order its keys were put in."""
    assert canonical_bytes(_shuffled(document)) == canonical_bytes(document)


@given(PLAIN)
def test_a_trip_through_json_changes_nothing(document: Any) -> None:
    """A document has the same bytes after it was written as any JSON and read back."""
    again = json.loads(json.dumps(document, indent=2))
    assert canonical_bytes(again) == canonical_bytes(document)


@given(PLAIN)
def test_stored_bytes_read_back_as_the_document(document: Any) -> None:
    """Canonical bytes, read as JSON and turned plain, are the document again, with the same bytes."""
    text = canonical_bytes(document)
    again = plain(json.loads(text))
    assert again == document
    assert canonical_bytes(again) == text


def test_one_number_has_one_form() -> None:
    """A long whole number is the same number in whatever notation a JSON writer chose."""
    assert digest([1e16]) == digest([10**16])
    assert digest([1.0, -0.0]) == digest([1, 0])


def test_keys_are_sorted_by_utf_16_units() -> None:
    """Keys are sorted as RFC 8785 demands, which differs from code points beyond the first plane."""
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2, "a": 3}) == (
        '{"a":3,"\U0001f600":2,"\ufb33":1}'.encode()
    )


EXACT: list[tuple[object, object]] = [
    (Decimal("1.50"), {"$decimal": "1.5"}),
    (Decimal("-0.00"), {"$decimal": "0"}),
    (Decimal("1E+3"), {"$decimal": "1000"}),
    (Decimal(100), {"$decimal": "100"}),
    (2**53, {"$integer": "9007199254740992"}),
    (-(2**70), {"$integer": str(-(2**70))}),
    (2**53 - 1, 2**53 - 1),
    (date(2026, 11, 24), {"$date": "2026-11-24"}),
    (
        datetime(2026, 11, 24, 16, tzinfo=timezone(timedelta(hours=1))),
        {"$datetime": "2026-11-24T15:00:00Z"},
    ),
    (time(15, 30), {"$time": "15:30:00"}),
]


@pytest.mark.parametrize(("value", "written"), EXACT)
def test_what_json_cannot_carry_enters_as_a_typed_string(value: object, written: object) -> None:
    """Decimals, long integers, dates and times are written as typed strings; other numbers as they are."""
    assert json.loads(canonical_bytes([value])) == [written]


@given(st.dictionaries(st.text(max_size=8).map(lambda name: f"${name}"), LEAVES, min_size=1))
def test_a_typed_string_cannot_be_forged(forged: dict[str, Any]) -> None:
    """No document may bring a key that starts with ``$``, at any depth."""
    for document in (forged, {"a": forged}, [[forged]]):
        with pytest.raises(DocumentError):
            canonical_bytes(document)


@given(LEAVES, LEAVES)
def test_values_of_two_types_never_share_a_digest(left: Any, right: Any) -> None:
    """Text, number, date and decimal stay apart: equal digests mean one type and one value."""
    if digest([left]) != digest([right]):
        return
    numbers = (int, float)
    alike = type(left) is type(right) or (type(left) in numbers and type(right) in numbers)
    assert alike
    assert left == right


def test_looking_alike_is_not_being_alike() -> None:
    """A date, its text, and the typed string's own spelling as text are three different values."""
    spelt = [date(2026, 11, 24), "2026-11-24", '{"$date":"2026-11-24"}']
    assert len({digest([each]) for each in spelt}) == 3


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_decimals_are_written_exactly(number: Decimal) -> None:
    """A decimal's text reads back as exactly that number, has no exponent and no trailing zeros."""
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith(("0", ".")))


def test_long_decimals_do_not_collide() -> None:
    """Two decimals that differ in their fortieth digit have two digests."""
    long = "12345678901234567890.12345678901234567"
    assert digest([Decimal(f"{long}8")]) != digest([Decimal(f"{long}9")])


REFUSED: list[tuple[str, Any]] = [
    ("NaN", float("nan")),
    ("infinity", [float("-inf")]),
    ("a decimal NaN", Decimal("NaN")),
    ("a decimal infinity", {"a": Decimal("Infinity")}),
    ("a lone surrogate", ["\ud800"]),
    ("a lone surrogate in a key", {"\udfff": 1}),
    ("a key that is no text", {1: 2}),
    ("bytes", b"abc"),
    ("a set", {"a": {1}}),
    ("a moment without a zone", datetime(2026, 11, 24)),  # noqa: DTZ001 - that is the point
]


@pytest.mark.parametrize("document", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_has_no_canonical_form_is_refused(document: Any) -> None:
    """What cannot be written exactly, or means something else elsewhere, has no digest."""
    with pytest.raises(DocumentError):
        digest(document)


def test_a_refusal_names_the_place() -> None:
    """The error says where in the document the value stands."""
    with pytest.raises(DocumentError) as refused:
        canonical_bytes({"effects": [{"after": Decimal("NaN")}]})
    assert refused.value.where == "$.effects[0].after"


def test_a_digest_is_sixty_four_hexadecimal_digits() -> None:
    """The digest is SHA-256 over the canonical bytes; that of an empty object is well known."""
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False).filter(lambda each: abs(each) < 2**53)
        | TEXT,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    )
)
@example(1e-7)
@example(0.0001)
@example(-0.0)
@example(123456789.25)
@example("".join(map(chr, range(160))) + "\u2028\ud7ff\ue000\U0001f600")
@example({"\ue000": 1, "\U0001f600": 2, "b": 3, "B": 4})
def test_the_quick_way_writes_what_the_standard_wants(document: Any) -> None:
    """Whichever way a document is written, its bytes are those of RFC 8785."""
    assert canonical_bytes(document) == rfc8785.dumps(document)
