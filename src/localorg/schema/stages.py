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
    is_closed: bool
    is_won: bool
    forecast_category: str
    forecast_category_name: str


_TABLE = (
    Stage("Prospecting", 10, False, False, "Pipeline", "Pipeline"),
    Stage("Qualification", 10, False, False, "Pipeline", "Pipeline"),
    Stage("Needs Analysis", 20, False, False, "Pipeline", "Pipeline"),
    Stage("Value Proposition", 50, False, False, "Pipeline", "Pipeline"),
    Stage("Id. Decision Makers", 60, False, False, "Pipeline", "Pipeline"),
    Stage("Perception Analysis", 70, False, False, "Pipeline", "Pipeline"),
    Stage("Proposal/Price Quote", 75, False, False, "Pipeline", "Pipeline"),
    Stage("Negotiation/Review", 90, False, False, "Pipeline", "Pipeline"),
    Stage("Closed Won", 100, True, True, "Closed", "Closed"),
    Stage("Closed Lost", 0, True, False, "Omitted", "Omitted"),
)

STAGES: Mapping[str, Stage] = MappingProxyType({each.name: each for each in _TABLE})
"""The ten standard opportunity stages by name, in the order of the sales process."""

CLOSED_CASE_STATUSES: frozenset[str] = frozenset({"Closed"})
"""Case statuses that set ``Case.IsClosed`` and ``Case.ClosedDate``."""

CLOSED_TASK_STATUSES: frozenset[str] = frozenset({"Completed"})
"""Task statuses that set ``Task.IsClosed`` and ``Task.CompletedDateTime``."""

CONVERTED_LEAD_STATUSES: frozenset[str] = frozenset({"Closed - Converted"})
"""Lead statuses that only a lead conversion may set."""
