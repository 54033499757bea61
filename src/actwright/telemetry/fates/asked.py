"""Exchanges of a list, each with what became of the plan it was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from actwright.model.exchange import Exchange
from actwright.telemetry.fates.fate import FateKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One exchange of a list.

    Attributes:
        exchange: The exchange.
        plan_id: The plan it was asked for; None where none came of it, or the log cannot tell.
        fate: What became of the planning it belongs to; None where it belongs to none.
    """

    exchange: Exchange
    plan_id: str | None = None
    fate: FateKind | None = None

    def document(self) -> dict[str, object]:
        """Return it as JSON-ready data: the exchange, its plan and its fate."""
        more = {"planId": self.plan_id, "fate": self.fate}
        return self.exchange.model_dump(mode="json") | more


@dataclass(frozen=True, slots=True)
class AskedList:
    """Exchanges of a list, and the ids of those whose rows are damaged."""

    items: tuple[Asked, ...]
    damaged: tuple[str, ...] = ()
