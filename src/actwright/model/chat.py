"""The port to a language model: one request in, one reply out. Whoever implements it owns retries and time limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from actwright.canonical import Json

Role = Literal["system", "user", "assistant"]

Finish = Literal["stop", "length", "content_filter", "tool_calls", "other"]
"""Why the model stopped. Only ``stop`` means that its answer is whole."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class ReplySchema:
    """The closed JSON Schema a reply must have: every property required, no open maps."""

    name: str
    schema: dict[str, Json]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked.

    Attributes:
        messages: The conversation; the stable part first, so that a service's prompt cache can serve it.
        model: The model's name, as the service knows it.
        schema: The schema of the reply; None where plain text is wanted.
        temperature: None leaves it to the service, which some models insist on.
        max_output_tokens: The most the reply may have.
        progress: Told how many characters of the reply there are, as they come in; None where nobody listens.
    """

    messages: tuple[Message, ...]
    model: str
    schema: ReplySchema | None = None
    temperature: float | None = 0.0
    max_output_tokens: int = 4_096
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens as the service counted them; estimated where it did not say."""

    input: int = 0
    output: int = 0
    cached: int = 0
    estimated: bool = False

    def plus(self, more: TokenUsage) -> TokenUsage:
        """Return both together; estimated where one of them is."""
        return TokenUsage(
            self.input + more.input,
            self.output + more.output,
            self.cached + more.cached,
            self.estimated or more.estimated,
        )


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a model answered. Hostile input, all of it.

    Attributes:
        text: The answer's text.
        finish: Why it stopped.
        refusal: What the model said instead of an answer, or None.
        model: The model that answered, as the service names it.
        usage: Tokens.
        seconds: How long it took, waiting and trying again included.
        attempts: How many requests it took.
        mode: How the schema was handed over: by the service's own structured output, as plain JSON, or in words.
    """

    text: str
    finish: Finish
    refusal: str | None = None
    model: str = ""
    usage: TokenUsage = field(default_factory=TokenUsage)
    seconds: float = 0.0
    attempts: int = 1
    mode: Literal["json_schema", "json_object", "text"] = "json_schema"


class ChatModel(Protocol):
    """A language model."""

    def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
        """Return the model's reply.

        Args:
            request: What to ask.
            deadline: When to give up, on ``time.monotonic``'s clock; every try and every wait counts.

        Raises:
            ModelError: No reply came; which kind says why.
        """
        ...
