"""An HTTP client that nobody can hold up or fill up: every exchange has one end in time and one in bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, Unpack

import httpx2

from actwright.model.watchdog import Watchdog

_PLAIN = frozenset({"", "identity"})


class ReplyTooLargeError(httpx2.RequestError):
    """The body is larger than is read."""


class ReplyEncodedError(httpx2.RequestError):
    """The body is compressed, which was not asked for and could unfold to any size."""


class _SendOptions(TypedDict, total=False):
    """What the library's client may be told about one request."""

    auth: httpx2.Auth | None
    follow_redirects: bool


class BoundedClient(httpx2.Client):
    """A client that holds each exchange, to its last byte, to the request's read timeout and to a size.

    It follows no redirects, so that a key is never carried to another host, and keeps no connection open.

    Args:
        most_bytes: The most bytes a body may have.
        environment: Whether the environment says how to reach the network: proxies, certificates.
    """

    def __init__(self, *, most_bytes: int, environment: bool = True) -> None:
        super().__init__(
            follow_redirects=False,
            limits=httpx2.Limits(max_keepalive_connections=0),
            trust_env=environment,
        )
        self._most_bytes = most_bytes

    def send(  # type: ignore[override]  # the library's types of these options are not public
        self, request: httpx2.Request, *, stream: bool = False, **options: Unpack[_SendOptions]
    ) -> httpx2.Response:
        """Send a request; raise as the library does, and where a bound is passed.

        Raises:
            ReadTimeout: The exchange took longer than the request's read timeout.
            ReplyTooLargeError: The body is larger than is read.
            ReplyEncodedError: The body is compressed.
        """
        watchdog = Watchdog(_seconds(request))
        request.extensions = {**request.extensions, "trace": watchdog.trace}
        try:
            response = super().send(request, stream=True, **options)
            response.stream = _BoundedStream(response, self._most_bytes, watchdog)
            _check_encoding(response)
            if not stream:
                response.read()
        except BaseException as error:
            watchdog.release()
            if watchdog.expired and isinstance(error, httpx2.TransportError):
                raise _too_late(request) from error
            raise
        return response


class _BoundedStream(httpx2.SyncByteStream):
    """A body that ends, with an error, when it grows too large or its time is over."""

    def __init__(self, response: httpx2.Response, most_bytes: int, watchdog: Watchdog) -> None:
        assert isinstance(response.stream, httpx2.SyncByteStream)  # noqa: S101 - a client that waits has no other
        self._stream = response.stream
        self._request = response.request
        self._most_bytes = most_bytes
        self._watchdog = watchdog

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._bounded()
        except httpx2.TransportError as error:
            if self._watchdog.expired:
                raise _too_late(self._request) from error
            raise
        if self._watchdog.expired:
            raise _too_late(self._request)

    def close(self) -> None:
        self._watchdog.release()
        self._stream.close()

    def _bounded(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > self._most_bytes:
                raise ReplyTooLargeError(
                    f"The body is larger than {self._most_bytes} bytes.", request=self._request
                )
            yield chunk


def _seconds(request: httpx2.Request) -> float:
    timeouts = request.extensions["timeout"]
    return float(timeouts["read"])


def _too_late(request: httpx2.Request) -> httpx2.ReadTimeout:
    return httpx2.ReadTimeout("The exchange was not over in time.", request=request)


def _check_encoding(response: httpx2.Response) -> None:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _PLAIN:
        response.close()
        raise ReplyEncodedError(
            f"The body is compressed ({encoding[:40]!r}).", request=response.request
        )
