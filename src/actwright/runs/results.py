"""Results: from effect outcomes to what a caller is told about each action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from actwright.checkpoints.preview import Preview
from actwright.checkpoints.question import (
    changes_nothing,
    deed,
    held_already,
    new_name,
    sentence,
)
from actwright.guardrails.issue import Issue, blocking
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.envelope import ActionResult, ActionStatus
from actwright.runs.observation import SideChanges

_WORST_FIRST: tuple[ActionStatus, ...] = (
    "unknown",
    "failed",
    "refused",
    "rolled_back",
    "not_run",
    "done",
)
_STATUS: Mapping[str, ActionStatus] = {
    "done": "done",
    "failed": "failed",
    "rolled_back": "rolled_back",
    "not_sent": "not_run",
    "unknown": "unknown",
}
_DONE = {
    "CREATE": "Created",
    "UPDATE": "Changed",
    "DELETE": "Deleted",
}
_PRECONDITION = "PRECONDITION_FAILED"


@dataclass
class Ledger:
    """What is known so far about the effects of one run."""

    preview: Preview
    outcomes: dict[str, EffectOutcome] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    durations: dict[str, float] = field(default_factory=dict)
    side_changes: dict[str, SideChanges] = field(default_factory=dict)

    def refuse(self, group: EffectGroup, issues: Sequence[Issue]) -> None:
        """Note that a group was stopped before it was sent."""
        self.issues += issues
        self.refused |= {each.id for each in group.effects}

    def settle(self, outcome: GroupOutcome, duration_ms: float) -> None:
        """Note what became of a group."""
        for each in outcome.outcomes:
            self.outcomes[each.effect_id] = each
            self.durations[each.effect_id] = duration_ms
        self.issues += [
            issue
            for effect in self.preview.effects
            for issue in _faults(effect, self.outcomes.get(effect.id))
            if effect.id in {each.effect_id for each in outcome.outcomes}
        ]

    def observe(self, group_id: str, changes: SideChanges) -> None:
        """Note what the org changed beside the plan."""
        self.side_changes[group_id] = changes

    @property
    def done(self) -> int:
        """How many effects were carried out."""
        return sum(each.status == "done" for each in self.outcomes.values())

    def results(self) -> tuple[ActionResult, ...]:
        """Return the result of every action, in the plan's order."""
        return tuple(self._result(each.action_id) for each in self.preview.actions)

    def logs(self) -> tuple[str, ...]:
        """Return one line for each thing that was done, and for each side change."""
        done = [each for each in self.preview.effects if self._status(each) == "done"]
        lines = [_log(each) for each in done]
        lines += [
            f"{inert(_name(self.preview, effect_id))}: {change}"
            for changes in self.side_changes.values()
            for effect_id, found in changes.items()
            for change in found
        ]
        return tuple(dict.fromkeys(lines))

    def _result(self, action_id: str) -> ActionResult:
        effects = [
            each for each in self.preview.effects if action_id in {each.action_id, *each.also_for}
        ]
        shown = self.preview.action(action_id)
        owners = {action_id, *(each.action_id for each in effects)}
        ids = tuple(dict.fromkeys(record for each in effects if (record := self._record_id(each))))
        issues = tuple(each for each in self.issues if each.action_id in owners)
        statuses = [self._status(each) for each in effects]
        return ActionResult(
            id=action_id,
            blueprint=shown.blueprint if shown else "",
            implementation=shown.implementation if shown else "",
            status=min(statuses or [_without_effects(issues)], key=_WORST_FIRST.index),
            outputs={"id": ids[0]} if len(ids) == 1 else {},
            record_ids=ids,
            duration_ms=max((self.durations.get(each.id, 0.0) for each in effects), default=0.0),
            issues=issues,
            side_changes=tuple(
                change
                for changes in self.side_changes.values()
                for each in effects
                for change in changes.get(each.id, ())
            ),
        )

    def _status(self, effect: Effect) -> ActionStatus:
        if effect.id in self.refused:
            return "refused"
        outcome = self.outcomes.get(effect.id)
        return _STATUS[outcome.status] if outcome else "not_run"

    def _record_id(self, effect: Effect) -> str | None:
        outcome = self.outcomes.get(effect.id)
        if outcome is None or outcome.status != "done":
            return None
        return outcome.record_id or effect.record_id


def _without_effects(issues: tuple[Issue, ...]) -> ActionStatus:
    """Return the status of an action that produced no effect: its arguments did not resolve, or it was not tried."""
    return "refused" if blocking(issues) else "not_run"


def _log(effect: Effect) -> str:
    if changes_nothing(effect):
        return f"No change: {held_already(effect)}."
    verb = sentence(effect).split(" ", 1)
    return f"{_DONE[deed(effect)]} {verb[1]}"


def _name(preview: Preview, effect_id: str) -> str:
    effect = next(each for each in preview.effects if each.id == effect_id)
    name = effect.record_name or new_name(effect)
    return f"{effect.object_label or effect.object} {name or ''}".strip()


def _faults(effect: Effect, outcome: EffectOutcome | None) -> list[Issue]:
    if outcome is None:
        return []
    return [
        Issue(
            code="drift_version" if fault.code == _PRECONDITION else "org_refused",
            action_id=effect.action_id,
            object=effect.object,
            field=fault.fields[0] if fault.fields else None,
            message=f"{fault.code}: {inert(fault.message, limit=500)}",
            hint="Preview the plan again." if fault.code == _PRECONDITION else None,
        )
        for fault in outcome.faults
    ]
