"""What a planned or an expected value means in an org: which record, which number, which moment; never its wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument
from actwright.blueprints.plan import Plan
from actwright.errors import ActwrightError, DocumentError
from actwright.org.lookup import Lookup, find
from actwright.org.ports import OrgReader
from actwright.org.query import Condition, JsonScalar, Operator

_OUTPUT = re.compile(r"output of a([1-9][0-9]?)")
_RECORD = re.compile(r"([A-Z][A-Za-z0-9_]*): (\S.*)", re.DOTALL)
_SHORT_ID = 15


@dataclass(frozen=True, slots=True)
class Held:
    """A record of the org, by its id."""

    id: str

    def __str__(self) -> str:
        return f"record {self.id}"


@dataclass(frozen=True, slots=True)
class Made:
    """A record the plan itself makes: the ``count``-th of its object."""

    object: str
    count: int

    def __str__(self) -> str:
        return f"the new {self.object} {self.count}"


Meaning = Held | Made | Decimal | datetime | date | bool | str | None
"""What a value comes down to."""


def named_record(value: object) -> tuple[str, str] | None:
    """Return object and name of a record as cases write it, ``Account: Acme``; None where ``value`` is none."""
    found = _RECORD.fullmatch(value) if isinstance(value, str) else None
    return (found[1], found[2]) if found else None


def output_of(value: object) -> int | None:
    """Return which action's output a case means by ``output of a1``; None where ``value`` is none."""
    found = _OUTPUT.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) if found else None


class Meanings:
    """Reads values as one person in one org would; remembers every record it found.

    Args:
        org: Where lookups are tried, read-only.
    """

    def __init__(self, org: OrgReader) -> None:
        self._org = org
        self._found: dict[Lookup, Meaning] = {}

    def planned(self, argument: Argument, plan: Plan, made: Mapping[str, Made]) -> Meaning:
        """Return what an argument of a plan means.

        Args:
            argument: The argument.
            plan: The plan it stands in, for its data.
            made: The records the plan makes, by action id.
        """
        if isinstance(argument, LookupArgument):
            return self._looked_up(argument.lookup)
        if isinstance(argument, FromArgument):
            if argument.action_output:
                return made.get(argument.action_output[0], str(argument.from_))
            if argument.data_name is None:
                return self.scalar(argument.from_)
            return self.scalar(plan.data.get(argument.data_name))
        return self.scalar(argument.value)

    def expected(self, value: JsonScalar, made: Sequence[Made | None], *, record: bool) -> Meaning:
        """Return what a value of a case means.

        Args:
            value: As written in the case.
            made: The record each of the expected actions makes, in order.
            record: Whether the input takes a record.

        Raises:
            DocumentError: The case names a record that the org does not hold exactly once.
        """
        if record and isinstance(value, str):
            if number := output_of(value):
                return made[number - 1] if number <= len(made) else value
            if named := named_record(value):
                return self._record(*named)
        return self.scalar(value)

    def scalar(self, value: JsonScalar) -> Meaning:
        """Return a plain value: numbers by amount, moments in UTC, ids whole, texts without case and blanks."""
        if value is None or isinstance(value, bool):
            return value
        if not isinstance(value, str):
            return Decimal(str(value))
        return _moment(value) or _day(value) or _number(value) or _text(value)

    def condition(self, name: str, condition: Condition) -> tuple[str, str, object]:
        """Return a condition such that a parent's name and a parent's id are the same condition."""
        wanted = condition.value
        parent = self._parent(name, condition)
        if parent is not None:
            return parent
        values = wanted if isinstance(wanted, tuple) else (wanted,)
        return (condition.field.lower(), condition.operator, frozenset(map(self._bound, values)))

    def wanted_condition(
        self, name: str, field: str, operator: Operator, value: JsonScalar | tuple[JsonScalar, ...]
    ) -> tuple[str, str, object]:
        """Return what a case compares a field with, where a record may be written as one."""
        named = named_record(value)
        if named:
            return (field.lower(), operator, frozenset({self._record(*named)}))
        return self.condition(name, Condition(field=field, operator=operator, value=value))

    def _parent(self, name: str, condition: Condition) -> tuple[str, str, object] | None:
        head, _, rest = condition.field.partition(".")
        schema = self._org.describe(name)
        fields = (each for each in schema.fields if rest and each.relationship_name == head)
        parent = next(fields, None)
        if parent is None or condition.operator != "=" or isinstance(condition.value, tuple):
            return None
        for target in parent.reference_to:
            found = self._tried(target, Condition(field=rest, value=condition.value))
            if isinstance(found, Held):
                return (parent.name.lower(), "=", frozenset({found}))
        return None

    def _bound(self, value: JsonScalar) -> Meaning:
        """Read a moment as its day in the person's zone: a condition counts days, not hours."""
        meaning = self.scalar(value)
        if isinstance(meaning, datetime):
            return meaning.astimezone(ZoneInfo(self._org.user.zone)).date()
        return meaning

    def _record(self, name: str, wanted: str) -> Meaning:
        field = self._org.describe(name).name_field
        if field is None:
            raise _unjudgeable(f"{name} has no name field")
        condition = Condition(field=field.name, value=wanted)
        found = self._looked_up(Lookup(object=name, where=(condition,)))
        if not isinstance(found, Held):
            raise _unjudgeable(f"not exactly one {name} is called {wanted!r}: {found}")
        return found

    def _tried(self, name: str, condition: Condition) -> Meaning:
        try:
            return self._looked_up(Lookup(object=name, where=(condition,)))
        except ActwrightError:
            return None

    def _looked_up(self, lookup: Lookup) -> Meaning:
        if lookup not in self._found:
            rows = find(self._org, [lookup])[lookup]
            values = {
                row.id if lookup.field == "Id" else row.values.get(lookup.field) for row in rows
            }
            (one, *others) = sorted(map(str, values)) or ["nothing"]
            alone = rows and not others
            self._found[lookup] = self._as_value(one) if alone else f"{len(rows)} of {lookup}"
        return self._found[lookup]

    def _as_value(self, text: str) -> Meaning:
        return _held(text) or self.scalar(text)


def _unjudgeable(what: str) -> DocumentError:
    return DocumentError(
        f"The case cannot be judged: {what}.",
        hint="Name a record of the org as 'Object: Name'.",
        code="goal_unjudgeable",
    )


def _held(text: str) -> Held | None:
    known = len(text) in {_SHORT_ID, 18} and text.isascii() and text.isalnum()
    return Held(text[:_SHORT_ID]) if known and any(each.isdigit() for each in text[:5]) else None


def _moment(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.strip("-").replace(".", "").isdigit() else None
    except InvalidOperation:
        return None


def _text(text: str) -> Held | str:
    return _held(text) or " ".join(text.split()).strip(" .").casefold()
