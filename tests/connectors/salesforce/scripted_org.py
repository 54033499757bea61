"""A scripted HTTP server on this machine: says what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

ORG_ID, USER_ID = "00D000000000001EAA", "005000000000001AAA"
FIELD_DEFAULTS = {"createable": True, "updateable": True, "nillable": True, "filterable": True}


@dataclass(frozen=True)
class Seen:
    """One request the server received."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        document: dict[str, object] = json.loads(self.body)
        return document


@dataclass(frozen=True)
class Reply:
    """What the server answers; ``drop`` hangs up without a word, ``stale`` after the answer, ``delay`` waits first."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    stale: bool = False
    delay: float = 0.0

    @property
    def content(self) -> bytes:
        """The body as it goes over the wire."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Script = Reply | Callable[[Seen], Reply]


class _Server(ThreadingHTTPServer):
    """Keeps quiet about clients that hung up, which is what some tests are about."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing where the client is gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class ScriptedOrg:
    """The server; a context manager."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self._scripts: list[tuple[str, str, list[Script]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _serve(self) -> None:
                owner._serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
                """Stay quiet."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.on("POST", "/oauth2/token", self._token)
        self.on(
            "GET", "/oauth2/userinfo", Reply(body={"organization_id": ORG_ID, "user_id": USER_ID})
        )

    def on(self, method: str, path: str, *scripts: Script) -> None:
        """Answer requests whose path holds ``path`` with the scripts, one after another; the last one stays."""
        self._scripts.insert(0, (method, path, list(scripts)))

    def seen(self, path: str) -> list[Seen]:
        """Return the requests whose path holds ``path``."""
        return [each for each in self.requests if path in each.path]

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
        self._server.server_close()

    def _token(self, seen: Seen) -> Reply:
        del seen
        count = len(self.seen("/oauth2/token"))
        identity = f"https://login.salesforce.com/id/{ORG_ID}/{USER_ID}"
        token = {"access_token": f"T{count}", "instance_url": self.url, "id": identity}
        return Reply(body=token)

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        seen = Seen(handler.command, handler.path, dict(handler.headers.items()), body)
        self.requests.append(seen)
        reply = self._reply(seen)
        time.sleep(reply.delay)
        if reply.drop:
            handler.close_connection = True
            handler.connection.shutdown(2)
            return
        content = reply.content if reply.status not in {204, 304} else b""
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = handler.close_connection or reply.stale

    def _reply(self, seen: Seen) -> Reply:
        for method, path, scripts in self._scripts:
            if method == seen.method and path in seen.path:
                script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
                return script if isinstance(script, Reply) else script(seen)
        return fault(404, "NOT_FOUND", "The requested resource does not exist")


def fault(status: int, code: str, message: str = "no") -> Reply:
    """Return an error as Salesforce words it."""
    return Reply(status, [{"errorCode": code, "message": message}])


def composite(*parts: tuple[int, object]) -> Callable[[Seen], Reply]:
    """Return a script that answers each subrequest of a composite with a status and a body."""

    def answer(seen: Seen) -> Reply:
        requests = seen.json["compositeRequest"]
        assert isinstance(requests, list)
        entries = [
            {
                "httpStatusCode": status,
                "body": body,
                "referenceId": request["referenceId"],
                "httpHeaders": {},
            }
            for request, (status, body) in zip(requests, parts, strict=True)
        ]
        return Reply(body={"compositeResponse": entries})

    return answer


def described(name: str, prefix: str, *fields: dict[str, object]) -> dict[str, object]:
    """Return a describe with ``Id``, ``Name``, ``LastModifiedDate`` and the given fields."""
    own: list[dict[str, object]] = [
        {"name": "Id", "type": "id"},
        {"name": "Name", "type": "string", "nameField": True},
        {"name": "LastModifiedDate", "type": "datetime", "createable": False, "updateable": False},
    ]
    return {
        "name": name,
        "label": name,
        "labelPlural": f"{name}s",
        "keyPrefix": prefix,
        "queryable": True,
        "createable": True,
        "updateable": True,
        "deletable": True,
        "fields": [{**FIELD_DEFAULTS, "label": each["name"], **each} for each in [*own, *fields]],
    }
