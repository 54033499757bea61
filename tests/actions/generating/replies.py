"""What a model might answer that writes an action, in short."""

from __future__ import annotations

from actwright.canonical import Json

Document = dict[str, Json]

OPEN_CASES = '''import org


def produce(AccountId: Opaque) -> None:
    """Create a task for the account's owner with the number of its open cases."""
    account = org.get("Account", AccountId, ["OwnerId"])
    cases = org.query(
        "Case",
        ["Id"],
        where=[["AccountId", "=", AccountId], ["IsClosed", "=", False]],
    )
    org.create(
        "Task",
        {
            "Subject": f"Open cases: {len(cases)}",
            "OwnerId": account["OwnerId"],
            "WhatId": AccountId,
        },
    )
'''


def values(**said: str | None) -> list[Json]:
    """Return values by name."""
    return [{"name": name, "value": value} for name, value in said.items()]


def record(of: str, **said: str | None) -> Document:
    """Return a sample record."""
    return {"object": of, "values": values(**said)}


def written(subject: str) -> Document:
    """Return the task a test expects."""
    return {
        "operation": "CREATE",
        "object": "Task",
        "record": None,
        "values": values(Subject=subject, OwnerId="User#1", WhatId="Account#1"),
    }


def trial(name: str, effects: list[Json], *records: Document) -> Document:
    """Return a test."""
    account = record("Account", Id="Account#1", OwnerId="User#1")
    return {
        "name": name,
        "arguments": values(AccountId="Account#1"),
        "records": [account, *records],
        "effects": effects,
        "fails": False,
    }


OPEN = record("Case", Id="Case#1", AccountId="Account#1", IsClosed="false")
ALSO_OPEN = record("Case", Id="Case#3", AccountId="Account#1", IsClosed="false")
CLOSED = record("Case", Id="Case#2", AccountId="Account#1", IsClosed="true")


def reply(code: str = OPEN_CASES, **more: Json) -> Document:
    """Return a whole reply."""
    whole: Document = {
        "code": code,
        "reads": [
            {"object": "Account", "fields": ["OwnerId"]},
            {"object": "Case", "fields": ["AccountId", "IsClosed"]},
        ],
        "writes": [
            {"operation": "CREATE", "object": "Task", "fields": ["Subject", "OwnerId", "WhatId"]}
        ],
        "tests": [
            trial("two among others", [written("Open cases: 2")], OPEN, ALSO_OPEN, CLOSED),
            trial("no cases", [written("Open cases: 0")]),
        ],
        "assumptions": ["Escalated cases are open."],
    }
    return whole | more
