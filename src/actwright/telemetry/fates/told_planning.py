"""Plannings of a list, each with what became of the plan it made; the offline planner's are among them."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.telemetry.fates.fate import FateKind
from actwright.telemetry.log.planning import PlanningRecord


@dataclass(frozen=True, slots=True)
class ToldPlanning:
    """One planning of a list.

    Attributes:
        planning: The planning.
        fate: What became of it; None where it was no call that plans come of.
    """

    planning: PlanningRecord
    fate: FateKind | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON-ready data: the planning and its fate."""
        return self.planning.model_dump(mode="json") | {"fate": self.fate}


@dataclass(frozen=True, slots=True)
class ToldPlannings:
    """Plannings of a list.

    Attributes:
        items: The plannings.
        damaged: The ids of plannings, and of answers to their plans, whose rows are damaged.
    """

    items: tuple[ToldPlanning, ...]
    damaged: tuple[str, ...] = ()
