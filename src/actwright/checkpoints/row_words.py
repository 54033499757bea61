"""Conditions in words: which rows a repeated action is meant for, as people would say it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from actwright.actions.implementation import label_of
from actwright.canonical import decimal_text
from actwright.inert import inert, visible
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import ObjectSchema

_LONGEST = 600
_MOST_VALUES = 5
_WORDS: Mapping[str, str] = {
    "=": "is",
    "!=": "is not",
    "<": "below",
    "<=": "at most",
    ">": "above",
    ">=": "at least",
    "LIKE": "is like",
    "IN": "is one of",
    "NOT IN": "is none of",
}
_DAYS: Mapping[str, str] = {"<": "before", "<=": "up to", ">": "after", ">=": "from"}
"""How days and moments compare."""


def conditions_in_words(
    schema: ObjectSchema | None, where: tuple[Condition, ...], *, zone: str = "UTC"
) -> str:
    """Return the conditions on one line: ``Account.Name is "Contoso", Closed is no, Close Date before 2026-08-23``.

    Args:
        schema: The rows' object; None where it is hidden, and API names must do.
        where: The conditions, all of which hold.
        zone: The person's time zone, in which moments are said.
    """
    text = ", ".join(_condition(schema, each, zone) for each in where)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _condition(schema: ObjectSchema | None, condition: Condition, zone: str) -> str:
    if condition.field.lower() == "id" and condition.operator == "NOT IN":
        # Which ones they are stands in the effects, which have no such record.
        count = len(condition.value) if isinstance(condition.value, tuple) else 1
        return f"{count:,} left out one by one"
    field = schema.field(condition.field) if schema else None
    label = inert(label_of(field), limit=80) if field else condition.field
    timed = field is not None and field.family in {"date", "datetime", "time"}
    verb = (_DAYS if timed else {}).get(condition.operator, _WORDS[condition.operator])
    if field is not None and field.family == "datetime" and isinstance(condition.value, str):
        return f"{label} {verb} {_moment(condition.value, zone)}"
    return f"{label} {verb} {_values(condition, quoted=not timed)}"


def _moment(text: str, zone: str) -> str:
    """Return a moment as the person's clock shows it: midnight as the day; what is no moment as it stands."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        return visible(text, limit=80)
    if moment.tzinfo is None:
        return visible(text, limit=80)
    if local.time() == time():
        return local.date().isoformat()
    return f"{local:%Y-%m-%d %H:%M:%S} ({zone})"


def _values(condition: Condition, *, quoted: bool) -> str:
    if not isinstance(condition.value, tuple):
        return _value(condition.value, quoted=quoted)
    shown = ", ".join(_value(each, quoted=quoted) for each in condition.value[:_MOST_VALUES])
    more = len(condition.value) - _MOST_VALUES
    return f"{shown} and {more} more" if more > 0 else shown


def _value(value: JsonScalar, *, quoted: bool) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        shown = visible(value, limit=80)
        return f'"{shown}"' if quoted else shown
    return decimal_text(Decimal(str(value)))
