"""An exchange: the record of one request to a model and of what came of it. It holds no word of either."""

from __future__ import annotations

from typing import Literal, Protocol

from pydantic import Field

from actwright.contract import Contract

Outcome = Literal["ok", "invalid", "refused", "failed"]
"""What came of it: a usable reply, one that broke its contract, a refusal, or no reply."""


class Exchange(Contract):
    """One request to a model, every try included, and what came of it."""

    id: str
    conversation: str
    """The same for a request and the repairs that followed from it."""
    at: str
    """When the reply was there, or was given up."""
    purpose: str
    """What was asked for: the name of the prompt that began it, or ``repair``."""
    prompt_name: str
    prompt_version: str
    prompt_hash: str
    model: str
    """The model as the service named it; as we asked for it where no reply came."""
    mode: Literal["json_schema", "json_object", "text"] | None = None
    """How the schema was handed over; None where no reply came."""
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    estimated: bool = False
    """Whether the tokens are our estimate because the service did not say."""
    cost: str | None = None
    """In the price table's currency; None where the table holds no price."""
    seconds: float = Field(default=0.0, ge=0)
    attempts: int = Field(default=1, ge=0)
    outcome: Outcome
    code: str | None = None
    """Where it failed: the error's code."""
    faults: int = Field(default=0, ge=0)
    """How many faults the reply had."""
    body_digest: str
    """SHA-256 over the canonical JSON of the model, the messages and the schema."""


class ExchangeSink(Protocol):
    """Takes the record of each exchange; telemetry can stand here too."""

    def record(self, exchange: Exchange) -> None:
        """Keep ``exchange``. Whatever is raised is noted and never stops planning."""
        ...
