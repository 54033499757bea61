"""One bad reply: what a model or its service does wrong, and what must come of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from actwright.canonical import Json
from actwright.testing.replies import Reply

GOAL = "Close the Acme Renewal as won, but do not touch the amount"
"""The goal that bad replies answer, unless they name another."""

NUMBER_GOAL = "Set the amount of the Globex Pilot to 50000"
"""A goal with one number, for replies that write another."""

RECOVERS = "recovers"
"""The outcome where the plan comes all the same: after another try, or after repair."""

ASKS = "asks"
"""The outcome where the person is asked, instead of a guess being planned."""


@dataclass(frozen=True, slots=True)
class BadReply:
    """A bad reply, or several, and the outcome that is expected.

    Attributes:
        name: What to call it.
        what: What is wrong, in a few words.
        script: What the service answers, one request after the other; None where nobody listens at all.
        expected: The code of our error or refusal, ``recovers``, or ``asks``.
        seconds: The deadline to plan under.
        goal: The goal it answers.
    """

    name: str
    what: str
    script: tuple[Reply, ...] | None
    expected: str
    seconds: float = 10.0
    goal: str = GOAL


def good_plan() -> dict[str, Json]:
    """Return the reply that plans the goal as it should be."""
    return {
        "outcome": "plan",
        "actions": [good_action()],
        "checkpoint": "Close the Acme Renewal as won?",
        "assumptions": [],
        "questions": [],
        "reason": "",
    }


def good_action() -> dict[str, Json]:
    """Return the one action of the good plan."""
    return {
        "id": "a1",
        "blueprint": "oppty_closed_won",
        "arguments": [record("Id", "Opportunity", "Acme Renewal")],
        "dependsOn": [],
        "forEach": None,
    }


def record(name: str, of: str, called: str) -> dict[str, Json]:
    """Return an argument that looks a record up by its name."""
    where: dict[str, Json] = {"field": "Name", "operator": "=", "values": [called]}
    return {"name": name, "kind": "record", "object": of, "where": [where]}


def literal(name: str, value: str) -> dict[str, Json]:
    """Return an argument with a value of its own."""
    return {"name": name, "kind": "literal", "value": value}


def planning(*actions: Json, **changed: Json) -> dict[str, Json]:
    """Return the good plan with other actions, or with other parts."""
    return {**good_plan(), **({"actions": list(actions)} if actions else {}), **changed}


def good() -> Reply:
    """Return the reply that plans the goal as it should be."""
    return Reply.json(good_plan())


def always(reply: Reply) -> tuple[Reply, ...]:
    """Return the script of a model that answers so to the request and to both repairs."""
    return (reply,) * 3


def once(reply: Reply) -> tuple[Reply, ...]:
    """Return the script of a model that answers so once, and then as it should."""
    return (reply, good())


def text(document: Json) -> str:
    """Return a document as the text a model would write."""
    return json.dumps(document)
