"""Denials: what ends a run of generated code that reaches beyond what it declared."""

from __future__ import annotations

from actwright.actions.generated.action import GeneratedAction
from actwright.errors import ImplementationError


def denied(action: GeneratedAction, what: str, where: str | None) -> ImplementationError:
    """Return the error that ends a run which reaches beyond what the action declared."""
    return ImplementationError(
        f"{action.name} {what}.",
        where=where,
        hint=f"It was approved for what it declares, and no more: actwright actions show {action.name}",
        code="generated_denied",
    )
