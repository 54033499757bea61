"""The org's ledger: no plan writes it, since its rows say which effects of a run have happened."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.guardrails.context import EffectContext
from actwright.guardrails.finding import found
from actwright.guardrails.issue import Issue
from actwright.org.settlement import LEDGER_OBJECT


def ledger_issues(context: EffectContext) -> Iterator[Issue]:
    """Refuse a write to the ledger before anybody is asked; the connector would refuse to send it."""
    if context.effect.object.lower() == LEDGER_OBJECT.lower():
        yield found(
            context,
            "ledger_reserved",
            f"{LEDGER_OBJECT} is written by runs themselves, and by no plan: its rows say what has happened.",
            hint="Leave the action out.",
        )
