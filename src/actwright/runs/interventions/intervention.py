"""The intervention: what somebody wants done to a run, who they are, and why."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator

from actwright.canonical import digest
from actwright.contract import Contract
from actwright.inert import inert
from actwright.org.query import JsonScalar

InterventionAction = Literal[
    "retry",
    "retry_with_inputs",
    "skip_stage",
    "force_branch",
    "abort_flow",
    "confirm_continue",
    "provide_clarification",
    "cancel",
    "override",
    "uphold",
    "dismiss",
    "modify",
]
"""
- ``retry``: look at what failed again, and send it again.
- ``retry_with_inputs``: the same with other values; a new preview and a new yes come first.
- ``skip_stage``: go on without a group.
- ``force_branch``: go on with a named group or action, out of order.
- ``abort_flow``: end it, without any further effect and whatever is still in doubt.
- ``confirm_continue``: the yes to the next stage, or to a checkpoint.
- ``provide_clarification``: what became of a group nobody else can tell of.
- ``cancel``: end it as soon as all that is out is known.
- ``override``: an objection: the run pauses at once, until approvers decide.
- ``uphold``, ``dismiss``, ``modify``: an approver's decision on the objection: it stands, and the run ends; it does
  not, and the run goes on; the run goes on with other values.
"""

ACTIONS: tuple[InterventionAction, ...] = get_args(InterventionAction)

DECISIONS: frozenset[InterventionAction] = frozenset({"uphold", "dismiss", "modify"})
"""What an approver signs."""

MODIFYING: frozenset[InterventionAction] = frozenset({"retry_with_inputs", "modify"})
"""What takes other values for a plan's inputs."""

Name = Annotated[str, Field(max_length=200)]


def new_key() -> str:
    """Return an idempotency key nobody has used."""
    return f"int_{secrets.token_hex(10)}"


class Intervention(Contract):
    """One wish to step into a run. The same key again is the same wish, and is granted once."""

    action: InterventionAction
    actor: str = Field(min_length=1, max_length=200)
    """Who steps in."""
    why: str = Field(min_length=1, max_length=2_000)
    """Their reason, in a sentence."""
    key: str = Field(default_factory=new_key, pattern=r"^[A-Za-z0-9._:-]{1,100}$")
    """The idempotency key."""
    target: Name | None = None
    """The group, by its id or by an action in it; may be left out where only one can be meant."""
    also: tuple[Name, ...] = Field(default=(), max_length=200)
    """What is left out besides because it needs what is skipped, as the person names it."""
    inputs: dict[Name, JsonScalar] = Field(default_factory=dict, max_length=500)
    """New values, by ``ACTION.INPUT``."""
    answer: str | None = Field(default=None, max_length=2_000)
    """What became of the group."""
    records: dict[Name, Name] = Field(default_factory=dict, max_length=2_000)
    """Ids of the records a group created, by the ids of its effects."""
    outputs: dict[Name, dict[Name, JsonScalar]] = Field(
        default_factory=dict, max_length=2_000, exclude_if=lambda outputs: not outputs
    )
    """What came of overrides that acted by themselves, by the ids of their effects and by name."""
    confirmation_id: Name | None = None
    """The yes to the next stage."""
    needed: int = Field(default=2, ge=1, le=20)
    """How many approvers have to decide an objection the same way."""
    among: int = Field(default=3, ge=1, le=200)
    """How many there have to be at least who may decide it."""
    window_hours: float = Field(default=72.0, gt=0, le=24 * 90)
    """How long they have until it is escalated."""

    @field_validator("actor", "why")
    @classmethod
    def _said(cls, text: str) -> str:
        """Refuse what says nothing, and keep what would act on a terminal out of the record."""
        plain = inert(text, limit=2_000).strip()
        if not plain:
            raise ValueError("it may not be blank")
        return plain

    @property
    def content(self) -> str:
        """SHA-256 of all but the key: what has to be the same where the key is."""
        return digest(self.model_dump(mode="json", exclude={"key"}))
