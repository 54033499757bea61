"""A work of plain asynchronous functions, which needs nothing but a journal and an engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from actwright.org.outcome import EffectOutcome, GroupOutcome
from actwright.runs.engine.work import (
    Attempt,
    Ending,
    NotReady,
    Performed,
    Ready,
    Reconciled,
    Reports,
    Step,
)
from actwright.runs.record.envelope import ActionResult, OrchestratorResult
from actwright.runs.record.happening import Happening

Function = Callable[[Attempt], Awaitable[object]]

STARTED: Mapping[str, object] = {
    "goal": "g",
    "planId": "",
    "previewId": "",
    "confirmationId": "",
    "digest": "",
    "user": "alice",
    "org": "",
}


@dataclass
class Functions:
    """Steps that are functions; what was called is kept."""

    functions: Mapping[str, Function]
    needs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    apart: bool = False
    actor: str = "alice"
    stage: int = 1
    called: list[str] = field(default_factory=list)
    settled: dict[str, Reconciled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the steps."""
        self.steps = tuple(
            Step(each, frozenset(self.needs.get(each, ())), (each,), apart=self.apart)
            for each in self.functions
        )

    async def look(self, attempt: Attempt) -> Ready | NotReady:
        """Never asked."""
        raise AssertionError(attempt)

    async def perform(self, attempt: Attempt, reports: Reports) -> Performed:
        """Call the function; an outcome it returns is the answer."""
        del reports
        self.called.append(attempt.step.id)
        said = await self.functions[attempt.step.id](attempt)
        if isinstance(said, Performed):
            return said
        outcome = EffectOutcome(effect_id=attempt.step.id, status="done")
        return Performed(GroupOutcome(group_id=attempt.step.id, outcomes=(outcome,)))

    async def reconcile(self, attempt: Attempt) -> Reconciled:
        """Say what the test has laid down."""
        return self.settled[attempt.step.id]

    async def observe(self, attempt: Attempt, outcome: GroupOutcome) -> Mapping[str, Any]:
        """Never asked."""
        raise AssertionError(attempt, outcome)

    def barred(self, happened: Sequence[Happening]) -> frozenset[str]:
        """Nothing waits for what failed but what needs it."""
        del happened
        return frozenset()

    def what_follows(self, happened: Sequence[Happening]) -> Mapping[str, Any] | None:
        """Nothing follows."""
        del happened
        return None

    def envelope(self, happened: Sequence[Happening], ending: Ending) -> OrchestratorResult:
        """Tell each step."""
        done = {
            one["effectId"]
            for each in happened
            if each.kind in {"group_settled", "group_reconciled"}
            for one in each.data["outcomes"]
            if one["status"] == "done"
        }
        results = tuple(
            ActionResult(id=each, blueprint="", status="done" if each in done else "not_run")
            for each in self.functions
        )
        return OrchestratorResult(
            success=ending.status == "completed", results=results, effects_done=len(done)
        )


async def nothing(_: Attempt) -> None:
    """Do nothing."""


def ten() -> Functions:
    """Return ten steps that do nothing, one behind the other."""
    names = [f"s{place:02}" for place in range(10)]
    needs = {after: [before] for before, after in pairwise(names)}
    return Functions(dict.fromkeys(names, nothing), needs)
