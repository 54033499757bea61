"""Producing effects: each resolved action goes through its implementation, and what comes out is held to the rules.

Two writes to one record become one effect where they agree, and are refused where they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.actions.factory import ChosenImplementation, Factory
from actwright.actions.implementation import ActionRequest
from actwright.checkpoints.arguments import ResolvedAction
from actwright.errors import ActwrightError, ImplementationError, InputError, RefusedError
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect
from actwright.org.ports import OrgReader


@dataclass(frozen=True, slots=True)
class Production:
    """The effects of one action, and who produced them."""

    resolved: ResolvedAction
    chosen: ChosenImplementation
    effects: tuple[Effect, ...]
    issues: tuple[Issue, ...] = ()


def produce(resolved: ResolvedAction, factory: Factory, reader: OrgReader) -> Production:
    """Return the effects of one action; none, and its issues, where its arguments did not resolve.

    Raises:
        ImplementationError: There is no implementation for the action.
        OrgError: The org cannot be asked.
    """
    chosen = factory.resolve(resolved.action.blueprint)
    if resolved.issues:
        return Production(resolved, chosen, (), resolved.issues)
    request = ActionRequest(
        resolved.action.id, resolved.action.blueprint, resolved.arguments, reader
    )
    try:
        effects = _checked(chosen, chosen.implementation.effects(request), resolved)
    except InputError as error:
        return Production(resolved, chosen, (), (_issue(resolved, error),))
    return Production(resolved, chosen, effects)


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


def _checked(
    chosen: ChosenImplementation, answer: object, resolved: ResolvedAction
) -> tuple[Effect, ...]:
    """Return what an implementation answered, if it is effects of its own action, with ids of ours."""
    action_id = resolved.action.id
    effects = tuple(answer) if isinstance(answer, (list, tuple)) else (answer,)
    if not effects or not all(isinstance(each, Effect) for each in effects):
        raise ImplementationError(
            f"{chosen.name} answered with something that is no effect.",
            where=action_id,
            hint="effects(request) returns a sequence of Effect, made by request.create(...) and the like.",
        )
    own = [each for each in effects if isinstance(each, Effect)]
    if any(each.ref not in {None, action_id} for each in own) or (
        sum(each.ref is not None for each in own) > 1
    ):
        raise ImplementationError(
            f"{chosen.name} names new records that are not its own.", where=action_id
        )
    return tuple(
        each.model_copy(update={"id": f"{action_id}.{index}", "action_id": action_id})
        for index, each in enumerate(own, start=1)
    )


def _together(first: Effect, second: Effect) -> Effect:
    if {first.operation, second.operation} != {"UPDATE"}:
        raise RefusedError(
            f"{first.action_id!r} and {second.action_id!r} both write to {first.object} "
            f"{first.record_name or first.record_id}, and cannot be one write.",
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
                f"{first.action_id!r} and {second.action_id!r} give {change.label} different values.",
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
        field=(error.where or "").rpartition(".")[2] or None,
        message=error.message,
        hint=error.hint,
    )
