"""Actwright: from a goal in plain words to a confirmed, guarded, undoable change."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actwright.actions.compensation import CompensatingImplementation
    from actwright.actions.implementation import ActionRequest, Implementation
    from actwright.actions.opaque import OpaqueImplementation, Reconciliation
    from actwright.app import Actwright
    from actwright.blueprints.blueprint import ActionBlueprint
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.confirmation import Confirmation
    from actwright.checkpoints.grants.grant import Grant
    from actwright.checkpoints.preview import Preview
    from actwright.errors import ActwrightError
    from actwright.guardrails.registry import register_guardrail
    from actwright.org.effect import Effect
    from actwright.planning.planner import Planner, PlanningOutcome
    from actwright.runs.interventions.intervention import Intervention
    from actwright.runs.record.envelope import OrchestratorResult
    from actwright.runs.record.state import RunLimits, RunState
    from actwright.settings import Settings

__all__ = [
    "ActionBlueprint",
    "ActionRequest",
    "Actwright",
    "ActwrightError",
    "CompensatingImplementation",
    "Confirmation",
    "Effect",
    "Grant",
    "Implementation",
    "Intervention",
    "OpaqueImplementation",
    "OrchestratorResult",
    "Plan",
    "Planner",
    "PlanningOutcome",
    "Preview",
    "Reconciliation",
    "RunLimits",
    "RunState",
    "Settings",
    "register_guardrail",
]

_HOMES = {
    "ActionBlueprint": "actwright.blueprints.blueprint",
    "ActionRequest": "actwright.actions.implementation",
    "Actwright": "actwright.app",
    "ActwrightError": "actwright.errors",
    "CompensatingImplementation": "actwright.actions.compensation",
    "Confirmation": "actwright.checkpoints.confirmation",
    "Effect": "actwright.org.effect",
    "Grant": "actwright.checkpoints.grants.grant",
    "Implementation": "actwright.actions.implementation",
    "Intervention": "actwright.runs.interventions.intervention",
    "OpaqueImplementation": "actwright.actions.opaque",
    "OrchestratorResult": "actwright.runs.record.envelope",
    "Plan": "actwright.blueprints.plan",
    "Planner": "actwright.planning.planner",
    "PlanningOutcome": "actwright.planning.planner",
    "Preview": "actwright.checkpoints.preview",
    "Reconciliation": "actwright.actions.opaque",
    "RunLimits": "actwright.runs.record.state",
    "RunState": "actwright.runs.record.state",
    "Settings": "actwright.settings",
    "register_guardrail": "actwright.guardrails.registry",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that the command line starts fast (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value
