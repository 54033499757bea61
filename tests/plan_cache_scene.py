"""What tests of the plan cache share: a cached planner over the demo org, and what its answers come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.memory_org import FakeClock, MemoryOrg, demo_org

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.library import Library, load_library
from actwright.blueprints.plan import Plan
from actwright.org.query import JsonScalar
from actwright.planning.cache.cached import CachedPlanner
from actwright.planning.cache.template import PlanTemplate
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest

LIBRARY = load_library()
OFFLINE = OfflinePlanner()
Data = Mapping[str, JsonScalar]
Change = Callable[[Plan], Plan]


class Kept:
    """A plan cache in memory: the port is all a cache has to be."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}

    def templates(self, key: str) -> list[PlanTemplate]:
        """Return what was kept, newest first, as it comes back from a store."""
        return [PlanTemplate.model_validate_json(each) for each in self.rows.get(key, [])[::-1]]

    def keep(self, key: str, template: PlanTemplate) -> None:
        """Keep a template."""
        self.rows.setdefault(key, []).append(template.model_dump_json())


class Inner:
    """A planner that counts how often it is asked, and may change its plans on the way."""

    def __init__(self, change: Change | None = None) -> None:
        self.asked: list[str] = []
        self._change = change

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return what the offline planner answers, changed."""
        self.asked.append(request.goal)
        outcome = OFFLINE.plan(request)
        if outcome.plan is None or self._change is None:
            return outcome
        return outcome.model_copy(update={"plan": self._change(outcome.plan)})


class Scene:
    """A cached planner over one org, and the goals it is asked."""

    def __init__(self, change: Change | None = None, **more: Any) -> None:
        self.org: MemoryOrg = more.get("org") or demo_org()
        self.library: Library = more.get("library", LIBRARY)
        self.clock = FakeClock()
        self.inner = Inner(change)
        self.cache = more.get("cache") or Kept()
        self.planner = CachedPlanner(
            self.inner, self.cache, prompt_version=more.get("version", "1")
        )

    def request(
        self, goal: str, data: Data | None = None, blueprint: str | None = None
    ) -> PlanningRequest:
        """Return the request for a goal."""
        return PlanningRequest(goal, self.library, self.org, self.clock, data or {}, blueprint)

    def ask(
        self, goal: str, data: Data | None = None, blueprint: str | None = None
    ) -> PlanningOutcome:
        """Return the cached planner's answer."""
        return self.planner.plan(self.request(goal, data, blueprint))

    def hits(self, goal: str, data: Data | None = None, blueprint: str | None = None) -> bool:
        """Tell whether a goal is planned from the cache; whatever it is, it must be what the inner planner says."""
        outcome = self.ask(goal, data, blueprint)
        expected = OFFLINE.plan(self.request(goal, data, blueprint))
        hit = bool(outcome.plan and outcome.plan.planner.cached_from)
        if hit:
            assert meant(outcome) == meant(expected)
        return hit


def meant(outcome: PlanningOutcome) -> dict[str, Any]:
    """Return what an outcome comes to, but for where it came from and the order of its notes."""
    content: dict[str, Any] = outcome.model_dump(mode="json", exclude={"notes", "usage"})
    plan = content["plan"]
    if plan is not None:
        del plan["id"]
        plan["planner"]["cachedFrom"] = None
        plan["assumptions"] = sorted(plan["assumptions"])
    return content


def values(outcome: PlanningOutcome) -> dict[str, JsonScalar]:
    """Return the literals of a plan's first action, and the first value each lookup asks for."""
    assert outcome.plan is not None
    found: dict[str, JsonScalar] = {}
    for name, each in outcome.plan.actions[0].arguments.items():
        if isinstance(each, ValueArgument):
            found[name] = each.value
        elif isinstance(each, LookupArgument):
            first = each.lookup.where[0].value
            found[name] = first if not isinstance(first, tuple) else None
    return found
