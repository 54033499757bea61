"""What a run accomplished: its effects as the journal says they ended, with the records they left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from actwright.checkpoints.preview import Preview
from actwright.document import validated
from actwright.org.effect import Effect, FieldChange
from actwright.org.outcome import EffectOutcome
from actwright.org.value import FieldValue
from actwright.runs.envelope import SideChange
from actwright.runs.event import JournalEvent


@dataclass(frozen=True, slots=True)
class Accomplished:
    """One effect that happened, or of which nobody knows whether it did.

    Attributes:
        effect: The effect, with its before-values.
        status: ``done``, or ``unknown`` where the org's answer was lost, or the process ended before it came.
        record_id: The record it wrote to; empty where it is not known.
        created: Whether the record is a new one.
        observed: Values the org itself put in place of what was sent, by field.
        automated: Labels of fields the org changed beside the plan.
        links: The ids of the records that the run created, by ``ref``.
    """

    effect: Effect
    status: Literal["done", "unknown"]
    record_id: str
    created: bool
    observed: Mapping[str, FieldValue] = field(default_factory=dict)
    automated: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)

    def left_behind(self, change: FieldChange) -> FieldValue:
        """Return the value the run left in a field: what it sent, unless the org changed it at once."""
        if change.field in self.observed:
            return self.observed[change.field]
        return self.links.get(change.linked_to) if change.linked_to else change.after


def accomplished(events: Sequence[JournalEvent], preview: Preview) -> tuple[Accomplished, ...]:
    """Return the effects of a run that happened or may have happened, in the order they were sent in.

    A group that was about to be sent and of which nothing more is told may have happened.

    Raises:
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    outcomes, beside = {**_intended(events), **_outcomes(events)}, _side_changes(events)
    links = {
        each.ref: found.record_id
        for each in preview.effects
        if each.ref and (found := outcomes.get(each.id)) and found.record_id
    }
    return tuple(
        _one(each, found, beside.get(_record(each, found), ()), links)
        for each in preview.effects
        if (found := outcomes.get(each.id)) and found.status in {"done", "unknown"}
    )


def _one(
    effect: Effect,
    outcome: EffectOutcome,
    beside: Sequence[SideChange],
    links: Mapping[str, str],
) -> Accomplished:
    """Return one effect as it ended; what another person wrote right after it is no part of it."""
    planned = {each.field for each in effect.changes}
    own = [each for each in beside if each.cause == "automation"]
    return Accomplished(
        effect=effect,
        status="done" if outcome.status == "done" else "unknown",
        record_id=_record(effect, outcome),
        created=outcome.created and effect.record_id is None,
        observed={each.field: each.after for each in own if each.field in planned},
        automated=tuple(each.label for each in own if each.field not in planned),
        links=links,
    )


def _record(effect: Effect, outcome: EffectOutcome) -> str:
    return outcome.record_id or effect.record_id or ""


def _intended(events: Sequence[JournalEvent]) -> dict[str, EffectOutcome]:
    """Return an outcome nobody knows for every effect that was about to be sent."""
    return {
        str(effect_id): EffectOutcome(effect_id=str(effect_id), status="unknown")
        for event in events
        if event.kind == "group_intended"
        for effect_id in event.data.get("effects", ())
    }


def _outcomes(events: Sequence[JournalEvent]) -> dict[str, EffectOutcome]:
    return {
        outcome.effect_id: outcome
        for event in events
        if event.kind == "group_settled"
        for entry in event.data.get("outcomes", ())
        for outcome in (validated(EffectOutcome, entry, where=event.run_id),)
    }


def _side_changes(events: Sequence[JournalEvent]) -> dict[str, list[SideChange]]:
    found: dict[str, list[SideChange]] = {}
    for event in events:
        if event.kind != "group_observed":
            continue
        for entry in event.data.get("sideChanges", ()):
            change = validated(SideChange, entry, where=event.run_id)
            found.setdefault(change.record_id, []).append(change)
    return found
