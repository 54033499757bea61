"""The route: one signal's way to its collector, and why the last try on it failed."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any, Final

import requests
from requests import exceptions as faults

from actwright.inert import inert
from actwright.telemetry.otel.variable_forms import shown_address

_HOPELESS: Final = (ConnectionRefusedError, socket.gaierror)
"""What another try a moment later meets again."""
_CAUSES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (faults.ProxyError, "the proxy cannot be reached, or does not let it through"),
    (ConnectionRefusedError, "the connection was refused"),
    (socket.gaierror, "there is no host of that name"),
    (ssl.SSLCertVerificationError, "its certificate is not trusted"),
    (ssl.SSLError, "it does not speak TLS as we do"),
    (faults.SSLError, "it does not speak TLS as we do"),
    (faults.Timeout, "it did not answer in time"),
    (TimeoutError, "it did not answer in time"),
    (faults.InvalidHeader, "a header of OTEL_EXPORTER_OTLP_HEADERS cannot be sent"),
    (faults.ConnectionError, "the connection broke off"),
)


class Route(requests.Session):
    """A session that remembers why its last try failed, and gives up where trying again is of no use.

    Args:
        address: Where the signal goes.

    Attributes:
        address: The same, as it may be shown.
        why: Why the last try failed, in a few words; empty where it did not.
        hopeless: Whether the last try met nobody at all.
        closing: Whether there is no time left to try again later.
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = shown_address(address)
        self.why = ""
        self.hopeless = False
        self.closing = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request.

        Raises:
            requests.RequestException: It failed. Where it is no more than that, and none of its kinds, the library does
                not try again.
        """
        try:
            answer = super().request(*args, **kwargs)
        except Exception as error:
            self._failed(error)
            raise
        self.hopeless = False
        self.why = "" if answer.status_code < requests.codes.multiple_choices else _answered(answer)
        if answer.is_redirect:  # the library would take it for a yes
            raise faults.RequestException(self.why)
        return answer

    def _failed(self, error: Exception) -> None:
        chain = tuple(_chain(error))
        self.why = cause(error)
        self.hopeless = any(isinstance(each, _HOPELESS) for each in chain)
        lasting = isinstance(error, faults.SSLError) or (self.closing and self.hopeless)
        if lasting:
            raise faults.RequestException(self.why) from error


def cause(error: BaseException) -> str:
    """Return why a request got no answer, in a few words that say nothing of what was sent."""
    chain = tuple(_chain(error))
    for kind, text in _CAUSES:
        for each in chain:
            if isinstance(each, ssl.SSLCertVerificationError) and kind is type(each):
                return f"{text}: {inert(getattr(each, 'verify_message', ''))}"
            if isinstance(each, kind):
                return text
    return type(error).__name__


def _answered(answer: requests.Response) -> str:
    return f"it answered HTTP {answer.status_code} {inert(answer.reason or '', limit=50)}".rstrip()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that are behind it, also those that were handed on as an argument."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        behind = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting.extend(one for one in behind if isinstance(one, BaseException))
