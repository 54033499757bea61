"""Issues: what a check found, for one action and, where it can be told, one field."""

from __future__ import annotations

from typing import Literal

from actwright.contract import Contract
from actwright.org.outcome import DuplicateMatch


class Issue(Contract):
    """One finding. An ``error`` stops the whole plan before its first write; a ``warning`` is shown."""

    code: str
    """Stable, snake_case: ``field_not_editable``, ``enum_not_allowed``."""
    action_id: str | None = None
    object: str | None = None
    field: str | None = None
    guardrail: str | None = None
    """The guardrail kind that found it; ``BASELINE`` for what no blueprint can leave out."""
    rule: str | None = None
    """The policy's rule that decided it, and where that stands: ``big-deals, policy.yaml:14``."""
    message: str
    hint: str | None = None
    severity: Literal["error", "warning"] = "error"
    record_id: str | None = None
    """The one record it is about, where an action has many."""
    duplicates: tuple[DuplicateMatch, ...] = ()
    """The records a duplicate rule matched."""


def blocking(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """Return the issues that stop the plan."""
    return tuple(each for each in issues if each.severity == "error")
