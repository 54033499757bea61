"""The record of one planning call: what was asked of a planner, and what it came to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from actwright.contract import Contract

PlanningCall = Literal["plan", "respond", "recommend", "extract", "generate"]
"""Which call it was: ``plan`` also for an answer to questions; ``generate`` where code was written for a plan."""


class PlanningRecord(Contract):
    """One call of a planner, with or without a model. It holds no word of the goal, unless the log is full."""

    id: str
    call: PlanningCall
    at: str
    """When it ended."""
    session: str
    user: str
    """Whose rights counted, as the log names people."""
    org: str
    """The org: ``local``, or its address."""
    goal: str | None = None
    """The goal's words, redacted; None unless the log is full."""
    redacted: dict[str, int] = Field(default_factory=dict)
    """What was taken out of the goal, and how often."""
    goal_digest: str
    """SHA-256 over the goal's words."""
    shape_digest: str | None = None
    """SHA-256 over the goal's shape, in which each value is a slot; None for a goal that cannot be read."""
    planner: str | None = None
    """Which kind of planner made the plan; None where there is none."""
    model: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    conversations: tuple[str, ...] = ()
    """The conversations with a model that it took."""
    plan_id: str | None = None
    plan_digest: str | None = None
    """SHA-256 over the plan's content."""
    schema_digest: str | None = None
    """The digest of the objects the plan was made over."""
    blueprints: tuple[str, ...] = ()
    """The blueprint's name of each action."""
    questions: tuple[str, ...] = ()
    """The ids of the open questions."""
    refusal: str | None = None
    """The code of the refusal."""
    error: str | None = None
    """The code of what was raised."""
    cached_from: str | None = None
    """The plan whose shape was used again."""
    fallback: bool = False
    """Whether another planner stood in."""
    ungrounded: tuple[str, ...] = ()
    """The values neither goal nor data bear out, as ``ACTION.INPUT``."""
    calls: int = Field(default=0, ge=0)
    """How many replies of a model it took."""
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cost: str | None = None
    """In the price table's currency; None where the table holds no price, or no model was asked."""
    seconds: float = Field(default=0.0, ge=0)
    """How long the call took."""
