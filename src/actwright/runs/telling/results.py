"""Results: from effect outcomes to what a caller is told about each action."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from actwright.checkpoints.groups.arranging import owners
from actwright.checkpoints.preview import Preview
from actwright.guardrails.issue import Issue, blocking
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome
from actwright.org.query import JsonScalar
from actwright.runs.record.envelope import ActionResult, ActionStatus, SideChange, SideChanges
from actwright.runs.telling.logs import called, log_lines

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
_PRECONDITION = "PRECONDITION_FAILED"
_DUPLICATES = "DUPLICATES_DETECTED"
OVERRIDE_FAILED = "override_failed"
"""The code of an issue, and the ``stopped_by`` of a run, of which an override that acts by itself has done nothing."""

_OVERRIDABLE = "Use a record that is there already; or, if it is none of them, preview the plan again with --allow-duplicates."
_HINTS = {
    _PRECONDITION: "Preview the plan again.",
    "UNABLE_TO_LOCK_ROW": "Somebody else is changing the same records; preview the plan again in a moment.",
    _DUPLICATES: "Use the record that is there already, or change what makes them alike.",
    "INSUFFICIENT_ACCESS_OR_READONLY": "Ask the record's owner or an administrator for access.",
}


@dataclass
class Ledger:
    """What is known so far about the effects of one run."""

    preview: Preview
    outcomes: dict[str, EffectOutcome] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    durations: dict[str, float] = field(default_factory=dict)
    side_changes: dict[str, tuple[SideChange, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._effects = {each.id: each for each in self.preview.effects}
        self._owned: dict[str, list[Effect]] = defaultdict(list)
        for effect in self._effects.values():
            for owner in dict.fromkeys(owners(effect)):
                self._owned[owner].append(effect)

    def refuse(self, group: EffectGroup, issues: Sequence[Issue]) -> None:
        """Note that a group was stopped before it was sent."""
        self.issues += issues
        self.refused |= {each.id for each in group.effects}

    def settle(self, outcome: GroupOutcome, duration_ms: float) -> None:
        """Note what became of a group."""
        failed = any(each.status == "failed" for each in outcome.outcomes)
        for each in outcome.outcomes:
            self.outcomes[each.effect_id] = each
            self.durations[each.effect_id] = duration_ms
            if each.status != "rolled_back" or not failed:
                self.issues += _faults(self._effects[each.effect_id], each)

    def decide(self, since: int) -> None:
        """Note that a person has decided on the issues from the one numbered ``since`` on: nothing is left to do about them."""
        self.issues[since:] = [
            each.model_copy(update={"hint": None}) for each in self.issues[since:]
        ]

    def observe(self, changes: SideChanges) -> None:
        """Note what the org changed beside the plan."""
        self.side_changes |= changes

    @property
    def settled(self) -> int:
        """How many effects are dealt with."""
        return len(self.outcomes)

    @property
    def done(self) -> int:
        """How many effects were carried out."""
        return sum(each.status == "done" for each in self.outcomes.values())

    @property
    def undone(self) -> frozenset[str]:
        """The actions of which something was tried and did not happen."""
        return frozenset(
            owner
            for each in self.outcomes.values()
            if each.status != "done"
            for owner in owners(self._effects[each.effect_id])
        )

    def results(self) -> tuple[ActionResult, ...]:
        """Return the result of every action, in the plan's order."""
        issues: dict[str | None, list[Issue]] = defaultdict(list)
        for each in self.issues:
            issues[each.action_id].append(each)
        return tuple(self._result(each.action_id, issues) for each in self.preview.actions)

    def logs(self) -> tuple[str, ...]:
        """Return a line for each thing that was done and for each side change; of many alike, one line for all."""
        done = [each for each in self._effects.values() if self._status(each) == "done"]
        return log_lines(
            done, self.outcomes, self.side_changes, user_id=self.preview.running_user.id
        )

    def _result(self, action_id: str, issues: Mapping[str | None, Sequence[Issue]]) -> ActionResult:
        effects = self._owned[action_id]
        shown = self.preview.action(action_id)
        owners = dict.fromkeys((action_id, *(each.action_id for each in effects)))
        own = tuple(issue for owner in owners for issue in issues.get(owner, ()))
        ids = tuple(dict.fromkeys(record for each in effects if (record := self._record_id(each))))
        statuses = {self._status(each) for each in effects}
        return ActionResult(
            id=action_id,
            blueprint=shown.blueprint if shown else "",
            implementation=shown.implementation if shown else "",
            status=min(statuses or {_without_effects(own)}, key=_WORST_FIRST.index),
            outputs=self._outputs(effects, ids),
            record_ids=ids,
            duration_ms=max((self.durations.get(each.id, 0.0) for each in effects), default=0.0),
            issues=own,
            side_changes=tuple(
                change for each in effects for change in self.side_changes.get(each.id, ())
            ),
        )

    def _outputs(self, effects: Sequence[Effect], ids: Sequence[str]) -> dict[str, JsonScalar]:
        outputs: dict[str, JsonScalar] = {"id": ids[0]} if len(ids) == 1 else {}
        for each in effects:
            outcome = self.outcomes.get(each.id)
            outputs |= outcome.outputs if outcome else {}
        return outputs

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


def remedy_of(fault: Fault) -> str | None:
    """Return what a person can do about what the org said; None where only its message can tell."""
    if fault.code == _DUPLICATES and fault.overridable:
        return _OVERRIDABLE
    return _HINTS.get(fault.code)


def _without_effects(issues: tuple[Issue, ...]) -> ActionStatus:
    """Return the status of an action that produced no effect: its arguments did not resolve, or it was not tried."""
    return "refused" if blocking(issues) else "not_run"


def _fault_code(effect: Effect, fault: Fault) -> str:
    if effect.kind != "record":
        return OVERRIDE_FAILED
    return "drift_version" if fault.code == _PRECONDITION else "org_refused"


def _faults(effect: Effect, outcome: EffectOutcome) -> Iterator[Issue]:
    for fault in outcome.faults:
        yield Issue(
            code=_fault_code(effect, fault),
            action_id=effect.action_id,
            object=effect.object,
            field=fault.fields[0] if fault.fields else None,
            message=f"{called(effect)}: {fault.code}: {inert(fault.message, limit=500)}",
            hint=remedy_of(fault),
            record_id=effect.record_id,
            duplicates=fault.duplicates,
        )
