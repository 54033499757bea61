"""What a run has behind it: which actions are done, which were left out, which in part, and what they put out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from actwright.checkpoints.preview import Preview
from actwright.checkpoints.waves.going_on import Because, GoingOn
from actwright.checkpoints.wording.effect_words import owners
from actwright.document import validated
from actwright.errors import RunError
from actwright.org.effect import Effect
from actwright.org.outcome import EffectOutcome, EffectStatus
from actwright.org.query import JsonScalar
from actwright.runs.record.event import JournalEvent

_Place = tuple[int, str]
"""A stage, and the id of an effect or of a group in it: these begin anew with each stage."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a journal tells of the effects of all stages.

    Attributes:
        outcomes: What became of each effect, as it was last told.
        skipped: The groups a person said to go on without.
    """

    outcomes: Mapping[_Place, EffectOutcome]
    skipped: frozenset[_Place]

    def status(
        self, stage: int, effect: Effect, group_id: str
    ) -> EffectStatus | Literal["skipped"]:
        """Return what became of an effect; ``not_sent`` where nothing is told of it."""
        found = self.outcomes.get((stage, effect.id))
        if found is not None and found.status in {"done", "unknown"}:
            return found.status
        if (stage, group_id) in self.skipped:
            return "skipped"
        return found.status if found is not None else "not_sent"


@dataclass
class _Behind:
    """What one action of a run has come to, over all stages."""

    statuses: set[str] = field(default_factory=set)
    """What became of its effects in the newest stage that has it."""
    begun: bool = False
    """Whether something of it is done, in whatever stage."""
    written: list[str] = field(default_factory=list)
    outputs: dict[str, JsonScalar] = field(default_factory=dict)


def told(events: Sequence[JournalEvent]) -> Told:
    """Return what a journal tells of the effects of all stages.

    Raises:
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    outcomes: dict[_Place, EffectOutcome] = {}
    skipped: set[_Place] = set()
    newest = 1
    for event in events:
        newest += event.kind == "run_continued"
        stage = int(event.data.get("stage", newest))
        for each in _outcomes(event):
            outcomes[stage, each.effect_id] = each
        if event.kind == "group_skipped":
            skipped.add((stage, str(event.data.get("groupId", ""))))
    return Told(outcomes, frozenset(skipped))


def going_on(
    events: Sequence[JournalEvent],
    stages: Sequence[Preview],
    because: Because,
) -> GoingOn:
    """Return what a further stage of a run goes on from.

    Args:
        events: The run's journal.
        stages: The previews it has carried out or is carrying out, in order.
        because: Why there is to be another stage.

    Raises:
        RunError: Nobody knows yet what became of something that was sent.
        DocumentError: An event does not hold what its kind says: the store was damaged.
    """
    run_id, known = events[0].run_id, told(events)
    actions: dict[str, _Behind] = {}
    for stage, preview in enumerate(stages, start=1):
        _take_in(actions, stage, preview, known)
    _check_known(run_id, actions)
    return GoingOn(
        run_id=run_id,
        stage=len(stages) + 1,
        after=events[-1].seq,
        because=because,
        done=tuple(key for key, each in actions.items() if _is_done(each)),
        skipped=tuple(
            key for key, each in actions.items() if each.statuses == {"skipped"} and not each.begun
        ),
        in_part={
            key: tuple(dict.fromkeys(each.written))
            for key, each in actions.items()
            if each.begun and not _is_done(each)
        },
        outputs={key: _put_out(each) for key, each in actions.items()},
        writes=sum(each.status == "done" for each in known.outcomes.values()),
    )


def _take_in(actions: dict[str, _Behind], stage: int, preview: Preview, known: Told) -> None:
    """Add one stage; what it has done of an action comes on top of what earlier stages had."""
    statuses: dict[str, set[str]] = defaultdict(set)
    for group in preview.groups:
        for effect in group.effects:
            status = known.status(stage, effect, group.id)
            for owner in owners(effect):
                statuses[owner].add(status)
                if status == "done":
                    own = actions.setdefault(owner, _Behind())
                    _note(own, effect, known.outcomes[stage, effect.id])
    for shown in preview.actions:
        one = actions.setdefault(shown.action_id, _Behind())
        # An action without effects had nothing to change: it is done as soon as it was confirmed.
        one.statuses = statuses.get(shown.action_id, {"done"})


def _note(action: _Behind, effect: Effect, outcome: EffectOutcome) -> None:
    record = outcome.record_id or effect.record_id
    action.begun = True
    action.written += [record] if record else []
    action.outputs |= outcome.outputs


def _is_done(action: _Behind) -> bool:
    return (action.begun or "done" in action.statuses) and action.statuses <= {"done", "skipped"}


def _put_out(action: _Behind) -> dict[str, JsonScalar]:
    """Return an action's outputs: the id of its one record, and what an override says came of it."""
    records = tuple(dict.fromkeys(action.written))
    own: dict[str, JsonScalar] = {"id": records[0]} if len(records) == 1 else {}
    return own | action.outputs


def _check_known(run_id: str, actions: Mapping[str, _Behind]) -> None:
    lost = [key for key, each in actions.items() if "unknown" in each.statuses]
    if lost:
        raise RunError(
            f"Nobody knows yet what became of {', '.join(lost)}; nothing can come behind it before that is known.",
            where=run_id,
            hint=f"actwright inspect {run_id}",
            code="run_in_doubt",
        )


def _outcomes(event: JournalEvent) -> Iterator[EffectOutcome]:
    """Yield what an event says became of effects; of what is about to be sent, that nobody knows."""
    if event.kind == "group_intended":
        for key in event.data.get("effects", ()):
            yield EffectOutcome(effect_id=str(key), status="unknown")
    elif event.kind in {"group_settled", "group_reconciled"}:
        for entry in event.data.get("outcomes", ()):
            yield validated(EffectOutcome, entry, where=event.run_id)
