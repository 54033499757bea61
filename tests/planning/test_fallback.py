"""Falling back: only where the model failed, only where it is allowed, and always said."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.memory_org import FakeClock, demo_org
from tests.model_replies import LIBRARY

from actwright.errors import (
    ActwrightError,
    ModelError,
    ModelTimeoutError,
    OrgUnreachableError,
    StoreError,
)
from actwright.planning.fallback import FallbackPlanner
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningOutcome, PlanningRequest, Refusal


@dataclass
class Failing:
    """A planner that raises."""

    error: ActwrightError

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Raise."""
        assert request.goal
        raise self.error


@dataclass
class Refusing:
    """A planner that finds no plan."""

    asked: list[str] = field(default_factory=list)

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Refuse."""
        self.asked.append(request.goal)
        return PlanningOutcome(refusal=Refusal(code="no_fit", message="Nothing fits."))


def request(told: list[str] | None = None) -> PlanningRequest:
    """Return a request the offline planner can plan."""
    said = told if told is not None else []
    return PlanningRequest(
        "Close the Acme Renewal as won", LIBRARY, demo_org(), FakeClock(), progress=said.append
    )


SLOW = ModelTimeoutError("No whole answer came within 60 seconds.")


def test_the_offline_planner_stands_in_and_says_so() -> None:
    """The plan itself, the notes and the progress tell that it is not the model's."""
    told: list[str] = []
    outcome = FallbackPlanner(Failing(SLOW), OfflinePlanner(), allowed=True).plan(request(told))
    assert outcome.plan is not None
    assert outcome.plan.planner.kind == "offline"
    assert outcome.plan.planner.fallback_for == (
        "model_timeout: No whole answer came within 60 seconds."
    )
    assert "The model could not be used" in outcome.notes[0]
    assert "planning without the model" in told


def test_without_leave_the_error_is_the_callers() -> None:
    """Nobody is given another planner than the one asked for without having allowed it."""
    for planner in (
        FallbackPlanner(Failing(SLOW), OfflinePlanner(), allowed=False),
        FallbackPlanner(Failing(SLOW), OfflinePlanner(), allowed=lambda: False),
    ):
        with pytest.raises(ModelTimeoutError):
            planner.plan(request())


def test_every_model_error_counts_and_no_other() -> None:
    """Each kind of the tree falls back; an org or a store that fails does not."""
    kinds: list[type[ModelError]] = [ModelError, *ModelError.__subclasses__()]
    for kind in kinds:
        outcome = FallbackPlanner(Failing(kind("no")), OfflinePlanner(), allowed=True).plan(
            request()
        )
        assert outcome.plan is not None
    for other in (OrgUnreachableError("gone"), StoreError("locked")):
        with pytest.raises(type(other)):
            FallbackPlanner(Failing(other), OfflinePlanner(), allowed=True).plan(request())


def test_a_refusal_is_an_answer() -> None:
    """The model's no is not overruled by the rules."""
    second = Refusing()
    outcome = FallbackPlanner(Refusing(), second, allowed=True).plan(request())
    assert outcome.refusal is not None
    assert second.asked == []


def test_a_refusal_of_the_second_planner_says_why_it_was_asked() -> None:
    """Also without a plan the notes name the failure."""
    outcome = FallbackPlanner(Failing(SLOW), Refusing(), allowed=lambda: True).plan(request())
    assert outcome.plan is None
    assert "model_timeout" in outcome.notes[0]


def test_a_hostile_message_is_made_inert() -> None:
    """What a service wrote cannot move the cursor in a note."""
    error = ModelError("boom\x1b[2J\u202e" + "x" * 900)
    outcome = FallbackPlanner(Failing(error), OfflinePlanner(), allowed=True).plan(request())
    assert outcome.plan is not None
    assert "\x1b" not in outcome.notes[0]
    assert len(str(outcome.plan.planner.fallback_for)) <= 300


def test_the_reason_is_told_once() -> None:
    """Where the plan names the failure, the notes do not repeat it."""
    outcome = FallbackPlanner(Failing(SLOW), OfflinePlanner(), allowed=True).plan(request())
    assert outcome.plan is not None
    assert "60 seconds" in str(outcome.plan.planner.fallback_for)
    assert "60 seconds" not in outcome.notes[0]
