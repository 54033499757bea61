"""An exchange: one request to a model and what came of it. Numbers and names here; its texts stand apart from it."""

from __future__ import annotations

from typing import Literal, Protocol

from pydantic import Field

from actwright.contract import Contract
from actwright.model.chat import Finish, Role

Outcome = Literal["ok", "invalid", "refused", "failed"]
"""What came of it: a usable reply, one that broke its contract, a refusal, or no reply."""

FaultKind = Literal["finish", "json", "contract", "meaning"]
"""What a reply's faults are of: it is not whole, no document, one of another shape, or says what cannot be."""


class Exchange(Contract):
    """One request to a model, every try included, and what came of it. It holds no word of either."""

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
    fault_kind: FaultKind | None = None
    """What they are of; None where there is none."""
    body_digest: str
    """SHA-256 over the canonical JSON of the model, the messages and the schema."""
    round: int = Field(default=0, ge=0)
    """How often the conversation's reply had gone back before: 0 for the first request."""
    finish: Finish | None = None
    """Why the model stopped; None where no reply came."""
    temperature: float | None = None
    """As it was asked for; None where it was left to the service."""
    max_output_tokens: int | None = Field(default=None, ge=0)
    """The most the reply was allowed."""
    schema_digest: str | None = None
    """SHA-256 over the JSON of the reply's schema; None where plain text was wanted."""
    planning: str | None = None
    """The planning call it belongs to; None where it was asked outside of one."""
    goal_digest: str | None = None
    """SHA-256 over the goal's words; None where there is no goal."""
    session: str | None = None
    """The opened session it was asked in."""
    user: str | None = None
    """Whose rights counted, as the log names people."""
    org: str | None = None
    """The org: ``local``, or its address."""


class ExchangeMessage(Contract):
    """One message that was sent."""

    role: Role
    content: str


class ExchangeTexts(Contract):
    """What an exchange said. Kept only where the settings ask for it, and never before it is redacted."""

    exchange: str
    """The id of the exchange."""
    goal: str | None = None
    messages: tuple[ExchangeMessage, ...] = ()
    reply: str | None = None
    """What the model answered, or said instead of an answer; None where no reply came."""
    faults: tuple[str, ...] = ()
    """What was wrong with the reply, a sentence each."""
    error: str | None = None
    """What was said where it failed."""
    redacted: dict[str, int] = Field(default_factory=dict)
    """What was taken out, and how often: ``{"Contact.Name": 3}``."""


class ExchangeSink(Protocol):
    """Takes the record of each exchange."""

    def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        """Take ``exchange`` and what was said in it; whoever asked waits for this.

        Whatever is raised is noted and never stops planning.
        """
        ...
