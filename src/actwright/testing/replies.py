"""What a scripted model answers: good or bad, down to the bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from actwright.canonical import Json

_PIECE = 24
_MOST_PIECES = 1000
"""The characters of one event of a stream."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a scripted model.

    Attributes:
        text: The message's content; None for a message without.
        finish: Why the model stopped.
        refusal: What it says instead of an answer.
        tool_calls: Tools it calls instead of answering.
        model: Its name.
        usage: Its count of tokens, as it stands in the answer; None leaves it out.
        status: The HTTP status.
        headers: Further headers, and others in place of our own.
        body: The whole body, in place of a completion.
        raw: All bytes on the wire, in place of an HTTP answer.
        delay: Seconds before the first byte.
        cut: After how many bytes of the body the connection is closed.
        drip: Seconds between one byte and the next, headers included.
        endless: Whether the dripping goes on when the answer is over.
        silent: Whether nothing is ever answered.
    """

    text: str | None = None
    finish: str | None = "stop"
    refusal: str | None = None
    tool_calls: tuple[Mapping[str, Json], ...] = ()
    model: str = "scripted"
    usage: Mapping[str, Json] | None = field(
        default_factory=lambda: {"prompt_tokens": 100, "completion_tokens": 20}
    )
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    raw: bytes | None = None
    delay: float = 0.0
    cut: int | None = None
    drip: float = 0.0
    endless: bool = False
    silent: bool = False

    @classmethod
    def json(cls, document: Json) -> Reply:
        """Return a reply whose text is ``document``."""
        return cls(text=json.dumps(document))

    @classmethod
    def error(
        cls,
        status: int,
        message: str = "Scripted failure.",
        *,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Return an error in the shape OpenAI-compatible services use."""
        body = {"error": {"message": message, "type": "scripted", "code": code, "param": param}}
        return cls(status=status, headers=headers or {}, body=json.dumps(body).encode())

    def wire(self, *, stream: bool) -> bytes:
        """Return all bytes of the answer.

        Args:
            stream: Whether a stream of events was asked for.
        """
        if self.raw is not None:
            return self.raw
        events = stream and self.body is None and self.status == HTTPStatus.OK
        body = self._events() if events else self._whole()
        sent = body if self.cut is None else body[: self.cut]
        return self._head("text/event-stream" if events else "application/json", body) + sent

    def _head(self, content_type: str, body: bytes) -> bytes:
        headers = {"content-type": content_type, "connection": "close"}
        if content_type != "text/event-stream":
            headers["content-length"] = str(len(body))
        headers |= {name.lower(): value for name, value in self.headers.items()}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join((f"HTTP/1.1 {self.status} Scripted", *lines, "", "")).encode("latin-1")

    def _whole(self) -> bytes:
        if self.body is not None:
            return self.body
        choice = {"index": 0, "message": self._message(self.text), "finish_reason": self.finish}
        document = {"id": "scripted", "object": "chat.completion", "created": 0} | {
            "model": self.model,
            "choices": [choice],
        }
        return json.dumps(document | self._usage()).encode()

    def _events(self) -> bytes:
        lines = [f"data: {json.dumps(each)}\n\n" for each in self._chunks()]
        return "".join((*lines, "data: [DONE]\n\n")).encode()

    def _chunks(self) -> Iterator[dict[str, object]]:
        text = self.text or ""
        piece = max(_PIECE, len(text) // _MOST_PIECES)
        for start in range(0, len(text), piece):
            yield self._chunk({"content": text[start : start + piece]}, None)
        rest = {key: value for key, value in self._message(None).items() if key != "content"}
        yield self._chunk(rest, self.finish)
        if self.usage is not None:
            yield {"model": self.model, "choices": []} | self._usage()

    def _chunk(self, delta: Mapping[str, object], finish: str | None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {"object": "chat.completion.chunk", "model": self.model, "choices": [choice]}

    def _message(self, content: str | None) -> dict[str, object]:
        message: dict[str, object] = {"role": "assistant", "content": content}
        if self.refusal is not None:
            message["refusal"] = self.refusal
        if self.tool_calls:
            message["tool_calls"] = [dict(each) for each in self.tool_calls]
        return message

    def _usage(self) -> dict[str, object]:
        return {} if self.usage is None else {"usage": dict(self.usage)}
