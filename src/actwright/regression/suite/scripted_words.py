"""Records and rows in the goal's own words: how a model that sees no record says which one is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar, Operator
from actwright.planning.model.reply import ReplyCondition
from actwright.planning.model.reply_conditions import Given
from actwright.testing.goals import Containing, ExpectedCondition, ExpectedValue, OneOf
from actwright.testing.meaning import named_record

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Words:
    """Says records and values in words that the person gave.

    Attributes:
        org: The org, for the names of fields; no record is read.
        goal: The goal.
        given: The words of the goal and of the data.
    """

    org: OrgReader
    goal: str
    given: Given

    def record(self, text: str) -> tuple[ReplyCondition, ...]:
        """Return the conditions that find the record of a case, ``Account: Acme``."""
        name, label = named_record(text) or ("", text)
        schema = self.org.describe(name)
        field = schema.name_field
        path = field.name if field is not None else "Name"
        if self.given.says(label):
            return (condition(path, "=", label),)
        said = next((each for each in _runs(label) if self.given.says(each)), label)
        return (condition(path, "LIKE", f"%{said}%"),)

    def is_me(self, text: str) -> bool:
        """Tell whether a record of a case is the person who asks, and is not called by name."""
        user = self.org.user.name
        said = any(self.given.says(each) for each in user.split())
        return text == f"User: {user}" and not said

    def text(self, wanted: Containing) -> str:
        """Return a text with the words a case wants in it, as the goal writes them."""
        at = self.goal.casefold().find(wanted.contains.casefold())
        return self.goal[at : at + len(wanted.contains)] if at >= 0 else wanted.contains

    def rows(self, object_name: str, wanted: ExpectedCondition) -> ReplyCondition:
        """Return one condition on the rows of an action, a parent by its name."""
        value = plain(wanted.value) if not isinstance(wanted.value, tuple) else wanted.value
        path, operator = wanted.field[0], wanted.operator[0]
        named = named_record(value) if isinstance(value, str) else None
        if named is None:
            return condition(path, operator, self._moment(object_name, path, value))
        return condition(self._by_parent(object_name, path), operator, named[1])

    def _moment(
        self, object_name: str, path: str, value: JsonScalar | tuple[JsonScalar, ...]
    ) -> JsonScalar | tuple[JsonScalar, ...]:
        """Return a day as the moment it begins, in the person's zone, where a field holds moments."""
        field = self.org.describe(object_name).field(path)
        if field is None or field.family != "datetime" or not isinstance(value, str):
            return value
        begins = datetime.combine(date.fromisoformat(value), time(), ZoneInfo(self.org.user.zone))
        return begins.isoformat()

    def _by_parent(self, object_name: str, path: str) -> str:
        """Return the way to the name of the record a reference points to: ``Account.Name``."""
        field = self.org.describe(object_name).field(path)
        if field is None or not field.relationship_name or not field.reference_to:
            return path
        parent = self.org.describe(field.reference_to[0]).name_field
        return f"{field.relationship_name}.{parent.name if parent else 'Name'}"


def plain(value: ExpectedValue) -> JsonScalar:
    """Return the first value that is right; a text whose wording is free by the words it needs."""
    if isinstance(value, Containing):
        return value.contains
    return value.one_of[0] if isinstance(value, OneOf) else value


def condition(
    path: str, operator: Operator, value: JsonScalar | tuple[JsonScalar, ...]
) -> ReplyCondition:
    """Return a condition with its values as text; no value asks for an empty field."""
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    return ReplyCondition(field=path, operator=operator, values=tuple(map(as_text, values)))


def as_text(value: JsonScalar) -> str:
    """Return a value as a reply writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _runs(label: str) -> Iterator[str]:
    """Yield runs of words of a name, the longest first; a number also without its zeros."""
    words = label.split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            run = " ".join(words[start : start + length])
            if len(run) >= _SHORTEST:
                yield run
    if label.isdigit():
        yield label.lstrip("0")
