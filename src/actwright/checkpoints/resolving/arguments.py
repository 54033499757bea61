"""Resolving arguments: literals, defaults, named data, lookups and outputs become typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.argument import Argument, FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.blueprint import ActionInput
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.canonical import decimal_text
from actwright.checkpoints.resolving.rows import is_row_bound
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.errors import (
    ActwrightError,
    InputError,
    NotFoundError,
    PlanError,
    ValueInvalidError,
)
from actwright.guardrails.finding import BASELINE
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.lookup import Lookup, find
from actwright.org.ports import OrgReader, Record
from actwright.org.provenance import put_out

_HIDDEN = "object_not_visible"


@dataclass(frozen=True, slots=True)
class ResolvedAction:
    """An action of a plan with its arguments resolved, and what kept any of them from it.

    What each row of a repeated action gives is not among them.
    """

    action: PlannedAction
    arguments: Mapping[str, ResolvedArgument]
    issues: tuple[Issue, ...] = ()


class ArgumentResolver:
    """Resolves the arguments of one plan against one org, with all lookups asked together."""

    def __init__(self, plan: Plan, reader: OrgReader) -> None:
        self._plan = plan
        self._reader = reader
        self._values = TypedValues(reader)
        self._found: dict[Lookup, tuple[Record, ...]] = {}
        self._refused: dict[Lookup, InputError] = {}
        self._done: dict[str, Mapping[str, ResolvedArgument]] = {}

    def resolve(self) -> tuple[ResolvedAction, ...]:
        """Return every action in order, each with its arguments or with the issues that keep them back.

        Raises:
            PlanError: An argument is to be what no action puts out.
            OrgError: The org cannot be asked.
        """
        self._find(list(dict.fromkeys(lookups_of(self._plan))))
        return tuple(self._resolve(action) for action in self._plan.order())

    def _find(self, lookups: list[Lookup]) -> None:
        """Ask for all lookups together; where one cannot be asked, halve them until it stands alone.

        A lookup that does not fit the schema is refused before anything is sent, so that the search costs no call.
        """
        try:
            self._found.update(find(self._reader, lookups))
        except InputError as error:
            if len(lookups) == 1:
                self._refused[lookups[0]] = error
                return
            middle = len(lookups) // 2
            self._find(lookups[:middle])
            self._find(lookups[middle:])

    def _resolve(self, action: PlannedAction) -> ResolvedAction:
        arguments: dict[str, ResolvedArgument] = {}
        issues: list[Issue] = []
        for each in action.blueprint.inputs:
            if is_row_bound(action, each):
                continue
            argument = self._argument(action, each)
            try:
                resolved = self._value(action, each, argument) if argument else None
            except (ValueInvalidError, NotFoundError) as error:
                issues.append(_issue(action, each, error))
                continue
            if resolved is not None:
                arguments[each.api_name] = resolved
            if each.required and (resolved is None or _empty(resolved)):
                issues.append(_missing(action, each))
        self._done[action.id] = arguments
        return ResolvedAction(action, arguments, tuple(issues))

    def _argument(self, action: PlannedAction, wanted: ActionInput) -> Argument | None:
        given = action.arguments.get(wanted.api_name)
        if given is None and wanted.default is not None:
            return ValueArgument(
                value=wanted.default, provenance="default", source=action.blueprint.label
            )
        return given

    def _value(
        self, action: PlannedAction, wanted: ActionInput, argument: Argument
    ) -> ResolvedArgument:
        if isinstance(argument, LookupArgument):
            return self._looked_up(action, wanted, argument)
        if isinstance(argument, ValueArgument):
            typed = self._values.typed(
                action, wanted, argument.value, argument.provenance, argument.source
            )
            return typed.model_copy(update={"mixed": argument.mixed}) if argument.mixed else typed
        return self._taken(action, wanted, argument)

    def _taken(
        self, action: PlannedAction, wanted: ActionInput, argument: FromArgument
    ) -> ResolvedArgument:
        name = argument.data_name
        if name is None:
            return self._output(action, wanted, argument)
        if name not in self._plan.data:
            raise NotFoundError(
                f"{wanted.label} is to come from the data {name!r}, which was not given.",
                hint=f"Give it: -d {name}=VALUE.",
            )
        return self._values.typed(action, wanted, self._plan.data[name], "data", f"data {name}")

    def _output(
        self, action: PlannedAction, wanted: ActionInput, argument: FromArgument
    ) -> ResolvedArgument:
        source, output = argument.action_output or ("", "")
        other = self._plan.action(source)
        if other is None:
            raise _no_output(action, wanted, source, output)
        check_output(action, wanted, other, output)
        if other.blueprint.operation in {"CREATE", "UPSERT"}:
            return ResolvedArgument(
                input=wanted.api_name,
                family="id",
                linked_to=source,
                provenance="output",
                source=f"the record {source} creates",
                text=f"the new {other.blueprint.target_s_object}",
            )
        id_input = other.blueprint.id_input
        own = self._done.get(source, {}).get(id_input.api_name) if id_input else None
        if own is None:
            raise NotFoundError(f"{source!r} has no record whose id could be taken.")
        provenance, mixed = put_out((own.provenance, *own.mixed))
        taken = {"provenance": provenance, "source": f"{source}'s id", "mixed": mixed}
        return own.model_copy(update={"input": wanted.api_name, **taken})

    def _looked_up(
        self, action: PlannedAction, wanted: ActionInput, argument: LookupArgument
    ) -> ResolvedArgument:
        lookup = argument.lookup
        if lookup in self._refused:
            raise self._unasked(wanted, lookup)
        records = self._found[lookup]
        if len(records) != 1:
            raise _not_one(wanted, lookup, records)
        record = records[0]
        name_field = self._reader.describe(lookup.object).name_field
        name = record.values.get(name_field.name) if name_field else None
        found = lookup.field.lower() == "id"
        raw = record.id if found else record.values.get(lookup.field)
        typed = self._values.typed(
            action,
            wanted,
            decimal_text(raw) if isinstance(raw, Decimal) else raw,
            "lookup" if found else "record",
            argument.source or inert(str(lookup), limit=300),
        )
        return typed.model_copy(update={"text": str(name) if name is not None else None})

    def _unasked(self, wanted: ActionInput, lookup: Lookup) -> ActwrightError:
        """Return why a lookup could not be asked: a hidden object is a refusal, all else is wrong in itself."""
        if not self._values.sees(lookup.object):
            return NotFoundError(
                f"{wanted.label} is looked up in {lookup.object}, which is not visible to "
                f"{inert(self._reader.user.username)}, or does not exist.",
                where=lookup.object,
                hint=f"Check the spelling, or ask an administrator for read access to {lookup.object}.",
                code=_HIDDEN,
            )
        error = self._refused[lookup]
        return ValueInvalidError(
            f"{wanted.label} cannot be looked up: {inert(error.message, limit=300)}"
            + (f" ({inert(error.where, limit=200)})" if error.where else ""),
            hint=error.hint,
            code="lookup_invalid",
        )


def check_output(
    action: PlannedAction, wanted: ActionInput, other: PlannedAction, output: str
) -> None:
    """Refuse an output that an action which hands out effects does not have: all but the id of its one record.

    Raises:
        PlanError: It is another one, or the action is repeated, and has many.
    """
    if output.lower() != "id":
        raise _no_output(action, wanted, other.id, output)
    if other.for_each is not None:
        raise _output_of_rows(action, wanted, other.id)


def lookups_of(plan: Plan) -> list[Lookup]:
    """Return every lookup among a plan's arguments, in order."""
    return [
        argument.lookup
        for action in plan.actions
        for argument in action.arguments.values()
        if isinstance(argument, LookupArgument)
    ]


def _not_one(wanted: ActionInput, lookup: Lookup, records: Sequence[Record]) -> NotFoundError:
    if not records:
        return NotFoundError(
            f"{wanted.label}: no {inert(str(lookup))} was found.",
            hint="Check the name, and that you may see the record.",
            code="lookup_not_found",
        )
    ids = ", ".join(each.id for each in records[:5])
    return NotFoundError(
        f"{wanted.label}: {len(records)} records match {inert(str(lookup))}.",
        hint=f"Give the id of the one you mean: {ids}.",
        code="lookup_ambiguous",
    )


def _no_output(action: PlannedAction, wanted: ActionInput, source: str, output: str) -> PlanError:
    return PlanError(
        f"{wanted.label} of action {action.id!r} would be {output!r} of {source!r}, which puts out nothing but the id of "
        "its record.",
        where=f"{action.id}.{wanted.api_name}",
        hint="Give the value itself, as data or by a lookup.",
        code="output_unknown",
    )


def _output_of_rows(action: PlannedAction, wanted: ActionInput, source: str) -> PlanError:
    return PlanError(
        f"{wanted.label} of action {action.id!r} would be the output of {source!r}, which is repeated for many rows.",
        where=f"{action.id}.{wanted.api_name}",
        hint="Repeat this action for the same rows, or name the one record that is meant.",
        code="output_of_rows",
    )


def _empty(argument: ResolvedArgument) -> bool:
    blank = argument.value is None or (
        isinstance(argument.value, str) and not argument.value.strip()
    )
    return blank and argument.linked_to is None


def _issue(action: PlannedAction, wanted: ActionInput, error: ActwrightError) -> Issue:
    hidden = error.error_code == _HIDDEN
    return Issue(
        code=error.error_code,
        action_id=action.id,
        object=error.where if hidden else action.blueprint.target_s_object,
        field=None if hidden else wanted.field_api_name,
        guardrail=BASELINE if hidden else None,
        message=error.message,
        hint=error.hint,
    )


def _missing(action: PlannedAction, wanted: ActionInput) -> Issue:
    return Issue(
        code="required_missing",
        action_id=action.id,
        object=action.blueprint.target_s_object,
        field=wanted.field_api_name,
        message=f"{wanted.label} is required and has no value.",
        hint=f"Give it: -d {action.id}.{wanted.api_name}=VALUE.",
    )
