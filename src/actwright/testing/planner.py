"""A planner that answers what it was told to, so that a test owns the plan and not the wording of a goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.document import validated
from actwright.errors import PlanError
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Refusal


class ScriptedPlanner:
    """Plans every goal with the actions it was given.

    Args:
        actions: Planned actions as JSON: ``id``, ``blueprint`` (a whole blueprint, or the key of a curated one),
            ``arguments``, ``dependsOn``.
    """

    def __init__(self, actions: Sequence[Mapping[str, Json]]) -> None:
        self._actions = actions
        self.requests: list[PlanningRequest] = []
        """What it was asked, in order."""

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return a plan of the scripted actions; a refusal where there are none.

        Raises:
            PlanError: The scripted actions break the contract.
        """
        self.requests.append(request)
        if not self._actions:
            return PlanningOutcome(refusal=Refusal(code="no_fit", message="Nothing was scripted."))
        document = {
            "goal": request.goal,
            "data": dict(request.data),
            "actions": [self._action(each, request) for each in self._actions],
            "planner": {"kind": "scripted"},
        }
        return PlanningOutcome(
            plan=validated(Plan, document, where="the scripted plan", error=PlanError)
        )

    def _action(self, action: Mapping[str, Json], request: PlanningRequest) -> dict[str, object]:
        blueprint = action.get("blueprint")
        if not isinstance(blueprint, str):
            return dict(action)
        entry = request.library.find(blueprint)
        if entry is None:
            raise PlanError(f"The library holds no blueprint {blueprint!r}.", where="blueprint")
        return {**action, "blueprint": entry.blueprint}
