"""Producing effects: each resolved action goes through its implementation, and what comes out is held to the rules.

A repeated action goes through it once a row, and its effects are numbered through. Two writes to one record become one effect where they agree, and are refused where they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final

from actwright.actions.curated.watched_reader import WatchedReader
from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.checkpoints.resolving.acting import acting_issues, asked, override_answer
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.checkpoints.resolving.row_arguments import RowArguments, RowFaults, row_error
from actwright.checkpoints.resolving.rows import Binding
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.checkpoints.resolving.vetting import promised, vetted, worked_out
from actwright.errors import ActwrightError, InputError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect, FieldChange
from actwright.org.ports import OrgReader
from actwright.org.provenance import least_trusted
from actwright.org.value import FieldValue

_PATIENCE: Final = 300.0
"""Seconds one repeated action's generated code may take for all of its rows: each run has its own ceiling, and there may be
50,000 of them."""


@dataclass(frozen=True, slots=True)
class Production:
    """The effects of one action, and who produced them.

    Attributes:
        resolved: The action and its arguments; of a repeated one, those that all rows share.
        chosen: What carries it out.
        effects: What it would do.
        issues: What keeps it back; it has no effects then.
        binding: The rows it is repeated for, or None.
        given: What each row gave by itself, by input; under the id of its record, or of the effect that creates one.
    """

    resolved: ResolvedAction
    chosen: ChosenImplementation
    effects: tuple[Effect, ...] = ()
    issues: tuple[Issue, ...] = ()
    binding: Binding | None = None
    given: Mapping[str, Mapping[str, FieldValue]] = field(default_factory=dict)

    def without_drafts(self) -> Production:
        """Return the production without its effects, once these were held against the records: there may be many."""
        return replace(self, effects=())


def produce(
    actions: Sequence[ResolvedAction],
    bindings: Mapping[str, Binding],
    factory: Factory,
    reader: OrgReader,
) -> tuple[Production, ...]:
    """Return the effects of each action, in order; none, and its issues, where its arguments did not resolve.

    Args:
        actions: The actions, each behind what it needs.
        bindings: The rows of those that are repeated, by action.
        factory: Which implementation carries out a blueprint.
        reader: The org, read-only.

    Raises:
        ImplementationError: There is no implementation for an action, or it broke down.
        OrgError: The org cannot be asked.
    """
    productions: dict[str, Production] = {}
    values = TypedValues(reader)
    for each in actions:
        chosen, binding = factory.resolve(each.action.blueprint), bindings.get(each.action.id)
        issues = (*each.issues, *_unbound(binding)) or (
            *_waiting(each, productions),
            *acting_issues(each, chosen),
        )
        if issues:
            made = Production(each, chosen, issues=issues, binding=binding)
        elif binding is None:
            made = _produced(each, chosen, reader)
        else:
            made = _repeated(each, chosen, reader, RowArguments(each, binding, values), binding)
        productions[each.action.id] = made
    return tuple(productions.values())


def merged(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects with writes to one record brought together.

    Raises:
        RefusedError: Two of them contradict each other.
    """
    by_record: dict[str, Effect] = {}
    for effect in effects:
        alone = effect.kind != "record" or effect.record_id is None
        key = f"alone:{effect.id}" if alone else effect.record_id or ""
        other = by_record.get(key)
        by_record[key] = effect if other is None else _together(other, effect)
    return tuple(by_record.values())


def _produced(
    resolved: ResolvedAction, chosen: ChosenImplementation, reader: OrgReader
) -> Production:
    action = resolved.action
    request = ActionRequest(action.id, action.blueprint, resolved.arguments, reader)
    try:
        return Production(resolved, chosen, _Asking(chosen, reader).effects(request))
    except InputError as error:
        return Production(resolved, chosen, issues=(_issue(resolved, error),))


def _repeated(
    resolved: ResolvedAction,
    chosen: ChosenImplementation,
    reader: OrgReader,
    rows: RowArguments,
    binding: Binding,
) -> Production:
    action, faults, asking = resolved.action, RowFaults(resolved), _Asking(chosen, reader)
    effects: list[Effect] = []
    given: dict[str, Mapping[str, FieldValue]] = {}
    until = monotonic() + _PATIENCE
    for done, (row, own) in enumerate(rows.each(faults)):
        if chosen.kind == "generated" and monotonic() > until:
            slow = _slow(resolved, chosen, done, len(binding.rows))
            return Production(resolved, chosen, issues=(slow,), binding=binding)
        request = ActionRequest(action.id, action.blueprint, {**resolved.arguments, **own}, reader)
        try:
            made = asking.effects(request, first=len(effects) + 1, linkable=False)
        except InputError as error:
            faults.add(row, error, row_error(error))
            continue
        effects += made
        given |= dict.fromkeys((each.record_id or each.id for each in made), _plain(own))
    issues = faults.issues()
    if issues:
        return Production(resolved, chosen, issues=issues, binding=binding)
    return Production(resolved, chosen, tuple(effects), binding=binding, given=given)


class _Asking:
    """Asks one implementation for the effects of one action, once or row by row.

    What an override has read for one row it may remember for the next, and so the reader is one for all of them.
    """

    def __init__(self, chosen: ChosenImplementation, reader: OrgReader) -> None:
        self._chosen = chosen
        self._watched = WatchedReader(reader)

    def effects(
        self, request: ActionRequest, *, first: int = 1, linkable: bool = True
    ) -> tuple[Effect, ...]:
        """Return the effects, vetted: an override's are not believed, generated code's were collected by this house.

        Raises:
            InputError: There are none, or none that could be carried out.
            OrgError: The org cannot be asked.
        """
        chosen, name = self._chosen, self._chosen.name
        answer = self._answer(request)
        if chosen.opaque is not None:
            return promised(answer, request, name)
        if chosen.kind == "generated":
            return worked_out(answer, request, name, first=first, linkable=linkable)
        read = self._watched.seen
        return vetted(answer, request, name, first=first, linkable=linkable, read=read)

    def _answer(self, request: ActionRequest) -> object:
        chosen = self._chosen
        if chosen.kind != "registered":
            return asked(
                chosen.name, request.action_id, lambda: chosen.implementation.effects(request)
            )
        return override_answer(chosen, request, self._watched)


def _slow(resolved: ResolvedAction, chosen: ChosenImplementation, done: int, rows: int) -> Issue:
    return Issue(
        code="generated_slow",
        action_id=resolved.action.id,
        object=resolved.action.blueprint.target_s_object,
        message=f"{chosen.name} took {_PATIENCE:g} s for {done:,} of {rows:,} rows, and was stopped.",
        hint="Repeat it for fewer rows, or let its code read less for each of them.",
    )


def _plain(own: Mapping[str, ResolvedArgument]) -> Mapping[str, FieldValue]:
    return {name: each.value for name, each in own.items()}


def _unbound(binding: Binding | None) -> tuple[Issue, ...]:
    return (binding.issue,) if binding is not None and binding.issue is not None else ()


def _waiting(resolved: ResolvedAction, before: dict[str, Production]) -> tuple[Issue, ...]:
    """Return an issue for each argument that is the id of a record whose action could not be resolved."""
    return tuple(
        Issue(
            code="dependency_unresolved",
            action_id=resolved.action.id,
            object=resolved.action.blueprint.target_s_object,
            field=argument.input,
            message=f"{argument.input} needs the record that {argument.linked_to!r} creates, which is kept back.",
            hint=f"Mend {argument.linked_to!r} first.",
        )
        for argument in resolved.arguments.values()
        if argument.linked_to in before and before[argument.linked_to].issues
    )


def _together(first: Effect, second: Effect) -> Effect:
    if {first.operation, second.operation} != {"UPDATE"}:
        raise RefusedError(
            f"{first.action_id!r} and {second.action_id!r} both write to {first.object} "
            f"{inert(first.record_name or first.record_id or '')}, and cannot be one write.",
            where=second.id,
            hint="Take one of the two actions out of the plan.",
            code="record_written_twice",
        )
    changes = {each.field: each for each in first.changes}
    for change in second.changes:
        same = first.change(change.field)
        if same is None:
            changes[change.field] = change
        elif (same.after, same.linked_to) != (change.after, change.linked_to):
            raise RefusedError(
                f"{first.action_id!r} and {second.action_id!r} give {inert(change.label)} different values.",
                where=f"{second.id}.{change.field}",
                hint="Keep the value you mean, and take the other out of the plan.",
                code="field_written_twice",
            )
        else:
            changes[same.field] = _least_trusted(same, change)
    also = (*first.also_for, second.action_id)
    return first.model_copy(update={"changes": tuple(changes.values()), "also_for": also})


def _least_trusted(one: FieldChange, other: FieldChange) -> FieldChange:
    """Return the less trusted of two changes that are the same; what is doubted about the other stays with it."""
    made_of = (one.provenance, *one.mixed, other.provenance, *other.mixed)
    provenance, mixed = least_trusted(made_of)
    worse = one if one.provenance == provenance else other
    return worse.model_copy(update={"provenance": provenance, "mixed": mixed})


def _issue(resolved: ResolvedAction, error: ActwrightError) -> Issue:
    return Issue(
        code=error.error_code,
        action_id=resolved.action.id,
        object=resolved.action.blueprint.target_s_object,
        field=(error.where or "").partition(".")[2] or None,
        message=error.message,
        hint=error.hint,
    )
