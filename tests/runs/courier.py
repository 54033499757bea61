"""An override that sends its effect to a service over HTTP, and a process that dies while it does."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.scenario import action, confirmed, lookup, value

from actwright import ActionRequest, Actwright, Reconciliation, Settings
from actwright.canonical import Json
from actwright.connectors.http import HttpService, KeyedCall
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.org.query import JsonScalar

ALLOWED = {"allow_opaque": ("BookCourier",)}
BOOK: dict[str, Json] = {
    "name": "BookCourier",
    "label": "Book a courier",
    "operation": "CALL",
    "target": "the courier service",
    "inputs": [{"apiName": "To", "required": True, "usage": "PARAMETER"}],
}


def nothing() -> None:
    """Do nothing."""


def die() -> None:
    """End the process at once."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class BookCourier:
    """Books a courier; a test may want something done before or behind it."""

    call: KeyedCall
    before: Callable[[], None] = nothing
    behind: Callable[[], None] = nothing
    acted: list[ActionRequest] = field(default_factory=list)

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise one booking."""
        return [f"Books a courier to {request.arguments['To'].value}."]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Book it."""
        self.acted.append(request)
        self.before()
        outputs = self.call.send(request, {"to": str(request.arguments["To"].value)})
        self.behind()
        return outputs

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Ask the service."""
        return self.call.reconcile(request, key, {"to": str(request.arguments["To"].value)})


@dataclass
class Cancelling(BookCourier):
    """One that can take its booking back, by another keyed call."""

    def takes_back(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Sequence[str]:
        """Promise it."""
        return [f"Cancels {outputs['id']} to {request.arguments['To'].value}."]

    def compensate(
        self, request: ActionRequest, outputs: Mapping[str, JsonScalar]
    ) -> Mapping[str, JsonScalar]:
        """Cancel it."""
        return self.call.send(request, {"cancel": outputs["id"]})

    def reconcile_compensation(self, request: ActionRequest, key: str) -> Reconciliation:
        """Ask the service."""
        return self.call.reconcile(request, key)


def booking(url: str, **more: Any) -> KeyedCall:
    """Return the call to the service, which gives keys up and keeps them for a day, unless something else is said."""
    given: dict[str, Any] = {
        "service": HttpService(url, seconds=5),
        "unseen": "give_up",
        "keeps_keys": timedelta(days=1),
    }
    return KeyedCall(path="/bookings", status_path="/keys/{key}", **(given | more))


def book(key: str = "book", to: str = "Jane", **more: Json) -> dict[str, Json]:
    """Return the action of booking a courier."""
    return action(key, BOOK, To=value(to)) | more


def next_step(deal: str, text: str, **more: Json) -> dict[str, Json]:
    """Return the action of writing down a deal's next step."""
    record = lookup("Opportunity", "Name", deal)
    return action("note", "opportunity_set_next_step", Id=record, NextStep=value(text)) | more


def opened(home: Path, url: str, courier: BookCourier) -> Actwright:
    """Return Alice's Actwright over an org that is running already; close it after use."""
    settings = Settings.model_validate({"home": home, "org": "local", "user": "alice", **ALLOWED})
    app = Actwright(settings=settings, local_org=cast("EmbeddedLocalOrg", SimpleNamespace(url=url)))
    app.register("BookCourier", courier)
    return app


def die_booking(*, home: str, org: str, service: str, deal: str, moment: str, told: str) -> int:
    """Be a process that dies while it books: before the request goes out, or when its answer is there.

    Args:
        home: The folder of the store.
        org: The org's address.
        service: The service's address.
        deal: The deal whose next step is written behind the booking.
        moment: ``before`` or ``behind``.
        told: The file the id of the preview is written to.
    """
    courier = BookCourier(booking(service))
    vars(courier)[moment] = die
    app = opened(Path(home), org, courier)
    preview, yes = confirmed(app, book(), next_step(deal, "courier booked", dependsOn=["book"]))
    Path(told).write_text(json.dumps([preview.id]), encoding="utf-8")
    app.run(preview, yes)
    return 0
