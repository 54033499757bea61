"""One planning call on its way: who asked for what, which exchanges it took, and what it came to."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from actwright.blueprints.plan import Plan
from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.org.query import JsonScalar
from actwright.org.schema import ObjectSchema
from actwright.planning.planner import PlanningOutcome, PlanningUsage
from actwright.telemetry.log.planning import PlanningCall


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where.

    Attributes:
        user: Returns the name they work under.
        org: The org: ``local``, or its address.
        describe: Tells the types of an object's fields; it is asked only where texts are kept.
        region: Returns the country their phone numbers are of, or None; likewise.
        likeness: Returns a digest that goals alike have in common, or None.
    """

    user: Callable[[], str]
    org: str
    describe: Callable[[str], ObjectSchema]
    region: Callable[[], str | None]
    likeness: Callable[[str], str | None]


@dataclass(slots=True)
class Call:
    """One planning call.

    Attributes:
        kind: Which call it is.
        goal: The goal's words. Hostile input.
        data: Its named data.
        asker: Who asks.
        outcome: What it came to; None as long as it goes on, and where it was no plan that was asked for.
        plan: The plan it came to or was about.
        earlier: The plan a person responded to, whose values the model is told; None where there is none.
        exchanges: The exchanges it took.
        texts: What they said; empty unless texts are kept.
        conversations: The prompt that began each conversation.
        error: The code of what was raised, or None.
        user: What the log calls who asked.
        seconds: How long it took.
    """

    kind: PlanningCall
    goal: str
    data: Mapping[str, JsonScalar]
    asker: Asker
    id: str = field(default_factory=lambda: f"planning_{uuid.uuid4().hex}")
    begun: float = field(default_factory=time.monotonic)
    outcome: PlanningOutcome | None = None
    plan: Plan | None = None
    earlier: Plan | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    texts: list[ExchangeTexts] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    seconds: float = 0.0
    user: str = "unknown"

    @property
    def goal_digest(self) -> str:
        """SHA-256 over the goal's words."""
        return sha256(self.goal.encode("utf-8", "surrogatepass")).hexdigest()

    def came_to(self, outcome: PlanningOutcome) -> PlanningOutcome:
        """Note what the call came to, and return it."""
        self.outcome, self.plan = outcome, outcome.plan
        return outcome

    def took(self, exchange: Exchange) -> None:
        """Note an exchange of the call."""
        self.exchanges.append(exchange)
        self.conversations.setdefault(exchange.conversation, exchange.prompt_name)

    def prompt_of(self, exchange: str) -> str | None:
        """Return the prompt that began the conversation of an exchange."""
        found = next((each for each in self.exchanges if each.id == exchange), None)
        return self.conversations[found.conversation] if found else None

    @property
    def is_settled(self) -> bool:
        """Whether there is a plan that leaves nothing open, so that its arguments say which of the values are personal."""
        return self.plan is not None and not self.plan.questions and self.error is None

    @property
    def usage(self) -> PlanningUsage:
        """What the call took of a model."""
        replied = [each for each in self.exchanges if each.outcome != "failed"]
        total = PlanningUsage()
        for each in replied:
            total = PlanningUsage(
                calls=1,
                input_tokens=each.input_tokens,
                output_tokens=each.output_tokens,
                cached_tokens=each.cached_tokens,
                cost=each.cost,
            ).plus(total)
        return total
