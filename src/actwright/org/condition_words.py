"""Conditions in words: which records are meant, as people say it: ``of Contoso, open, created before 23 Aug 2026``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate

from actwright.inert import inert, visible
from actwright.org.condition_days import day_words
from actwright.org.query import Condition, JsonScalar
from actwright.org.schema import FieldSchema, ObjectSchema

_LONGEST = 600
_FOR_A_COUNT = 30
"""Characters kept for how many conditions are not spelled out."""

_LONGEST_NAME = 80
_MOST_VALUES = 5
_BARE = re.compile(r"[0-9A-Za-z\u00c0-\u024f][0-9A-Za-z\u00c0-\u024f_ &.'/+\-]*")
_LIKE_OURS = re.compile(r"\b(?:and|or|empty|yes|no)\b|  |[ .]$", re.IGNORECASE)
_COMPARED: Mapping[str, str] = {
    "=": "is",
    "!=": "is not",
    "<": "below",
    "<=": "at most",
    ">": "above",
    ">=": "at least",
    "LIKE": "is like",
    "IN": "is",
    "NOT IN": "is not",
}
_NOT = frozenset({"!=", "NOT IN"})
_SAME = frozenset({"=", "!=", "IN", "NOT IN"})
_STATES: Mapping[str, tuple[str, str]] = {
    "isclosed": ("closed", "open"),
    "iswon": ("won", "not won"),
    "isconverted": ("converted", "not converted"),
    "isescalated": ("escalated", "not escalated"),
    "isactive": ("active", "not active"),
}
"""How people say the usual yes-or-no fields: where they hold, and where they do not."""

_DATED: Mapping[str, str] = {
    "createddate": "created",
    "lastmodifieddate": "changed",
    "closedate": "closing",
    "activitydate": "due",
}
"""How people say the usual dates."""

_WHOSE: Mapping[str, str] = {"account": "of", "what": "of", "who": "of", "owner": "owned by"}
"""How people say whose a record is, by the relationship that leads there."""

_PLAIN: Mapping[str, str] = {"stagename": "Stage", "name": "Name", "ownerid": "Owner"}
"""How people call the usual fields, where no label is at hand."""

_OWNER = "ownerid"
_YOU = " (you)"
_INSIDE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What one or two conditions say, and where that stands: whose they are, their state, the rest."""

    words: str
    place: int = 2


@dataclass(frozen=True, slots=True)
class _Speech:
    schema: ObjectSchema | None
    zone: str
    people: Mapping[str, str] = field(default_factory=dict)

    def field(self, path: str) -> FieldSchema | None:
        return self.schema.field(path) if self.schema is not None else None


def conditions_in_words(
    schema: ObjectSchema | None,
    where: Sequence[Condition],
    *,
    zone: str = "UTC",
    people: Mapping[str, str] | None = None,
) -> str:
    """Return the conditions on one line: whose records they are, their state, then the rest.

    Args:
        schema: The records' object; None where it is hidden or not at hand, and API names must do.
        where: The conditions, all of which hold.
        zone: The person's time zone, in which moments are said.
        people: What the people are called whose ids the conditions hold, by id.
    """
    speech = _Speech(schema, zone, people or {})
    told = [each.words for each in sorted(_phrases(speech, where), key=lambda each: each.place)]
    lengths = accumulate(len(each) + 2 for each in told)
    most = _LONGEST - _FOR_A_COUNT
    shown = told[: max(1, sum(length <= most for length in lengths))]
    text, more = ", ".join(shown), len(told) - len(shown)
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return f"{text}, and {more} more condition{'' if more == 1 else 's'}" if more else text


def _phrases(speech: _Speech, where: Sequence[Condition]) -> Iterator[_Phrase]:
    """Yield what the conditions say; two bounds of one date are said together."""
    said: set[int] = set()
    for at, each in enumerate(where):
        if at in said:
            continue
        other = next((n for n in range(at + 1, len(where)) if _bounds(each, where[n])), None)
        together = _span(speech, each, where[other]) if other is not None else None
        if together is not None and other is not None:
            said.add(other)
        yield together or _phrase(speech, each)


def _bounds(first: Condition, second: Condition) -> bool:
    """Tell whether two conditions are the first and the last day of one field."""
    starts, ends = first.operator == ">=", second.operator in {"<", "<="}
    return first.field.lower() == second.field.lower() and starts and ends


def _span(speech: _Speech, first: Condition, second: Condition) -> _Phrase | None:
    texts = (first.value, second.value)
    if not all(isinstance(each, str) and _is_timed(speech, first, each) for each in texts):
        return None
    start = day_words(first.operator, str(first.value), speech.zone)
    end = day_words(second.operator, str(second.value), speech.zone)
    if not start.startswith("from ") or not end:
        return None
    end = end.replace("up to ", "to ") if end.startswith("up to ") else f"and {end}"
    return _Phrase(f"{_dated(speech, first)} {start} {end}")


def _phrase(speech: _Speech, condition: Condition) -> _Phrase:
    name, value = condition.field.lower(), condition.value
    if name == "id" and condition.operator == "NOT IN":
        # Which ones they are stands in the effects, which have no such record.
        count = len(value) if isinstance(value, tuple) else 1
        return _Phrase(f"{count:,} left out one by one", 3)
    if isinstance(value, bool) and condition.operator in {"=", "!="}:
        return _state(speech, condition, holds=value == (condition.operator == "="))
    whose = _whose(speech, condition)
    if whose is not None:
        return whose
    if isinstance(value, str) and _is_timed(speech, condition, value):
        told = day_words(condition.operator, value, speech.zone)
        if told:
            return _Phrase(f"{_dated(speech, condition)} {told}")
    if name == "name" and condition.operator in _SAME and value is not None:
        return _Phrase(f"{'not ' * (condition.operator in _NOT)}called {_values(condition)}", 0)
    label = _label(speech, condition.field)
    return _Phrase(f"{label} {_COMPARED[condition.operator]} {_values(condition)}")


def _state(speech: _Speech, condition: Condition, *, holds: bool) -> _Phrase:
    known = _STATES.get(condition.field.lower())
    if known is not None:
        return _Phrase(known[0] if holds else known[1], 1)
    return _Phrase(f"{_label(speech, condition.field)} is {'yes' if holds else 'no'}")


def _whose(speech: _Speech, condition: Condition) -> _Phrase | None:
    """Return ``of Contoso`` and ``owned by Bob Baxter``, where a condition names the record above."""
    head, _, rest = condition.field.lower().partition(".")
    ids = (condition.value,) if isinstance(condition.value, str) else condition.value or ()
    if head == _OWNER and isinstance(ids, tuple):
        called = [speech.people.get(str(each)) for each in ids]
        if condition.operator not in _SAME or not all(called):
            return None
        names = " or ".join(_person(str(each)) for each in called)
        return _Phrase(f"{'not ' * (condition.operator in _NOT)}owned by {names}", 0)
    if (head, rest) == ("owner", "type") and condition.value in {"User", "Queue"}:
        what = "a person" if condition.value == "User" else "a queue"
        return _Phrase(f"{'not ' * (condition.operator in _NOT)}owned by {what}", 0)
    if rest not in {"name", "username"} or head not in _WHOSE or condition.operator not in _SAME:
        return None
    if condition.value is None:
        return None
    return _Phrase(f"{'not ' * (condition.operator in _NOT)}{_WHOSE[head]} {_values(condition)}", 0)


def _person(name: str) -> str:
    """Return a person's name, in quotes where it could be taken for words of ours; ``(you)`` is one of ours."""
    plain = name.removesuffix(_YOU)
    return f"{_value(plain)}{name[len(plain) :]}"


def _is_timed(speech: _Speech, condition: Condition, value: str) -> bool:
    """Tell whether a day or a moment is compared; where nothing is known of the field, its value tells."""
    found = speech.field(condition.field)
    if condition.operator not in {"=", "!=", "<", "<=", ">", ">="}:
        return False
    if found is not None:
        return found.family in {"date", "datetime"}
    return bool(_ISO.fullmatch(value))


def _dated(speech: _Speech, condition: Condition) -> str:
    return _DATED.get(condition.field.lower()) or _label(speech, condition.field)


def _label(speech: _Speech, path: str) -> str:
    """Return a field's label; a record above is called by the reference that leads to it: ``Campaign``."""
    head, dot, rest = path.partition(".")
    if dot and speech.schema is not None:
        fields = (each for each in speech.schema.fields if each.relationship_name)
        up = next(
            (each for each in fields if str(each.relationship_name).lower() == head.lower()), None
        )
        if up is not None:
            label = inert(up.label.removesuffix(" ID"), limit=_LONGEST_NAME)
            return label if rest.lower() == "name" else f"{label} {rest}"
    found = speech.field(path)
    if found is None:
        return _PLAIN.get(path.lower()) or _spaced(path)
    label = found.label.removesuffix(" ID") if found.family == "id" else found.label
    return inert(label, limit=_LONGEST_NAME)


def _spaced(path: str) -> str:
    """Return the words of a standard field's API name: ``Lead Source``; any other name as it stands."""
    return path if "__" in path or "." in path else _INSIDE.sub(" ", path)


def _values(condition: Condition) -> str:
    if not isinstance(condition.value, tuple):
        return _value(condition.value)
    joined = " or ".join(_value(each) for each in condition.value[:_MOST_VALUES])
    more = len(condition.value) - _MOST_VALUES
    return f"{joined} or {more} more" if more > 0 else joined


def _value(value: JsonScalar) -> str:
    """Return a value; a text stands in quotes, which it cannot end, wherever it could be taken for words of ours."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        shown = visible(value, limit=_LONGEST_NAME)
        bare = _BARE.fullmatch(shown) and not _LIKE_OURS.search(shown)
        return shown if bare else '"{}"'.format(shown.replace('"', '\\"'))
    return f"{Decimal(str(value)):,f}"
