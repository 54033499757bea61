"""A whole Actwright over an org in memory, and a plan of several groups to carry out on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from tests.opaque_scene import ALLOWED, SEND_MAIL
from tests.runs.conftest import at_once
from tests.scenario import action, blueprint, plan_of, value
from tests.writable_org import WritableOrg

from actwright import ActionRequest, Actwright, Confirmation, Preview, Settings
from actwright.actions.opaque import Reconciliation
from actwright.canonical import Json
from actwright.clock import Clock
from actwright.connectors.salesforce.org import SalesforceOrg
from actwright.org.query import JsonScalar
from actwright.orgs import OpenOrg

TASK = blueprint("CREATE", "Task", "Subject")


@dataclass
class Post:
    """A mail service that keeps what was sent under which key, and can tell."""

    sent: dict[str, str] = field(default_factory=dict)

    def promises(self, request: ActionRequest) -> Sequence[str]:
        """Promise one mail."""
        return [f"Sends one mail to {request.arguments['To'].value}."]

    def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
        """Send it."""
        self.sent[request.key] = str(request.arguments["To"].value)
        return {"messageId": request.arguments["To"].value}  # type: ignore[dict-item]  # the input is text

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Tell whether it was sent."""
        assert request.key == key
        found = self.sent.get(key)
        return Reconciliation(found is not None, {"messageId": found} if found else {})


def memory_app(
    home: Path,
    org: WritableOrg,
    post: Post | None = None,
    *,
    clock: Clock | None = None,
    **more: object,
) -> Actwright:
    """Return an Actwright of Alice's over an org in memory, with more settings; close it after use."""
    given = {"home": home, "org": "local", "user": "alice", **ALLOWED, **more}
    settings = Settings.model_validate(given)
    app = Actwright(settings=settings, clock=clock)
    vars(app)["_open"] = OpenOrg(cast("SalesforceOrg", org), None)
    app.register("SendMail", post or Post())
    app._engine.sleep = at_once
    return app


def task(key: str, *after: str) -> dict[str, Json]:
    """Return the action of creating a task of that name, behind others."""
    return action(key, TASK, Subject=value(key)) | {"dependsOn": list(after)}


def mail(key: str, *after: str) -> dict[str, Json]:
    """Return the action of sending a mail to that name, behind others."""
    given = action(key, SEND_MAIL, To=value(key), Subject=value("Hello"))
    return given | {"dependsOn": list(after)}


def five_groups(app: Actwright) -> tuple[Preview, Confirmation]:
    """Return a confirmed preview of five groups, one behind the other: three of records, and two that act."""
    plan = plan_of(
        app,
        task("a"),
        mail("b", "a"),
        task("c", "b"),
        mail("d", "c"),
        task("e", "d"),
    )
    preview = app.preview(plan)
    assert [each.carrier for each in preview.groups] == [
        "composite",
        "opaque",
        "composite",
        "opaque",
        "composite",
    ]
    return preview, app.confirm(preview, approver="Alice")


def subjects(org: WritableOrg) -> list[str]:
    """Return the subjects of the tasks that were made, in order."""
    made = [str(each["Subject"]) for each in org.rows["Task"] if len(str(each["Subject"])) == 1]
    return sorted(made)
