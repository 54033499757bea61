"""Performing: the one effect of a group whose override acts by itself, and what it says came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite

from actwright.actions.curated.breakdown import told
from actwright.actions.curated.patience import patience
from actwright.actions.curated.shape import Shape
from actwright.actions.factory import Factory
from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import (
    OpaqueImplementation,
    Reconciliation,
    Reconciling,
    request_of,
)
from actwright.actions.price import cost_of
from actwright.blueprints.plan import Plan
from actwright.errors import InputError, OrgError, RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.org.ports import OrgReader
from actwright.org.read_only import ReadOnly
from actwright.runs.carrying.outputs import KeptOutputs, kept_outputs
from actwright.runs.engine.work import Reconciled, Reconciler

_PATIENCE_SECONDS = 600.0
_CANNOT_TELL = "The override has no way to tell whether it acted."
_ODD = "The override was asked, and its answer cannot be read."


@dataclass(frozen=True, slots=True)
class Overrides:
    """Where overrides that act by themselves are found, and what they are handed.

    Attributes:
        plan: The plan whose actions they carry out.
        factory: Who resolves them.
        reader: The org; they get it read-only.
    """

    plan: Plan
    factory: Factory
    reader: OrgReader

    def perform(self, group: EffectGroup, key: str) -> GroupOutcome:
        """Let each override of a group act once, in order, and return what became of it.

        Never raises for what an override does: an `InputError` or a `RefusedError` of this house says that nothing was
        done; anything else proves nothing, and the outcome is ``unknown``. What stands behind it is not tried.

        Args:
            group: What is to be done.
            key: The idempotency key.
        """
        outcomes: list[EffectOutcome] = []
        for effect in group.effects:
            stopped = any(each.status != "done" for each in outcomes)
            outcomes.append(
                EffectOutcome(effect_id=effect.id, status="not_sent")
                if stopped
                else self._performed(effect, _own_key(group, effect, key))
            )
        cost = cost_of(group.effects, outcomes)
        return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes), cost=cost)

    def reconcile(
        self, group: EffectGroup, key: str, *, sent_at: datetime | None = None, ends: bool = False
    ) -> Reconciled:
        """Ask each override of a group what became of it; of one that has no way to tell, nobody knows.

        Args:
            group: What was to be done.
            key: The idempotency key.
            sent_at: When it was about to be done.
            ends: Whether the run is to end, so that nothing may be done to find out that acts.

        Raises:
            OrgError: It cannot be asked now.
        """
        found = [
            self._reconciled(each, _own_key(group, each, key), sent_at, ends=ends)
            for each in group.effects
        ]
        outcomes = tuple(
            _outcome(each, said, self._shape(each))
            for each, said in zip(group.effects, found, strict=True)
        )
        evidence = tuple(inert(line, limit=500) for said in found for line in said.evidence)
        decided = all(said.happened is not None for said in found)
        cost = cost_of(group.effects, outcomes)
        outcome = GroupOutcome(group_id=group.id, outcomes=outcomes, cost=cost)
        ask_again = not decided and all(said.ask_again for said in found if said.happened is None)
        by: Reconciler = "override" if decided else "nobody"
        return Reconciled(outcome, by, evidence, ask_again=ask_again)

    def seconds(self, group: EffectGroup) -> float:
        """Return how long a group's overrides may take, as they say themselves, else ten minutes each."""
        return sum(self._patience(each) for each in group.effects)

    def _performed(self, effect: Effect, key: str) -> EffectOutcome:
        found = self._found(effect, key)
        if found is None:
            fault = Fault(
                code="override_gone", message="The override that was to act is not there."
            )
            return EffectOutcome(effect_id=effect.id, status="failed", faults=(fault,))
        return _acted(effect, *found, self._shape(effect))

    def _reconciled(
        self, effect: Effect, key: str, sent_at: datetime | None, *, ends: bool
    ) -> Reconciliation:
        found = self._found(effect, key)
        override, request = found or (None, None)
        if request is None or not isinstance(override, Reconciling):
            return Reconciliation(None, evidence=(_CANNOT_TELL,))
        asked = replace(request, sent_at=sent_at, ends=ends)
        try:
            said = patience.call(
                lambda: _read(override.reconcile(asked, key)),
                self._patience(effect),
                name="the override",
            )
        except OrgError:
            raise
        except Exception as error:  # noqa: BLE001 - foreign code: whatever broke, it has not told anything
            line = f"It was asked, and broke down: {told(error)}"
            return Reconciliation(None, evidence=(line,))
        return said or Reconciliation(None, evidence=(_ODD,))

    def _patience(self, effect: Effect) -> float:
        found = self._found(effect, "")
        said = getattr(found[0], "timeout_seconds", None) if found else None
        known = isinstance(said, (int, float)) and isfinite(said) and said > 0
        return float(said) if known and said is not None else _PATIENCE_SECONDS

    def _shape(self, effect: Effect) -> Shape:
        action = self.plan.action(effect.action_id)
        return self.factory.resolve(action.blueprint).shape if action else Shape()

    def _found(self, effect: Effect, key: str) -> tuple[OpaqueImplementation, ActionRequest] | None:
        action = self.plan.action(effect.action_id)
        override = self.factory.resolve(action.blueprint).opaque if action else None
        if action is None or override is None:
            return None
        return override, request_of(effect, action.blueprint, ReadOnly(self.reader), key)


def _own_key(group: EffectGroup, effect: Effect, key: str) -> str:
    return key if len(group.effects) == 1 else f"{key}:{effect.id}"


def _read(said: object) -> Reconciliation | None:
    """Return what an override says became of what it did; None where that is neither yes, no, nor "I cannot tell"."""
    if not isinstance(said, Reconciliation) or not isinstance(said.happened, bool | None):
        return None
    try:
        outputs, evidence = dict(said.outputs), tuple(str(each) for each in said.evidence)
    except (TypeError, ValueError):
        return None
    return Reconciliation(said.happened, outputs, evidence, ask_again=bool(said.ask_again))


def _outcome(effect: Effect, said: Reconciliation, shape: Shape) -> EffectOutcome:
    if said.happened is None:
        return EffectOutcome(effect_id=effect.id, status="unknown")
    status: EffectStatus = "done" if said.happened else "not_sent"
    outputs = kept_outputs(said.outputs, shape) if said.happened else KeptOutputs()
    return EffectOutcome(
        effect_id=effect.id, status=status, outputs=outputs.values, cut=outputs.cut
    )


def _acted(
    effect: Effect, override: OpaqueImplementation, request: ActionRequest, shape: Shape
) -> EffectOutcome:
    try:
        outputs = kept_outputs(override.act(request), shape)
    except (InputError, RefusedError) as error:
        fault = Fault(code=error.error_code, message=inert(error.message, limit=500))
        return EffectOutcome(effect_id=effect.id, status="failed", faults=(fault,))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code: whatever broke, it may have acted before
        fault = Fault(code="override_broke", message=f"The override broke down: {told(error)}")
        return EffectOutcome(effect_id=effect.id, status="unknown", faults=(fault,))
    return EffectOutcome(
        effect_id=effect.id, status="done", outputs=outputs.values, cut=outputs.cut
    )
