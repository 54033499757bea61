"""Goals whose whole exchange with a model is recorded in ``cassettes/``, and how a recording is read.

The library and the schema are fixed here, so that a recording stands for the prompts, the reply's schema and the form
of the request: whatever changes one of these changes the body, and no recording fits any more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import rfc8785
import vcr  # type: ignore[import-untyped]  # it ships no types
from tests.memory_org import demo_org
from vcr.cassette import Cassette  # type: ignore[import-untyped]  # it ships no types
from vcr.request import Request  # type: ignore[import-untyped]  # it ships no types

from actwright.blueprints.library import load_library
from actwright.canonical import Json
from actwright.model.exchange import Exchange
from actwright.model.openai_chat import OpenAIChat
from actwright.model.prompts import Prompts, load_prompts
from actwright.model.settings import ModelSettings
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest
from actwright.testing import FixedClock

CASSETTES = Path(__file__).parents[2] / "cassettes"
ORIGIN = "http://scripted/v1"
KEY = "recorded-without-a-key"

_LIBRARY = Path(__file__).parent / "cassette_library"
_SECRETS = re.compile(
    r"sk-[A-Za-z0-9_-]{8,}|Bearer\s+\S+|authorization|api[-_]key|00D[A-Za-z0-9]{12,15}!|set-cookie",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_MAIL_DOMAINS = frozenset({"example.com", "example.org"})


@dataclass(frozen=True)
class CassetteCase:
    """A goal, what the scripted model answers to it, and what must come of it.

    Attributes:
        name: What its file is called.
        goal: The goal.
        replies: What the model answers, one request after the other.
        expected: The blueprints of the plan with their arguments; the questions; or the refusal's code.
    """

    name: str
    goal: str
    replies: tuple[Json, ...]
    expected: Mapping[str, Json]


def _record(name: str, of: str, called: str) -> dict[str, Json]:
    where: dict[str, Json] = {"field": "Name", "operator": "=", "values": [called]}
    return {"name": name, "kind": "record", "object": of, "where": [where]}


def _literal(name: str, value: str) -> dict[str, Json]:
    return {"name": name, "kind": "literal", "value": value}


def _action(key: str, *arguments: Json, number: int = 1) -> dict[str, Json]:
    return {
        "id": f"a{number}",
        "blueprint": key,
        "arguments": list(arguments),
        "dependsOn": [],
        "forEach": None,
        "generated": None,
    }


def _reply(*actions: Json, **parts: Json) -> dict[str, Json]:
    plain: dict[str, Json] = {
        "outcome": "plan",
        "actions": list(actions),
        "checkpoint": "Do it?",
        "assumptions": [],
        "questions": [],
        "reason": "",
    }
    return plain | parts


_WON = _action("deal_won", _record("Id", "Opportunity", "Acme Renewal"))
_CALL = _action(
    "task_new",
    _literal("Subject", "Call Acme"),
    _literal("ActivityDate", "2026-11-24"),
    number=2,
)
_WORKED_OUT = _action("generated", _record("AccountId", "Account", "Acme")) | {
    "generated": {
        "name": "CreateTaskWithOpenCases",
        "object": "Task",
        "inputs": [
            {
                "name": "AccountId",
                "kind": "record",
                "object": "Account",
                "description": "The account to start from.",
            }
        ],
        "logic": "Count the Case records whose AccountId is AccountId and whose IsClosed is false. Create a Task:"
        " Subject says the number, WhatId = AccountId.",
    }
}
_QUESTION: dict[str, Json] = {
    "action": "a1",
    "input": "Priority",
    "text": "Which priority?",
    "options": ["High", "Low"],
}

CASES = (
    CassetteCase(
        "one_action",
        "Close the Acme Renewal as won",
        (_reply(_WON),),
        {"actions": {"a1": "UpdateOpportunityStage"}, "values": {"a1.StageName": "Closed Won"}},
    ),
    CassetteCase(
        "two_actions",
        'Close the Acme Renewal as won and create a task "Call Acme" for next Tuesday',
        (_reply(_WON, _CALL),),
        {
            "actions": {"a1": "UpdateOpportunityStage", "a2": "CreateTask"},
            "values": {"a2.Subject": "Call Acme", "a2.ActivityDate": "2026-11-24"},
        },
    ),
    CassetteCase(
        "repaired",
        "Close the Acme Renewal as won, please",
        (_reply({**_WON, "blueprint": "close_it"}), _reply(_WON)),
        {"actions": {"a1": "UpdateOpportunityStage"}},
    ),
    CassetteCase(
        "worked_out",
        "Create a task for Acme whose subject says how many of its cases are open",
        (_reply(_WORKED_OUT),),
        {"actions": {"a1": "CreateTaskWithOpenCases_c9fbcb"}},
    ),
    CassetteCase(
        "asked",
        "Set the priority of the case",
        (_reply(outcome="questions", questions=[_QUESTION], actions=[_action("case_priority")]),),
        {"questions": ["a1.Id", "a1.Priority"]},
    ),
    CassetteCase(
        "no_plan",
        "Book me a flight to Oslo",
        (_reply(outcome="noPlan", reason="No blueprint books travel."),),
        {"refusal": "no_fit"},
    ),
)
"""The recorded goals."""


class Unlogged:
    """A prompt log for tests that look elsewhere."""

    def record(self, exchange: Exchange) -> None:
        """Keep nothing."""


def plan(case: CassetteCase, base_url: str, prompts: Prompts | None = None) -> PlanningOutcome:
    """Plan a case's goal with whatever answers at ``base_url``."""
    chat = OpenAIChat(base_url=base_url, api_key=KEY, attempts=1)
    settings = ModelSettings(model="scripted", deadline_seconds=20)
    planner = ModelPlanner(chat, prompts or load_prompts(), settings, log=Unlogged())
    request = PlanningRequest(
        goal=case.goal, library=load_library([_LIBRARY]), org=demo_org(), clock=FixedClock()
    )
    try:
        return planner.plan(request)
    finally:
        chat.close()


def cassette(path: Path, mode: str) -> AbstractContextManager[Cassette]:
    """Return a context in which requests are answered from ``path`` (mode ``none``) or recorded into it (``all``).

    A request fits where its method, its path and its body are the same; hosts and headers are not recorded.
    """
    recorder = vcr.VCR(
        record_mode=mode,
        match_on=("method", "path", "canonical_body"),
        before_record_request=_anonymous,
        before_record_response=_bare,
    )
    recorder.register_matcher("canonical_body", _same_body)
    context: AbstractContextManager[Cassette] = recorder.use_cassette(str(path))
    return context


def body_digest(body: bytes) -> str:
    """Return the first sixteen digits of the SHA-256 over a body's canonical JSON."""
    return hashlib.sha256(rfc8785.dumps(json.loads(body))).hexdigest()[:16]


def recordings(name: str, folder: Path = CASSETTES) -> list[Path]:
    """Return the files that hold a case."""
    return sorted(folder.glob(f"{name}-*.yaml"))


def secrets_in(text: str) -> Sequence[str]:
    """Return what looks like a secret or like somebody's address."""
    mails = [each[0] for each in _MAIL.finditer(text) if each[1] not in _MAIL_DOMAINS]
    return [*(each[0] for each in _SECRETS.finditer(text)), *mails]


def _same_body(first: Request, second: Request) -> None:
    assert body_digest(first.body) == body_digest(second.body)


def _anonymous(request: Request) -> Request:
    request.uri = f"{ORIGIN}/{request.uri.partition('/v1/')[2]}"
    request.headers = {}
    return request


def _bare(response: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    kept = {name: value for name, value in response["headers"].items() if name == "content-type"}
    return response | {"headers": kept}
