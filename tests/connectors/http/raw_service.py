"""A service that answers byte for byte as a test wants, whatever it is asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class RawService:
    """What is answered, and what was asked."""

    url: str
    answers: list[bytes] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)


def wire(status: int, body: bytes | str = b"", **headers: str) -> bytes:
    """Return an answer as it stands on the wire."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + content


@contextmanager
def raw_service(*answers: bytes) -> Iterator[RawService]:
    """Give a service that answers these, one a connection; where none is left, it closes without a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        service = RawService(f"http://127.0.0.1:{listening.getsockname()[1]}", list(answers))
        thread = threading.Thread(target=_serve, args=(listening, service))
        thread.start()
        try:
            yield service
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listening: socket.socket, service: RawService) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.settimeout(2)
                service.asked.append(_request(connection))
                connection.sendall(service.answers.pop(0) if service.answers else b"")


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
