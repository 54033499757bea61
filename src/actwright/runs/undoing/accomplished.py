"""What a run accomplished: its effects as the journal says they ended, with the records they left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from actwright.blueprints.plan import PlannedAction
from actwright.document import validated
from actwright.org.effect import Effect, FieldChange
from actwright.org.outcome import EffectOutcome
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue, same_value
from actwright.runs.record.envelope import SideChange
from actwright.runs.record.event import JournalEvent
from actwright.runs.undoing.past_run import PastRun, PastStage


@dataclass(frozen=True, slots=True)
class Accomplished:
    """One effect that happened, or of which nobody knows whether it did.

    Attributes:
        keys: What it is called in its run: the effect's id, from the second stage on behind the stage's number. Several
            where the effects on one record are taken together.
        effect: The effect, with its before-values; links to new records are their ids by now.
        status: ``done``, or ``unknown`` where the org's answer was lost, or the process ended before it came.
        record_id: The record it wrote to; empty where it is not known.
        created: Whether the record is a new one.
        stage: The stage it belongs to.
        at: When its outcome was written down.
        sent_at: When it was about to be sent; an answer that was lost may have been found out about much later.
        action: The action of the plan; None where the plan does not hold it.
        outputs: What an override that acted by itself says came of it.
        observed: Values the org itself put in place of what was sent, by field.
        automated: Labels of fields the org changed beside the plan.
        version: The record's version as the run left it; None where nobody looked.
    """

    keys: tuple[str, ...]
    effect: Effect
    status: Literal["done", "unknown"]
    record_id: str
    created: bool
    stage: int = 1
    at: str = ""
    sent_at: str = ""
    action: PlannedAction | None = None
    outputs: Mapping[str, JsonScalar] = field(default_factory=dict)
    observed: Mapping[str, FieldValue] = field(default_factory=dict)
    automated: tuple[str, ...] = ()
    version: str | None = None

    @property
    def moved(self) -> tuple[FieldChange, ...]:
        """The fields it left otherwise than they were."""
        return tuple(
            each for each in self.effect.changes if not same_value(each.before, each.after)
        )

    @property
    def left_something(self) -> bool:
        """Whether anything is otherwise than before the run."""
        other = self.effect.kind != "record" or self.effect.operation == "DELETE"
        return other or self.created or bool(self.moved)

    def left_behind(self, change: FieldChange) -> FieldValue:
        """Return the value the run left in a field: what it sent, unless the org changed it at once."""
        return self.observed.get(change.field, change.after)


def key_of(stage: int, effect_id: str) -> str:
    """Return what an effect is called in its run."""
    return effect_id if stage == 1 else f"{stage}:{effect_id}"


def accomplished(run: PastRun) -> tuple[Accomplished, ...]:
    """Return the effects of a run that happened or may have happened, stage by stage in the order they were sent in.

    The newest word on each effect counts. A group that was about to be sent and of which nothing more is told may have
    happened.

    Raises:
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    words = newest_words(run.events)
    seen = _seen(run.events)
    return tuple(each for stage in run.stages for each in _of_stage(stage, words, seen))


@dataclass(frozen=True, slots=True)
class Word:
    """The newest word on an effect, when it was written down, and when the effect was about to be sent."""

    outcome: EffectOutcome
    at: str
    sent_at: str = ""


Words = dict[tuple[int, str], Word]
"""The newest words on the effects of a run, by stage and effect."""


@dataclass(slots=True)
class _Seen:
    """What was seen of the records after each commit: side changes by stage and record, and versions by record."""

    beside: dict[tuple[int, str], list[SideChange]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def _of_stage(stage: PastStage, words: Words, seen: _Seen) -> Iterator[Accomplished]:
    links = {
        each.ref: word.outcome.record_id
        for each in stage.preview.effects
        if each.ref and (word := words.get((stage.number, each.id))) and word.outcome.record_id
    }
    for each in stage.preview.effects:
        word = words.get((stage.number, each.id))
        if word is not None and word.outcome.status in {"done", "unknown"}:
            yield _one(stage, _linked(each, links), word, seen)


def _one(stage: PastStage, effect: Effect, word: Word, seen: _Seen) -> Accomplished:
    """Return one effect as it ended; what another person wrote right after it is no part of it."""
    outcome = word.outcome
    record_id = outcome.record_id or effect.record_id or ""
    planned = {each.field for each in effect.changes}
    beside = seen.beside.get((stage.number, record_id), ())
    own = [each for each in beside if each.cause == "automation"]
    return Accomplished(
        keys=(key_of(stage.number, effect.id),),
        effect=effect,
        status="done" if outcome.status == "done" else "unknown",
        record_id=record_id,
        created=outcome.created and effect.record_id is None,
        stage=stage.number,
        at=word.at,
        sent_at=word.sent_at or word.at,
        action=stage.plan.action(effect.action_id),
        outputs=outcome.outputs,
        observed={each.field: each.after for each in own if each.field in planned},
        automated=tuple(each.label for each in own if each.field not in planned),
        version=seen.versions.get(record_id),
    )


def _linked(effect: Effect, links: Mapping[str, str]) -> Effect:
    """Return an effect with the ids of new records in place of the links to them."""
    if all(each.linked_to is None for each in effect.changes):
        return effect
    changes = tuple(
        each.model_copy(update={"after": links.get(each.linked_to), "linked_to": None})
        if each.linked_to
        else each
        for each in effect.changes
    )
    return effect.model_copy(update={"changes": changes})


def newest_words(events: Sequence[JournalEvent]) -> Words:
    """Return the newest word on each effect that was sent or about to be.

    Raises:
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    words: Words = {}
    for stage, event in staged(events):
        if event.kind == "group_intended":
            for effect_id in map(str, event.data.get("effects", ())):
                known = words.get((stage, effect_id))
                if known is None or known.outcome.status != "done":
                    lost = EffectOutcome(effect_id=effect_id, status="unknown")
                    words[stage, effect_id] = Word(lost, event.at, event.at)
        elif event.kind in {"group_settled", "group_reconciled"}:
            for entry in event.data.get("outcomes", ()):
                outcome = validated(EffectOutcome, entry, where=event.run_id)
                before = words.get((stage, outcome.effect_id))
                sent_at = before.sent_at if before else ""
                words[stage, outcome.effect_id] = Word(outcome, event.at, sent_at)
    return words


def _seen(events: Sequence[JournalEvent]) -> _Seen:
    seen = _Seen()
    for stage, event in staged(events):
        if event.kind != "group_observed":
            continue
        for entry in event.data.get("sideChanges", ()):
            change = validated(SideChange, entry, where=event.run_id)
            seen.beside.setdefault((stage, change.record_id), []).append(change)
        seen.versions |= event.data.get("versions", {})
    return seen


def staged(events: Sequence[JournalEvent]) -> Iterator[tuple[int, JournalEvent]]:
    """Yield each event with its stage: the one it names, else the newest by then."""
    newest = 1
    for event in events:
        newest += event.kind == "run_continued"
        yield int(event.data.get("stage", newest)), event
