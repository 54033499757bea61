"""Stories: one asking from its goal to what became of it, put together from the log and from the store."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.blueprints.plan import Plan
from actwright.telemetry.fates.fate import Fate
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.log.reading import KeptExchange


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one asking.

    Attributes:
        exchanges: What was asked of models, oldest first; a damaged or missing text is named by each.
        planning: The planning it belongs to; None where it belongs to none, or its record was purged.
        plan: What was planned; None where there is no plan, or the store has lost it.
        fate: What became of that.
    """

    exchanges: tuple[KeptExchange, ...]
    planning: PlanningRecord | None = None
    plan: Plan | None = None
    fate: Fate | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON-ready data."""
        return {
            "planning": self.planning.model_dump(mode="json") if self.planning else None,
            "exchanges": [
                {
                    "exchange": each.exchange.model_dump(mode="json"),
                    "texts": each.texts.model_dump(mode="json") if each.texts else None,
                    "missing": list(each.missing),
                }
                for each in self.exchanges
            ],
            "plan": self.plan.model_dump(mode="json") if self.plan else None,
            "fate": self.fate.model_dump(mode="json") if self.fate else None,
        }
