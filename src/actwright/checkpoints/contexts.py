"""The contexts guardrails judge: one for each effect, built alike at the preview and again just before the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from actwright.blueprints.plan import Plan
from actwright.checkpoints.preview import PreviewedAction
from actwright.checkpoints.snapshot import Snapshots
from actwright.clock import Clock
from actwright.errors import NotFoundError
from actwright.guardrails.context import EffectContext
from actwright.org.effect import Effect
from actwright.org.identity import RunningUser
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSchema
from actwright.org.value import FieldValue


def effect_contexts(
    plan: Plan,
    actions: Sequence[PreviewedAction],
    effects: Sequence[Effect],
    snapshots: Snapshots,
    *,
    reader: OrgReader,
    clock: Clock,
) -> tuple[EffectContext, ...]:
    """Return the context of every effect; an effect merged from several actions has one for each of them."""
    inputs = {each.action_id: _inputs(each) for each in actions}
    rows = Counter(owner for effect in effects for owner in _owners(effect))
    prefixes = {each.name: each.key_prefix for each in reader.objects()}
    today = today_of(reader.user, clock)
    return tuple(
        EffectContext(
            action_id=owner,
            blueprint=action.blueprint,
            guardrails=(*action.blueprint.guardrails, *plan.guardrails),
            effect=effect,
            schema=_schema(reader, effect.object),
            snapshot=snapshots.records.get(effect.record_id or ""),
            inputs=inputs.get(owner, {}),
            user=reader.user,
            today=today,
            rows=rows[owner],
            prefixes=prefixes,
            references=snapshots.references,
        )
        for effect in effects
        for owner in _owners(effect)
        if (action := plan.action(owner)) is not None
    )


def today_of(user: RunningUser, clock: Clock) -> date:
    """Return the date in the person's time zone."""
    return clock.now().astimezone(ZoneInfo(user.zone)).date()


def _owners(effect: Effect) -> tuple[str, ...]:
    return (effect.action_id, *effect.also_for)


def _inputs(action: PreviewedAction) -> Mapping[str, FieldValue]:
    return {each.input: each.value for each in action.arguments}


def _schema(reader: OrgReader, name: str) -> ObjectSchema | None:
    try:
        return reader.describe(name)
    except NotFoundError:
        return None
