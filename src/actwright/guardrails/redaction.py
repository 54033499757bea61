"""Redaction: personal data taken out of effects, before anybody judges, sees or digests them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from actwright.blueprints.guardrail import PiiParams
from actwright.guardrails.context import EffectContext
from actwright.guardrails.guarded import guarded_change
from actwright.guardrails.personal_data import region_of, without
from actwright.org.effect import Effect, FieldChange


def redacted(contexts: Sequence[EffectContext]) -> Mapping[str, Effect]:
    """Return the effects that a ``PII_REDACT`` of mode ``redact`` changes, by their ids.

    A changed field holds the text without what was taken out, and says of it how much of which kind. The key of an
    upsert is left as it is, since another key is another record; so is what is no text. What can still be found in
    them is refused afterwards, by the guardrail itself.
    """
    changed: dict[str, Effect] = {}
    for context in contexts:
        for params in _redactions(context):
            effect = changed.get(context.effect.id, context.effect)
            kept = _without_personal_data(effect, params, context)
            if kept is not effect:
                changed[effect.id] = kept
    return changed


def _redactions(context: EffectContext) -> Iterator[PiiParams]:
    for spec in context.guardrails:
        if spec.type == "PII_REDACT":
            params = spec.parsed()
            if isinstance(params, PiiParams) and params.mode == "redact":
                yield params


def _without_personal_data(effect: Effect, params: PiiParams, context: EffectContext) -> Effect:
    known = (guarded_change(context, each) for each in params.fields)
    names = {each.field.lower() for each in known if each is not None}
    key, region = (effect.key_field or "").lower(), region_of(context.user.locale)
    changes = tuple(
        _shortened(each, params, region)
        if each.field.lower() in names and each.field.lower() != key
        else each
        for each in effect.changes
    )
    return effect if changes == effect.changes else effect.model_copy(update={"changes": changes})


def _shortened(change: FieldChange, params: PiiParams, region: str | None) -> FieldChange:
    if change.family != "string" or not isinstance(change.after, str):
        return change
    text, removed = without(change.after, params.searched, region=region)
    if not removed:
        return change
    source = change.source and without(change.source, params.searched, region=region)[0]
    update = {"after": text, "after_text": None, "source": source}
    return change.model_copy(update=update | {"taken_out": (*change.taken_out, *removed)})
