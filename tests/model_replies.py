"""What a model might answer, in short, and a planner that is given such answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.memory_org import FakeClock, MemoryOrg, demo_org

from actwright.blueprints.argument import FromArgument, LookupArgument, ValueArgument
from actwright.blueprints.library import Library, load_library
from actwright.canonical import Json
from actwright.model.chat import ChatReply, ChatRequest, TokenUsage
from actwright.model.exchange import Exchange, ExchangeTexts
from actwright.model.prompts import load_prompts
from actwright.model.settings import ModelSettings
from actwright.org.ports import OrgReader
from actwright.org.query import JsonScalar
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest

Document = dict[str, Json]
LIBRARY = load_library()
PROMPTS = load_prompts()


def reply(*actions: Document, outcome: str = "plan", **more: Json) -> Document:
    """Return a reply with these actions."""
    empty: Document = {"checkpoint": "", "assumptions": [], "questions": [], "reason": ""}
    return {"outcome": outcome, "actions": list(actions), **empty, **more}


def action(blueprint: str, *arguments: Document, **more: Json) -> Document:
    """Return an action ``a1``, or of another id."""
    base: Document = {"id": "a1", "dependsOn": [], "forEach": None, "generated": None}
    return {**base, "blueprint": blueprint, "arguments": list(arguments), **more}


def literal(name: str, value: str | None) -> Document:
    """Return a literal argument."""
    return {"name": name, "kind": "literal", "value": value}


def data(name: str, of: str) -> Document:
    """Return an argument that takes named data."""
    return {"name": name, "kind": "data", "data": of}


def output(name: str, of: str) -> Document:
    """Return an argument that takes another action's record."""
    return {"name": name, "kind": "output", "action": of}


def extract(name: str, of: str, what: str) -> Document:
    """Return an argument that is taken out of a text."""
    return {"name": name, "kind": "extract", "data": of, "what": what}


def where(field_path: str, *values: str, operator: str = "=") -> Document:
    """Return a condition."""
    return {"field": field_path, "operator": operator, "values": list(values)}


def record(name: str, object_name: str, *conditions: Document) -> Document:
    """Return an argument that is looked up."""
    return {"name": name, "kind": "record", "object": object_name, "where": list(conditions)}


def named(name: str, object_name: str, value: str) -> Document:
    """Return an argument that is looked up by the record's name."""
    return record(name, object_name, where("Name", value))


def asks(input_name: str, text: str = "Which one?", *options: str, of: str = "a1") -> Document:
    """Return a question."""
    return {"action": of, "input": input_name, "text": text, "options": list(options)}


ACME_WON = action("oppty_closed_won", named("Id", "Opportunity", "Acme Renewal"))
"""Closes the Acme Renewal as won."""


@dataclass
class FakeChat:
    """A model that answers from a list, or by a function of the request."""

    replies: list[Document | str] | Callable[[ChatRequest], Document | str]
    requests: list[ChatRequest] = field(default_factory=list)

    def complete(self, request: ChatRequest, *, deadline: float) -> ChatReply:
        """Return the next reply."""
        assert deadline > 0
        self.requests.append(request)
        answer = self.replies(request) if callable(self.replies) else self.replies.pop(0)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return ChatReply(text, "stop", model="fake-1", usage=TokenUsage(input=100, output=20))

    def sent(self) -> str:
        """Return everything that was ever sent."""
        return "\n".join(one.content for each in self.requests for one in each.messages)

    def faults(self) -> str:
        """Return what the last repair said."""
        return self.requests[-1].messages[-1].content


@dataclass
class Log:
    """Keeps exchanges in memory, and what was said in them."""

    kept: list[Exchange] = field(default_factory=list)
    said: list[ExchangeTexts] = field(default_factory=list)

    def record(self, exchange: Exchange, texts: ExchangeTexts) -> None:
        """Keep one."""
        self.kept.append(exchange)
        self.said.append(texts)

    def recent(self) -> tuple[Exchange, ...]:
        """Return them, newest first."""
        return tuple(reversed(self.kept))


@dataclass
class Planned:
    """An outcome, and what was asked for it."""

    outcome: PlanningOutcome
    chat: FakeChat
    org: OrgReader
    told: list[str]
    log: Log

    def spelled(self) -> list[tuple[str, dict[str, object]]]:
        """Return each action's blueprint and its arguments in short, defaults left out."""
        assert self.outcome.refusal is None, self.outcome.refusal
        assert self.outcome.plan is not None
        return [
            (each.blueprint.name, {k: _short(v) for k, v in each.arguments.items() if _said(v)})
            for each in self.outcome.plan.actions
        ]


def _said(argument: object) -> bool:
    return not (isinstance(argument, ValueArgument) and argument.provenance == "default")


def _short(argument: object) -> object:
    if isinstance(argument, ValueArgument):
        return (argument.value, argument.provenance)
    if isinstance(argument, FromArgument):
        return argument.from_
    assert isinstance(argument, LookupArgument)
    return f"{argument.lookup.object}: {argument.lookup.where[0].value}"


def plan(
    goal: str,
    *replies: Document | str,
    data: Mapping[str, JsonScalar] | None = None,
    org: OrgReader | None = None,
    library: Library = LIBRARY,
    blueprint: str | None = None,
    settings: ModelSettings | None = None,
    answering: Callable[[ChatRequest], Document | str] | None = None,
) -> Planned:
    """Plan a goal as alice on Saturday, 2026-11-21, with a model that answers ``replies``."""
    chat = FakeChat(answering or list(replies))
    log, told = Log(), list[str]()
    planner = ModelPlanner(chat, PROMPTS, settings or ModelSettings(model="fake"), log=log)
    asked: OrgReader = org or demo_org()
    request = PlanningRequest(goal, library, asked, FakeClock(), data or {}, blueprint, told.append)
    return Planned(planner.plan(request), chat, asked, told, log)


def questions(planned: Planned) -> Sequence[tuple[str, str]]:
    """Return the id and the reason of each question."""
    return [(each.id, each.reason) for each in planned.outcome.questions]


def memory_org(planned: Planned) -> MemoryOrg:
    """Return the org in memory a goal was planned over."""
    assert isinstance(planned.org, MemoryOrg)
    return planned.org
