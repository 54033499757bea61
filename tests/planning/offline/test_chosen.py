"""A blueprint that was chosen, or that the goal is said in the words of, and no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.memory_org import FakeClock, MemoryOrg

from actwright.blueprints.library import Library, bundled_directory, load_library
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest

PARK = {
    "name": "ParkOpportunity",
    "label": "Park Opportunity",
    "targetSObject": "Opportunity",
    "operation": "UPDATE",
    "summary": "Parked the opportunity.",
    "checkpoint": "Park this opportunity?",
    "tags": ["Sales", "Opportunity"],
    "synonyms": ["park", "put on hold"],
    "inputs": [
        {"apiName": "Id", "label": "Opportunity ID", "dataType": "Id", "required": True},
        {"apiName": "NextStep", "label": "Next Step", "default": "Parked"},
    ],
    "guardrails": [
        {"type": "FLS_EDIT", "params": {"fields": ["NextStep"]}},
        {"type": "SHARING_REQUIRED"},
    ],
}
NUDGE = {
    **PARK,
    "name": "NudgeLead",
    "label": "Nudge Lead",
    "targetSObject": "Lead",
    "synonyms": ["nudge"],
    "inputs": [
        {"apiName": "Id", "label": "Lead ID", "dataType": "Id", "required": True},
        {"apiName": "Rating", "label": "Rating"},
    ],
    "guardrails": [
        {"type": "ENUM_ALLOWED", "params": {"field": "Rating", "values": ["Hot", "Warm"]}}
    ],
}


@pytest.fixture
def ours(tmp_path: Path) -> Library:
    """The bundled library, and two blueprints of one's own."""
    for key, each in (("opportunity_park", PARK), ("nudge_lead", NUDGE)):
        (tmp_path / f"{key}.json").write_text(json.dumps(each), encoding="utf-8")
    return load_library([tmp_path, bundled_directory()])


def planned(goal: str, org: MemoryOrg, library: Library, key: str | None = None) -> PlanningOutcome:
    """Plan with a library of one's own."""
    request = PlanningRequest(goal, library, org, FakeClock(), {}, key)
    return OfflinePlanner().plan(request)


@pytest.mark.parametrize(
    ("goal", "key"),
    [
        ("change the stage of Globex Pilot to Closed Lost", "oppty_closed_won"),
        ("close the Globex Pilot as lost", "oppty_closed_won"),
        ("set the rating of Jane Doe to Cold", "nudge_lead"),
        ("close the Globex Pilot as won", "opportunity_park"),
        ("set the amount of Globex Pilot to 5", "opportunity_park"),
    ],
)
def test_a_chosen_blueprint_leaves_no_choice(
    goal: str, key: str, memory_org: MemoryOrg, ours: Library
) -> None:
    """What it does not take or allow is refused by its name, and never planned with another one."""
    outcome = planned(goal, memory_org, ours, key)
    assert outcome.plan is None
    assert outcome.refusal is not None
    assert key in outcome.refusal.message
    assert "Id" in str(outcome.refusal.hint)


@pytest.mark.parametrize(
    ("goal", "key", "wanted"),
    [
        ("set the rating of Jane Doe to Hot", "nudge_lead", "Hot"),
        ("set the next step of Globex Pilot to 'x'", "opportunity_park", "x"),
        ("Globex Pilot", "opportunity_park", "Parked"),
    ],
)
def test_a_chosen_blueprint_takes_its_own_inputs(
    goal: str, key: str, wanted: str, memory_org: MemoryOrg, ours: Library
) -> None:
    """What it takes and allows is planned with it."""
    outcome = planned(goal, memory_org, ours, key)
    assert outcome.plan is not None
    assert outcome.questions == ()
    (action,) = outcome.plan.actions
    entry = ours.find(key)
    assert entry is not None
    assert action.blueprint == entry.blueprint
    assert wanted in {getattr(each, "value", None) for each in action.arguments.values()}


def test_an_answer_leaves_no_choice_either(plans: Any) -> None:
    """A blueprint handed in as an answer does not become another one."""
    goal = "change the stage of Globex Pilot to Closed Lost"
    outcome = plans(goal, {"a1.blueprint": "oppty_closed_won"})
    assert outcome.plan is None


@pytest.mark.parametrize(
    "goal",
    [
        "Park the Globex Pilot",
        "please park Globex Pilot",
        "put the Globex Pilot on hold",
        "put on hold Globex Pilot",
    ],
)
def test_a_synonym_of_one_blueprint_chooses_it(
    goal: str, memory_org: MemoryOrg, ours: Library, spell: Any
) -> None:
    """A verb that only one blueprint knows needs no question, with the whole bundled library beside it."""
    outcome = planned(goal, memory_org, ours)
    assert outcome.questions == ()
    assert spell(outcome) == [("ParkOpportunity", {"Id": "Opportunity: Globex Pilot"})]


def test_a_synonym_of_two_blueprints_chooses_none(memory_org: MemoryOrg, tmp_path: Path) -> None:
    """Where two blueprints are called so, none of them is taken for it."""
    other = {**PARK, "name": "ShelveOpportunity", "label": "Shelve Opportunity"}
    for key, each in (("opportunity_park", PARK), ("opportunity_shelve", other)):
        (tmp_path / f"{key}.json").write_text(json.dumps(each), encoding="utf-8")
    outcome = planned("put the Globex Pilot on hold", memory_org, load_library([tmp_path]))
    assert outcome.plan is None or outcome.questions
