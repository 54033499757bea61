"""A plan people agreed to, as a case expects it: blueprints, records by their names, values; never prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from actwright.blueprints.argument import Argument, FromArgument, LookupArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import ForEach, Plan, PlannedAction
from actwright.checkpoints.preview import Preview
from actwright.org.query import JsonScalar
from actwright.testing.goals import (
    Expectation,
    ExpectedAction,
    ExpectedCondition,
    ExpectedForEach,
)


class UnsayableError(ValueError):
    """A plan holds what no case can say; its text says what."""


def expectation_of(plan: Plan, preview: Preview | None) -> Expectation:
    """Return what a case expects whose right outcome is a plan.

    Args:
        plan: The plan; what its blueprints would have set by themselves is left out.
        preview: A preview of it, which knows the names of the records its lookups found.

    Raises:
        UnsayableError: It has no actions, or one of them holds what no case can say.
    """
    if not plan.actions:
        raise UnsayableError("it has no actions")
    reading = _Reading(plan, preview)
    return Expectation(actions=tuple(map(reading.action, plan.actions)))


@dataclass(frozen=True, slots=True)
class _Reading:
    plan: Plan
    preview: Preview | None

    def action(self, action: PlannedAction) -> ExpectedAction:
        """Return one action.

        Raises:
            UnsayableError: It holds what no case can say.
        """
        return ExpectedAction(
            blueprint=(action.blueprint.name,),
            arguments=dict(self._arguments(action)),
            for_each=_rows(action.for_each) if action.for_each else None,
        )

    def _arguments(self, action: PlannedAction) -> Iterator[tuple[str, JsonScalar]]:
        names = self._record_names(action)
        for each in action.blueprint.inputs:
            argument = action.arguments.get(each.api_name)
            if argument is not None and not _by_default(each, argument):
                value = self._value(argument, names.get(each.api_name))
                yield each.field_api_name, value

    def _value(self, argument: Argument, name: str | None) -> JsonScalar:
        if isinstance(argument, LookupArgument):
            return _record(argument, name)
        if not isinstance(argument, FromArgument):
            return argument.value
        if argument.action_output is not None:
            return f"output of a{self._place(argument.action_output[0])}"
        if argument.data_name is not None:
            return self.plan.data.get(argument.data_name)
        raise UnsayableError("a value of it is taken from each row")

    def _place(self, action_id: str) -> int:
        return [each.id for each in self.plan.actions].index(action_id) + 1

    def _record_names(self, action: PlannedAction) -> Mapping[str, str]:
        """Return what people call the records that lookups found, by input."""
        shown = self.preview.action(action.id) if self.preview else None
        return {each.input: each.text for each in (shown.arguments if shown else ()) if each.text}


def _by_default(wanted: ActionInput, argument: Argument) -> bool:
    if isinstance(argument, (FromArgument, LookupArgument)):
        return False
    own = wanted.default is not None and argument.value == wanted.default
    return own or argument.provenance == "default"


def _record(argument: LookupArgument, name: str | None) -> str:
    """Return a record as cases name it, ``Account: Acme``."""
    lookup = argument.lookup
    if lookup.field != "Id":
        raise UnsayableError(f"it reads {lookup.field} of a record")
    exact = [each.value for each in lookup.where if each.operator == "="]
    called = name or (exact[0] if len(exact) == len(lookup.where) == 1 else None)
    if not isinstance(called, str):
        raise UnsayableError("nobody knows what people call a record it is about")
    return f"{lookup.object}: {called}"


def _rows(rows: ForEach) -> ExpectedForEach:
    if rows.rows is not None:
        raise UnsayableError("its rows were handed in")
    conditions = tuple(
        (ExpectedCondition(field=(each.field,), operator=(each.operator,), value=each.value),)
        for each in rows.where
    )
    return ExpectedForEach(object=rows.object, conditions=conditions, at_most=rows.limit)
