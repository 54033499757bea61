"""The spans of exchanges with models, made of what each exchange tells of itself once it is over."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from actwright.model.exchange import Exchange
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.attributes import Attributes
from actwright.telemetry.otel.current import outer
from actwright.telemetry.otel.instruments import Instruments
from actwright.telemetry.otel.remembered import Remembered

PROVIDER: Final = "openai"
"""What the wire format is called; behind it may stand any service that speaks it."""
_PORTS: Final = {"http": 80, "https": 443}


class Service(NamedTuple):
    """The model that is asked, by the name it was asked by, and the address of its service."""

    model: str
    address: str


@dataclass(frozen=True, slots=True)
class Chats:
    """Tells of exchanges.

    Attributes:
        tracer: Makes spans.
        instruments: Counts.
        remembered: Keeps each span under its exchange's id.
        service: The model that is asked, and where.
    """

    tracer: Tracer
    instruments: Instruments
    remembered: Remembered
    service: Service

    def tell(self, exchange: Exchange) -> None:
        """Leave a span of an exchange: one request with its retries; each repair is an exchange of its own."""
        until = time.time_ns()
        since = until - int(exchange.seconds * 1_000_000_000)
        span = self.tracer.start_span(
            f"{name.CHAT} {self.service.model}",
            outer(),
            kind=SpanKind.CLIENT,
            attributes=self._common() | _request(exchange) | _reply(exchange),
            start_time=since,
        )
        if exchange.code is not None:
            span.set_attribute(name.ERROR_TYPE, exchange.code)
            span.set_status(Status(StatusCode.ERROR))
        span.end(until)
        self.remembered.keep(exchange.id, span.get_span_context())
        self._count(exchange)

    def _common(self) -> Attributes:
        parts = urlsplit(self.service.address)
        told: Attributes = {
            name.OPERATION: name.CHAT,
            name.PROVIDER: PROVIDER,
            name.REQUEST_MODEL: self.service.model,
        }
        if parts.hostname:
            told[name.SERVER_ADDRESS] = parts.hostname
            told[name.SERVER_PORT] = parts.port or _PORTS.get(parts.scheme, 443)
        return told

    def _count(self, exchange: Exchange) -> None:
        told = self._common()
        if exchange.code is not None:
            told[name.ERROR_TYPE] = exchange.code
        known = exchange.outcome != "failed" and not exchange.estimated
        tokens = {"input": exchange.input_tokens, "output": exchange.output_tokens}
        self.instruments.asked(exchange.seconds, tokens if known else {}, told)


def _request(exchange: Exchange) -> Attributes:
    told: Attributes = {
        name.CONVERSATION_ID: exchange.conversation,
        name.EXCHANGE_ID: exchange.id,
        name.EXCHANGE_OUTCOME: exchange.outcome,
        name.EXCHANGE_ROUND: exchange.round,
        name.PROMPT_NAME: exchange.prompt_name,
        name.PROMPT_VERSION: exchange.prompt_version,
        name.PROMPT_HASH: exchange.prompt_hash,
    }
    if exchange.temperature is not None:
        told[name.REQUEST_TEMPERATURE] = exchange.temperature
    if exchange.max_output_tokens:
        told[name.REQUEST_MAX_TOKENS] = exchange.max_output_tokens
    if exchange.planning is not None:
        told[name.PLANNING_ID] = exchange.planning
    if exchange.session is not None:
        told[name.SESSION_ID] = exchange.session
    return told


def _reply(exchange: Exchange) -> Attributes:
    if exchange.outcome == "failed":
        return {}
    told: Attributes = {
        name.RESPONSE_MODEL: exchange.model,
        name.INPUT_TOKENS: exchange.input_tokens,
        name.OUTPUT_TOKENS: exchange.output_tokens,
        name.EXCHANGE_FAULTS: exchange.faults,
        name.OUTPUT_TYPE: "text" if exchange.mode == "text" else "json",
    }
    if exchange.cached_tokens:
        told[name.CACHED_TOKENS] = exchange.cached_tokens
    if exchange.finish is not None:
        told[name.FINISH_REASONS] = [exchange.finish]
    if exchange.cost is not None:
        told[name.COST] = exchange.cost
    return told
