"""The record of one conversation: each exchange is counted, kept in the log, and summed up."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import TypedDict

from actwright.canonical import digest
from actwright.clock import Clock, timestamp
from actwright.errors import ModelError
from actwright.model.budget import Budget
from actwright.model.chat import ChatReply, ChatRequest, TokenUsage
from actwright.model.exchange import (
    Exchange,
    ExchangeMessage,
    ExchangeSink,
    ExchangeTexts,
    FaultKind,
    Outcome,
)
from actwright.model.prices import cost_text
from actwright.model.prompt import RenderedPrompt

_LONGEST_NAME = 200
_NAME = re.compile(rf"[\w.:/@+\-]{{1,{_LONGEST_NAME}}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Turn:
    """One request of a conversation.

    Attributes:
        request: What is sent.
        asked: The prompt it was made with.
        purpose: The name of the prompt that began the conversation, or ``repair``.
        round: How often the reply had gone back before.
    """

    request: ChatRequest
    asked: RenderedPrompt
    purpose: str
    round: int = 0


class _Heading(TypedDict):
    """What an exchange says of its request."""

    id: str
    conversation: str
    at: str
    purpose: str
    prompt_name: str
    prompt_version: str
    prompt_hash: str
    body_digest: str
    round: int
    temperature: float | None
    max_output_tokens: int
    schema_digest: str | None


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

    def invalid(self, turn: Turn, reply: ChatReply, faults: Sequence[str], kind: FaultKind) -> None:
        """Keep an exchange whose reply has these faults, all of them of one kind."""
        self._replied(turn, reply, "invalid", faults=tuple(faults), kind=kind)

    def refused(self, turn: Turn, reply: ChatReply, error: ModelError) -> None:
        """Keep an exchange in which the model declined."""
        self._replied(turn, reply, "refused", error=error)

    def failed(self, turn: Turn, error: ModelError, seconds: float) -> None:
        """Keep an exchange to which no reply came."""
        exchange = Exchange(
            **self._heading(turn),
            model=turn.request.model[:_LONGEST_NAME],
            seconds=seconds,
            outcome="failed",
            code=error.error_code,
        )
        self._keep(exchange, _texts(exchange, turn, error=error))

    def _replied(
        self,
        turn: Turn,
        reply: ChatReply,
        outcome: Outcome,
        *,
        faults: tuple[str, ...] = (),
        kind: FaultKind | None = None,
        error: ModelError | None = None,
    ) -> None:
        cost = self._count(reply.usage)
        exchange = Exchange(
            **self._heading(turn),
            model=_plain(reply.model) or turn.request.model[:_LONGEST_NAME],
            mode=reply.mode,
            finish=reply.finish,
            input_tokens=reply.usage.input,
            output_tokens=reply.usage.output,
            cached_tokens=reply.usage.cached,
            estimated=reply.usage.estimated,
            cost=cost_text(cost),
            seconds=reply.seconds,
            attempts=reply.attempts,
            outcome=outcome,
            faults=len(faults),
            fault_kind=kind,
            code=error.error_code if error else None,
        )
        self._keep(exchange, _texts(exchange, turn, reply, faults, error))

    def _heading(self, turn: Turn) -> _Heading:
        request = turn.request
        return {
            "id": f"exchange_{uuid.uuid4().hex}",
            "conversation": self._conversation,
            "at": timestamp(self._clock.now()),
            "purpose": turn.purpose,
            "prompt_name": turn.asked.name,
            "prompt_version": turn.asked.version,
            "prompt_hash": turn.asked.hash,
            "body_digest": body_digest(request),
            "round": turn.round,
            "temperature": request.temperature,
            "max_output_tokens": request.max_output_tokens,
            "schema_digest": _schema_digest(request),
        }

    def _count(self, usage: TokenUsage) -> Decimal | None:
        cost = self._budget.spend(self._model, usage)
        self.usage = self.usage.plus(usage)
        if cost is not None:
            self.cost = (self.cost or Decimal(0)) + cost
        return cost

    def _keep(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        self.exchanges.append(exchange)
        try:
            self._log.record(exchange, texts)
        except Exception as error:  # noqa: BLE001 - whatever a sink raises, it must not stop planning
            note = f"The prompt log could not be written: {type(error).__name__}."
            if note not in self.notes:
                self.notes.append(note)


def body_digest(request: ChatRequest) -> str:
    """Return the SHA-256 over what a request asks: the model, the messages and the schema."""
    return digest(
        {
            "model": request.model,
            "messages": [{"role": each.role, "content": each.content} for each in request.messages],
            "schema": _schema_text(request),
        }
    )


def _schema_text(request: ChatRequest) -> str:
    return json.dumps(request.schema.schema if request.schema else None, sort_keys=True)


def _schema_digest(request: ChatRequest) -> str | None:
    if request.schema is None:
        return None
    return sha256(_schema_text(request).encode()).hexdigest()


def _texts(
    exchange: Exchange,
    turn: Turn,
    reply: ChatReply | None = None,
    faults: tuple[str, ...] = (),
    error: ModelError | None = None,
) -> ExchangeTexts:
    """Return what was said in an exchange, as it was said."""
    said = None if reply is None else reply.text or reply.refusal or ""
    return ExchangeTexts.model_construct(
        exchange=exchange.id,
        messages=tuple(
            ExchangeMessage.model_construct(role=each.role, content=each.content)
            for each in turn.request.messages
        ),
        reply=said,
        faults=faults,
        error=None if error is None else error.message,
    )


def _plain(name: str) -> str:
    """Return a name somebody else gave; nothing where it is no name: a service may answer with words of the prompt."""
    return name if _NAME.fullmatch(name) else ""
