"""A stage of a run: one confirmed preview, and why there is one."""

from __future__ import annotations

from typing import Literal

from actwright.contract import Contract


class Stage(Contract):
    """One confirmed preview of a run; a run begins with the first, and each wave or changed input adds one."""

    number: int
    plan_id: str
    preview_id: str
    confirmation_id: str
    digest: str
    approver: str
    groups: int | None = None
    """How many effect groups it has; None where it was begun by a program that did not tell."""
    because: Literal["start", "wave", "inputs", "branch"] = "start"
