"""The answer of a service: its status, and the JSON object it holds, which is read as hostile input."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from actwright.canonical import Json
from actwright.document import parse_json
from actwright.errors import DocumentError, OrgProtocolError
from actwright.inert import inert
from actwright.org.query import JsonScalar

_DONE = frozenset(
    {
        HTTPStatus.OK,
        HTTPStatus.CREATED,
        HTTPStatus.NON_AUTHORITATIVE_INFORMATION,
        HTTPStatus.NO_CONTENT,
        HTTPStatus.RESET_CONTENT,
    }
)
"""Answers that say that it is done; 202 is only accepted, and 207 may be a no inside."""

_REFUSALS = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.GONE,
        HTTPStatus.LENGTH_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.REQUEST_URI_TOO_LONG,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.EXPECTATION_FAILED,
        HTTPStatus.MISDIRECTED_REQUEST,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.UPGRADE_REQUIRED,
        HTTPStatus.PRECONDITION_REQUIRED,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
"""Answers that say that nothing was done. No other 4xx does: frameworks answer 406 once it is done, 408, 409, 423 and 425
may tell of the first try, and gateways answer 460 or 499 while the service behind them goes on."""

_SAYING = ("detail", "message", "title", "error_description", "error")
_LONGEST_SAYING = 200
_REMOVED = "[secret removed]"


@dataclass(frozen=True, slots=True)
class ServiceAnswer:
    """What a service answered.

    Attributes:
        status: The HTTP status.
        body: The JSON object; empty where there was none.
        fault: Why the body cannot be read; empty where it can.
    """

    status: int
    body: Mapping[str, Json] = field(default_factory=dict)
    fault: str = ""

    @property
    def is_success(self) -> bool:
        """Whether the service says that it has done it; one that has only accepted it has not."""
        return self.status in _DONE

    @property
    def is_in_flight(self) -> bool:
        """Whether the service says that it is still at it."""
        return self.status in {HTTPStatus.ACCEPTED, HTTPStatus.CONFLICT}

    @property
    def is_refusal(self) -> bool:
        """Whether the service says that it has done nothing, and will not."""
        return self.status in _REFUSALS

    @property
    def saying(self) -> str:
        """What it says in its own words, on one line; empty where it says nothing."""
        error = self.body.get("error")
        inner = error if isinstance(error, Mapping) else {}
        said = (holder.get(name) for holder in (self.body, inner) for name in _SAYING)
        text = next((each for each in said if isinstance(each, str) and each.strip()), "")
        return inert(text, limit=_LONGEST_SAYING)

    def read(self) -> Mapping[str, Json]:
        """Return the body.

        Raises:
            OrgProtocolError: It cannot be read.
        """
        if self.fault:
            raise OrgProtocolError(
                f"The service answered {self.status}, and {self.fault}.", code="service_protocol"
            )
        return self.body


def answer_of(status: int, content: bytes, secrets: Collection[str]) -> ServiceAnswer:
    """Return an answer whose body was received whole, without any secret that the service says back.

    Args:
        status: The HTTP status.
        content: The body.
        secrets: What must not stand in it.
    """
    if not content.strip():
        return ServiceAnswer(status)
    try:
        body = parse_json(content, where="the answer", largest=len(content))
    except DocumentError:
        return ServiceAnswer(status, fault="its body is no plain JSON")
    if not isinstance(body, dict):
        return ServiceAnswer(status, fault="its body is no JSON object")
    return ServiceAnswer(status, {_safe(k, secrets): _without(v, secrets) for k, v in body.items()})


def scalars(body: Mapping[str, Json]) -> dict[str, JsonScalar]:
    """Return the members of a body that are plain values: what an act puts out where nobody says otherwise."""
    return {name: each for name, each in body.items() if not isinstance(each, list | dict)}


def _without(value: Json, secrets: Collection[str]) -> Json:
    if isinstance(value, str):
        return _safe(value, secrets)
    if isinstance(value, dict):
        return {_safe(name, secrets): _without(each, secrets) for name, each in value.items()}
    return [_without(each, secrets) for each in value] if isinstance(value, list) else value


def _safe(text: str, secrets: Collection[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _REMOVED)
    return text
