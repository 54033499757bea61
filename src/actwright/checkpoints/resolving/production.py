"""Producing effects: each resolved action goes through its implementation, and what comes out is held to the rules.

A repeated action goes through it once a row, and its effects are numbered through. Two writes to one record become one effect where they agree, and are refused where they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import ActionRequest, ResolvedArgument
from actwright.checkpoints.resolving.acting import acting_issues
from actwright.checkpoints.resolving.arguments import ResolvedAction
from actwright.checkpoints.resolving.row_arguments import RowArguments, RowFaults, row_error
from actwright.checkpoints.resolving.rows import Binding
from actwright.checkpoints.resolving.typed_values import TypedValues
from actwright.checkpoints.resolving.vetting import promised, vetted
from actwright.errors import ActwrightError, ImplementationError, InputError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader
from actwright.org.value import FieldValue


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
        answer = _answer(chosen, request)
        checked = vetted if chosen.opaque is None else promised
        return Production(resolved, chosen, checked(answer, request, chosen.name))
    except InputError as error:
        return Production(resolved, chosen, issues=(_issue(resolved, error),))


def _repeated(
    resolved: ResolvedAction,
    chosen: ChosenImplementation,
    reader: OrgReader,
    rows: RowArguments,
    binding: Binding,
) -> Production:
    action, faults = resolved.action, RowFaults(resolved)
    effects: list[Effect] = []
    given: dict[str, Mapping[str, FieldValue]] = {}
    for row, own in rows.each(faults):
        request = ActionRequest(action.id, action.blueprint, {**resolved.arguments, **own}, reader)
        try:
            answer = _answer(chosen, request)
            made = vetted(answer, request, chosen.name, first=len(effects) + 1, linkable=False)
        except InputError as error:
            faults.add(row, error, row_error(error))
            continue
        effects += made
        given |= dict.fromkeys((each.record_id or each.id for each in made), _plain(own))
    issues = faults.issues()
    if issues:
        return Production(resolved, chosen, issues=issues, binding=binding)
    return Production(resolved, chosen, tuple(effects), binding=binding, given=given)


def _plain(own: Mapping[str, ResolvedArgument]) -> Mapping[str, FieldValue]:
    return {name: each.value for name, each in own.items()}


def _unbound(binding: Binding | None) -> tuple[Issue, ...]:
    return (binding.issue,) if binding is not None and binding.issue is not None else ()


def _answer(chosen: ChosenImplementation, request: ActionRequest) -> object:
    try:
        return chosen.implementation.effects(request)
    except ActwrightError:
        raise
    except Exception as error:
        # An override is foreign code: whatever breaks in it is told as its own failure.
        raise ImplementationError(
            f"{chosen.name} broke down: {type(error).__name__}: {inert(str(error))}",
            where=request.action_id,
            hint="Mend the override, or take its registration out.",
        ) from error


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
    changes = list(first.changes)
    for change in second.changes:
        same = first.change(change.field)
        if same is None:
            changes.append(change)
        elif (same.after, same.linked_to) != (change.after, change.linked_to):
            raise RefusedError(
                f"{first.action_id!r} and {second.action_id!r} give {inert(change.label)} different values.",
                where=f"{second.id}.{change.field}",
                hint="Keep the value you mean, and take the other out of the plan.",
                code="field_written_twice",
            )
    also = (*first.also_for, second.action_id)
    return first.model_copy(update={"changes": tuple(changes), "also_for": also})


def _issue(resolved: ResolvedAction, error: ActwrightError) -> Issue:
    return Issue(
        code=error.error_code,
        action_id=resolved.action.id,
        object=resolved.action.blueprint.target_s_object,
        field=(error.where or "").partition(".")[2] or None,
        message=error.message,
        hint=error.hint,
    )
