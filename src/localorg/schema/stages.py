"""What a stage or a status means: the facts behind a picklist value that the platform acts on.

The engine keeps an opportunity's probability, closed and won flags and forecast category in step with its stage,
and a case's, lead's or task's closed flag in step with its status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Stage:
    """One opportunity stage; ``probability`` is in percent, 0 to 100."""

    name: str
    probability: int
    forecast_category: str = "Pipeline"
    forecast_category_name: str = "Pipeline"
    is_closed: bool = False
    is_won: bool = False


_TABLE = (
    Stage("Prospecting", 10),
    Stage("Qualification", 10),
    Stage("Needs Analysis", 20),
    Stage("Value Proposition", 50),
    Stage("Id. Decision Makers", 60),
    Stage("Perception Analysis", 70),
    Stage("Proposal/Price Quote", 75),
    Stage("Negotiation/Review", 90),
    Stage("Closed Won", 100, "Closed", "Closed", is_closed=True, is_won=True),
    Stage("Closed Lost", 0, "Omitted", "Omitted", is_closed=True),
)

STAGES: Mapping[str, Stage] = MappingProxyType({each.name: each for each in _TABLE})
"""The ten standard opportunity stages by name, in the order of the sales process."""

CLOSED_CASE_STATUSES: frozenset[str] = frozenset({"Closed"})
"""Case statuses that set ``Case.IsClosed`` and ``Case.ClosedDate``."""

CLOSED_TASK_STATUSES: frozenset[str] = frozenset({"Completed"})
"""Task statuses that set ``Task.IsClosed`` and ``Task.CompletedDateTime``."""

CONVERTED_LEAD_STATUSES: frozenset[str] = frozenset({"Closed - Converted"})
"""Lead statuses that only a lead conversion may set."""
