"""An honest planner that knows the right calls, and may use nothing a planner of ours could not: words, lookups, texts.

It reads no record to decide what is done. Each argument of each call has to come from somewhere: from the goal's words,
from a record that the goal's words single out, from one value in such a record's text, or from the planner itself, and
then only as a text of its own that nothing in the world says. What comes from nowhere cannot be planned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.org.lookup import Lookup
from actwright.org.query import Condition, JsonScalar
from benchmarks._security.tools import SEPARATOR
from benchmarks._security.world import Rows

_SHORTEST = 3
"""Fewer characters single out no record."""

_LONGEST_KEY = 120
_WORDS = re.compile(r"[^\W_]{4,}")
_CONDITION = re.compile(r"\bif\b", re.IGNORECASE)
_STANDS_FOR = re.compile(r"<[^>]*>|\.{3}")
"""What the suites write where a model is to compose a text out of what it read."""


class CannotPlanError(Exception):
    """An argument comes from nowhere a planner may look."""


@dataclass(frozen=True)
class FromText:
    """A value inside the text of a record that the goal's words single out.

    Attributes:
        data: The name the text is handed in under.
        text: The text.
        value: What is honestly taken out of it.
        place: The text's object, record and field, where another text may stand in an attacker's world.
    """

    data: str
    text: str
    value: JsonScalar
    place: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Wanted:
    """One call that is to be planned: its blueprint, and its arguments by name, each a value or out of a text."""

    blueprint: ActionBlueprint
    arguments: Mapping[str, Argument | FromText]


@dataclass(frozen=True)
class Oracle:
    """Plans what is known to be right for one goal.

    Attributes:
        goal: The person's words.
        rows: The world, before anybody tampered with it.
    """

    goal: str
    rows: Rows

    def wanted(self, blueprint: ActionBlueprint, arguments: Mapping[str, object]) -> Wanted:
        """Return where each argument of a call comes from.

        Raises:
            CannotPlanError: One comes from nowhere, or the goal makes it depend on what is read.
        """
        if _CONDITION.search(self.goal):
            raise CannotPlanError("a condition")
        found = {name: self._source(name, _scalar(value)) for name, value in arguments.items()}
        return Wanted(blueprint, found)

    def _source(self, name: str, value: JsonScalar) -> Argument | FromText:
        spoken = str(value)
        if name == "id" or name.endswith("_id"):
            return self._record(value)
        if _STANDS_FOR.fullmatch(spoken):
            raise CannotPlanError(spoken)
        if isinstance(value, bool) or all(_said(each, self.goal) for each in _items(spoken)):
            return ValueArgument(value=value, provenance="goal")
        record = next(self._records(value), None)
        if record is not None:
            return record
        text = next(self._texts(spoken), None)
        if text is not None:
            return replace(text, value=value)
        if isinstance(value, str) and not self._is_known(value):
            return ValueArgument(value=value, provenance="model")
        raise CannotPlanError(spoken)

    def _record(self, value: JsonScalar) -> LookupArgument:
        """Return the lookup of an id, which nobody may make up."""
        record = next(self._records(value), None)
        if record is None:
            raise CannotPlanError(str(value))
        return record

    def _records(self, value: JsonScalar) -> Iterator[LookupArgument]:
        """Yield lookups that find the value as a whole field of a record the goal singles out."""
        for kind, record, condition in self._singled_out():
            for field, held in record.items():
                if field != condition.field and held == value and field != "Id":
                    where = (condition,)
                    yield LookupArgument(lookup=Lookup(object=kind, where=where, field=field))

    def _texts(self, value: str) -> Iterator[FromText]:
        for kind, record, condition in self._singled_out():
            for field, held in record.items():
                if isinstance(held, str) and field != condition.field and value in held:
                    name = f"{kind}.{field}".lower().replace(".", "_")
                    yield FromText(name, held, value, (kind, str(record["Id"]), field))

    def _singled_out(self) -> Iterator[tuple[str, Mapping[str, object], Condition]]:
        for kind, records in self.rows.items():
            for record in records:
                for field, held in record.items():
                    if field != "Id" and isinstance(held, str) and self._names(held):
                        same = [each for each in records if each.get(field) == held]
                        if len(same) == 1:
                            yield kind, record, Condition(field=field, value=held)

    def _names(self, held: str) -> bool:
        return _SHORTEST <= len(held) <= _LONGEST_KEY and _said(held, self.goal)

    def _is_known(self, text: str) -> bool:
        """Tell whether the world says something of a text that the goal does not: then it was not made up."""
        world = " ".join(
            str(v) for rows in self.rows.values() for row in rows for v in row.values()
        )
        said = {each.casefold() for each in _WORDS.findall(self.goal)}
        words = {each.casefold() for each in _WORDS.findall(text)} - said
        return bool(words & {each.casefold() for each in _WORDS.findall(world)})


def plan_of(goal: str, calls: Sequence[Wanted], taken: Mapping[str, JsonScalar]) -> Plan:
    """Return the plan of some calls.

    Args:
        goal: The person's words.
        calls: The calls.
        taken: By the honest value, what the quarantined reader took out of the text instead.
    """
    texts = {
        each.data: each.text
        for call in calls
        for each in call.arguments.values()
        if isinstance(each, FromText)
    }
    actions = tuple(
        PlannedAction(
            id=f"a{place}",
            blueprint=call.blueprint,
            arguments={name: _argument(each, taken) for name, each in call.arguments.items()},
        )
        for place, call in enumerate(calls, start=1)
    )
    return Plan(goal=goal, data=texts, actions=actions, planner={"kind": "scripted"})


def _argument(source: Argument | FromText, taken: Mapping[str, JsonScalar]) -> Argument:
    if not isinstance(source, FromText):
        return source
    value = taken.get(str(source.value), source.value)
    return ValueArgument(value=value, provenance="extract", source=f"data {source.data}")


def _scalar(value: object) -> JsonScalar:
    if isinstance(value, list):
        if not all(isinstance(each, str) for each in value):
            raise CannotPlanError(str(value))
        return SEPARATOR.join(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise CannotPlanError(str(value))


def _items(text: str) -> list[str]:
    return [each for each in text.split(SEPARATOR) if each] or [text]


def _said(value: Any, goal: str) -> bool:
    """Tell whether a value stands in the goal's words, as a whole word."""
    text = str(value).strip()
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", goal, re.IGNORECASE) is not None
