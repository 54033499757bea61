"""Performing: the one effect of a group whose override acts by itself, and what it says came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from math import isfinite

from actwright.actions.factory import Factory
from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import (
    OpaqueImplementation,
    Reconciliation,
    Reconciling,
    request_of,
)
from actwright.blueprints.plan import Plan
from actwright.errors import InputError, OrgError, RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, EffectStatus, Fault, GroupOutcome
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly
from actwright.runs.engine.work import Reconciled

_PATIENCE_SECONDS = 600.0
_CANNOT_TELL = "The override has no way to tell whether it acted."
_ODD = "The override was asked, and its answer cannot be read."
_MOST_OUTPUTS = 50
_LONGEST_OUTPUT = 2_000
_LARGEST_EXACT = 2**53
"""Greater numbers are kept as text: not every reader of JSON has them exactly."""


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
        return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes))

    def reconcile(self, group: EffectGroup, key: str) -> Reconciled:
        """Ask each override of a group what became of it; of one that has no way to tell, nobody knows.

        Raises:
            OrgError: It cannot be asked now.
        """
        found = [self._reconciled(each, _own_key(group, each, key)) for each in group.effects]
        outcomes = tuple(
            _outcome(each, told) for each, told in zip(group.effects, found, strict=True)
        )
        evidence = tuple(inert(line, limit=500) for told in found for line in told.evidence)
        decided = all(told.happened is not None for told in found)
        outcome = GroupOutcome(group_id=group.id, outcomes=outcomes)
        return Reconciled(outcome, "override" if decided else "nobody", evidence)

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
        return _acted(effect, *found)

    def _reconciled(self, effect: Effect, key: str) -> Reconciliation:
        found = self._found(effect, key)
        override, request = found or (None, None)
        if request is None or not isinstance(override, Reconciling):
            return Reconciliation(None, evidence=(_CANNOT_TELL,))
        try:
            told = override.reconcile(request, key)
        except OrgError:
            raise
        except Exception as error:  # noqa: BLE001 - foreign code: whatever broke, it has not told anything
            line = f"It was asked, and broke down: {type(error).__name__}: {inert(str(error), limit=300)}"
            return Reconciliation(None, evidence=(line,))
        return told if isinstance(told, Reconciliation) else Reconciliation(None, evidence=(_ODD,))

    def _patience(self, effect: Effect) -> float:
        found = self._found(effect, "")
        told = getattr(found[0], "timeout_seconds", None) if found else None
        known = isinstance(told, (int, float)) and isfinite(told) and told > 0
        return float(told) if known and told is not None else _PATIENCE_SECONDS

    def _found(self, effect: Effect, key: str) -> tuple[OpaqueImplementation, ActionRequest] | None:
        action = self.plan.action(effect.action_id)
        override = self.factory.resolve(action.blueprint).opaque if action else None
        if action is None or override is None:
            return None
        return override, request_of(effect, action.blueprint, ReadOnly(self.reader), key)


def _own_key(group: EffectGroup, effect: Effect, key: str) -> str:
    return key if len(group.effects) == 1 else f"{key}:{effect.id}"


def _outcome(effect: Effect, told: Reconciliation) -> EffectOutcome:
    if told.happened is None:
        return EffectOutcome(effect_id=effect.id, status="unknown")
    status: EffectStatus = "done" if told.happened else "not_sent"
    outputs = _outputs(told.outputs) if told.happened else {}
    return EffectOutcome(effect_id=effect.id, status=status, outputs=outputs)


def _acted(effect: Effect, override: OpaqueImplementation, request: ActionRequest) -> EffectOutcome:
    try:
        outputs = _outputs(override.act(request))
    except (InputError, RefusedError) as error:
        fault = Fault(code=error.error_code, message=inert(error.message, limit=500))
        return EffectOutcome(effect_id=effect.id, status="failed", faults=(fault,))
    except Exception as error:  # noqa: BLE001 - foreign code: whatever broke, it may have acted before
        told = f"{type(error).__name__}: {inert(str(error), limit=500)}"
        fault = Fault(code="override_broke", message=f"The override broke down: {told}")
        return EffectOutcome(effect_id=effect.id, status="unknown", faults=(fault,))
    return EffectOutcome(effect_id=effect.id, status="done", outputs=outputs)


def _outputs(said: Mapping[str, JsonScalar]) -> dict[str, JsonScalar]:
    """Return what an override says came of it, as plain bounded values; what is none of these, as text."""
    kept = islice(dict(said).items(), _MOST_OUTPUTS)
    return {inert(str(name), limit=80): _plain(value) for name, value in kept}


def _plain(value: object) -> JsonScalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST_EXACT:
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    return inert(str(value), limit=_LONGEST_OUTPUT)
