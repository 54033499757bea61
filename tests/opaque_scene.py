"""An override that acts by itself, its blueprint, and plans that carry it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from tests.scenario import action, lookup, value

from actwright import ActionRequest
from actwright.canonical import Json
from actwright.org.query import JsonScalar

ALLOWED = {"allow_opaque": ("SendMail",)}
SEND_MAIL: dict[str, Json] = {
    "name": "SendMail",
    "label": "Send a mail",
    "operation": "CALL",
    "target": "the mail service",
    "inputs": [
        {"apiName": "To", "required": True, "usage": "PARAMETER"},
        {"apiName": "Subject", "usage": "PARAMETER"},
    ],
}


@dataclass
class Mailer:
    """Promises one mail; what it was handed when it acted is kept, and it answers as a test wants."""

    answer: Callable[[ActionRequest], object] = lambda _: {"messageId": "m-1"}
    words: str = "Sends one mail to {To}."
    acted: list[dict[str, object]] = field(default_factory=list)

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise it."""
        given = {name: each.value for name, each in request.arguments.items()}
        return [self.words.format_map(given)] if self.words else []

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Note that it was called, and answer."""
        self.acted.append({name: each.value for name, each in request.arguments.items()})
        return cast("Mapping[str, JsonScalar]", self.answer(request))


@dataclass
class Recalling(Mailer):
    """A mailer that recalls its mails, and answers as a test wants."""

    said: object = field(default_factory=dict)
    said_next: Callable[[], object] | None = None
    expires_after: timedelta | None = None
    recalled: list[tuple[object, object]] = field(default_factory=list)

    def takes_back(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Sequence[str]:
        """Promise it."""
        return [f"Recalls {outputs['messageId']} to {request.arguments['To'].value}."]

    def compensate(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Mapping[str, JsonScalar]:
        """Note it, and answer."""
        self.recalled.append((request.arguments["To"].value, outputs["messageId"]))
        said = self.said_next() if self.said_next else self.said
        return cast("Mapping[str, JsonScalar]", said)


def mail(
    key: str = "mail", to: str = "jane@example.com", *guardrails: Json, **more: Json
) -> dict[str, Json]:
    """Return the action of sending a mail; ``more`` are further parts of the action, such as what it depends on."""
    given = SEND_MAIL | {"guardrails": list(guardrails)}
    return action(key, given, To=value(to), Subject=value("Hello")) | more


def step(key: str, deal: str, text: str, **more: Json) -> dict[str, Json]:
    """Return the action of writing down a deal's next step."""
    record = lookup("Opportunity", "Name", deal)
    return action(key, "opportunity_set_next_step", Id=record, NextStep=value(text)) | more
