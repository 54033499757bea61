"""The guardrails on values: ``NUMERIC_POSITIVE``, ``NUMERIC_RANGE``, ``ENUM_ALLOWED``, ``REGEX_MATCH``, ``DATE_RANGE``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import re2

from actwright.blueprints.guardrail import (
    DateRangeParams,
    EnumParams,
    FieldParams,
    RangeParams,
    RegexParams,
)
from actwright.guardrails.context import EffectContext
from actwright.guardrails.days import bound_day, day_of
from actwright.guardrails.finding import field_title, found
from actwright.guardrails.guarded import GuardedValue, guarded_value
from actwright.guardrails.issue import Issue
from actwright.guardrails.values import plain_number
from actwright.guardrails.wording import listed, shown
from actwright.org.query import JsonScalar
from actwright.org.record_id import is_record_id, record_id
from actwright.org.value import FieldValue

_Test: TypeAlias = Callable[[GuardedValue], bool | None]
_halves = re.compile("[\ud800-\udfff]")
"""Half a character: RE2 reads UTF-8, which has none."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a guardrail demands of a value: its issue's code, the test, and what it asks for in words.

    The test answers None for a value it cannot read; the words are made only where it fails.
    """

    code: str
    test: _Test
    words: Callable[[], str]
    otherwise: str = ""
    """What else to do than to give such a value; empty where nothing is."""


def numeric_positive(params: FieldParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the value is not greater than 0."""
    test = _within(Decimal(0), None, strict=True)
    demand = _Demand("numeric_not_positive", test, lambda: "a number greater than 0")
    return _judged(params.field, context, demand)


def numeric_range(params: RangeParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the value lies outside of the bounds, which belong to the range."""
    low, high = params.min, params.max
    demand = _Demand(
        "numeric_out_of_range", _within(low, high), lambda: f"a number {_span(low, high)}"
    )
    return _judged(params.field, context, demand)


def enum_allowed(params: EnumParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the value is none of the allowed ones; of several values, each must be allowed."""
    guarded = guarded_value(context, params.field)
    if guarded is not None and _empties(guarded) and None in params.values:
        return iter(())

    def test(guarded: GuardedValue) -> bool:
        parts = _parts(guarded)
        return all(any(_same(part, each) for each in params.values) for part in parts)

    told = listed([_plain(each) for each in params.values])
    if len(params.values) == 1:
        other = ", or make a new plan for another value: this one's blueprint writes no other"
        demand = _Demand("enum_not_allowed", test, lambda: told, other)
    else:
        demand = _Demand("enum_not_allowed", test, lambda: f"one of {told}")
    return _judged(params.field, context, demand)


def regex_match(params: RegexParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the pattern does not match the whole text."""

    def test(guarded: GuardedValue) -> bool | None:
        text = guarded.value
        if not isinstance(text, str) or _halves.search(text):
            return None
        return re2.fullmatch(params.pattern, text) is not None

    demand = _Demand(
        "regex_no_match", test, lambda: f"text that matches {shown(params.pattern)} as a whole"
    )
    return _judged(params.field, context, demand)


def date_range(params: DateRangeParams, context: EffectContext) -> Iterator[Issue]:
    """Yield an issue where the day lies outside of the bounds, counted in the person's time zone."""
    first = bound_day(params.from_, context.today) if params.from_ else None
    last = bound_day(params.to, context.today) if params.to else None

    def test(guarded: GuardedValue) -> bool | None:
        day = day_of(guarded.value, context.user.zone)
        if day is None:
            return None
        return not ((first and day < first) or (last and day > last))

    demand = _Demand("date_out_of_range", test, lambda: f"a day {_span(first, last)}")
    return _judged(params.field, context, demand)


def _judged(name: str, context: EffectContext, demand: _Demand) -> Iterator[Issue]:
    guarded = guarded_value(context, name)
    if guarded is None:
        return
    code = demand.code
    if guarded.linked:
        said, code = "the id of a record this plan creates cannot be checked", "value_unreadable"
    elif guarded.value is None:
        said = "the effect would empty the field"
    else:
        verdict = demand.test(guarded)
        if verdict:
            return
        said = f"{shown(guarded.value)} is refused"
        if verdict is None:
            said, code = f"{shown(guarded.value)} cannot be read", "value_unreadable"
    words = demand.words()
    message = f"{field_title(context, name)}: {said}; the guardrail demands {words}."
    yield found(context, code, message, field=name, hint=f"Give {words}{demand.otherwise}.")


def _empties(guarded: GuardedValue) -> bool:
    return guarded.value is None and not guarded.linked


def _within(low: Decimal | None, high: Decimal | None, *, strict: bool = False) -> _Test:
    def test(guarded: GuardedValue) -> bool | None:
        number = plain_number(guarded.value)
        if number is None:
            return None
        if low is not None and (number < low or (strict and number == low)):
            return False
        return high is None or number <= high

    return test


def _span(low: object, high: object) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"from {low} to {high}"


def _parts(guarded: GuardedValue) -> tuple[FieldValue, ...]:
    if guarded.family == "multipicklist" and isinstance(guarded.value, str):
        return tuple(guarded.value.split(";"))
    return (guarded.value,)


def _plain(value: JsonScalar) -> str:
    return (
        "nothing"
        if value is None
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _same(value: FieldValue, allowed: JsonScalar) -> bool:
    """Compare case-sensitively and by type: true is not 1, and the text "1" is not the number."""
    if isinstance(value, bool) or isinstance(allowed, bool):
        return value is allowed
    if isinstance(value, str) and isinstance(allowed, str):
        return value == allowed or _same_record(value, allowed)
    if isinstance(allowed, (int, float)) and isinstance(value, (int, Decimal)):
        return plain_number(value) == Decimal(str(allowed))
    return False


def _same_record(value: str, allowed: str) -> bool:
    return is_record_id(value) and is_record_id(allowed) and record_id(value) == record_id(allowed)
