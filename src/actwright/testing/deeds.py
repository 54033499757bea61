"""Deeds: what actions come down to, so that two ways of planning the same thing are the same.

Several updates of one record are one deed; the order of the actions counts only where one takes another's output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.org.query import Condition
from actwright.testing.goals import (
    Containing,
    ExpectedAction,
    ExpectedCondition,
    ExpectedForEach,
    ExpectedValue,
    OneOf,
)
from actwright.testing.meaning import Held, Made, Meaning, Meanings


@dataclass(frozen=True, slots=True)
class Deed:
    """What one action, or several updates of one record, would do."""

    blueprints: frozenset[str]
    object: str
    operation: str
    said: Mapping[str, Meaning]
    """What the plan says, by field in lower case."""
    implied: Mapping[str, Meaning]
    """What the blueprints' defaults add."""
    rows: ForEach | None = None

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.said.items())
        return f"{'+'.join(sorted(self.blueprints))}({said})"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case expects of one deed: values by field in lower case, each with its right meanings."""

    blueprints: tuple[frozenset[str], ...]
    object: str | None
    operation: str | None
    values: Mapping[str, ExpectedValue]
    made: tuple[Made | None, ...]
    rows: ExpectedForEach | None
    meanings: Meanings

    def __str__(self) -> str:
        named = "+".join("/".join(sorted(each)) for each in self.blueprints)
        return f"{named or f'{self.operation} {self.object}'}({', '.join(self.values)})"


def planned_deeds(plan: Plan, meanings: Meanings) -> tuple[Deed, ...]:
    """Return what a plan would do."""
    made = dict(_made((each.id, _kind(each.blueprint)) for each in plan.actions))
    deeds = [_deed(each, plan, meanings, made) for each in plan.actions]
    return _merged(deeds)


def expected_deeds(
    actions: Sequence[ExpectedAction], planned: Iterable[Deed], meanings: Meanings
) -> tuple[Wanted, ...]:
    """Return what a case expects, with updates of one record as one where the plan has them as one."""
    kinds = {name: (deed.operation, deed.object) for deed in planned for name in deed.blueprints}
    numbered = ((str(index), _wanted_kind(each, kinds)) for index, each in enumerate(actions))
    known = dict(_made(numbered))
    made = tuple(known.get(str(index)) for index in range(len(actions)))
    found: dict[object, Wanted] = {}
    for index, each in enumerate(actions):
        wanted = _wanted(each, made, meanings)
        key = _record_key(each) or index
        found[key] = _joined(found[key], wanted) if key in found else wanted
    return tuple(found.values())


def wanting(wanted: Wanted, deed: Deed) -> list[str]:
    """Return how a deed differs from what is wanted, one line each."""
    lines = _of_another_kind(wanted, deed)
    for name, value in wanted.values.items():
        found = deed.said.get(name, deed.implied.get(name))
        if name == "id" and deed.rows:
            continue
        known = name in deed.said or name in deed.implied
        if not known and isinstance(value, OneOf) and None in value.one_of:
            continue
        if not known or not _right(value, found, wanted):
            lines.append(f"{name} is {found if known else 'not set'}, not {_shown(value)}")
    named = bool(wanted.blueprints) or deed.operation == "CREATE"
    surplus = deed.said if named else {**deed.implied, **deed.said}
    extra = [
        name for name in surplus if name not in wanted.values and not (name == "id" and deed.rows)
    ]
    lines += [f"also sets {name} to {surplus[name]}" for name in extra]
    return lines + _other_rows(wanted, deed)


def _kind(blueprint: ActionBlueprint) -> tuple[str, str]:
    return blueprint.operation, blueprint.target_s_object or blueprint.target or ""


def _made(kinds: Iterable[tuple[str, tuple[str, str]]]) -> Iterable[tuple[str, Made]]:
    """Count the records that creating actions make, by object."""
    counted: Counter[str] = Counter()
    for action_id, (operation, name) in kinds:
        if operation == "CREATE":
            counted[name] += 1
            yield action_id, Made(name, counted[name])


def _deed(action: PlannedAction, plan: Plan, meanings: Meanings, made: Mapping[str, Made]) -> Deed:
    operation, name = _kind(action.blueprint)
    said: dict[str, Meaning] = {}
    implied: dict[str, Meaning] = {}
    for each in action.blueprint.inputs:
        argument = action.arguments.get(each.api_name)
        if argument is None:
            if each.default is not None:
                implied[_field(each)] = meanings.scalar(each.default)
            continue
        default = isinstance(argument, ValueArgument) and _by_default(each, argument)
        target = implied if default else said
        target[_field(each)] = meanings.planned(argument, plan, made)
    blueprints = frozenset({action.blueprint.name})
    return Deed(blueprints, name, operation, said, implied, action.for_each)


def _by_default(each: ActionInput, argument: ValueArgument) -> bool:
    """Tell whether the blueprint would have set the value by itself."""
    own = each.default is not None and argument.value == each.default
    return own or argument.provenance == "default"


def _field(each: ActionInput) -> str:
    return (each.field_api_name or each.api_name).lower()


def _merged(deeds: Iterable[Deed]) -> tuple[Deed, ...]:
    """Return deeds with all updates of one record as one, unless they contradict each other."""
    found: dict[object, Deed] = {}
    for index, each in enumerate(deeds):
        key = (each.object, each.said.get("id")) if each.operation == "UPDATE" else None
        if key is None or each.rows or key[1] is None:
            found[index] = each
            continue
        before = found.get(key)
        agrees = before is None or all(
            before.said.get(name, value) == value for name, value in each.said.items()
        )
        found[key if agrees else index] = _together(before, each) if before and agrees else each
    return tuple(found.values())


def _together(first: Deed, second: Deed) -> Deed:
    said = {**first.said, **second.said}
    implied = {**first.implied, **second.implied}
    names = first.blueprints | second.blueprints
    return replace(first, blueprints=names, said=said, implied=implied)


def _wanted_kind(action: ExpectedAction, kinds: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    if action.object and action.operation:
        return action.operation, action.object
    return next((kinds[each] for each in action.blueprint or () if each in kinds), ("", ""))


def _wanted(action: ExpectedAction, made: tuple[Made | None, ...], meanings: Meanings) -> Wanted:
    blueprints = (frozenset(action.blueprint),) if action.blueprint else ()
    values = {name.lower(): value for name, value in action.arguments.items()}
    return Wanted(
        blueprints, action.object, action.operation, values, made, action.for_each, meanings
    )


def _record_key(action: ExpectedAction) -> object:
    record = action.arguments.get("Id")
    deletes = action.operation == "DELETE" or any(
        each.startswith("Delete") for each in action.blueprint or ()
    )
    return record if isinstance(record, str) and not deletes else None


def _joined(first: Wanted, second: Wanted) -> Wanted:
    values = {**first.values, **second.values}
    return replace(first, blueprints=first.blueprints + second.blueprints, values=values)


def _of_another_kind(wanted: Wanted, deed: Deed) -> list[str]:
    lines = [
        f"is {'+'.join(sorted(deed.blueprints))}, not {' or '.join(sorted(each))}"
        for each in wanted.blueprints
        if not each & deed.blueprints
    ]
    if wanted.object and wanted.object != deed.object:
        lines.append(f"is about {deed.object}, not {wanted.object}")
    if wanted.operation and wanted.operation != deed.operation:
        lines.append(f"is {deed.operation}, not {wanted.operation}")
    return lines


def _right(value: ExpectedValue, found: Meaning, wanted: Wanted) -> bool:
    if isinstance(value, Containing):
        return value.contains.casefold() in str(found).casefold()
    choices = value.one_of if isinstance(value, OneOf) else (value,)
    record = isinstance(found, Held | Made)
    return any(
        wanted.meanings.expected(each, wanted.made, record=record) == found for each in choices
    )


def _other_rows(wanted: Wanted, deed: Deed) -> list[str]:
    if wanted.rows is None or deed.rows is None:
        same = (wanted.rows is None) == (deed.rows is None)
        return [] if same else ["is for one record, not for many" if wanted.rows else "is for many"]
    lines = []
    if wanted.rows.object != deed.rows.object:
        lines.append(f"is for each {deed.rows.object}, not each {wanted.rows.object}")
    if deed.rows.limit > wanted.rows.at_most:
        lines.append(f"takes up to {deed.rows.limit} rows, not {wanted.rows.at_most}")
    left = list(deed.rows.where)
    for each in wanted.rows.conditions:
        held = next(
            (one for one in left if any(_holds(x, one, wanted, deed.rows.object) for x in each)),
            None,
        )
        if held is None:
            lines.append(f"lacks the condition on {each[0].field[0]}")
        else:
            left.remove(held)
    spare = wanted.rows.also
    surplus = [
        one for one in left if not any(_holds(x, one, wanted, deed.rows.object) for x in spare)
    ]
    return lines + [f"has a further condition on {each.field}" for each in surplus]


def _holds(expected: ExpectedCondition, planned: Condition, wanted: Wanted, name: str) -> bool:
    """Tell whether a planned condition is one of those an expected one allows."""
    if isinstance(expected.value, Containing):
        return False
    values = expected.value.one_of if isinstance(expected.value, OneOf) else (expected.value,)
    found = wanted.meanings.condition(name, planned)
    return any(
        found == wanted.meanings.wanted_condition(name, field, operator, value)
        for field in expected.field
        for operator in expected.operator
        for value in values
    )


def _shown(value: ExpectedValue) -> str:
    if isinstance(value, Containing):
        return f"a text with {value.contains!r}"
    choices = value.one_of if isinstance(value, OneOf) else (value,)
    return " or ".join(map(str, choices))
