"""Locales: each person's own way of writing, every digit kept, and a clear no to a locale there is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.errors import ConfigError
from actwright.locales import PersonLocale, chosen_locale, user_locale

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("name", "currency", "shown"),
    [
        ("en_US", "USD", "$1,234,567.50"),
        ("de_CH", "CHF", "CHF\xa01’234’567.50"),  # noqa: RUF001 - the Swiss separator
        ("fr-FR", "EUR", f"1{NARROW}234{NARROW}567,50\xa0€"),
        ("en_US", None, "1,234,567.5"),
        ("en_US", "WTF", "WTF1,234,567.50"),
    ],
)
def test_money_is_written_as_the_person_writes_it(
    name: str, currency: str | None, shown: str
) -> None:
    """The locale gives the form, the currency the sign; where nobody told a currency, none is made up."""
    assert chosen_locale(name, currency=currency).money(Decimal("1234567.5")) == shown


def test_the_records_currency_comes_first() -> None:
    """An amount is shown in the currency its record is kept in, not in the person's."""
    locale = PersonLocale(currency="EUR")
    assert locale.value(Decimal(5), "decimal", unit="money", currency="JPY") == "¥5"
    assert locale.value(Decimal(5), "decimal", unit="money") == "€5.00"


@pytest.mark.parametrize(
    ("value", "family", "shown"),
    [
        (None, "date", "(empty)"),
        (True, "boolean", "yes"),
        ("2026-11-24", "date", "Tue, Nov 24, 2026"),
        ("2026-11-24T15:00:00Z", "datetime", f"Tue, Nov 24, 2026, 7:00{NARROW}AM PST"),
        ("2026-11-24T15:00:00.250Z", "datetime", "Tue, Nov 24, 2026, 07:00:00.250 PST"),
        ("15:00:01", "time", f"3:00:01{NARROW}PM"),
        (1_000, "integer", "1,000"),
        ("1000", "string", "1000"),
    ],
)
def test_each_family_is_told_in_its_way(
    value: bool | int | str | None,  # noqa: FBT001 - one of the values a field can hold
    family: str,
    shown: str,
) -> None:
    """Dates have their weekday, points in time their zone, texts stay as they are, nothing is ``(empty)``."""
    locale = PersonLocale(zone="America/Los_Angeles")
    assert locale.value(value, family) == shown  # type: ignore[arg-type]  # parametrised text


def test_a_percentage_is_not_multiplied() -> None:
    """Orgs keep 12.5 for 12.5 %."""
    assert PersonLocale().value(Decimal("12.5"), "decimal", unit="percent") == "12.5%"


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20
    )
)
def test_no_digit_is_lost(value: Decimal) -> None:
    """Whatever a number holds, its text holds too."""
    locale = PersonLocale(currency="EUR")
    for shown in (locale.number(value), locale.money(value)):
        assert Decimal(shown.replace(",", "").replace("€", "")) == value


@pytest.mark.parametrize(
    "name", ["klingon", "", "en-XX", "xx", "../etc/passwd", "d" * 500, "de\x1b[2J"]
)
def test_a_locale_that_does_not_exist_is_refused(name: str) -> None:
    """Whoever asks for a locale is told that there is none of that name, and what one looks like."""
    with pytest.raises(ConfigError) as refused:
        chosen_locale(name)
    assert refused.value.error_code == "locale_unknown"
    assert "de-CH" in str(refused.value.hint)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("de_DE_EURO", "de_DE"),
        ("iw_IL", "he_IL"),
        ("sh_BA", "sr_Latn_BA"),
        ("xx_YY", "en_US"),
        ("", "en_US"),
    ],
)
def test_an_orgs_own_names_of_locales_are_understood(key: str, name: str) -> None:
    """Nobody chose the org's spelling: old and longer names lead to the nearest locale, and never to an error."""
    assert user_locale(key).name == name


def test_an_unknown_zone_is_utc() -> None:
    """A point in time is shown, with its zone named, also where the org's zone is unknown here."""
    assert PersonLocale(zone="Mars/Olympus").moment("2026-11-24T15:00:00Z").endswith("UTC")
    assert PersonLocale(zone="../../etc").time_of("2026-11-24T15:00:01.5Z") == f"3:00:01{NARROW}PM"


@pytest.mark.parametrize(
    ("zone", "text"),
    [("America/New_York", "0001-01-01T00:00:00Z"), ("Asia/Tokyo", "9999-12-31T23:59:59Z")],
)
def test_a_moment_at_the_end_of_time_is_told_all_the_same(zone: str, text: str) -> None:
    """Where the person's zone has no such year, the moment is told in UTC."""
    assert PersonLocale(zone=zone).moment(text).endswith(" UTC")


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("2026-11-21T12:41:25.831Z", "7:41 AM EST"),
        ("2026-11-22T12:41:25.831Z", "Sun, Nov 22, 2026, 7:41 AM EST"),
    ],
)
def test_until_when_is_told_to_the_minute(end: str, told: str) -> None:
    """In the person's zone; the day only where it is another one."""
    locale = PersonLocale(zone="America/New_York")
    assert locale.until(end, since="2026-11-21T12:11:25Z").replace(NARROW, " ") == told


def test_the_date_of_a_moment_is_the_persons_own() -> None:
    """Shortly after midnight in UTC it is still the day before in New York; neither clock nor zone is told."""
    assert (
        PersonLocale(zone="America/New_York").date_of("2026-11-21T02:00:00Z") == "Fri, Nov 20, 2026"
    )
