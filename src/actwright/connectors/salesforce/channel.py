"""The authorised way to one org: one token, renewed at most once a request, calls counted."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from actwright.connectors.salesforce.answer import Answer
from actwright.connectors.salesforce.auth import Session
from actwright.connectors.salesforce.errors import map_exception, session_refused
from actwright.connectors.salesforce.limits import Limits
from actwright.connectors.salesforce.origin import origin_of
from actwright.errors import ActwrightError

if TYPE_CHECKING:
    from actwright.connectors.salesforce.wire import Wire

_USAGE = re.compile(r"api-usage=([0-9]{1,12})/([0-9]{1,12})", re.ASCII)
_UNAUTHORIZED, _FORBIDDEN = 401, 403


class Unanswered(Exception):  # noqa: N818 - carries the error; whoever catches it decides what it means
    """There is no whole answer; ``sent`` is False only where no byte of the request can have reached the org."""

    def __init__(self, error: ActwrightError, *, sent: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.sent = sent


class Channel:
    """Sends single requests with the session's token; safe to use from several threads.

    Args:
        session: The token and its instance.
        renew: Logs in again; None where the token cannot be renewed.
        version: The REST API's version.
        limits: Time and size limits of every exchange.
    """

    def __init__(
        self, session: Session, renew: Callable[[], Session] | None, version: str, limits: Limits
    ) -> None:
        self._renew_session = renew
        self._origin = origin_of(session.instance_url)
        self._limits = limits
        self._version = version
        self._lock = threading.Lock()
        self._wire: Wire | None = None
        self.session = session
        self.calls = 0
        self.usage: tuple[int, int] | None = None

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._wire is not None:
                self._wire.session.close()
                self._wire = None

    def exchange(
        self,
        method: str,
        path: str,
        *,
        where: str,
        headers: Mapping[str, str],
        content: bytes | None,
        counted: bool = True,
    ) -> Answer:
        """Send one request; where the token is refused, renew it once and send the very same again.

        Raises:
            Unanswered: There is no whole answer.
            OrgError: The session is refused and cannot be renewed. Nothing was done.
        """
        for first in (True, False):
            session = self.session
            answer = self._once(method, path, where, headers, content)
            self._note(answer, counted=counted)
            if not _token_refused(answer):
                return answer
            if first:
                self._renew(session, where)
        raise session_refused(where)

    def _once(
        self,
        method: str,
        path: str,
        where: str,
        headers: Mapping[str, str],
        content: bytes | None,
    ) -> Answer:
        from actwright.connectors.salesforce.wire import never_sent  # noqa: PLC0415 - slow

        wire = self._connected()
        try:
            return wire.exchange(method, f"{self._origin}{path}", headers=headers, body=content)
        except Exception as error:
            raise Unanswered(map_exception(error, where), sent=not never_sent(error)) from error

    def _note(self, answer: Answer, *, counted: bool) -> None:
        found = _USAGE.search(answer.header("sforce-limit-info") or "")
        with self._lock:
            self.calls += counted
            if found is not None:
                self.usage = (int(found[1]), int(found[2]))

    def _connected(self) -> Wire:
        from actwright.connectors.salesforce.wire import GuardedSession, Wire  # noqa: PLC0415 - slow

        with self._lock:
            if self._wire is None:
                http = GuardedSession(self._origin, self._limits)
                self._wire = Wire(self.session.token, self._origin, http, self._version)
            return self._wire

    def _renew(self, refused: Session, where: str) -> None:
        """Log in again, unless another thread has done so since the refused request was made."""
        with self._lock:
            if self.session is not refused:
                return
            if self._renew_session is None:
                raise session_refused(where)
            session = self._renew_session()
            if not _same(session, refused):
                raise session_refused(where)
            self.session = session
            if self._wire is not None:
                self._wire = self._wire.with_token(session.token)


def _same(session: Session, refused: Session) -> bool:
    """Tell whether a renewed session is of the same instance, org and person as the one it replaces."""
    return (session.instance_url, session.org_id, session.user_id) == (
        refused.instance_url,
        refused.org_id,
        refused.user_id,
    )


def _token_refused(answer: Answer) -> bool:
    return answer.status == _UNAUTHORIZED or (
        answer.status == _FORBIDDEN and answer.body.strip() == b"Bad_OAuth_Token"
    )
