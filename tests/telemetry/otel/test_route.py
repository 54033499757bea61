"""The way to a collector: why nothing came of it is said in words, and what is of no use is not tried again."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.telemetry.otel.test_delivering import ENDPOINT, nobody, silent_server

from actwright.errors import ConfigError
from actwright.settings import Settings
from actwright.telemetry.otel.opening import traces_state
from actwright.telemetry.otel.providers import providers
from actwright.telemetry.otel.route import cause


@contextmanager
def answering(status: int, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a server that answers everything with one status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http{'s' * (tls is not None)}://127.0.0.1:{server.server_port}"
        server.shutdown()


def _said(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, wait: float = 2
) -> str:
    """Return the one line that is logged where a span is to be delivered to an address."""
    monkeypatch.setenv(ENDPOINT, url)
    for signal in ("METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "none")
    made = providers("otlp")
    made.tracer.start_span("something").end()
    made.close(wait)
    (said,) = caplog.records
    assert made.deliveries.failed == 1
    return said.getMessage()


@pytest.mark.parametrize("status", [301, 401, 404, 500])
def test_an_answer_that_is_no_yes_is_named(
    status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With the address, so that a wrong path or key can be told from a collector that is not there."""
    with answering(status) as url:
        said = _said(url, monkeypatch, caplog)
        assert f"to {url}/v1/traces: it answered HTTP {status}" in said


def test_nobody_waits_for_a_refused_connection(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is known at once, and closing ends at once."""
    begun = time.monotonic()
    assert "the connection was refused" in _said(nobody(), monkeypatch, caplog)
    assert time.monotonic() - begun < 1.5


def test_a_try_that_waits_is_given_up_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the refusal came before, and the library waits to try again."""
    monkeypatch.setenv(ENDPOINT, nobody())
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "1")
    for signal in ("METRICS", "LOGS"):
        monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "none")
    made = providers("otlp")
    made.tracer.start_span("something").end()
    time.sleep(0.1)
    begun = time.monotonic()
    made.close()
    assert time.monotonic() - begun < 1.5
    assert made.deliveries.failed == 1


def test_a_host_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A typing error in the address shows as one; a password in it does not."""

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    said = _said("http://me:planted@nowhere.invalid:4318", monkeypatch, caplog)
    assert "to http://nowhere.invalid:4318/v1/traces: there is no host of that name" in said


def test_a_server_without_tls_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """``https`` where ``http`` is spoken; it is not tried again."""
    with answering(200) as url:
        said = _said(url.replace("http", "https"), monkeypatch, caplog)
    assert "it does not speak TLS as we do" in said


def test_a_certificate_nobody_trusts_is_named(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """With what is wrong with it; it is not tried again."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_signed_by_itself(tmp_path / "own.pem"))
    with answering(200, context) as url:
        said = _said(url, monkeypatch, caplog)
    assert "its certificate is not trusted: self-signed certificate" in said


def _signed_by_itself(path: Path) -> Path:
    """Write a key and a certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key.private_bytes(*form) + made.public_bytes(Encoding.PEM))
    return path


def test_what_was_left_at_the_end_is_told_with_its_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A collector that takes the connection and never answers is named too."""
    with silent_server() as url:
        said = _said(url, monkeypatch, caplog, wait=0.1)
        assert f"to {url}/v1/traces: it took longer than 0.1 seconds" in said


def test_a_fault_nobody_thought_of_is_named_by_its_kind() -> None:
    """Never by its words, which may hold what was to be sent."""
    assert cause(KeyError("planted")) == "KeyError"


def test_doctor_says_that_traces_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the settings, or by the standard switch."""
    assert traces_state(Settings()) == "off"
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert traces_state(Settings(traces="otlp")) == "off, by OTEL_SDK_DISABLED"


def test_doctor_names_the_collector_that_takes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked with an empty batch of each signal."""
    with answering(200) as url:
        monkeypatch.setenv(ENDPOINT, url)
        assert traces_state(Settings(traces="otlp")) == f"{url} takes traces, metrics, logs"
    assert traces_state(Settings(traces="console")) == "on, to stderr"


def test_doctor_names_the_collector_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cause, at once."""
    monkeypatch.setenv(ENDPOINT, nobody())
    begun = time.monotonic()
    with pytest.raises(ConfigError, match="the connection was refused") as fault:
        traces_state(Settings(traces="otlp"))
    assert time.monotonic() - begun < 1.5
    assert (fault.value.where or "").startswith("http://127.0.0.1:")
