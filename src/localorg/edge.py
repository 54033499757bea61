"""The HTTP edge: one request read into a `Call`, its `Reply` written, and the faults that wait in between.

It stands on the standard library alone: an org is started far more often than it is under load, and most of a
start is imports.
"""

from __future__ import annotations

import json
import socket
import time
import traceback
from functools import partial
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Final, NoReturn, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from localorg.errors import ApiError, invalid_json
from localorg.exchange import JSON, Call, Reply
from localorg.fault_kinds import HEADER, fault_of_header
from localorg.faults import Fault

if TYPE_CHECKING:
    from localorg.server import OrgServer

MAX_BODY: Final = 16 * 1024 * 1024
MAX_UPLOAD: Final = 100 * 1024 * 1024
"""The bytes of a job's upload, which is CSV."""
MAX_DEPTH: Final = 64

_MEGABYTE: Final = 1024 * 1024
_CSV: Final = "text/csv"
_FORM: Final = "application/x-www-form-urlencoded"
_ADMIN: Final = "/localorg/"
_TOKEN: Final = "/services/oauth2/token"  # noqa: S105 - a path


class Edge(BaseHTTPRequestHandler):
    """One connection, on which requests follow each other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Read one request, answer it, and let a waiting fault happen to it."""
        service = cast("OrgServer", self.server).service
        try:
            call = self._call()
        except ApiError as error:
            self.close_connection = True
            self._write(Reply(error.status, error.body()))
            return
        if call.path.startswith(_ADMIN):
            self._write(self._reply(call))
            return
        path = unquote(call.path)
        if path != _TOKEN:
            service.usage.add(call.method, path)
        time.sleep(service.faults.latency_ms / 1000)
        try:
            fault = self._fault(call, path)
        except ApiError as error:
            self._write(Reply(error.status, error.body()))
            return
        if fault is None:
            self._write(self._reply(call))
            return
        try:
            self._suffer(fault, call)
        finally:
            fault.ended += 1

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - the base class looks for these

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the callers log their own calls."""

    def _call(self) -> Call:
        """Return the request that stands at the head of the connection.

        Raises:
            ApiError: A header or the address cannot be read, or its body has no length, is not as long as that says,
                is too long, or is not what its type says.
        """
        if self.headers.defects:
            raise ApiError(400, "UNKNOWN_EXCEPTION", "a header cannot be read")
        headers = {name.lower(): value for name, value in self.headers.items()}
        parts = self._target()
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        content_type = headers.get("content-type", "")
        most = MAX_UPLOAD if content_type.startswith(_CSV) else MAX_BODY
        body = read_body(content_type, self._content(headers, most))
        return Call(self.command, parts.path, query, headers, body)

    def _target(self) -> SplitResult:
        try:
            return urlsplit(self.path)
        except ValueError as error:
            raise ApiError(400, "INVALID_URL", f"the address cannot be read: {error}") from error

    def _content(self, headers: dict[str, str], most: int) -> bytes:
        """Return the body, whole: half an upload may still be a table, and two lengths are two bodies."""
        length = headers.get("content-length", "0")
        if len(self.headers.get_all("content-length", ())) > 1:
            raise ApiError(400, "UNKNOWN_EXCEPTION", "a body has one Content-Length")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdecimal()):
            raise ApiError(411, "UNKNOWN_EXCEPTION", "a body takes a Content-Length")
        if len(length) > len(str(most)) or int(length) > most:
            message = f"the body is larger than {most // _MEGABYTE} MB"
            raise ApiError(413, "REQUEST_LIMIT_EXCEEDED", message)
        content = self.rfile.read(int(length))
        if len(content) < int(length):
            raise ApiError(400, "UNKNOWN_EXCEPTION", "the body is shorter than its Content-Length")
        return content

    def _fault(self, call: Call, path: str) -> Fault | None:
        """Return what happens to a call: what its own header asks for, or a fault that waited for it."""
        asked = call.headers.get(HEADER)
        if asked is not None:
            return fault_of_header(asked)
        service = cast("OrgServer", self.server).service
        return service.faults.take(call.method, path, partial(service.writes, call))

    def _reply(self, call: Call, *, locked: bool = False) -> Reply:
        server = cast("OrgServer", self.server)
        try:
            return server.service.answer(call, server.url, locked=locked)
        except Exception:  # noqa: BLE001 - the edge answers whatever happens behind it
            traceback.print_exc()
            error = ApiError(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred")
            return Reply(500, error.body())

    def _suffer(self, fault: Fault, call: Call) -> None:
        """Let a fault happen to a call: wait, carry it out, and end it as the fault says."""
        if not fault.after_commit:
            fault.wait()
        reply = Reply(fault.status, fault.body, fault.headers)
        own = self._reply(call, locked=fault.locked) if fault.carries_out else reply
        if fault.after_commit:
            fault.wait()
        if fault.end in {"answer", "own"}:
            self._write(reply if fault.end == "answer" else own)
            return
        if fault.end == "cut":
            content = self._bytes(own)
            self.wfile.write(content[: len(content) - len(_content_of(own)) // 2 - 1])
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _write(self, reply: Reply) -> None:
        self.wfile.write(self._bytes(reply))

    def _bytes(self, reply: Reply) -> bytes:
        content = _content_of(reply)
        headers = {"content-length": str(len(content))}
        if reply.body is not None:
            headers["content-type"] = reply.media_type
        if self.close_connection:
            headers["connection"] = "close"
        given = {name.lower(): value for name, value in reply.headers.items()}
        phrase = self.responses.get(reply.status, ("",))[0]
        lines = [f"{self.protocol_version} {reply.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in (headers | given).items()]
        return "\r\n".join((*lines, "", "")).encode("latin-1") + content


def _content_of(reply: Reply) -> bytes:
    if reply.body is None:
        return b""
    if reply.media_type != JSON and isinstance(reply.body, str):
        return reply.body.encode()
    return json.dumps(reply.body, separators=(",", ":")).encode()


def read_body(content_type: str, content: bytes) -> object:
    """Return a body as its type says: CSV as text, a form as a dict, everything else as JSON.

    Raises:
        ApiError: ``JSON_PARSER_ERROR`` where it is not.
    """
    if not content:
        return None
    try:
        text = content.decode()
        if content_type.startswith(_CSV):
            return text
        if content_type.startswith(_FORM):
            return dict(parse_qsl(text, keep_blank_values=True))
        return _shallow(json.loads(text, parse_constant=_no_constant))
    except (ValueError, RecursionError) as error:
        raise invalid_json(f"The HTTP entity body is not JSON: {error}") from error


def _shallow(body: object) -> object:
    """Return a body no deeper than any resource needs, so that walking it cannot exhaust the stack."""
    level = [body]
    for _ in range(MAX_DEPTH):
        lists = [each for each in level if isinstance(each, list)]
        values = [each.values() for each in level if isinstance(each, dict)]
        level = [child for each in (*lists, *values) for child in each]
        if not level:
            return body
    raise ValueError(f"nested more than {MAX_DEPTH} deep")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
