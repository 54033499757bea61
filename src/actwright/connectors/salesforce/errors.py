"""What an org, simple-salesforce or requests reports, brought into our own tree with a way out.

Nothing of a lower layer passes the connector: a response goes through `map_response`, an exception through
`map_exception`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.connectors.salesforce.answer import Answer, OrgJson
from actwright.connectors.salesforce.duplicates import duplicates_of
from actwright.connectors.salesforce.hints import BUSY_CODES, HINTS, LOGIN_HINTS
from actwright.errors import (
    ActwrightError,
    OrgAuthenticationError,
    OrgBusyError,
    OrgError,
    OrgProtocolError,
    OrgRefusedError,
    OrgTimeoutError,
    OrgUnreachableError,
)
from actwright.inert import inert
from actwright.org.outcome import Fault

if TYPE_CHECKING:
    import requests
    from simple_salesforce.exceptions import SalesforceError

_LONGEST_MESSAGE = 1000
_BUSY_STATUSES = frozenset({429, 502, 503, 504})
_UNAUTHORIZED, _FIRST_REDIRECT, _FIRST_ERROR, _SEVERAL = 401, 301, 400, 300


def faults_of(body: OrgJson) -> tuple[Fault, ...]:
    """Return the faults in an error body: a row's ``errorCode``, a collection's ``statusCode``, or OAuth's ``error``.

    A body of any other shape has none.
    """
    entries = body if isinstance(body, list) else [body]
    faults = (_fault(each) for each in entries if isinstance(each, dict))
    return tuple(each for each in faults if each is not None)


def response_faults(answer: Answer) -> tuple[Fault, ...]:
    """Return the faults of an answer; none where its body is no JSON."""
    try:
        return faults_of(answer.json())
    except OrgProtocolError:
        return ()


def own_code(answer: Answer) -> str | None:
    """Return the code of a refusal in Salesforce's own form, a list of errors; None of any other answer."""
    try:
        body = answer.json()
    except OrgProtocolError:
        return None
    first = body[0] if isinstance(body, list) and body else None
    code = first.get("errorCode") if isinstance(first, dict) else None
    return code if isinstance(code, str) else None


def map_response(answer: Answer, where: str) -> OrgError:
    """Return the error for an answer that is none of the expected ones.

    Args:
        answer: The org's answer.
        where: Which request it answers, for the reader.
    """
    faults = response_faults(answer)
    code = faults[0].code if faults else ""
    if answer.status == _UNAUTHORIZED or code == "INVALID_SESSION_ID":
        return session_refused(where)
    if _FIRST_REDIRECT <= answer.status < _FIRST_ERROR:
        return OrgProtocolError(
            f"The org answered with a redirect ({answer.status}), which is never followed.",
            where=where,
            hint="Use the org's own address; a redirect could carry the token elsewhere.",
        )
    if code in BUSY_CODES or (answer.status in _BUSY_STATUSES and code not in HINTS):
        return _busy(answer, faults, where)
    if not faults:
        return _without_words(answer, where)
    return refusal(faults, where)


def refusal(faults: tuple[Fault, ...], where: str) -> OrgRefusedError:
    """Return the error for one or more faults; the first one gives the code."""
    first = faults[0]
    return OrgRefusedError(
        f"The org refused: {'; '.join(each.message for each in faults)}"[:_LONGEST_MESSAGE],
        org_code=first.code,
        fields=tuple(name for each in faults for name in each.fields),
        where=where,
        hint=hint_for(first.code),
    )


def hint_for(code: str) -> str:
    """Return what a person can do about one of the org's error codes."""
    return HINTS.get(code, "Read the org's message; an administrator can look the code up.")


def session_refused(where: str) -> OrgAuthenticationError:
    """Return the error for a token the org no longer takes."""
    return OrgAuthenticationError(
        "The org refused the session: the token is expired, revoked or of another org.",
        where=where,
        hint="Log in again.",
    )


def login_refused(code: str, message: str, where: str) -> OrgAuthenticationError:
    """Return the error for a login the org refused."""
    said = _told(message) or _told(code) or "no reason given"
    return OrgAuthenticationError(
        f"The org refused the login: {said}",
        where=where,
        hint=LOGIN_HINTS.get(code, "Check the credentials and the connected app's policies."),
    )


def map_exception(error: Exception, where: str) -> ActwrightError:
    """Return the error of our tree for one of simple-salesforce's or requests'; our own pass unchanged.

    Args:
        error: What was raised.
        where: Which request it happened in, for the reader.
    """
    import requests  # noqa: PLC0415 - heavy; only needed once something was sent
    from simple_salesforce.exceptions import (  # noqa: PLC0415 - heavier still
        SalesforceError,
        SalesforceOperationError,
    )

    if isinstance(error, ActwrightError):
        return error
    if isinstance(error, requests.RequestException):
        return _map_transport(error, where)
    if isinstance(error, SalesforceError):
        return _map_salesforce(error, where)
    if isinstance(error, SalesforceOperationError):
        return OrgRefusedError(
            f"The org refused the bulk job: {_told(error)}",
            where=where,
            hint="Read the org's message; look the job up in the org's bulk data load jobs.",
        )
    return OrgProtocolError(
        f"The exchange with the org failed: {_told(error) or type(error).__name__}",
        where=where,
        hint="Try again; if it stays, report it with this message.",
    )


def _map_salesforce(error: SalesforceError, where: str) -> OrgError:
    from simple_salesforce.exceptions import (  # noqa: PLC0415 - heavy
        SalesforceAuthenticationFailed,
        SalesforceMoreThanOneRecord,
    )

    if isinstance(error, SalesforceAuthenticationFailed):
        return login_refused(str(error.code), error.auth_message, where)
    if isinstance(error, SalesforceMoreThanOneRecord):
        return _several(where)
    content: object = error.content  # annotated as bytes, and in truth the parsed JSON
    faults = faults_of(content) if isinstance(content, (list, dict)) else ()
    if error.status == _UNAUTHORIZED:
        return session_refused(where)
    if error.status in _BUSY_STATUSES or (faults and faults[0].code in BUSY_CODES):
        return _busy(Answer(error.status, {}), faults, where)
    return refusal(faults, where) if faults else _without_words(Answer(error.status, {}), where)


def _map_transport(error: requests.RequestException, where: str) -> OrgError:
    import requests  # noqa: PLC0415 - heavy

    if isinstance(error, requests.Timeout):
        return OrgTimeoutError(
            "The org did not answer in time.",
            where=where,
            hint="Check the network and the org's status page, then try again.",
        )
    if isinstance(error, requests.exceptions.SSLError):
        return OrgUnreachableError(
            "The org's certificate or its TLS cannot be trusted.",
            where=where,
            hint="Check the address; behind a company proxy, set REQUESTS_CA_BUNDLE to its certificate.",
        )
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return OrgUnreachableError(
            "The org cannot be reached, or the connection broke off before an answer.",
            where=where,
            hint="Check the address and the network, then try again.",
        )
    return OrgProtocolError(
        f"The request to the org failed ({type(error).__name__}).",
        where=where,
        hint="Check the org's address and its API version.",
    )


def _several(where: str) -> OrgRefusedError:
    return OrgRefusedError(
        "Several records carry that external id.",
        org_code="MULTIPLE_CHOICES",
        where=where,
        hint=HINTS["MULTIPLE_CHOICES"],
    )


def _busy(answer: Answer, faults: tuple[Fault, ...], where: str) -> OrgBusyError:
    said = faults[0].message if faults else f"HTTP {answer.status}"
    code = faults[0].code if faults else ""
    after = answer.header("retry-after")
    wait = f" The org asks to wait {_told(after)} seconds." if after and after.isdigit() else ""
    return OrgBusyError(
        f"The org is busy or its limits are reached: {said}",
        where=where,
        hint=HINTS.get(code, "Wait a little, then try again.") + wait,
    )


def _without_words(answer: Answer, where: str) -> OrgError:
    if answer.status == _SEVERAL:
        return _several(where)
    return OrgProtocolError(
        f"The org answered with HTTP {answer.status} and no readable reason.",
        where=where,
        hint="A proxy or a maintenance page may stand between; check the org's address and status.",
    )


def _told(message: object) -> str:
    """Return the org's words as inert text."""
    return inert(str(message), limit=_LONGEST_MESSAGE)


def _fault(entry: dict[str, OrgJson]) -> Fault | None:
    code = entry.get("errorCode") or entry.get("statusCode") or entry.get("error")
    if not isinstance(code, str):
        return None
    message = entry.get("message") or entry.get("error_description") or code
    names = entry.get("fields")
    fields = (
        [_told(each) for each in names if isinstance(each, str)] if isinstance(names, list) else []
    )
    alike = duplicates_of(entry)
    return Fault(
        code=_told(code)[:100],
        message=_told(message),
        fields=tuple(fields),
        duplicates=alike.matches,
        overridable=alike.overridable,
    )
