"""Contents: what was said in exchanges, told behind their spans where somebody opted in; redacted as the prompt log is.

It stands among the prompt log's sinks, so that it is handed only what was redacted, and only where texts are kept at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from opentelemetry import trace
from opentelemetry._logs import Logger
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext

from actwright.canonical import Json
from actwright.telemetry.log.entry import Entry, TextsEntry
from actwright.telemetry.log.planning import PlanningRecord
from actwright.telemetry.otel import conventions as name
from actwright.telemetry.otel.remembered import Remembered

_ASSISTANT: Final = "assistant"


@dataclass(frozen=True, slots=True)
class Contents:
    """Tells of texts as events, each behind the span of its exchange.

    Attributes:
        logger: Takes the events.
        remembered: The spans of exchanges and plans.
    """

    logger: Logger
    remembered: Remembered

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return "traces"

    def write(self, entries: Sequence[Entry]) -> None:
        """Tell of the texts among the entries, and of the goals of plannings."""
        for each in entries:
            if isinstance(each, TextsEntry):
                self._tell_texts(each)
            elif isinstance(each, PlanningRecord) and each.goal is not None and each.plan_id:
                self._emit(
                    "actwright.goal", self.remembered.of(each.plan_id), {name.GOAL: each.goal}
                )

    def _tell_texts(self, entry: TextsEntry) -> None:
        document = entry.document if isinstance(entry.document, dict) else {}
        messages = document.get("messages")
        asked = [
            _message(str(each.get("role", "")), _text(each.get("content"), entry.contents))
            for each in (messages if isinstance(messages, list) else ())
            if isinstance(each, dict)
        ]
        told: dict[str, object] = {name.OPERATION: name.CHAT, name.INPUT_MESSAGES: asked}
        reply = _text(document.get("reply"), entry.contents)
        if reply:
            told[name.OUTPUT_MESSAGES] = [_message(_ASSISTANT, reply)]
        self._emit(name.EXCHANGE_DETAILS, self.remembered.of(entry.exchange), told)

    def _emit(self, event: str, span: SpanContext | None, told: Mapping[str, object]) -> None:
        context = Context() if span is None else trace.set_span_in_context(NonRecordingSpan(span))
        self.logger.emit(context=context, event_name=event, attributes=told)  # type: ignore[arg-type]  # nested, as events may be


def _message(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _text(value: Json, contents: Mapping[str, bytes]) -> str:
    """Return a text of a document: what stands there, or what was taken out of it for its length."""
    if isinstance(value, dict):
        return contents.get(str(value.get("payload", "")), b"").decode("utf-8", "replace")
    return value if isinstance(value, str) else ""
