"""Producing effects: each resolved action goes through its implementation, and what comes out is held to the rules.

Two writes to one record become one effect where they agree, and are refused where they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import ActionRequest
from actwright.checkpoints.arguments import ResolvedAction
from actwright.checkpoints.vetting import vetted
from actwright.errors import ActwrightError, ImplementationError, InputError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader


@dataclass(frozen=True, slots=True)
class Production:
    """The effects of one action, and who produced them."""

    resolved: ResolvedAction
    chosen: ChosenImplementation
    effects: tuple[Effect, ...] = ()
    issues: tuple[Issue, ...] = ()


def produce(
    actions: Sequence[ResolvedAction], factory: Factory, reader: OrgReader
) -> tuple[Production, ...]:
    """Return the effects of each action, in order; none, and its issues, where its arguments did not resolve.

    Raises:
        ImplementationError: There is no implementation for an action, or it broke down.
        OrgError: The org cannot be asked.
    """
    productions: dict[str, Production] = {}
    for each in actions:
        chosen = factory.resolve(each.action.blueprint)
        issues = each.issues or _waiting(each, productions)
        productions[each.action.id] = (
            Production(each, chosen, issues=issues) if issues else _produced(each, chosen, reader)
        )
    return tuple(productions.values())


def merged(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Return the effects with writes to one record brought together.

    Raises:
        RefusedError: Two of them contradict each other.
    """
    by_record: dict[str, Effect] = {}
    for effect in effects:
        key = effect.record_id or f"new:{effect.id}"
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
        return Production(resolved, chosen, vetted(answer, request, chosen.name))
    except InputError as error:
        return Production(resolved, chosen, issues=(_issue(resolved, error),))


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
