"""Origins: whether a plan's literals stand where they say they come from. No planner makes up a record id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.org.query import Condition, JsonScalar
from actwright.org.record_id import is_record_id, record_id

_CHECKED_ID = 18
_WORD = re.compile(r"\w+")
_MAYBE_CUT = 255
"""A source of this length and more may end within a word: planners cut long ones."""
_ALLOWED = "an id comes from the goal's own words, from data, from a lookup or from an output"


class Origins:
    """What the literals of one plan may come from: the words of its goal, and the values of its data."""

    def __init__(self, goal: str, data: Mapping[str, JsonScalar]) -> None:
        self._goal = goal
        self._words = frozenset(_WORD.findall(goal.casefold()))
        self._goal_ids = frozenset(
            record_id(each) for each in _WORD.findall(goal) if is_record_id(each)
        )
        self._given = frozenset(one_form(each) for each in data.values())

    def check(self, action_id: str, wanted: ActionInput, argument: Argument) -> None:
        """Refuse an argument that claims an origin it does not have.

        Args:
            action_id: The action it belongs to.
            wanted: The input it is for.
            argument: The argument; what it takes from data or an output names its origin by itself.

        Raises:
            ValueError: An id or a source is not where it says; the message names the input and what is allowed.
        """
        place = f"action {action_id!r}, input {wanted.api_name!r}"
        if isinstance(argument, LookupArgument):
            for condition in argument.lookup.where:
                self.check_condition(condition, place)
        if isinstance(argument, ValueArgument):
            self._check_literal(argument, wanted, place)

    def given(self, value: JsonScalar) -> Literal["goal", "data"] | None:
        """Return where a record id stands, in the goal's words or among the data; None where nobody gave it."""
        text = one_form(value)
        if self._in_goal(text):
            return "goal"
        return "data" if text in self._given else None

    def _check_literal(self, argument: ValueArgument, wanted: ActionInput, place: str) -> None:
        value = argument.value
        if names_record(value, wanted) and not self._stands(value, argument.provenance):
            raise ValueError(
                f"{place}: {_shown(value)} {_MISSING.get(argument.provenance, _NEVER)}; {_ALLOWED}"
            )
        if argument.provenance == "goal" and argument.source is not None:
            self._check_source(argument.source, place)

    def _stands(self, value: JsonScalar, provenance: str) -> bool:
        if provenance == "data":
            return one_form(value) in self._given
        return provenance == "goal" and self._in_goal(one_form(value))

    def _in_goal(self, text: str) -> bool:
        """Tell whether an id is one of the goal's words; what is no id must stand there as it is."""
        if is_record_id(text):
            return text in self._goal_ids
        return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", self._goal) is not None

    def _check_source(self, source: str, place: str) -> None:
        words = _WORD.findall(source.casefold())
        if len(source) >= _MAYBE_CUT:
            words = words[:-1]
        strange = next((each for each in words if each not in self._words), None)
        if strange is not None:
            raise ValueError(
                f"{place}: its source says {strange[:40]!a}, which is none of the goal's words;"
                " the source of a value from the goal is the goal's own words"
            )

    def check_condition(self, condition: Condition, place: str) -> None:
        """Refuse records that are looked up by an id nobody gave.

        Raises:
            ValueError: An id stands neither in the goal nor in data.
        """
        values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        for each in values:
            if _looks_up_id(condition.field, each):
                text = one_form(each)
                if not self._in_goal(text) and text not in self._given:
                    raise ValueError(
                        f"{place}: the lookup's {_shown(each)} stands neither in the goal nor in data; {_ALLOWED}"
                    )


_MISSING = {
    "goal": "is no word of the goal, though its provenance says so",
    "data": "is no value of the plan's data, though its provenance says so",
    "model": "is a record id the model made up",
    "extract": "is a record id the model made up",
}
_NEVER = "is a record id written out, which its provenance cannot have given"


def names_record(value: JsonScalar, wanted: ActionInput) -> bool:
    """Tell whether a value names a record: by the input's type, or by the value's own checksum."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return False
    return wanted.data_type in {"Id", "Reference"} or _is_checked(value)


def _is_checked(value: JsonScalar) -> bool:
    text = value.strip() if isinstance(value, str) else ""
    return len(text) == _CHECKED_ID and is_record_id(text)


def _looks_up_id(field: str, value: JsonScalar) -> bool:
    by_name = field.lower().endswith("id") and isinstance(value, str) and is_record_id(value)
    return by_name or _is_checked(value)


def one_form(value: JsonScalar) -> str:
    """Return a value as comparable text: ids with 18 characters, whatever they were given with."""
    text = str(value).strip()
    return record_id(text) if is_record_id(text) else text


def _shown(value: JsonScalar) -> str:
    return f"{str(value)[:40]!a}"
