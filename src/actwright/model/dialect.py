"""Dialects: how one service wants to be asked. Each starts at the fullest form and is told what it does not know."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal

from actwright.canonical import Json
from actwright.model.chat import ChatRequest, Message, ReplySchema

Mode = Literal["json_schema", "json_object", "text"]

_NEXT: dict[Mode, Mode] = {"json_schema": "json_object", "json_object": "text"}
_FORMAT_WORDS = ("response_format", "json_schema", "json_object", "structured output", "schema")
_LENGTH_WORDS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a service is asked.

    Attributes:
        mode: How the schema is handed over: by the service's own structured output, as plain JSON, or in words.
        length: What the service calls the most tokens of a reply.
        temperature: Whether it takes a temperature.
        stream_usage: Whether it can be asked to count tokens in a stream.
    """

    mode: Mode = "json_schema"
    length: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    temperature: bool = True
    stream_usage: bool = True

    def adapted(self, complaint: str) -> Dialect | None:
        """Return the dialect to try next after a service refused a request, or None where that is not the reason.

        Args:
            complaint: What the service said.
        """
        said = complaint.lower()
        if self.stream_usage and "stream_options" in said:
            return replace(self, stream_usage=False)
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.length == "max_completion_tokens" and any(word in said for word in _LENGTH_WORDS):
            return replace(self, length="max_tokens")
        if self.mode != "text" and any(word in said for word in _FORMAT_WORDS):
            return replace(self, mode=_NEXT[self.mode])
        return None

    def options(self, request: ChatRequest) -> dict[str, Json]:
        """Return the body of ``request`` apart from the model and the messages."""
        options: dict[str, Json] = {self.length: request.max_output_tokens}
        if request.temperature is not None and self.temperature:
            options["temperature"] = request.temperature
        if request.schema is not None and self.mode != "text":
            options["response_format"] = self._format(request.schema)
        if request.progress is not None:
            options["stream"] = True
        if request.progress is not None and self.stream_usage:
            options["stream_options"] = {"include_usage": True}
        return options

    def messages(self, request: ChatRequest) -> list[Message]:
        """Return the messages; where the service does not take the schema, it stands in the first of them."""
        messages = list(request.messages)
        if request.schema is None or self.mode == "json_schema" or not messages:
            return messages
        schema = json.dumps(request.schema.schema, separators=(",", ":"))
        words = f"Answer with one JSON document and nothing else. It must fit this JSON Schema:\n{schema}"
        first = messages[0]
        return [Message(first.role, f"{first.content}\n\n{words}"), *messages[1:]]

    def _format(self, schema: ReplySchema) -> dict[str, Json]:
        if self.mode == "json_object":
            return {"type": "json_object"}
        return {
            "type": "json_schema",
            "json_schema": {"name": schema.name, "strict": True, "schema": schema.schema},
        }
