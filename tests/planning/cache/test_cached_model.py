"""The plan cache around a language model: one call for a shape, and the next goal's own values without another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from tests.memory_org import FakeClock, MemoryOrg, demo_org
from tests.model_replies import (
    ACME_WON,
    LIBRARY,
    PROMPTS,
    Document,
    FakeChat,
    Log,
    action,
    data,
    literal,
    named,
    output,
    record,
    reply,
    where,
)
from tests.plan_cache_scene import Kept

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.model.settings import ModelSettings
from actwright.org.query import JsonScalar
from actwright.planning.cache.cached import CachedPlanner
from actwright.planning.model.planner import ModelPlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest


@dataclass
class Scene:
    """A model that answers one reply, behind a cache; a second call would fail."""

    document: Document
    org: MemoryOrg = field(default_factory=demo_org)

    def __post_init__(self) -> None:
        """Put the model behind the cache."""
        self.chat = FakeChat([self.document])
        model = ModelPlanner(self.chat, PROMPTS, ModelSettings(model="fake"), log=Log())
        self.planner = CachedPlanner(model, Kept(), prompt_version="1")

    def ask(self, goal: str, given: Mapping[str, JsonScalar] | None = None) -> PlanningOutcome:
        """Return the answer to a goal."""
        request = PlanningRequest(goal, LIBRARY, self.org, FakeClock(), given or {})
        outcome = self.planner.plan(request)
        assert outcome.plan is not None, outcome
        assert outcome.questions == (), outcome.questions
        return outcome


def told(outcome: PlanningOutcome) -> list[dict[str, object]]:
    """Return the values and the looked up names of every action, defaults left out."""
    assert outcome.plan is not None
    found: list[dict[str, object]] = []
    for each in outcome.plan.actions:
        row: dict[str, object] = {}
        for name, argument in each.arguments.items():
            if isinstance(argument, ValueArgument) and argument.provenance != "default":
                row[name] = argument.value
            elif isinstance(argument, LookupArgument):
                row[name] = [one.value for one in argument.lookup.where]
        if each.for_each is not None:
            row["rows"] = [one.value for one in each.for_each.where]
        found.append(row)
    return found


DEAL = "derived.opportunity.update"
ACME = named("Id", "Opportunity", "Acme Renewal")


def test_the_model_is_asked_once_for_a_shape() -> None:
    """The second goal costs no call and no token, and its plan holds its own record."""
    scene = Scene(reply(ACME_WON))
    assert scene.ask("Close the Acme Renewal as won").usage is not None
    hit = scene.ask("Close the Globex Pilot as won")
    assert hit.usage is None
    assert hit.plan is not None
    assert hit.plan.planner.kind == "model"
    assert told(hit)[0]["Id"] == ["Globex Pilot"]
    assert len(scene.chat.requests) == 1


@pytest.mark.parametrize(
    ("document", "first", "second", "expected"),
    [
        (
            reply(
                action(DEAL, ACME, literal("Amount", "45000"), literal("CloseDate", "2026-12-01"))
            ),
            "Set Acme Renewal to 45k and close it on 2026-12-01",
            "Set Globex Pilot to 60k and close it on 2026-12-24",
            [{"Id": ["Globex Pilot"], "Amount": 60000, "CloseDate": "2026-12-24"}],
        ),
        (
            reply(
                action("derived.account.create", literal("Name", "Hooli")),
                action(
                    "derived.contact.create",
                    literal("FirstName", "Richard"),
                    literal("LastName", "Hendricks"),
                    literal("Email", "rh@hooli.example"),
                    output("AccountId", "a1"),
                    id="a2",
                ),
            ),
            "create Hooli with the contact Richard Hendricks, rh@hooli.example",
            "create Stark with the contact Pepper Potts, pp@stark.example",
            [
                {"Name": "Stark"},
                {"FirstName": "Pepper", "LastName": "Potts", "Email": "pp@stark.example"},
            ],
        ),
        (
            reply(
                action(
                    "derived.contact.update",
                    record("Id", "Contact", where("FirstName", "Li"), where("LastName", "Wei")),
                    literal("Title", "buyer"),
                )
            ),
            "make Li Wei the buyer",
            "make Tom Baker the buyer",
            [{"Id": ["Tom", "Baker"], "Title": "buyer"}],
        ),
        (
            reply(
                action(
                    "derived.task.create",
                    literal("Subject", "Call back"),
                    {"name": "OwnerId", "kind": "me"},
                ),
                assumptions=["you do it yourself"],
            ),
            'give me a task "Call back"',
            'give me a task "Write a letter"',
            [{"Subject": "Write a letter", "OwnerId": ["alice"]}],
        ),
    ],
)
def test_every_kind_of_argument_is_bound_anew(
    document: Document, first: str, second: str, expected: list[dict[str, object]]
) -> None:
    """Numbers, dates, names, addresses, queries by several conditions and the person: each from the second goal."""
    scene = Scene(document)
    scene.ask(first)
    found = told(scene.ask(second))
    assert len(scene.chat.requests) == 1
    if "OwnerId" in expected[0]:
        expected = [{**expected[0], "OwnerId": [scene.org.user.username]}]
    assert found == expected


def test_rows_are_bound_anew() -> None:
    """The conditions of a repeated action are read from the second goal as well."""
    rows: Document = {
        "object": "Opportunity",
        "where": [where("Account.Name", "Acme"), where("Amount", "5000", operator="<")],
        "limit": 200,
    }
    repeated = action(DEAL, literal("NextStep", "ring back"), forEach=rows)
    scene = Scene(reply(repeated))
    first = scene.ask("ring back: next step of every deal of Acme under 5000")
    second = scene.ask("ring back: next step of every deal of Globex under 7k")
    assert told(first)[0]["rows"] == ["Acme", 5000]
    assert told(second)[0]["rows"] == ["Globex", 7000]
    assert len(scene.chat.requests) == 1


def test_data_taken_whole_pass_through() -> None:
    """A reference to data needs no value of the first goal."""
    scene = Scene(reply(action(DEAL, ACME, data("Amount", "budget"))))
    scene.ask("Set the amount of Acme Renewal", {"budget": 5})
    hit = scene.ask("Set the amount of Globex Pilot", {"budget": 7})
    assert hit.plan is not None
    assert hit.plan.data == {"budget": 7}
    assert len(scene.chat.requests) == 1


@pytest.mark.parametrize(
    "document",
    [
        reply(action(DEAL, ACME, literal("NextStep", "wire the money"), literal("Amount", "5"))),
        reply(action(DEAL, ACME, literal("Amount", "5")), assumptions=["5 is meant in dollars"]),
    ],
)
def test_what_the_model_made_up_is_asked_for_each_time(document: Document) -> None:
    """A value or a sentence of its own is never used for another goal."""
    scene = Scene(document)
    scene.ask("Set Acme Renewal to 5")
    with pytest.raises(IndexError):
        scene.ask("Set Globex Pilot to 6")


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        (
            "Acme Renewal",
            "Set the amount of Acme Renewal to 45k, not 40k",
            "Set the amount of Acme Renewal to 40k, not 40k",
        ),
        (
            "Initech Upgrade",
            "Set the amount of Initech Upgrade to 45k but do not touch Acme Renewal",
            "Set the amount of Acme Renewal to 45k but do not touch Acme Renewal",
        ),
    ],
)
def test_a_hit_does_nothing_its_own_goal_forbids(name: str, first: str, second: str) -> None:
    """What a goal forbids may stand where another goal of its shape has a value: then the model is asked."""
    scene = Scene(reply(action(DEAL, named("Id", "Opportunity", name), literal("Amount", "45000"))))
    scene.ask(first)
    again = scene.ask(first)
    assert again.plan is not None
    assert again.plan.planner.cached_from is not None
    scene.chat.replies = [reply(outcome="noPlan", reason="It contradicts itself.")]
    request = PlanningRequest(second, LIBRARY, scene.org, FakeClock(), {})
    assert scene.planner.plan(request).refusal is not None
    assert len(scene.chat.requests) == 2
