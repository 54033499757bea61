"""The HTTP edge: what reaches the org, what is turned away, and a connection that stays open."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from localorg.edge import MAX_BODY, MAX_UPLOAD, read_body
from localorg.errors import ApiError
from localorg.exchange import Call, Reply
from localorg.faults import Faults
from localorg.server import HOST, OrgServer, listen
from localorg.service import Service
from localorg.usage import Usage


@dataclass
class Parrot:
    """A service that answers with what it was asked."""

    faults: Faults = field(default_factory=Faults)
    usage: Usage = field(default_factory=Usage)

    def writes(self, call: Call) -> bool:
        """Tell whether a call may write."""
        return call.method != "GET"

    def answer(self, call: Call, base_url: str, *, locked: bool = False) -> Reply:
        """Answer with the call, or break where its path says so."""
        assert not locked
        if call.path == "/break":
            raise LookupError("broken on purpose")
        if call.path == "/empty":
            return Reply(204, None, {"X-Url": base_url})
        seen = [call.method, call.path, dict(call.query), call.headers.get("x-one"), call.body]
        return Reply(200, seen)


@contextmanager
def serving(service: object) -> Iterator[OrgServer]:
    """Serve until the block ends."""
    server = OrgServer(cast("Service", service), listen(0))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def server() -> Iterator[OrgServer]:
    """Serve a parrot to all tests of this module."""
    with serving(Parrot()) as served:
        yield served


@pytest.fixture
def line(server: OrgServer) -> Iterator[http.client.HTTPConnection]:
    """Open one connection to it."""
    connection = http.client.HTTPConnection(HOST, server.server_address[1], timeout=5)
    yield connection
    connection.close()


def test_a_call_arrives_as_it_was_sent(line: http.client.HTTPConnection) -> None:
    """The path stays encoded, the query is decoded, header names are lower case, JSON is read."""
    headers = {"X-One": "1", "Content-Type": "application/json"}
    line.request("PATCH", "/a%2Fb?q=x+y&q=z&e=", b'{"n": 1}', headers)
    response = line.getresponse()
    assert response.read() == b'["PATCH","/a%2Fb",{"q":"z","e":""},"1",{"n":1}]'
    assert response.headers["content-type"] == "application/json;charset=UTF-8"


def test_a_connection_serves_one_call_after_another(line: http.client.HTTPConnection) -> None:
    """It stays open after an empty answer, and after the org itself broke."""
    line.connect()
    mine = line.sock.getsockname()
    statuses = []
    for path in ("/empty", "/break", "/last"):
        line.request("POST", path)
        response = line.getresponse()
        response.read()
        statuses.append(response.status)
    assert statuses == [204, 500, 200]
    assert line.sock.getsockname() == mine


def test_what_breaks_inside_is_told_without_its_inside(
    line: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    """The caller gets a code; the cause goes to standard error."""
    line.request("GET", "/break")
    answer = line.getresponse().read()
    assert b"UNKNOWN_EXCEPTION" in answer
    assert b"purpose" not in answer
    assert "broken on purpose" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ("Content-Length: x", 411),
        ("Content-Length: -1", 411),
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: 0\r\nTransfer-Encoding: chunked", 411),
        ("Content-Length: 2\r\nContent-Length: 0", 400),
        (f"Content-Length: {MAX_BODY + 1}", 413),
        (f"Content-Length: {'9' * 5000}", 413),
        (f"Content-Type: text/csv\r\nContent-Length: {MAX_UPLOAD + 1}", 413),
    ],
)
def test_a_body_without_bounds_is_turned_away(server: OrgServer, headers: str, status: int) -> None:
    """It is not read, and the connection ends with the refusal."""
    with socket.create_connection((HOST, server.server_address[1]), timeout=5) as raw:
        raw.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"connection: close" in answer


@pytest.mark.parametrize(
    "lines", ["GET http://[/ HTTP/1.1", "GET / HTTP/1.1\r\nTransfer-Encoding : chunked"]
)
def test_a_head_nobody_can_read_is_turned_away(server: OrgServer, lines: str) -> None:
    """An address without an end, and a header two readers would read differently."""
    with socket.create_connection((HOST, server.server_address[1]), timeout=5) as raw:
        raw.sendall(f"{lines}\r\nHost: x\r\n\r\n".encode())
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer


def test_half_a_body_is_no_body(server: OrgServer) -> None:
    """A connection cut in an upload would otherwise leave a shorter table, and a number fewer digits."""
    head = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 9\r\n\r\n"
    with socket.create_connection((HOST, server.server_address[1]), timeout=5) as raw:
        raw.sendall(head + b"A\n1\n")
        raw.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_an_unknown_method_is_turned_away(line: http.client.HTTPConnection) -> None:
    """Only the five methods of the platform reach the org."""
    line.request("TRACE", "/")
    assert line.getresponse().status == 501


@pytest.mark.parametrize("content", [b"{", b"NaN", b"\xff", b"[" * 65 + b"]" * 65, b"[" * 200_000])
def test_a_body_that_is_not_json_is_refused(content: bytes) -> None:
    """Neither half a document, nor a constant JSON lacks, nor one nested without end is read."""
    with pytest.raises(ApiError) as refused:
        read_body("application/json", content)
    assert refused.value.code == "JSON_PARSER_ERROR"


def test_a_body_is_read_as_its_type_says() -> None:
    """CSV stays text and a form becomes names and values; nothing is nothing."""
    assert read_body("text/csv; charset=UTF-8", b"A,B\n") == "A,B\n"
    assert read_body("application/x-www-form-urlencoded", b"a=1&b=") == {"a": "1", "b": ""}
    assert read_body("application/json", b"") is None
