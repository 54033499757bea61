"""The contexts guardrails judge: one for each effect, built alike at the preview and again just before the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from zoneinfo import ZoneInfo

from actwright.actions.compensation import compensated_name, is_of_its_undo
from actwright.blueprints.plan import Plan, PlannedAction
from actwright.checkpoints.preview import PreviewedAction
from actwright.checkpoints.reading.offers import with_offers
from actwright.checkpoints.reading.snapshot import Snapshots
from actwright.clock import Clock
from actwright.errors import NotFoundError
from actwright.guardrails.context import EffectContext
from actwright.org.effect import Effect
from actwright.org.identity import RunningUser
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema
from actwright.org.value import FieldValue

RowInputs: TypeAlias = Mapping[str, Mapping[str, FieldValue]]
"""What rows gave themselves, by input; under the id of their record, or of the effect that creates one."""


def effect_contexts(
    plan: Plan,
    actions: Sequence[PreviewedAction],
    effects: Sequence[Effect],
    snapshots: Snapshots,
    *,
    reader: OrgReader,
    clock: Clock,
    given: Mapping[str, RowInputs] | None = None,
    allow_opaque: Collection[str] = (),
) -> tuple[EffectContext, ...]:
    """Return the context of every effect; an effect merged from several actions has one for each of them.

    Args:
        plan: The plan.
        actions: Its actions with their arguments; of repeated ones, those that all rows share.
        effects: What they would do.
        snapshots: The records as they stand.
        reader: The org.
        clock: For the date.
        given: By repeated action, what each row gave itself. Just before the run nobody reads the rows again: what
            they gave stands in the effects by then.
        allow_opaque: The names of the blueprints whose override may act by itself.
    """
    inputs = {each.action_id: _inputs(each) for each in actions}
    repeated = {each.id: _id_input(each) for each in plan.actions if each.for_each is not None}
    rows = Counter(owner for effect in effects for owner in _owners(effect))
    guardrails = {each.id: (*each.blueprint.guardrails, *plan.guardrails) for each in plan.actions}
    planned = {each.id: each for each in plan.actions}
    prefixes = {each.name: each.key_prefix for each in reader.objects()}
    today = today_of(reader.user, clock)
    contexts = tuple(
        EffectContext(
            action_id=owner,
            blueprint=action.blueprint,
            guardrails=guardrails[owner],
            effect=effect,
            schema=_schema(reader, effect, action),
            snapshot=snapshots.records.get(effect.record_id or ""),
            inputs=_with_row(
                inputs.get(owner, {}), effect, repeated.get(owner), (given or {}).get(owner, {})
            )
            if owner in repeated
            else inputs.get(owner, {}),
            user=reader.user,
            today=today,
            rows=rows[owner],
            prefixes=prefixes,
            references=snapshots.references,
            opaque_allowed=compensated_name(action.blueprint.name) in allow_opaque
            and is_of_its_undo(effect, action.blueprint.name, plan.planner.undoes),
        )
        for effect in effects
        for owner in _owners(effect)
        if (action := planned.get(owner)) is not None
    )
    return with_offers(contexts, reader)


def _with_row(
    shared: Mapping[str, FieldValue], effect: Effect, id_input: str | None, given: RowInputs
) -> Mapping[str, FieldValue]:
    """Return the inputs of one row: those all rows share, the record's own id, and what the row gave."""
    own = given.get(effect.record_id or "") or given.get(effect.id) or {}
    known = {id_input: effect.record_id} if id_input and effect.record_id else {}
    return {**shared, **known, **own}


def _id_input(action: PlannedAction) -> str | None:
    id_input = action.blueprint.id_input
    return id_input.api_name if id_input else None


def today_of(user: RunningUser, clock: Clock) -> date:
    """Return the date in the person's time zone."""
    return clock.now().astimezone(ZoneInfo(user.zone)).date()


def _owners(effect: Effect) -> tuple[str, ...]:
    return (effect.action_id, *effect.also_for)


def _inputs(action: PreviewedAction) -> Mapping[str, FieldValue]:
    return {each.input: each.value for each in action.arguments}


def _schema(reader: OrgReader, effect: Effect, action: PlannedAction) -> ObjectSchema | None:
    """Return the schema of an effect's object; what acts by itself has one only where its blueprint names an object."""
    if effect.kind != "record" and action.blueprint.target_s_object is None:
        return None
    try:
        return reader.describe(effect.object)
    except NotFoundError:
        return None
