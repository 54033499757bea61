# ruff: noqa: INP001 - a script, not a package
"""Book a courier over HTTP from a run, lose the answer on the way, and see that it is booked once all the same.

    python examples/book_courier.py

The override below is what you would write for a service of your own: it sends its effect under the run's idempotency
key, and its `reconcile` asks the service what became of that key. No network is needed: the service and the org are
real servers on loopback. Exit code 1 where anything was booked twice, or not at all.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from actwright import ActionRequest, Actwright, Plan, Reconciliation
from actwright.canonical import Json
from actwright.connectors.http import HttpService, KeyedCall
from actwright.org.query import JsonScalar
from actwright.testing import LocalOrg
from actwright.testing.keyed_service import Failure, KeyedService

BLUEPRINT: dict[str, Json] = {
    "name": "BookCourier",
    "label": "Book a courier",
    "operation": "CALL",
    "target": "the courier service",
    "inputs": [{"apiName": "To", "required": True, "usage": "PARAMETER"}],
}
SCENES: Mapping[str, tuple[Failure, ...]] = {
    "The answer comes": (),
    "The answer is lost behind the booking": ("lost_after",),
    "The connection breaks before the booking": ("lost_before",),
    "The service breaks twice, and its third answer is lost": (
        "broken_before",
        "broken_before",
        "lost_after",
    ),
}


class BookCourier:
    """Books a courier."""

    timeout_seconds = 30

    def __init__(self, address: str) -> None:
        service = HttpService(address, headers={"Authorization": "Bearer of-the-courier-service"})
        self._booking = KeyedCall(
            service=service,
            path="/bookings",
            status_path="/keys/{key}",  # asked what became of a key
            unseen="give_up",  # a key it has not seen, it can be told never to act on
            keeps_keys=timedelta(days=1),  # after that, a person decides
            outputs=lambda booked: {"booking": str(booked["id"])},
        )

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Say what will be done; people decide by it."""
        return [f"Books one courier to {request.arguments['To'].value}."]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Do it, under ``request.key``."""
        return self._booking.send(request, {"to": str(request.arguments["To"].value)})

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Find out what became of it, where the answer was lost or the process died."""
        return self._booking.reconcile(request, key)


def book(app: Actwright, to: str) -> str:
    """Plan, preview, confirm and run one booking, and return the run."""
    to_whom: Json = {"value": to, "provenance": "goal"}
    plan = Plan.model_validate(
        {
            "goal": f"Book a courier to {to}",
            "actions": [{"id": "book", "blueprint": BLUEPRINT, "arguments": {"To": to_whom}}],
            "planner": {"kind": "curated"},
        }
    )
    preview = app.preview(plan)
    envelope = app.run(preview, app.confirm(preview, approver="Alice Archer"))
    print(*envelope.logs, *envelope.errors, sep="\n")  # noqa: T201 - a script speaks so
    return envelope.run_id or ""


def main() -> int:
    """Play each scene, and return the exit code."""
    with (
        tempfile.TemporaryDirectory() as home,
        LocalOrg(Path(home)) as org,
        KeyedService() as couriers,
    ):
        app = org.as_user("alice", settings={"allow_opaque": ("BookCourier",)})
        app.register("BookCourier", BookCourier(couriers.url))
        for number, (scene, failures) in enumerate(SCENES.items(), start=1):
            print(f"\n{number}. {scene}")  # noqa: T201 - a script speaks so
            couriers.failures[:] = failures
            run_id = book(app, f"customer {number}")
            print("events:", ", ".join(each.kind for each in app.events(run_id)))  # noqa: T201 - a script speaks so
        booked = [str(each["to"]) for each in couriers.effects]
    print("\nThe service has booked:", ", ".join(booked))  # noqa: T201 - a script speaks so
    return 0 if booked == [f"customer {number}" for number in range(1, len(SCENES) + 1)] else 1


if __name__ == "__main__":
    sys.exit(main())
