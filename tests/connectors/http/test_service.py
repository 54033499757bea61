"""Exchanges with a service: bounded in time and size, sent nowhere else, and telling no secret."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import traceback
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.http.raw_service import raw_service, wire

from actwright.connectors.http import HttpService, ServiceAnswer
from actwright.connectors.http.answer import answer_of
from actwright.connectors.http.service import NOT_REACHED
from actwright.errors import (
    ActwrightError,
    ConfigError,
    ImplementationError,
    OrgProtocolError,
    OrgTimeoutError,
    OrgUnreachableError,
)

SECRET = "s3cr3t-t0ken-of-ours"
HEADERS = {"Authorization": f"Bearer {SECRET}"}


def test_an_effect_carries_its_key_and_the_credentials_and_asks_for_no_compression() -> None:
    """What goes over the wire is what the service needs, and nothing else."""
    with raw_service(wire(200, '{"id": 7}')) as raw:
        answer = HttpService(f"{raw.url}/v1/", headers=HEADERS).exchange(
            "POST", "/bookings?dry=no", key="run_1:1:g1:1", body={"to": "Ä"}
        )
    head, _, body = raw.asked[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v1/bookings?dry=no HTTP/1.1"
    assert {
        "Idempotency-Key: run_1:1:g1:1",
        f"Authorization: Bearer {SECRET}",
        "Accept-Encoding: identity",
    } <= set(lines)
    assert json.loads(body) == {"to": "Ä"}
    assert answer == ServiceAnswer(200, {"id": 7})


def test_a_service_on_this_machine_is_reached_past_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy could not reach it, and has no business with its credentials."""
    with raw_service() as proxy, raw_service(wire(200)) as raw:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert HttpService(raw.url, headers=HEADERS).exchange("GET", "/x").status == 200
        assert proxy.asked == []


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    """The key and the credentials go to the service that was named, and to no other."""
    with raw_service() as other, raw_service(wire(307, Location=f"{other.url}/there")) as raw:
        answer = HttpService(raw.url, headers=HEADERS).exchange("POST", "/x", key="k", body={})
        assert (answer.status, answer.is_success, answer.is_refusal) == (307, False, False)
        assert other.asked == []


def test_a_cookie_is_not_kept() -> None:
    """What a service wants remembered for one effect is not carried into the next."""
    with raw_service(wire(200, "{}", Set_Cookie="who=mallory"), wire(200, "{}")) as raw:
        service = HttpService(raw.url)
        service.exchange("GET", "/x")
        service.exchange("GET", "/x")
    assert b"mallory" not in raw.asked[1]


@pytest.mark.parametrize(
    ("answered", "fault"),
    [
        (wire(200, "x" * 5_000), "larger than is read"),
        (wire(200, '{"a": 1}')[:-3], "broke off"),
        (wire(200, "[" * 900), "no plain JSON"),
        (wire(200, '{"a": ' * 100 + "1" + "}" * 100), "no plain JSON"),
        (wire(200, '{"a": 1, "a": 2}'), "no plain JSON"),
        (wire(200, '{"a": NaN}'), "no plain JSON"),
        (wire(200, b"\xff\xfe"), "no plain JSON"),
        (wire(200, "<html>Log in"), "no plain JSON"),
        (wire(200, '["done"]'), "no JSON object"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_and_not_believed(answered: bytes, fault: str) -> None:
    """The status stands; who needs the body is refused it."""
    with raw_service(answered) as raw:
        answer = HttpService(raw.url, most_bytes=1_000).exchange("GET", "/x")
    assert (answer.status, answer.body) == (200, {})
    assert fault in answer.fault
    with pytest.raises(OrgProtocolError, match="answered 200"):
        answer.read()


def test_a_compressed_answer_is_not_unfolded() -> None:
    """It was not asked for, and could become any size."""
    bomb = gzip.compress(b" " * 5_000_000)
    with (
        raw_service(wire(200, bomb, Content_Encoding="gzip")) as raw,
        pytest.raises(OrgProtocolError),
    ):
        HttpService(raw.url).exchange("GET", "/x")


def test_a_service_that_drips_is_not_waited_for() -> None:
    """The time is for the whole exchange, not from one byte to the next."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not done.wait(0.02):
                    connection.send(b"H")

        thread = threading.Thread(target=drip)
        thread.start()
        service = HttpService(f"http://127.0.0.1:{listening.getsockname()[1]}", seconds=0.2)
        try:
            with pytest.raises((OrgTimeoutError, OrgUnreachableError)):
                service.exchange("GET", "/x")
        finally:
            done.set()
            thread.join()


def test_what_was_never_connected_is_told_apart_from_what_broke_off() -> None:
    """Only in the first case is it sure that nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(OrgUnreachableError) as unreached:
        HttpService(f"http://127.0.0.1:{port}").exchange("POST", "/x", key="k")
    with raw_service() as raw, pytest.raises(OrgUnreachableError) as lost:
        HttpService(raw.url).exchange("POST", "/x", key="k")
    assert (unreached.value.error_code, lost.value.error_code) == (
        NOT_REACHED,
        "service_answer_lost",
    )


def test_no_secret_is_told_by_an_error_a_repr_or_an_answer() -> None:
    """Also where the service says it back, as a value, within one, as a name, or escaped."""
    escaped = "".join(f"\\u{ord(each):04x}" for each in SECRET)
    body = f'{{"a": "{SECRET}", "b": ["x {SECRET} y"], "{SECRET}": 1, "c": "{escaped}"}}'
    with raw_service(wire(200, body)) as raw:
        service = HttpService(raw.url, headers=HEADERS)
        answer = service.exchange("GET", "/x")
        with pytest.raises(ActwrightError) as caught:
            service.exchange("GET", "/x")
    told = "".join(traceback.format_exception(caught.value)) + repr(service) + repr(answer)
    assert SECRET not in told
    assert answer.body["b"] == ["x [secret removed] y"]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://host",
        "host/v1",
        "https://",
        f"https://us:{SECRET}@host",
        f"https://host?key={SECRET}",
        "https://host/#x",
        "https://host?",
        "https://host/v1#",
        "https://@host",
        "https://host:99999",
        "https://ho st",
        "https://[",
    ],
)
def test_an_address_that_is_none_or_may_hold_a_secret_is_refused(address: str) -> None:
    """And not told."""
    with pytest.raises(ConfigError) as caught:
        HttpService(address)
    assert SECRET not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize(
    "headers",
    [
        {"X": f"{SECRET}\r\nEvil: 1"},
        {"X": f" {SECRET}"},
        {"X": f"{SECRET} "},
        {"X": "é"},
        {"a b": "1"},
        {"": "1"},
        {"idempotency-key": "1"},
        {"content-length": "5"},
        {"Transfer-Encoding": "chunked"},
    ],
)
def test_a_header_that_cannot_be_sent_is_refused(headers: dict[str, str]) -> None:
    """Its value is not told; key and framing are nobody's to set: a request that breaks in two is in doubt for nothing."""
    with pytest.raises(ConfigError) as caught:
        HttpService("https://host", headers=headers)
    assert SECRET not in str(caught.value)


def test_what_an_author_says_of_the_content_is_said_once_and_no_compression_is_asked_for() -> None:
    """However the names are spelled."""
    given = {"content-type": "application/vnd.api+json", "accept-encoding": "gzip"}
    with raw_service(wire(200)) as raw:
        HttpService(raw.url, headers=given).exchange("POST", "/x", key="k", body={})
    lines = raw.asked[0].lower().split(b"\r\n")
    assert lines.count(b"content-type: application/vnd.api+json") == 1
    assert [each for each in lines if each.startswith(b"accept-encoding")] == [
        b"accept-encoding: identity"
    ]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e20])
def test_a_patience_that_is_none_is_refused(seconds: float) -> None:
    """Before anything is sent, not in the middle of it."""
    with pytest.raises(ConfigError, match="seconds"):
        HttpService("https://host", seconds=seconds)


@pytest.mark.parametrize("address", ["http://couriers.example/v1", "http://10.0.0.7:80"])
def test_plain_http_is_for_this_machine(address: str) -> None:
    """Anybody on the way could read the credentials, or say in the service's place that nothing was done."""
    with pytest.raises(ConfigError, match="this machine"):
        HttpService(address)
    for near in ("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"):
        HttpService(near).close()


SENDING: list[Callable[[HttpService], object]] = [
    lambda service: service.exchange("POST", "/x", key=""),
    lambda service: service.exchange("POST", "/x", key="a\r\nb"),
    lambda service: service.exchange("POST", "x", key="k"),
    lambda service: service.exchange("POST", "/a b", key="k"),
    lambda service: service.exchange("POST", "/a#b", key="k"),
    lambda service: service.exchange("POST", "/" + "a" * 70_000, key="k"),
    lambda service: service.exchange("POST", "/x", key="k", body={"a": float("nan")}),
    lambda service: service.exchange("POST", "/x", key="k", body={"a": object()}),  # type: ignore[dict-item]  # no JSON
]


@pytest.mark.parametrize("sending", SENDING)
def test_what_cannot_be_sent_is_not(sending: Callable[[HttpService], object]) -> None:
    """It is an error of the override, and sure to have done nothing."""
    with raw_service() as raw:
        with pytest.raises(ImplementationError):
            sending(HttpService(raw.url))
        assert raw.asked == []


@pytest.mark.parametrize(
    ("status", "success", "refusal"),
    [
        (100, False, False),
        (200, True, False),
        (202, False, False),
        (204, True, False),
        (207, False, False),
        (299, False, False),
        (303, False, False),
        (400, False, True),
        (404, False, True),
        (408, False, False),
        (409, False, False),
        (422, False, True),
        (429, False, True),
        (406, False, False),
        (412, False, False),
        (418, False, False),
        (423, False, False),
        (451, False, True),
        (460, False, False),
        (499, False, False),
        (500, False, False),
        (599, False, False),
    ],
)
def test_only_what_is_sure_counts_as_done_or_refused(
    status: int, *, success: bool, refusal: bool
) -> None:
    """Everything else proves nothing."""
    answer = ServiceAnswer(status)
    assert (answer.is_success, answer.is_refusal) == (success, refusal)


def test_what_a_service_says_is_shown_inert_and_short() -> None:
    """It is a stranger's text: one line, no control characters, and cut."""
    hostile = {"error": {"message": "no\x1b[2J\n" + "x" * 999}}
    said = answer_of(400, json.dumps(hostile).encode(), ()).saying
    assert said.startswith("no[2J x")
    assert len(said) <= 200
    assert answer_of(400, b'{"detail": 7, "title": " ", "message": "m"}', ()).saying == "m"


@given(st.binary(max_size=200), st.integers(100, 599))
def test_whatever_bytes_come_are_an_answer(content: bytes, status: int) -> None:
    """Nothing raises, and nothing but an object is read."""
    answer = answer_of(status, content, (SECRET,))
    assert answer.status == status
    assert answer.body == {} or not answer.fault
