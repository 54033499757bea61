"""Words for scenes: planned actions, whole trips from a plan to an envelope, and an administrator who interferes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import requests

from actwright import Actwright, Confirmation, OrchestratorResult, Plan, Preview
from actwright.canonical import Json
from actwright.document import validated
from actwright.errors import PlanError

SECRET = "localorg"
API = "/services/data/v66.0"


def value(raw: Json, provenance: str = "goal") -> Json:
    """Return a literal argument."""
    return {"value": raw, "provenance": provenance}


def lookup(name: str, field: str, wanted: Json, *, take: str = "Id") -> Json:
    """Return an argument that looks one record up."""
    where: Json = [{"field": field, "value": wanted}]
    return {"lookup": {"object": name, "where": where, "field": take}}


def action(key: str, blueprint: Json, **arguments: Json) -> dict[str, Json]:
    """Return a planned action; ``blueprint`` is a curated key or a whole blueprint."""
    return {"id": key, "blueprint": blueprint, "arguments": arguments}


def win(key: str = "win", name: str = "Acme Renewal", **more: Json) -> dict[str, Json]:
    """Return the action that closes an opportunity as won."""
    return action(key, "oppty_closed_won", Id=lookup("Opportunity", "Name", name), **more)


def task(key: str = "task", subject: str = "Call back", **more: Json) -> dict[str, Json]:
    """Return the action that creates a task."""
    return action(key, "task_create", **{"Subject": value(subject), **more})


def blueprint(operation: str, target: str, *inputs: str | Mapping[str, Json], **more: Json) -> Json:
    """Return a blueprint; an input given by name alone is text, and required where it is the id."""
    entries = [_input(each) for each in inputs]
    return {
        "name": f"{operation.title()}{target}",
        "operation": operation,
        "targetSObject": target,
        "inputs": entries,
        **more,
    }


def _input(given: str | Mapping[str, Json]) -> Json:
    if not isinstance(given, str):
        return dict(given)
    if given == "Id":
        return {"apiName": "Id", "dataType": "Id", "required": True}
    return {"apiName": given}


def amount(key: str, name: str, to: Json) -> dict[str, Json]:
    """Return the action that sets an opportunity's amount."""
    entry = blueprint("UPDATE", "Opportunity", "Id", {"apiName": "Amount", "dataType": "Currency"})
    return action(key, entry, Id=lookup("Opportunity", "Name", name), Amount=value(to))


def deal_rows(names: Sequence[str], **values: Json) -> dict[str, Json]:
    """Return the action that writes values to every deal with one of the names."""
    inputs = [{"apiName": each, "dataType": "String"} for each in values]
    entry = blueprint("UPDATE", "Opportunity", "Id", *inputs)
    where: Json = [{"field": "Name", "operator": "IN", "value": list(names)}]
    arguments = {name: value(each) for name, each in values.items()}
    repeated = {"forEach": {"object": "Opportunity", "where": where, "limit": 50}}
    return action("all", entry, **arguments) | repeated


def plan_of(app: Actwright, *actions: Mapping[str, Json], **more: object) -> Plan:
    """Return a plan of these actions."""
    document = {
        "goal": "whatever was asked",
        "actions": [_whole(app, each) for each in actions],
        "planner": {"kind": "scripted"},
        **more,
    }
    return validated(Plan, document, where="the plan", error=PlanError)


def _whole(app: Actwright, planned: Mapping[str, Json]) -> dict[str, object]:
    given = planned["blueprint"]
    if not isinstance(given, str):
        return dict(planned)
    entry = app.library.find(given)
    assert entry is not None, given
    return {**planned, "blueprint": entry.blueprint}


def previewed(app: Actwright, *actions: Mapping[str, Json], allow_delete: bool = False) -> Preview:
    """Return the preview of these actions."""
    return app.preview(plan_of(app, *actions), allow_delete=allow_delete)


def confirmed(
    app: Actwright, *actions: Mapping[str, Json], allow_delete: bool = False
) -> tuple[Preview, Confirmation]:
    """Return a preview without a blocking issue, and the yes to it."""
    preview = previewed(app, *actions, allow_delete=allow_delete)
    assert preview.blocked == ()
    return preview, app.confirm(preview, approver="Alice Archer")


def carried_out(
    app: Actwright, *actions: Mapping[str, Json], allow_delete: bool = False
) -> OrchestratorResult:
    """Return the envelope of the whole trip."""
    preview, yes = confirmed(app, *actions, allow_delete=allow_delete)
    return app.run(preview, yes)


@dataclass(frozen=True)
class Rest:
    """One user's plain REST session with a local org, past everything Actwright does."""

    url: str
    token: str

    def call(self, method: str, path: str, body: object = None, **params: str) -> Any:
        """Return the JSON answer to one call, which must succeed."""
        whole = path if path.startswith("/localorg") else API + path
        response = requests.request(
            method,
            self.url + whole,
            json=body,
            params=params,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def rows(self, soql: str) -> list[dict[str, Any]]:
        """Return the records of a query."""
        found: list[dict[str, Any]] = self.call("GET", "/query", q=soql)["records"]
        return found

    def field(self, target: str, name: str, field: str) -> Any:
        """Return one field of the record with that name."""
        return self.rows(f"SELECT {field} FROM {target} WHERE Name = '{name}'")[0][field]

    def change(self, target: str, name: str, **fields: object) -> None:
        """Change the record with that name."""
        found = self.rows(f"SELECT Id FROM {target} WHERE Name = '{name}'")[0]["Id"]
        self.call("PATCH", f"/sobjects/{target}/{found}", fields)

    def fault(self, *, drop: bool = False, after: str = "before", **more: object) -> None:
        """Let the next composite call fail."""
        match = {"method": "POST", "pathContains": "/composite"}
        body = {"match": match, "drop": drop, "after": after, **more}
        self.call("POST", "/localorg/faults", body)

    def count(self, target: str) -> int:
        """Return how many records of an object there are."""
        total: int = self.call("GET", "/query", q=f"SELECT COUNT() FROM {target}")["totalSize"]
        return total


def sign_in(url: str, user: str = "admin") -> Rest:
    """Return a user's session with a local org."""
    form = {"grant_type": "client_credentials", "client_id": user, "client_secret": SECRET}
    response = requests.post(f"{url}/services/oauth2/token", data=form, timeout=30)
    response.raise_for_status()
    return Rest(url, str(response.json()["access_token"]))


def texts(parts: Sequence[str]) -> str:
    """Return lines as one text to search in."""
    return "\n".join(parts)


def new_deal(admin: Rest, **more: object) -> str:
    """Create an opportunity of Alice's that no other test touches, and return its name."""
    name = f"Deal {uuid4().hex[:8]}"
    alice = admin.rows("SELECT Id FROM User WHERE Alias = 'alice'")[0]["Id"]
    account = admin.rows("SELECT Id FROM Account WHERE Name = 'Acme'")[0]["Id"]
    fields = {
        "Name": name,
        "AccountId": account,
        "StageName": "Negotiation/Review",
        "CloseDate": "2027-03-01",
        "Amount": 120000,
        "OwnerId": alice,
    }
    admin.call("POST", "/sobjects/Opportunity", fields | more)
    return name
