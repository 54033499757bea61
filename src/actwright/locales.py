"""Locales: numbers, money, dates and times the way a person writes them. Nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, localcontext
from functools import cached_property
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actwright.errors import ConfigError
from actwright.inert import inert
from actwright.org.value import Family, FieldValue, Unit

if TYPE_CHECKING:
    from babel.core import Locale

EMPTY = "(empty)"
"""What is shown where a field holds nothing."""

_NEAREST = "en_US"
_DIGITS = 200
"""More digits than any value has, so that none is lost on the way to its text."""

_OLD_NAMES = {"iw": "he", "in": "id", "no": "nb", "sh": "sr_Latn"}
"""Codes of languages that orgs still use, and what they are called today."""


@dataclass(frozen=True)
class PersonLocale:
    """How one person writes numbers, money, dates and times.

    Attributes:
        name: A locale there is, such as ``de_CH``; see `chosen_locale` and `user_locale`.
        zone: IANA time zone in which points in time are shown; UTC where there is no such zone.
        currency: ISO code of amounts whose record names none; None where nobody told.
    """

    name: str = _NEAREST
    zone: str = "UTC"
    currency: str | None = None

    def value(
        self,
        value: FieldValue,
        family: Family,
        *,
        unit: Unit | None = None,
        currency: str | None = None,
    ) -> str:
        """Return a field's value for people; text, ids and picklist values stay as they are.

        Args:
            value: The value.
            family: What its type is made of.
            unit: What it counts, for a number.
            currency: The currency its record is kept in, where that is known.
        """
        if value is None:
            return EMPTY
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, (int, Decimal)):
            return self._counted(Decimal(value), unit, currency)
        if family == "date":
            return self.day(value)
        if family == "datetime":
            return self.moment(value)
        return self.clock(value) if family == "time" else value

    def number(self, value: Decimal | int) -> str:
        """Return a number with every digit it has."""
        from babel.numbers import format_decimal  # noqa: PLC0415 - slow to import

        with localcontext(prec=_DIGITS):
            return format_decimal(value, locale=self._babel, decimal_quantization=False)

    def percent(self, value: Decimal) -> str:
        """Return a percentage; 75 is 75 %."""
        from babel.numbers import format_percent  # noqa: PLC0415 - slow to import

        with localcontext(prec=_DIGITS):
            return format_percent(value.scaleb(-2), locale=self._babel, decimal_quantization=False)

    def money(self, value: Decimal | int, *, currency: str | None = None) -> str:
        """Return an amount in its record's currency, else in the person's; a plain number where neither is known."""
        from babel.numbers import UnknownCurrencyError, format_currency  # noqa: PLC0415 - same

        code = currency or self.currency
        if code is None:
            return self.number(value)
        try:
            with localcontext(prec=_DIGITS):
                return format_currency(value, code, locale=self._babel, decimal_quantization=False)
        except UnknownCurrencyError:
            return f"{self.number(value)} {inert(code, limit=10)}"

    def day(self, text: str) -> str:
        """Return an ISO 8601 date with its weekday: ``Tue, Nov 24, 2026``."""
        from babel.dates import format_skeleton  # noqa: PLC0415 - slow to import

        return format_skeleton("yMMMEd", date.fromisoformat(text), locale=self._babel)

    def moment(self, text: str) -> str:
        """Return an ISO 8601 point in time in the person's zone, which is named."""
        local = self.local(text)
        day = self.day(local.date().isoformat())
        return f"{day}, {self._clock(local.time())} {local.tzname()}"

    def moment_to_the_second(self, text: str) -> str:
        """Return an ISO 8601 point in time as `moment` does, without fractions of a second."""
        return self.moment(datetime.fromisoformat(text).replace(microsecond=0).isoformat())

    def time_of(self, text: str) -> str:
        """Return the time of day of an ISO 8601 point in time, in the person's zone, to the second."""
        return self._clock(self.local(text).time().replace(microsecond=0))

    def date_of(self, text: str) -> str:
        """Return the day of an ISO 8601 point in time, in the person's zone."""
        return self.day(self.local(text).date().isoformat())

    def until(self, text: str, *, since: str) -> str:
        """Return an ISO 8601 point in time to the minute: its time of day only, where it is on the same day."""
        end = self.local(text).replace(second=0, microsecond=0)
        if end.date() != self.local(since).date():
            return self.moment(end.isoformat())
        return f"{self._clock(end.time())} {end.tzname()}"

    def local(self, text: str) -> datetime:
        """Return an ISO 8601 point in time in the person's zone."""
        moment = datetime.fromisoformat(text)
        try:
            return moment.astimezone(self._zone)
        except OverflowError:
            # In the person's zone it would be before the first year there is, or after the last.
            return moment

    def clock(self, text: str) -> str:
        """Return an ISO 8601 time of day."""
        return self._clock(time.fromisoformat(text.removesuffix("Z")))

    def _counted(self, value: Decimal, unit: Unit | None, currency: str | None) -> str:
        if unit == "money":
            return self.money(value, currency=currency)
        return self.percent(value) if unit == "percent" else self.number(value)

    def _clock(self, moment: time) -> str:
        from babel.dates import format_time  # noqa: PLC0415 - slow to import

        if moment.microsecond:
            return moment.isoformat("milliseconds")
        length: Literal["medium", "short"] = "medium" if moment.second else "short"
        return format_time(moment, length, locale=self._babel)

    @cached_property
    def _babel(self) -> Locale:
        from babel.core import Locale  # noqa: PLC0415 - slow to import

        return Locale.parse(self.name)

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")


def chosen_locale(name: str, *, zone: str = "UTC", currency: str | None = None) -> PersonLocale:
    """Return the locale somebody asked for by name: ``de-CH``, ``de_CH``, ``ar``.

    Args:
        name: A language, and a country where it matters.
        zone: IANA time zone in which points in time are shown.
        currency: ISO code of amounts whose record names none.

    Raises:
        ConfigError: There is no such locale.
    """
    found = _known(name)
    if found is None:
        raise ConfigError(
            f"There is no locale {inert(name, limit=40)!r}.",
            where="locale",
            hint="Give a language and a country, such as en-US, de-CH or ar-EG; or leave it out for the person's own.",
            code="locale_unknown",
        )
    return PersonLocale(found, zone, currency)


def user_locale(key: str, *, zone: str = "UTC", currency: str | None = None) -> PersonLocale:
    """Return the locale an org's user has, or the nearest there is: people did not choose its spelling.

    Args:
        key: The org's own name for it, such as ``en_US`` or ``de_DE_EURO``.
        zone: IANA time zone in which points in time are shown.
        currency: ISO code of amounts whose record names none.
    """
    found = (name for each in _shortened(key) if (name := _known(each)))
    return PersonLocale(next(found, _NEAREST), zone, currency)


def _known(name: str) -> str | None:
    """Return a locale's one spelling, or None where there is no such locale."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - slow to import

    language, _, rest = name.strip().replace("-", "_").partition("_")
    modern = _OLD_NAMES.get(language.lower(), language)
    try:
        return str(Locale.parse(f"{modern}_{rest}" if rest else modern))
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def _shortened(key: str) -> Iterator[str]:
    parts = key.replace("-", "_").split("_")
    for length in range(len(parts), 0, -1):
        yield "_".join(parts[:length])
