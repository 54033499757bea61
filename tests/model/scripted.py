"""What tests of the model share: a small request, a prompt folder, a contract to answer in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from actwright.contract import Contract
from actwright.model.chat import ChatReply, ChatRequest, Message, ReplySchema
from actwright.model.openai_chat import OpenAIChat
from actwright.testing.model_server import ScriptedModel

KEY = "sk-test-0123456789abcdef"

SYSTEM = """---
name: {name}
version: {version}
description: For a test.
settings:
  temperature: 0.2
  maxOutputTokens: 300
inputs: [goal]
---
You plan.
"""

REPAIR = """---
name: repair
version: 1
description: For a test.
inputs: [faults]
---
Wrong:
{% for fault in faults %}
- {{ fault | quoted }}
{% endfor %}
"""


class Step(Contract):
    """A part of an answer."""

    kind: Literal["one", "two"]
    note: str | None = None


class Word(Contract):
    """What a test model answers."""

    word: str = Field(max_length=20)
    """The word."""
    steps: tuple[Step, ...] = ()


class ChatTo(Protocol):
    """Makes a chat with a scripted model."""

    def __call__(self, model: ScriptedModel, *, attempts: int = 4) -> OpenAIChat:
        """Return the chat."""
        ...


class Ask(Protocol):
    """Sends one request to a scripted model."""

    def __call__(
        self,
        model: ScriptedModel,
        *,
        seconds: float = 10.0,
        progress: Callable[[int], None] | None = None,
    ) -> ChatReply:
        """Return the reply."""
        ...


def request(
    *, progress: Callable[[int], None] | None = None, temperature: float | None = 0.0
) -> ChatRequest:
    """Return a small request with a schema."""
    return ChatRequest(
        messages=(Message("system", "You plan."), Message("user", "Plan this.")),
        model="scripted",
        schema=ReplySchema("Word", {"type": "object"}),
        temperature=temperature,
        progress=progress,
    )


def write_prompt(
    folder: Path, name: str = "greet", *, system: str | None = None, user: str = "Goal: {{ goal }}"
) -> Path:
    """Write a prompt into ``folder`` and return its own folder."""
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    head = system if system is not None else SYSTEM.format(name=name, version=1)
    (own / "system.md.jinja").write_text(head, encoding="utf-8")
    (own / "user.md.jinja").write_text(user, encoding="utf-8")
    return own
