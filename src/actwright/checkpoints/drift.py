"""Drift: how the org moved on between the preview and the run, record by record and field by field."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.checkpoints.reading.snapshot import Snapshots
from actwright.checkpoints.wording.effect_words import plain_value
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.effect import Effect
from actwright.org.ports import RecordSnapshot
from actwright.org.value import same_value

_HINT = "Preview the plan again and confirm what it shows then."


def drift(effects: Sequence[Effect], now: Snapshots) -> tuple[Issue, ...]:
    """Return one issue for each difference between what was previewed and what stands there now."""
    return tuple(issue for each in effects for issue in _of(each, now))


def appeared(previewed: Sequence[Effect], now: Sequence[Effect]) -> tuple[Issue, ...]:
    """Return one issue for each upsert whose key matches another record than it did at the preview."""
    return tuple(
        _issue(
            old,
            old.key_field,
            "drift_key",
            f"{old.object_label or old.object}: at the preview {old.key_field} matched "
            f"{old.record_id or 'no record'}, now it matches {new.record_id or 'none'}.",
        )
        for old, new in zip(previewed, now, strict=True)
        if old.record_id != new.record_id
    )


def joined(previewed: Sequence[Effect], now: Sequence[Effect]) -> tuple[Issue, ...]:
    """Return one issue for each delete that would take other children with it than were shown."""
    return tuple(
        _issue(
            old,
            None,
            "drift_cascade",
            f"Deleting {old.object_label or old.object} {inert(old.record_name or old.record_id or '')} would now take "
            f"{_counted(new)} with it; at the preview it was {_counted(old)}.",
        )
        for old, new in zip(previewed, now, strict=True)
        if old.also_deletes != new.also_deletes
    )


def pointed(previewed: Sequence[Effect], now: Sequence[Effect]) -> tuple[Issue, ...]:
    """Return one issue for each delete of a record that others point to otherwise than was shown."""
    return tuple(
        _issue(
            old,
            None,
            "drift_in_use",
            f"{old.object_label or old.object} {inert(old.record_name or old.record_id or '')} was to be deleted: at the "
            f"preview {_words(old)}, and now {_words(new)}.",
        )
        for old, new in zip(previewed, now, strict=True)
        if old.in_use != new.in_use
    )


def _words(effect: Effect) -> str:
    return effect.in_use.words if effect.in_use else "nothing of others points to it"


def _counted(effect: Effect) -> str:
    parts = [f"{each.count} {inert(each.label)}" for each in effect.also_deletes]
    return ", ".join(parts) or "nothing"


def _of(effect: Effect, now: Snapshots) -> list[Issue]:
    if effect.record_id is None:
        return []
    record = now.records.get(effect.record_id)
    name = inert(effect.record_name or effect.record_id)
    what = f"{inert(effect.object_label or effect.object)} {name}"
    if record is None:
        return [_issue(effect, None, "drift_gone", f"{what} is gone, or you may no longer see it.")]
    changed = _fields(effect, record, what)
    if not changed and record.version != effect.version:
        changed.append(
            _issue(
                effect,
                None,
                "drift_version",
                f"{what} was changed at {record.version}, after it was previewed.",
            )
        )
    return changed


def _fields(effect: Effect, record: RecordSnapshot, what: str) -> list[Issue]:
    return [
        _issue(
            effect,
            change.field,
            "drift_field",
            f"{what}: {inert(change.label)} was {plain_value(change.before, change.family)} "
            f"at the preview and is {plain_value(record.values.get(change.field), change.family)} now.",
        )
        for change in effect.changes
        if not same_value(record.values.get(change.field), change.before)
    ]


def _issue(effect: Effect, field: str | None, code: str, message: str) -> Issue:
    return Issue(
        code=code,
        action_id=effect.action_id,
        object=effect.object,
        field=field,
        message=message,
        hint=_HINT,
        record_id=effect.record_id,
    )
