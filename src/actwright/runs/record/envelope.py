"""The envelope: what a caller gets back, whatever happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from actwright.checkpoints.wording.effect_words import plain_value
from actwright.contract import Contract
from actwright.guardrails.issue import Issue
from actwright.inert import inert
from actwright.org.query import JsonScalar
from actwright.org.value import FieldValue

ActionStatus = Literal["done", "failed", "refused", "rolled_back", "not_run", "unknown"]
"""``refused``: stopped before it was sent. ``unknown``: the org's answer was lost; look before doing it again."""


class SideChange(Contract):
    """A field that changed beside the plan: by the org's automation, or by somebody who wrote meanwhile."""

    object: str
    record_id: str
    field: str
    label: str
    before: FieldValue = None
    after: FieldValue = None
    after_text: str | None = None
    """What people call the new value, where that is known without asking."""
    cause: Literal["automation", "another user"] = "automation"

    @property
    def moved(self) -> str:
        """The field with its old and its new value, in words."""
        after = inert(self.after_text) if self.after_text else plain_value(self.after)
        return f"{inert(self.label)} {plain_value(self.before)} -> {after}"

    def __str__(self) -> str:
        return f"{self.moved}, by {self.cause}"


SideChanges = Mapping[str, tuple[SideChange, ...]]
"""Side changes by effect id."""


class ActionResult(Contract):
    """What became of one action."""

    id: str
    blueprint: str
    implementation: str = ""
    status: ActionStatus
    outputs: dict[str, JsonScalar] = Field(default_factory=dict)
    record_ids: tuple[str, ...] = ()
    duration_ms: float = 0.0
    """From sending its effect group to the org's answer; actions of one group share it."""
    issues: tuple[Issue, ...] = ()
    side_changes: tuple[SideChange, ...] = ()


class OrchestratorResult(Contract):
    """The envelope: the seed's four lists, and beside them the result of each action.

    ``stopped_by`` is the code of the kind of error that kept the run from success (``drift``, ``refused``), None where
    nothing did; the issues of the results carry the exact codes.
    """

    success: bool = False
    status: str = ""
    """How its run stands; empty where none was started. A paused or waiting one can be carried on."""
    logs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    results: tuple[ActionResult, ...] = ()
    effects_done: int = 0
    """How many effects were carried out."""
    effects_total: int = 0
    """How many there were to carry out."""
    run_id: str | None = None
    stopped_by: str | None = None
    hint: str | None = None

    @property
    def in_part(self) -> bool:
        """Whether some of it was carried out, and known to be, and not all."""
        unknown = any(each.status == "unknown" for each in self.results)
        return not self.success and not unknown and self.effects_done > 0
