"""A scripted model: a real HTTP server on loopback that speaks as OpenAI-compatible services do, or as they should not."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, TypeAlias

from actwright.canonical import Json
from actwright.testing.replies import Reply

_LARGEST_REQUEST = 16 * 1024 * 1024
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a client sent.

    Attributes:
        path: The path it asked.
        headers: Its headers, the names in lower case.
        body: Its body, read as JSON.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Json]

    @property
    def text(self) -> str:
        """All messages' content, one after the other."""
        messages = self.body.get("messages")
        listed = messages if isinstance(messages, list) else []
        return "\n".join(str(each["content"]) for each in listed if isinstance(each, dict))


Script: TypeAlias = Iterable[Reply] | Callable[[ModelRequest], Reply]
"""What to answer: one reply after the other, or whatever a function makes of the request."""


class ScriptedModel:
    """A context manager around a server that answers ``POST /v1/chat/completions`` and ``GET /v1/models``.

    Args:
        script: What it answers.
        strict: Whether leaving the context fails where a request was not in the script, or a reply was not asked for.
    """

    def __init__(self, script: Script = (), *, strict: bool = True) -> None:
        self._answer = script if callable(script) else None
        self._left = [] if callable(script) else list(script)
        self._strict = strict
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.requests: list[ModelRequest] = []
        """What was asked, in order."""
        self.unexpected = 0
        """How many requests the script had no reply for."""

    @property
    def base_url(self) -> str:
        """The address to hand to a client."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        if kind is None and self._strict:
            self.check()

    def check(self) -> None:
        """Fail where a request was not in the script, or a reply was not asked for.

        Raises:
            AssertionError: The script and what was asked differ.
        """
        if self.unexpected or self._left:
            raise AssertionError(
                f"The scripted model had {self.unexpected} requests too many, "
                f"and {len(self._left)} replies were not asked for."
            )

    def reply_to(self, request: ModelRequest) -> Reply:
        """Note a request, and return what to answer."""
        with self._lock:
            self.requests.append(request)
            if self._answer is not None:
                return self._answer(request)
            if self._left:
                return self._left.pop(0)
            self.unexpected += 1
        return Reply.error(400, "The script has no reply to this request.", code="unexpected")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait so long, or until the server stops; tell whether it stops."""
        return self._stop.wait(seconds)


class _Server(ThreadingHTTPServer):
    """The server; leaving it waits for every connection, so that none outlives a test."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection: one request, one answer, byte for byte as scripted."""

    server: _Server
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """Answer the list of models."""
        models = {"object": "list", "data": [{"id": "scripted", "object": "model"}]}
        known = self.path == "/v1/models"
        body = Reply(body=json.dumps(models).encode()) if known else Reply.error(404)
        self._send(body, stream=False)

    def do_POST(self) -> None:
        """Answer what the script says."""
        length = min(int(self.headers.get("content-length") or 0), _LARGEST_REQUEST)
        body = json.loads(self.rfile.read(length) or b"{}")
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.model.reply_to(ModelRequest(self.path, headers, body))
        self._send(reply, stream=bool(body.get("stream")))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _send(self, reply: Reply, *, stream: bool) -> None:
        self.close_connection = True
        if reply.silent:
            self.server.model.wait()
            return
        if reply.delay and self.server.model.wait(reply.delay):
            return
        with suppress(OSError):
            self._write(reply, reply.wire(stream=stream))

    def _write(self, reply: Reply, wire: bytes) -> None:
        if not reply.drip:
            self.wfile.write(wire)
            return
        for index in range(len(wire)):
            self.wfile.write(wire[index : index + 1])
            if self.server.model.wait(reply.drip):
                return
        while reply.endless and not self.server.model.wait(reply.drip):
            self.wfile.write(b" ")
