"""Type adapters: what each type takes, what it refuses, and in which form the value comes out."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.blueprints.adapters import DataType, adapt, data_type, family_of_type
from actwright.errors import RecordIdError, ValueInvalidError
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue, in_family

KINDS: tuple[DataType, ...] = get_args(DataType)
OPPORTUNITY = "006000000000001"

TAKEN: list[tuple[DataType, JsonScalar, FieldValue]] = [
    ("String", "Acme", "Acme"),
    ("String", " Acme ", "Acme"),
    ("String", 42, "42"),
    ("String", 0.5, "0.5"),
    ("TextArea", "two\nlines", "two\nlines"),
    ("LongTextArea", "x" * 131_072, "x" * 131_072),
    ("Picklist", "Closed Won", "Closed Won"),
    ("MultiPicklist", " Red ; Blue;", "Red;Blue"),
    ("Decimal", "99000.10", Decimal("99000.10")),
    ("Decimal", 0.1, Decimal("0.1")),
    ("Decimal", 1e-7, Decimal("0.0000001")),
    ("Decimal", "-.5", Decimal("-0.5")),
    ("Double", 12, Decimal(12)),
    ("Number", " 7 ", Decimal(7)),
    ("Currency", "120000", Decimal(120000)),
    ("Percent", "15 %", Decimal(15)),
    ("Percent", 15.5, Decimal("15.5")),
    ("Integer", "5", 5),
    ("Integer", 5.0, 5),
    ("Integer", -(2**31), -(2**31)),
    ("Long", 2**63 - 1, 2**63 - 1),
    ("Boolean", True, True),
    ("Boolean", " FALSE ", False),
    ("Date", "2026-11-24", "2026-11-24"),
    ("DateTime", "2026-11-24T15:00:00+01:00", "2026-11-24T14:00:00Z"),
    ("DateTime", "2026-11-24T15:00:00.000+0000", "2026-11-24T15:00:00Z"),
    ("DateTime", "2026-11-24 15:00Z", "2026-11-24T15:00:00Z"),
    ("Time", "15:30", "15:30:00"),
    ("Time", "15:30:00.000Z", "15:30:00"),
    ("Time", "15:30:00.250", "15:30:00.250"),
    ("Email", " jane@example.com ", "jane@example.com"),
    ("Phone", "+1 (212) 555-0100 x12", "+1 (212) 555-0100 x12"),
    ("Phone", 2125550100, "2125550100"),
    ("Url", "example.com/a?b=c", "example.com/a?b=c"),
    ("Url", "https://example.com", "https://example.com"),
    ("Id", OPPORTUNITY, "006000000000001AAA"),
    ("Reference", " 006000000000001AAA ", "006000000000001AAA"),
]

REFUSED: list[tuple[DataType, JsonScalar]] = [
    ("String", True),
    ("String", "a\x00b"),
    ("String", "a\x1bb"),
    ("String", "\ud800"),
    ("String", "x" * 131_073),
    ("String", 10**5000),
    ("String", float("inf")),
    ("MultiPicklist", ";;"),
    ("MultiPicklist", "Red;Red"),
    ("Decimal", "1,000"),
    ("Decimal", "1e5"),
    ("Decimal", "\u0661\u0662"),
    ("Decimal", "\ud800"),
    ("Decimal", "NaN"),
    ("Decimal", float("nan")),
    ("Decimal", True),
    ("Decimal", "9" * 41),
    ("Decimal", 10**5000),
    ("Percent", "15%%"),
    ("Integer", "5.5"),
    ("Integer", 2**31),
    ("Integer", "five"),
    ("Integer", True),
    ("Long", 2**63),
    ("Boolean", "yes"),
    ("Boolean", 1),
    ("Date", "24.11.2026"),
    ("Date", "2026-02-30"),
    ("Date", "2026-W10-1"),
    ("Date", "20261124"),
    ("Date", "2026-11-24T00:00:00Z"),
    ("Date", 20261124),
    ("DateTime", "2026-11-24T15:00:00"),
    ("DateTime", "2026-11-24"),
    ("DateTime", "20261124T150000Z"),
    ("DateTime", "2026-11-24T25:00:00Z"),
    ("DateTime", "0001-01-01T00:00:00+01:00"),
    ("Time", "15"),
    ("Time", "1530"),
    ("Time", "25:00"),
    ("Time", "15:30+01:00"),
    ("Email", "jane"),
    ("Email", "jane@localhost"),
    ("Email", "a@b.c,d@e.f"),
    ("Phone", "call me"),
    ("Phone", "12"),
    ("Url", "javascript://example.com"),
    ("Url", "https://localhost"),
    ("Url", "https://exa mple.com"),
    ("Url", "https://example.com:99999"),
    ("Url", "https://user:secret@example.com"),
    ("Url", "https://[example.com"),
    ("Id", "006"),
    ("Id", "006000000000001AAB"),
    ("Id", "../006000000000"),
    ("Id", True),
    ("Reference", "\ud800"),
]


@pytest.mark.parametrize(("kind", "raw", "expected"), TAKEN, ids=range(len(TAKEN)))
def test_a_fitting_value_takes_its_one_form(
    kind: DataType, raw: JsonScalar, expected: FieldValue
) -> None:
    """A value that fits its type comes out in the type's one form, with the right Python type."""
    value = adapt(kind, raw, label="Field")
    assert (type(value), value) == (type(expected), expected)


@pytest.mark.parametrize(("kind", "raw"), REFUSED, ids=range(len(REFUSED)))
def test_a_value_that_does_not_fit_is_refused_with_a_way_out(
    kind: DataType, raw: JsonScalar
) -> None:
    """A value that does not fit raises one short error that names the label and says what to give."""
    with pytest.raises(ValueInvalidError) as refused:
        adapt(kind, raw, label="Close Date")
    assert refused.value.where == "Close Date"
    assert refused.value.hint
    assert len(refused.value.message) < 300


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_both_a_taken_and_a_refused_value(kind: DataType) -> None:
    """Both tables cover every type, but for those that take any text."""
    free_text = {"TextArea", "LongTextArea", "Picklist", "Double", "Number", "Currency"}
    assert any(row[0] == kind for row in TAKEN)
    assert any(row[0] == kind for row in REFUSED) or kind in free_text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", [None, "", "  ", "\n\t"])
def test_blanks_are_no_value(kind: DataType, raw: JsonScalar) -> None:
    """None and text of nothing but blanks mean no value, for every type."""
    assert adapt(kind, raw, label="Field") is None


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="0123456789-+.:TZ %;@/x", max_size=30),
)


@given(kind=st.sampled_from(KINDS), raw=SCALARS)
def test_adapting_never_fails_in_any_other_way(kind: DataType, raw: JsonScalar) -> None:
    """Any scalar at all is either a value or a ValueInvalidError: nothing else escapes."""
    with suppress(ValueInvalidError):
        assert isinstance(adapt(kind, raw, label="Field"), bool | int | Decimal | str | None)


@given(kind=st.sampled_from(KINDS), raw=SCALARS)
def test_an_adapted_value_is_stable(kind: DataType, raw: JsonScalar) -> None:
    """A value that was adapted is in its family's one form: reading it again changes nothing."""
    try:
        value = adapt(kind, raw, label="Field")
    except ValueInvalidError:
        return
    assert in_family(value, family_of_type(kind)) == value


@given(st.dates())
def test_every_date_is_kept(day: date) -> None:
    """Every date in ISO form comes out as it went in."""
    assert adapt("Date", day.isoformat(), label="Day") == day.isoformat()


@given(st.times())
def test_every_time_is_kept_to_the_millisecond(moment: time) -> None:
    """Every time of day comes out to the millisecond, which is what an org keeps."""
    value = adapt("Time", moment.isoformat(), label="Time")
    kept = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert time.fromisoformat(str(value)) == kept


@given(
    st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(4000, 1, 1)),  # noqa: DTZ001 - hypothesis takes naive bounds
    st.integers(min_value=-23 * 60, max_value=23 * 60),
)
def test_every_moment_means_the_same_in_utc(naive: datetime, offset: int) -> None:
    """A point in time in any zone comes out as the same point in UTC, to the millisecond."""
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=offset)))
    value = adapt("DateTime", moment.isoformat(), label="Moment")
    assert datetime.fromisoformat(str(value)) == moment
    assert datetime.fromisoformat(str(value)).tzinfo == UTC


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**16), max_value=10**16
    )
)
def test_every_decimal_is_exact(number: Decimal) -> None:
    """A decimal written as text comes out exactly."""
    assert adapt("Currency", format(number, "f"), label="Amount") == number


def test_an_id_of_another_object_is_refused() -> None:
    """An id whose key prefix belongs to another object is refused, and both prefixes are named."""
    with pytest.raises(RecordIdError) as refused:
        adapt("Reference", OPPORTUNITY, label="Account", prefixes=("001",))
    assert "'006'" in refused.value.message
    assert "'001'" in refused.value.message


def test_an_unknown_type_name_comes_back_as_it_is() -> None:
    """Spelling is put right for known types only, so that the contract refuses the others."""
    assert (data_type(" dateTIME "), data_type("Money")) == ("DateTime", "Money")


@pytest.mark.parametrize(
    ("kind", "family"),
    [("Url", "string"), ("Percent", "decimal"), ("Reference", "id"), ("Long", "integer")],
)
def test_types_know_their_family(kind: DataType, family: str) -> None:
    """Every type tells what it is made of."""
    assert family_of_type(kind) == family
