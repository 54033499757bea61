"""A planner over the demo org in memory, and goals in short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import pytest
from tests.memory_org import TODAY, FakeClock, MemoryOrg, demo_org, demo_schemas

from actwright.blueprints.argument import Argument, FromArgument, ValueArgument
from actwright.blueprints.library import Library, load_library
from actwright.org.query import JsonScalar
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest

__all__ = ["TODAY", "FakeClock", "MemoryOrg", "demo_schemas", "spelled"]


class Plans(Protocol):
    """Plans one goal over the demo org in memory."""

    def __call__(
        self, goal: str, data: Mapping[str, JsonScalar] | None = None, blueprint: str | None = None
    ) -> PlanningOutcome:
        """Return the planner's answer."""
        ...


@pytest.fixture
def memory_org() -> MemoryOrg:
    """The demo org in memory, as alice, who works in New York."""
    return demo_org()


@pytest.fixture(scope="session")
def library() -> Library:
    """The curated library."""
    return load_library()


@pytest.fixture(scope="session")
def planner() -> OfflinePlanner:
    """One planner for all tests: what it keeps must not change an answer."""
    return OfflinePlanner()


@pytest.fixture
def plans(memory_org: MemoryOrg, library: Library, planner: OfflinePlanner) -> Plans:
    """Plan a goal as alice on Saturday, 2026-11-21."""

    def run(
        goal: str, data: Mapping[str, JsonScalar] | None = None, blueprint: str | None = None
    ) -> PlanningOutcome:
        request = PlanningRequest(goal, library, memory_org, FakeClock(), data or {}, blueprint)
        return planner.plan(request)

    return run


def spelled(outcome: PlanningOutcome) -> list[tuple[str, dict[str, object]]]:
    """Return each action as its blueprint's name and its arguments in short; defaults are left out.

    A lookup is ``Object: name``, an output ``-> a1``, a value itself.
    """
    assert outcome.refusal is None, outcome.refusal
    assert outcome.plan is not None
    return [
        (each.blueprint.name, {k: _short(v) for k, v in each.arguments.items() if not _default(v)})
        for each in outcome.plan.actions
    ]


def _default(argument: Argument) -> bool:
    return isinstance(argument, ValueArgument) and argument.provenance == "default"


def _short(argument: Argument) -> object:
    if isinstance(argument, ValueArgument):
        return argument.value
    if isinstance(argument, FromArgument):
        return f"-> {argument.from_.split('.')[1]}"
    return f"{argument.lookup.object}: {argument.lookup.where[0].value}"


Spell = Callable[[PlanningOutcome], list[tuple[str, dict[str, object]]]]


@pytest.fixture(scope="session")
def spell() -> Spell:
    """Spell a plan's actions in short."""
    return spelled
