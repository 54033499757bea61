"""Performing: the one effect of a group whose override acts by itself, and what it says came of it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from math import isfinite

from actwright.actions.factory import Factory
from actwright.actions.implementation import ActionRequest
from actwright.actions.opaque import OpaqueImplementation, request_of
from actwright.blueprints.plan import Plan
from actwright.errors import InputError, RefusedError
from actwright.inert import inert
from actwright.org.effect import Effect, EffectGroup
from actwright.org.outcome import EffectOutcome, Fault, GroupOutcome
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.org.read_only import ReadOnly

_MOST_OUTPUTS = 50
_LONGEST_OUTPUT = 2_000
_LARGEST_EXACT = 2**53
"""Greater numbers are kept as text: not every reader of JSON has them exactly."""


def perform(group: EffectGroup, plan: Plan, factory: Factory, reader: OrgReader) -> GroupOutcome:
    """Let each override of a group act once, in order, and return what became of it.

    Never raises for what an override does: an `InputError` or a `RefusedError` of this house says that nothing was done;
    anything else proves nothing, and the outcome is ``unknown``. What stands behind it is not tried.
    """
    outcomes: list[EffectOutcome] = []
    for effect in group.effects:
        stopped = any(each.status != "done" for each in outcomes)
        outcomes.append(
            EffectOutcome(effect_id=effect.id, status="not_sent")
            if stopped
            else _performed(effect, plan, factory, reader)
        )
    return GroupOutcome(group_id=group.id, outcomes=tuple(outcomes))


def _performed(effect: Effect, plan: Plan, factory: Factory, reader: OrgReader) -> EffectOutcome:
    action = plan.action(effect.action_id)
    override = factory.resolve(action.blueprint).opaque if action else None
    if action is None or override is None:
        fault = Fault(code="override_gone", message="The override that was to act is not there.")
        return EffectOutcome(effect_id=effect.id, status="failed", faults=(fault,))
    return _acted(effect, override, request_of(effect, action.blueprint, ReadOnly(reader)))


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
