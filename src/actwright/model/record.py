"""The record of one conversation: each exchange is counted, kept in the log, and summed up."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal

from actwright.canonical import digest
from actwright.clock import Clock, timestamp
from actwright.errors import ModelError
from actwright.model.budget import Budget
from actwright.model.chat import ChatReply, ChatRequest, TokenUsage
from actwright.model.exchange import Exchange, ExchangeSink, Outcome
from actwright.model.prices import cost_text
from actwright.model.prompts import RenderedPrompt

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a conversation.

    Attributes:
        request: What is sent.
        asked: The prompt it was made with.
        purpose: The name of the prompt that began the conversation, or ``repair``.
    """

    request: ChatRequest
    asked: RenderedPrompt
    purpose: str


class Record:
    """Keeps what one conversation took, whatever became of it.

    Args:
        log: Takes each exchange.
        clock: For the time of each.
        budget: Counts the tokens.
        model: The model that is asked.
    """

    def __init__(self, log: ExchangeSink, clock: Clock, budget: Budget, model: str) -> None:
        self._log = log
        self._clock = clock
        self._budget = budget
        self._model = model
        self._conversation = f"talk_{uuid.uuid4().hex}"
        self.exchanges: list[Exchange] = []
        """Every exchange so far."""
        self.notes: list[str] = []
        """What a person should know."""
        self.usage = TokenUsage()
        """The tokens of all exchanges."""
        self.cost: Decimal | None = None
        """What they cost; None where the price table does not know the model."""

    def ok(self, turn: Turn, reply: ChatReply) -> None:
        """Keep an exchange whose reply can be used."""
        self._replied(turn, reply, "ok")

    def invalid(self, turn: Turn, reply: ChatReply, faults: int) -> None:
        """Keep an exchange whose reply has that many faults."""
        self._replied(turn, reply, "invalid", faults=faults)

    def refused(self, turn: Turn, reply: ChatReply, error: ModelError) -> None:
        """Keep an exchange in which the model declined."""
        self._replied(turn, reply, "refused", code=error.error_code)

    def failed(self, turn: Turn, error: ModelError, seconds: float) -> None:
        """Keep an exchange to which no reply came."""
        self._keep(
            Exchange(
                **self._heading(turn),
                model=turn.request.model[:_LONGEST_NAME],
                seconds=seconds,
                outcome="failed",
                code=error.error_code,
            )
        )

    def _replied(
        self,
        turn: Turn,
        reply: ChatReply,
        outcome: Outcome,
        *,
        faults: int = 0,
        code: str | None = None,
    ) -> None:
        cost = self._count(reply.usage)
        self._keep(
            Exchange(
                **self._heading(turn),
                model=_plain(reply.model) or turn.request.model[:_LONGEST_NAME],
                mode=reply.mode,
                input_tokens=reply.usage.input,
                output_tokens=reply.usage.output,
                cached_tokens=reply.usage.cached,
                estimated=reply.usage.estimated,
                cost=cost_text(cost),
                seconds=reply.seconds,
                attempts=reply.attempts,
                outcome=outcome,
                faults=faults,
                code=code,
            )
        )

    def _heading(self, turn: Turn) -> dict[str, str]:
        return {
            "id": f"exchange_{uuid.uuid4().hex}",
            "conversation": self._conversation,
            "at": timestamp(self._clock.now()),
            "purpose": turn.purpose,
            "prompt_name": turn.asked.name,
            "prompt_version": turn.asked.version,
            "prompt_hash": turn.asked.hash,
            "body_digest": body_digest(turn.request),
        }

    def _count(self, usage: TokenUsage) -> Decimal | None:
        cost = self._budget.spend(self._model, usage)
        self.usage = self.usage.plus(usage)
        if cost is not None:
            self.cost = (self.cost or Decimal(0)) + cost
        return cost

    def _keep(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        try:
            self._log.record(exchange)
        except Exception as error:  # noqa: BLE001 - whatever a sink raises, it must not stop planning
            note = f"The prompt log could not be written: {type(error).__name__}."
            if note not in self.notes:
                self.notes.append(note)


def body_digest(request: ChatRequest) -> str:
    """Return the SHA-256 over what a request asks: the model, the messages and the schema."""
    schema = request.schema.schema if request.schema else None
    return digest(
        {
            "model": request.model,
            "messages": [{"role": each.role, "content": each.content} for each in request.messages],
            "schema": json.dumps(schema, sort_keys=True),
        }
    )


def _plain(name: str) -> str:
    """Return a name somebody else gave without what cannot be stored or shown."""
    return "".join(each for each in name[:_LONGEST_NAME] if each.isprintable())
