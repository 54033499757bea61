"""A keyed service: a real HTTP server on loopback that acts once for each idempotency key, and fails when it is told to.

It speaks as `actwright.connectors.http` wants it: ``POST`` of anything, ``GET`` and ``PUT`` of ``/keys/KEY``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self, TypeAlias
from urllib.parse import unquote

from actwright.canonical import Json

Failure: TypeAlias = Literal[
    "lost_before", "lost_after", "broken_before", "broken_after", "accepted", "refused"
]
"""What goes wrong with one effect: its connection is closed before or after it has happened, the answer is 500 before or
after it has, it is only accepted, or it is refused with 422."""

_LARGEST_REQUEST = 1024 * 1024
_PATIENCE = 5.0
_KEYS = "/keys/"


@dataclass
class KeyedService:
    """A context manager around the server.

    Attributes:
        failures: What goes wrong with the next effects, one each; popped from the left.
        effects: What has happened: the body of each effect, in order.
        requests: What was asked: method and path, in order.
        keys: What is known of each key, as it is told.
    """

    failures: list[Failure] = field(default_factory=list)
    effects: list[Mapping[str, Json]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    keys: dict[str, dict[str, Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The address to hand to an `HttpService`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def finish(self) -> None:
        """Let what was only accepted happen."""
        with self._lock:
            for key, known in self.keys.items():
                if known["status"] == "in_flight":
                    body = known["body"]
                    self._done(key, body if isinstance(body, dict) else {})

    def act(self, key: str, body: dict[str, Json]) -> tuple[int, Mapping[str, Json]] | None:
        """Do an effect, once for each key, and return the answer; None where the connection is to be closed."""
        with self._lock:
            known = self.keys.get(key)
            if known is not None:
                return _known(known, body)
            failure = self.failures.pop(0) if self.failures else None
            return self._failed(failure, key, body) if failure else (201, self._done(key, body))

    def tell(self, key: str) -> tuple[int, Mapping[str, Json]]:
        """Tell what is known of a key."""
        with self._lock:
            known = self.keys.get(key)
            if known is None:
                return 404, {"detail": "This key was never seen."}
            return 200, {**known, "key": key}

    def give_up(self, key: str) -> tuple[int, Mapping[str, Json]]:
        """See to it that a key that was never seen never acts, and tell what is known of it."""
        with self._lock:
            return 200, {**self.keys.setdefault(key, {"status": "given_up"}), "key": key}

    def _done(self, key: str, body: dict[str, Json]) -> Mapping[str, Json]:
        self.effects.append(body)
        answer: dict[str, Json] = {"id": f"e-{len(self.effects)}"}
        self.keys[key] = {"status": "done", "body": body, "answer": answer}
        return answer

    def _failed(
        self, failure: Failure, key: str, body: dict[str, Json]
    ) -> tuple[int, Mapping[str, Json]] | None:
        if failure.endswith("_after"):
            self._done(key, body)
        if failure == "accepted":
            self.keys[key] = {"status": "in_flight", "body": body}
            return 202, {}
        if failure == "refused":
            self.keys[key] = {"status": "failed", "body": body}
            return 422, {"detail": "No such street."}
        return None if failure.startswith("lost") else (500, {"detail": "It broke."})


def _known(known: Mapping[str, Json], body: Mapping[str, Json]) -> tuple[int, Mapping[str, Json]]:
    """Return the answer to a key that was seen before."""
    answer = known.get("answer")
    if known["status"] == "given_up":
        return 410, {"detail": "This key was given up."}
    if known.get("body") != body:
        return 422, {"detail": "This key was used for something else."}
    return (201, answer) if isinstance(answer, dict) else (409, {"detail": "It is still at it."})


class _Server(ThreadingHTTPServer):
    """The server; leaving it waits for every connection, so that none outlives a test."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, service: KeyedService) -> None:
        self.service = service
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection: one request, and one answer or none."""

    server: _Server
    timeout = _PATIENCE

    def do_POST(self) -> None:
        """Do an effect."""
        key = self.headers.get("Idempotency-Key") or ""
        self._answer(self.server.service.act(key, self._body()) if key else (400, {}))

    def do_GET(self) -> None:
        """Tell what is known of a key."""
        self._answer(self.server.service.tell(unquote(self.path.removeprefix(_KEYS))))

    def do_PUT(self) -> None:
        """Give a key up."""
        wanted = self._body() == {"status": "given_up"}
        key = unquote(self.path.removeprefix(_KEYS))
        self._answer(self.server.service.give_up(key) if wanted else (400, {}))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _body(self) -> dict[str, Json]:
        length = min(int(self.headers.get("content-length") or 0), _LARGEST_REQUEST)
        body = json.loads(self.rfile.read(length) or b"{}")
        return body if isinstance(body, dict) else {}

    def _answer(self, answer: tuple[int, Mapping[str, Json]] | None) -> None:
        self.close_connection = True
        self.server.service.requests.append((self.command, self.path))
        if answer is None:
            return
        status, body = answer
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
