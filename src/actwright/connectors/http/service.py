"""One service: its address, its credentials, and exchanges that end in time, in size, and where they were sent."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import httpx2

from actwright.canonical import Json
from actwright.connectors.http.answer import ServiceAnswer, answer_of
from actwright.errors import (
    ActwrightError,
    ConfigError,
    ImplementationError,
    OrgProtocolError,
    OrgTimeoutError,
    OrgUnreachableError,
)
from actwright.model.bounded_http import BoundedClient, ReplyEncodedError, ReplyTooLargeError

Method: TypeAlias = Literal["DELETE", "GET", "PATCH", "POST", "PUT"]

NOT_REACHED = "service_not_reached"
"""The code of the error that no connection could be made, so that nothing was sent."""

_KEY_HEADER = "Idempotency-Key"
_OURS = frozenset({"content-length", _KEY_HEADER.lower(), "transfer-encoding"})
_CONNECT_SECONDS = 5.0
_MOST_SECONDS = 86_400
_MOST_BYTES = 1024 * 1024
_SHORTEST_SECRET = 8
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_PATH = re.compile(r"/[!-\"$-~]{0,2000}")
_SCHEMES = frozenset({"http", "https"})
_ODD = frozenset(" ?#@\\")
"""What the address of a service holds nowhere: a path behind any of these would not be the path."""


class HttpService:
    """A service over HTTP. Safe to share between threads; it keeps no connection, no cookie, and follows no redirect.

    Args:
        address: Where it is, such as ``https://couriers.example/v1``; plain ``http://`` on this machine only.
        headers: What every request carries, such as ``Authorization``. Their values are taken for secrets: they are in
            no error, no repr, and are removed from what the service answers.
        seconds: How long one exchange may take, from connecting to the last byte.
        most_bytes: The most bytes a body may have.
        environment: Whether the environment says how to reach the network: proxies, certificates. Never for a service
            on this machine.

    Raises:
        ConfigError: The address, a header or ``seconds`` cannot be used.
    """

    def __init__(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
        most_bytes: int = _MOST_BYTES,
        environment: bool = True,
    ) -> None:
        self.name, self._base = _place(address)
        """What it is called where something is told of it: its host."""
        given = dict(headers or {})
        _check_headers(given)
        _check_seconds(seconds)
        self._headers = httpx2.Headers({"User-Agent": "actwright", "Accept": "application/json"})
        self._headers.update(given)
        self._secrets = _secrets(given)
        self._timeout = httpx2.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
        self._client = BoundedClient(
            most_bytes=most_bytes, environment=environment and not _is_here(self.name)
        )
        self._client.cookies.jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))

    def __repr__(self) -> str:
        return f"HttpService({self._base!r})"

    def close(self) -> None:
        """Close the client."""
        self._client.close()

    def exchange(
        self,
        method: Method,
        path: str,
        *,
        key: str | None = None,
        body: Mapping[str, Json] | None = None,
    ) -> ServiceAnswer:
        """Make one request, and return what the service answered, whatever that is.

        Args:
            method: The HTTP method.
            path: The path behind the service's address; what is not your own in it has to be quoted.
            key: The idempotency key it goes under.
            body: What is sent, as JSON.

        Raises:
            ImplementationError: Path, key or body cannot be sent; nothing was.
            OrgUnreachableError: There was no connection, so that nothing was sent (``service_not_reached``), or it broke
                off before an answer (``service_answer_lost``).
            OrgTimeoutError: No answer came in time.
            OrgProtocolError: The answer is compressed.
        """
        request = self._request(method, path, key, body)
        try:
            response = self._client.send(request, stream=True)
        except httpx2.TransportError as error:
            raise self._lost(error) from None
        except ReplyEncodedError:
            raise OrgProtocolError(
                f"{self.name} compressed its answer, which was not asked for.",
                code="service_protocol",
            ) from None
        return self._answer(response)

    def _request(
        self, method: Method, path: str, key: str | None, body: Mapping[str, Json] | None
    ) -> httpx2.Request:
        if not _PATH.fullmatch(path):
            raise ImplementationError(
                f"A path of {self.name} cannot be sent.",
                hint="It begins with /, is plain ASCII without blanks and #, and not long; quote what is not your own.",
            )
        headers = self._headers.copy()
        headers["Accept-Encoding"] = "identity"
        if key is not None:
            headers[_KEY_HEADER] = _checked_key(key)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        return self._client.build_request(
            method,
            f"{self._base}{path}",
            headers=headers,
            content=_written(body),
            timeout=self._timeout,
        )

    def _answer(self, response: httpx2.Response) -> ServiceAnswer:
        try:
            content = response.read()
        except ReplyTooLargeError:
            return ServiceAnswer(response.status_code, fault="its body is larger than is read")
        except httpx2.TransportError:
            return ServiceAnswer(response.status_code, fault="its body broke off")
        finally:
            response.close()
        return answer_of(response.status_code, content, self._secrets)

    def _lost(self, error: httpx2.TransportError) -> ActwrightError:
        """Return what a broken exchange means; the library's own words may hold an address or a header."""
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return OrgUnreachableError(
                f"{self.name} cannot be reached; nothing was sent.", code=NOT_REACHED
            )
        if isinstance(error, httpx2.TimeoutException):
            return OrgTimeoutError(f"{self.name} did not answer in time.", code="service_timeout")
        return OrgUnreachableError(
            f"The connection to {self.name} broke off before an answer.", code="service_answer_lost"
        )


def _place(address: str) -> tuple[str, str]:
    """Return a service's host, and its address without a slash at its end.

    Raises:
        ConfigError: It is no plain HTTP address, or may hold a secret.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
        httpx2.URL(address)
    except (ValueError, httpx2.InvalidURL):
        host = None
        parts = urlsplit("")
    plain = address.isascii() and address.isprintable() and not _ODD & set(address)
    if parts.scheme not in _SCHEMES or not host or not plain:
        raise ConfigError(
            "The address of a service cannot be used.",
            hint="It begins with https://, names a host, and holds no user, password, query or fragment.",
        )
    if parts.scheme == "http" and not _is_here(host):
        raise ConfigError(
            "Plain http is for this machine only: anybody on the way could read the credentials, and answer.",
            hint="Use https.",
        )
    return host, address.rstrip("/")


def _is_here(host: str) -> bool:
    """Tell whether a host is this very machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_seconds(seconds: float) -> None:
    if not 0 < seconds <= _MOST_SECONDS:
        raise ConfigError(
            "The seconds of a service cannot be used.",
            hint=f"Give a number above 0, of at most {_MOST_SECONDS:,}.",
        )


def _check_headers(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if name.lower() in _OURS or not _NAME.fullmatch(name):
            raise ConfigError(
                f"A service cannot be given the header {name[:60]!r}.",
                hint=f"{', '.join(sorted(_OURS))} are set for each effect; other names are plain ASCII.",
            )
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise ConfigError(
                f"The value of the header {name[:60]!r} cannot be sent.",
                hint="Set it again, without line breaks or blanks around it, in plain ASCII.",
            )


def _secrets(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return what must not be told: each value, and each word of one, the longest first. Short words are none."""
    found = {each for value in headers.values() for each in (value, *value.split())}
    return tuple(sorted((each for each in found if len(each) >= _SHORTEST_SECRET), key=len)[::-1])


def _checked_key(key: str) -> str:
    if not key or not (key.isascii() and key.isprintable()):
        raise ImplementationError(
            "An effect is sent to a service only under a key.",
            hint="Send it in act(request), under request.key; before the yes there is none.",
        )
    return key


def _written(body: Mapping[str, Json] | None) -> bytes | None:
    if body is None:
        return None
    try:
        return json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ImplementationError(
            f"The body of an effect is no JSON ({type(error).__name__}); nothing was sent.",
            hint="Turn decimals, dates and times into text.",
        ) from None
