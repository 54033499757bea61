"""The HTTP edge: a Starlette application over a `Service`, served by uvicorn on the loopback interface."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from typing import Final, NoReturn
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from localorg.errors import ApiError, invalid_json
from localorg.exchange import Call, Reply
from localorg.faults import FaultMiddleware
from localorg.service import Service

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 64

_open: dict[tuple[str, int], asyncio.Transport] = {}
_METHODS: Final = ["GET", "POST", "PATCH", "PUT", "DELETE"]


class _Protocol(H11Protocol):
    """Remembers its connection, so that a fault can drop it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        if self.client is not None:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.client is not None:
            _open.pop(self.client, None)


def _drop(scope: Scope) -> None:
    """Cut the connection a request came over."""
    transport = _open.get(tuple(scope["client"]))
    if transport is not None:
        transport.abort()


def application(service: Service, base_url: str) -> ASGIApp:
    """Return the ASGI application over a service that answers under ``base_url``."""

    async def endpoint(request: Request) -> Response:
        """Answer one request, whatever its path."""
        try:
            call = await _call(request)
        except ApiError as error:
            return _response(Reply(error.status, error.body()))
        return _response(await run_in_threadpool(service.answer, call, base_url))

    app = Starlette(routes=[Route("/{path:path}", endpoint, methods=_METHODS)])
    return FaultMiddleware(app, service.faults, service.usage, _drop)


async def _call(request: Request) -> Call:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY:
            raise ApiError(413, "REQUEST_LIMIT_EXCEEDED", "the body is larger than 16 MB")
    path = request.scope["raw_path"].decode("ascii", "replace")
    query = dict(request.query_params)
    body = _body(request.headers.get("content-type", ""), content)
    return Call(request.method, path, query, dict(request.headers), body)


def _body(content_type: str, content: bytes) -> object:
    if not content:
        return None
    try:
        text = content.decode()
        if content_type.startswith("application/x-www-form-urlencoded"):
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


def _response(reply: Reply) -> Response:
    if reply.body is None:
        return Response(status_code=reply.status, headers=dict(reply.headers))
    content = json.dumps(reply.body, separators=(",", ":"))
    media_type = "application/json;charset=UTF-8"
    return Response(content, reply.status, dict(reply.headers), media_type)


def serve(service: Service, listener: socket.socket, *, with_parent: bool) -> None:
    """Serve until interrupted, or until the parent process closes our standard input."""
    base_url = f"http://{HOST}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        application(service, base_url),
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    if with_parent:
        threading.Thread(target=_watch_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listener])


def listen(port: int) -> socket.socket:
    """Return a socket bound to a port of the loopback interface; 0 takes a free one."""
    listener = socket.create_server((HOST, port), backlog=128)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _watch_parent(server: uvicorn.Server) -> None:
    """Stop the server when standard input ends, which it does when the parent dies."""
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True
