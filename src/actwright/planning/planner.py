"""The planner port: what every planner is asked, and the three answers it may give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import Field

from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan, Question
from actwright.canonical import decimal_text
from actwright.clock import Clock
from actwright.contract import Contract
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar


def _silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The plan a person saw and answered to.

    Attributes:
        plan: The plan.
        words: What they said about it. Hostile input; they are the last words of the request's goal too.
    """

    plan: Plan
    words: str


@dataclass(frozen=True, slots=True)
class PlanningRequest:
    """A goal, and all a planner may look at: the library, the org's schema, lookups that return ids and names.

    Attributes:
        goal: What the person asked for, in words. Hostile input.
        data: Named data that belongs to it.
        library: The curated blueprints.
        org: The org, read-only, with the person's rights.
        clock: For dates relative to today, in the person's zone.
        blueprint: Key, name or alias of the one blueprint to plan with, where the caller chose it.
        progress: Told, in a few words, what is being done, where planning takes a while.
        earlier: The plan the goal's last words are about, where a person answered to one.
    """

    goal: str
    library: Library
    org: OrgReader
    clock: Clock
    data: Mapping[str, JsonScalar] = field(default_factory=dict)
    blueprint: str | None = None
    progress: Callable[[str], None] = _silent
    earlier: Earlier | None = None


class Recommendation(Contract):
    """A blueprint that might fit a goal."""

    key: str
    name: str
    label: str
    score: float = Field(ge=0, le=1)
    rationale: str
    source: Literal["curated", "derived", "model"]
    tags: tuple[str, ...] = ()


class Refusal(Contract):
    """Why there is no plan, and what comes nearest."""

    code: str
    message: str
    hint: str | None = None
    candidates: tuple[Recommendation, ...] = ()


class PlanningUsage(Contract):
    """What a plan cost in model calls; all zero for a plan made without a model."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Of the input tokens, those the service had in its prompt cache."""
    cost: str | None = None
    """In the price table's currency, as a decimal; None where the table holds no price of the model."""
    seconds: float = 0.0

    def plus(self, other: PlanningUsage | None) -> PlanningUsage:
        """Return what both took together; their cost is known only where that of both is."""
        if other is None or not other.calls:
            return self
        known = [each.cost for each in (self, other) if each.calls]
        costs = [Decimal(each) for each in known if each is not None]
        return PlanningUsage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            cost=decimal_text(sum(costs, Decimal(0))) if len(costs) == len(known) else None,
            seconds=round(self.seconds + other.seconds, 3),
        )


class PlanningOutcome(Contract):
    """A planner's answer: a plan, a plan with open questions, or a refusal."""

    plan: Plan | None = None
    questions: tuple[Question, ...] = ()
    refusal: Refusal | None = None
    notes: tuple[str, ...] = ()
    """How the answer came about, where a person should know: from the cache, by the other planner."""
    usage: PlanningUsage | None = None


class Planner(Protocol):
    """Turns goals into plans. Never writes, never reads more of a record than its id and name."""

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return a plan, questions, or a refusal.

        Raises:
            OrgError: The org cannot be asked.
            ModelError: The language model gave nothing that can be used.
        """
        ...
