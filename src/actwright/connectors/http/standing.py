"""What a service says of an idempotency key: done, not done and never to be, still at it, or never seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, TypeAlias

from actwright.canonical import Json
from actwright.connectors.http.answer import ServiceAnswer
from actwright.errors import OrgProtocolError

Status: TypeAlias = Literal["done", "not_done", "in_flight", "unseen"]
"""What became of what was sent under a key. ``not_done`` means that it never can happen any more under that key."""

_WORDS: Final[Mapping[str, Status]] = {
    "done": "done",
    "failed": "not_done",
    "given_up": "not_done",
    "in_flight": "in_flight",
}


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """What a service says of a key.

    Attributes:
        status: What became of it.
        answer: What the service answered, or would have, where it is done.
        key: The key it says it speaks of; None where it names none. Where that is another one than it was asked about,
            nothing of it counts.
    """

    status: Status
    answer: Mapping[str, Json] = field(default_factory=dict)
    key: str | None = None


def read_standing(answer: ServiceAnswer) -> KeyStanding:
    """Return what an answer to a question about a key says, by the convention of this connector.

    404 is a key that was never seen. Else the body says ``{"status": "done", "answer": {...}}``, or ``given_up``,
    ``failed`` or ``in_flight``; a ``key`` in it is the one it speaks of. For a service that speaks otherwise write a
    function like this one.

    Raises:
        OrgProtocolError: Nobody can tell what it says.
    """
    if answer.status == HTTPStatus.NOT_FOUND:
        return KeyStanding("unseen")
    body = answer.read()
    said = body.get("status")
    status = _WORDS.get(said) if isinstance(said, str) else None
    told, key = body.get("answer", {}), body.get("key")
    if status is None or not isinstance(told, dict) or not isinstance(key, str | None):
        raise OrgProtocolError(
            "The service's answer about the key says nothing that is known.",
            code="service_protocol",
        )
    return KeyStanding(status, told, key)
