"""Composing previews: everything found out about a plan becomes one document, with the question and the digest."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actwright.actions.inverse import inverse
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.digest import digest_of
from actwright.checkpoints.groups.grouping import calls_to_apply, notices, price, transactions
from actwright.checkpoints.preview import (
    Cost,
    DeepCheck,
    Later,
    Preview,
    PreviewedAction,
    RowsBound,
    Terms,
    Undo,
)
from actwright.checkpoints.reading.cascade import calls_for
from actwright.checkpoints.reading.pointers import calls_for_pointers
from actwright.checkpoints.resolving.production import Production
from actwright.checkpoints.waves.going_on import GoingOn
from actwright.checkpoints.wording.effect_words import changes_nothing, held_already
from actwright.checkpoints.wording.question import question
from actwright.clock import Clock, timestamp
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.ports import OrgReader


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found out about a plan.

    Attributes:
        plan: The plan.
        terms: What the person allows it.
        actions: Its actions, with who carries them out.
        groups: What would go out together.
        rows: What its repeated actions are bound to.
        issues: What the checks found.
        deep: What the org said of it, where it was let try.
        calls: How many API calls all that took.
        notices: What to know about carrying it out in this org.
        later: The actions that have to wait for what others put out.
        going_on: What the run has behind it that this goes on with; None for a new run.
        policy: What the policy says of it.
        call_price: What an API call costs; None where nobody has said.
    """

    plan: Plan
    terms: Terms
    actions: tuple[PreviewedAction, ...]
    groups: tuple[EffectGroup, ...]
    rows: tuple[RowsBound, ...]
    issues: tuple[Issue, ...]
    deep: DeepCheck | None
    calls: int
    policy: PolicyVerdict
    notices: tuple[str, ...] = ()
    later: tuple[Later, ...] = ()
    going_on: GoingOn | None = None
    call_price: Decimal | None = None


def compose(found: Findings, reader: OrgReader, clock: Clock) -> Preview:
    """Return the preview of what was found out."""
    effects = [effect for group in found.groups for effect in group.effects]
    user, org = reader.user, reader.identity
    asked = question(
        effects,
        user=user,
        org=org,
        rows=found.rows,
        groups=found.groups,
        named=found.plan.planner.kind == "undo",
        later=found.later,
    )
    made = Preview(
        id=f"prv_{secrets.token_hex(10)}",
        plan_id=found.plan.id,
        goal=found.plan.goal,
        at=timestamp(clock.now()),
        actions=_without_personal_data(found, effects),
        groups=found.groups,
        question=asked,
        planner_words=_planner_words(found),
        issues=found.issues,
        cost=_cost(found, effects, reader),
        undo=tuple(_undo(each, found.policy.kept.get(each.id, "")) for each in effects),
        rows=found.rows,
        notices=_notices(found),
        terms=found.terms,
        deep=found.deep,
        running_user=user,
        org=org,
        policy_version=found.policy.version,
        approval=found.policy.approval,
        decisions=found.policy.decisions,
        later=found.later,
        **_bound_to(found.going_on),
        digest="",
    )
    return made.model_copy(update={"digest": digest_of(made)})


def _bound_to(going_on: GoingOn | None) -> dict[str, Any]:
    """Return the fields of a preview that say which run it goes on with."""
    if going_on is None:
        return {}
    return {
        "run_id": going_on.run_id,
        "stage": going_on.stage,
        "after": going_on.after,
        "because": going_on.because,
    }


def _notices(found: Findings) -> tuple[str, ...]:
    before = found.going_on.notices(found.plan) if found.going_on else ()
    return (*found.policy.notices, *before, *notices(found.groups), *found.notices)


def _planner_words(found: Findings) -> str:
    """Return the planner's own sentence; none where it is what blueprints ask of one record, and there are many."""
    own = " ".join(each.blueprint.checkpoint for each in found.plan.actions)
    if found.rows and own.startswith(found.plan.checkpoint):
        return ""
    return inert(found.plan.checkpoint, limit=300)


def previewed_actions(productions: Sequence[Production]) -> tuple[PreviewedAction, ...]:
    """Return the actions with who carries them out; of a repeated one, the arguments that all rows share."""
    return tuple(
        PreviewedAction(
            action_id=each.resolved.action.id,
            blueprint=each.resolved.action.blueprint.name,
            label=each.resolved.action.blueprint.label,
            implementation=each.chosen.name,
            implementation_kind=each.chosen.kind,
            arguments=tuple(each.resolved.arguments.values()),
        )
        for each in productions
    )


def _without_personal_data(
    found: Findings, effects: Sequence[Effect]
) -> tuple[PreviewedAction, ...]:
    """Return the actions without what a guardrail took out of their effects: no part of a preview repeats it."""
    taken = {
        (owner, effect.kind == "opaque", change.field.lower()): change
        for effect in effects
        for change in effect.changes
        if change.taken_out
        for owner in (effect.action_id, *effect.also_for)
    }
    if not taken:
        return found.actions
    return tuple(
        _with_taken(each, found.plan.action(each.action_id), taken) for each in found.actions
    )


def _with_taken(
    shown: PreviewedAction,
    action: PlannedAction | None,
    taken: Mapping[tuple[str, bool, str], FieldChange],
) -> PreviewedAction:
    known = action.blueprint.inputs if action else ()
    fields = {each.api_name: each.field_api_name.lower() for each in known}
    changes = [
        taken.get((shown.action_id, False, fields.get(each.input, "")))
        or taken.get((shown.action_id, True, each.input.lower()))
        for each in shown.arguments
    ]
    arguments = (
        each.model_copy(update={"value": change.after, "source": change.source, "text": None})
        if change
        else each
        for each, change in zip(shown.arguments, changes, strict=True)
    )
    return shown.model_copy(update={"arguments": tuple(arguments)})


def _cost(found: Findings, effects: Sequence[Effect], reader: OrgReader) -> Cost:
    looking = calls_for(reader, effects)
    if found.plan.planner.undoes is not None:
        looking += calls_for_pointers(reader, effects)
    return Cost(
        preview_calls=found.calls,
        apply_calls=calls_to_apply(found.groups) + looking,
        writes=len(effects),
        transactions=transactions(found.groups),
        call_price=found.call_price,
        price=price(found.groups, found.call_price),
    )


def _undo(effect: Effect, kept: str) -> Undo:
    """Return how an effect is taken back, unless the policy would refuse to."""
    if changes_nothing(effect):
        text = f"{held_already(effect)}: there is nothing to take back."
        return Undo(effect_id=effect.id, possible=True, text=text)
    back = inverse(effect)
    if back.possible and kept:
        text = f"Cannot be undone under the policy as it is now: {kept}"
        return Undo(effect_id=effect.id, possible=False, text=inert(text, limit=600))
    return Undo(effect_id=effect.id, possible=back.possible, text=inert(back.text))
