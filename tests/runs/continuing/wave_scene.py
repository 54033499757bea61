"""Plans with a later wave: a service gives a number out, and a task takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.opaque_scene import step
from tests.scenario import action, plan_of, task, value

from actwright import ActionRequest, Actwright, Plan
from actwright.canonical import Json
from actwright.errors import RefusedError
from actwright.org.query import JsonScalar
from actwright.testing import LocalOrg

ALLOWED = {"allow_opaque": ("AskService",)}
ASK: dict[str, Json] = {
    "name": "AskService",
    "label": "Ask the service",
    "operation": "CALL",
    "target": "the numbering service",
    "inputs": [{"apiName": "About", "usage": "PARAMETER"}],
}


@dataclass
class Service:
    """Gives a number out, and counts how often it was asked."""

    gives: Mapping[str, JsonScalar] = field(default_factory=lambda: {"number": "N-7"})
    asked: list[object] = field(default_factory=list)

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise it."""
        return [f"Asks for a number about {request.arguments['About'].value}."]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Give it out; of what is bad, nothing, and nothing is done then."""
        self.asked.append(request.arguments["About"].value)
        if self.asked[-1] == "bad":
            raise RefusedError("The service knows nothing of that.")
        return self.gives


def asking(key: str = "ask", about: Json = "Acme") -> dict[str, Json]:
    """Return the action that asks the service."""
    given = value(about) if isinstance(about, str) else about
    return action(key, ASK, About=given)


def late_task(
    key: str = "note", output: str = "actions.ask.output.number", **more: Json
) -> dict[str, Json]:
    """Return the action that creates a task with a subject the service gives out."""
    return task(key, Subject={"from": output}) | more


def waving(app: Actwright, deal: str) -> Plan:
    """Return a plan of two waves: a step on a deal and a question to the service, then a task with its answer."""
    return plan_of(app, step("first", deal, "Call"), asking(), late_task())


def allowing(org: LocalOrg, service: Service) -> Actwright:
    """Return Alice's Actwright, whose settings allow the service."""
    app = org.as_user(settings=ALLOWED)
    app.register("AskService", service)
    return app
