"""The wire itself: a guarded `requests` session, and simple-salesforce over it.

This module imports both libraries, which is slow; import it where something is about to be sent.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from actwright.connectors.salesforce.answer import Answer
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.origin import Origin, origin_of
from actwright.errors import OrgProtocolError, RefusedError
from actwright.tracing import trace_headers

_CHUNK = 65_536
_IDLE_SECONDS = 20.0
_NEVER_SENT = (
    NewConnectionError,
    NameResolutionError,
    ConnectTimeoutError,
    requests.ConnectTimeout,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    ssl.SSLCertVerificationError,
    RefusedError,
)


class _Unchanged(AuthBase):
    """Leaves a request alone; without it, requests would put a ``.netrc`` entry over our Authorization header."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class GuardedSession(requests.Session):
    """A session bound to one origin: no redirects, no cookies, no foreign host, bounded time and size."""

    def __init__(self, origin: Origin, limits: Limits) -> None:
        super().__init__()
        self._origin = origin
        self._limits = limits
        self._last_used = time.monotonic()
        self.auth = _Unchanged()
        self.trust_env = not origin.loopback
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.mount("https://", HTTPAdapter(max_retries=0))
        self.mount("http://", HTTPAdapter(max_retries=0))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Follow nothing: a redirect would repeat the body, and with it secrets and writes, elsewhere."""
        del resp
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request to the session's own origin and read the whole answer, within the limits.

        Raises:
            RefusedError: The request is for another origin.
            OrgProtocolError: The answer is larger than the limit.
            requests.RequestException: The transport failed.
        """
        self._check(str(request.url))
        self._freshen()
        request.headers.update(trace_headers())
        kwargs |= {"stream": True, "allow_redirects": False}
        kwargs["timeout"] = (self._limits.connect_seconds, self._limits.read_seconds)
        response = super().send(request, **kwargs)
        try:
            content = b"".join(self._bounded(response))
        finally:
            response.close()
        # requests offers no public way to hand a body back that was read piece by piece.
        response._content = content  # noqa: SLF001
        return response

    def _check(self, url: str) -> None:
        origin = "/".join(url.split("/", 3)[:3])
        if origin_of(origin) != self._origin:
            raise RefusedError(
                "A request to another server than the org's own was held back.",
                where=str(self._origin),
                hint="Report this: it should not be possible.",
            )

    def _freshen(self) -> None:
        """Drop idle connections: one that a firewall forgot would leave a write's outcome unknown."""
        now = time.monotonic()
        if now - self._last_used > _IDLE_SECONDS:
            for adapter in self.adapters.values():
                adapter.close()
        self._last_used = now

    def _bounded(self, response: requests.Response) -> Iterator[bytes]:
        deadline = time.monotonic() + self._limits.answer_seconds
        size = 0
        for chunk in response.iter_content(_CHUNK):
            size += len(chunk)
            if size > self._limits.answer_bytes:
                raise OrgProtocolError(
                    f"The org's answer is larger than {self._limits.answer_bytes} bytes.",
                    hint="Ask for fewer records or fields at once.",
                )
            if time.monotonic() > deadline:
                raise requests.ReadTimeout("the answer trickles in too slowly")
            yield chunk


class Wire(Salesforce):
    """simple-salesforce bound to one token and one guarded session.

    Its own refresh stays off (it drops headers, and never ends on a persistent 401), and so does its URL building,
    which would join a record id that is a URL into a request to another host, and knows https only.
    """

    def __init__(self, token: str, origin: Origin, session: GuardedSession, version: str) -> None:
        super().__init__(
            session_id=token, instance_url=str(origin), session=session, version=version
        )
        self.headers.pop("X-PrettyPrint", None)
        self._origin = origin
        self._http = session

    def with_token(self, token: str) -> Wire:
        """Return the same wire for a renewed token."""
        return Wire(token, self._origin, self._http, str(self.sf_version))

    def exchange(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """Send one request and return whatever was answered, errors included.

        Raises:
            requests.RequestException: There was no whole answer.
        """
        kept: list[requests.Response] = []

        def keep(response: requests.Response, **_: object) -> None:
            kept.append(response)

        try:
            self._call_salesforce(
                method, url, headers=dict(headers), data=body, hooks={"response": keep}
            )
        except SalesforceError:
            if not kept:
                raise
        return answer_of(kept[0])


def answer_of(response: requests.Response) -> Answer:
    """Return a response whose body has been read as an `Answer`."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)


def never_sent(error: BaseException) -> bool:
    """Tell whether an exception proves that no byte of the request reached the org."""
    seen: set[int] = set()
    pending: list[object] = [error]
    while pending:
        each = pending.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        if isinstance(each, _NEVER_SENT):
            return True
        seen.add(id(each))
        pending += [*each.args, each.__cause__, each.__context__, getattr(each, "reason", None)]
    return False
