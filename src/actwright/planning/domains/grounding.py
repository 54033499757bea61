"""Grounding: a planner kept to the domains people wrote down, and every constraint checked on the plan itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.errors import PlanningError, RefusedError
from actwright.inert import inert
from actwright.planning.domains.domain import DomainSpec, fingerprint
from actwright.planning.domains.keeping import Breach, Keeper
from actwright.planning.domains.use_cases import Fit, explained, fits
from actwright.planning.planner import Planner, PlanningOutcome, PlanningRequest
from actwright.planning.refusals import as_refusal, refused
from actwright.planning.words.text import LONGEST_GOAL, screen

_NEAREST = 3
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class DomainContext:
    """What a model is told of the use case a goal fits: data, made inert, never an instruction.

    Attributes:
        spec: Name of the spec.
        version: Its version.
        domain: What the domain is.
        use_case: The use case's action, filled from its example.
        intent: What it is for.
        capabilities: What it takes.
        blueprints: What it is done with, where the spec says so.
        constraints: What must hold of the plan, in words.
    """

    spec: str
    version: str
    domain: str
    use_case: str
    intent: str
    capabilities: tuple[str, ...]
    blueprints: tuple[str, ...]
    constraints: tuple[str, ...]

    def as_data(self) -> dict[str, Json]:
        """Return the context as JSON-ready data for a prompt."""
        return {
            "spec": self.spec,
            "version": self.version,
            "domain": self.domain,
            "useCase": self.use_case,
            "intent": self.intent,
            "capabilities": list(self.capabilities),
            "blueprints": list(self.blueprints),
            "constraints": list(self.constraints),
        }


class GroundedPlanner:
    """Passes a goal on to another planner, and its plan on only where every constraint of the domains holds.

    Args:
        inner: Who plans.
        domains: The specs; the constraints of all of them are checked on every plan.
    """

    def __init__(self, inner: Planner, domains: Sequence[DomainSpec]) -> None:
        self._inner = inner
        self._domains = tuple(sorted(domains, key=lambda each: each.name))
        self.version = fingerprint(self._domains)
        """A digest over the specs, for the key of the plan cache."""

    def plan(self, request: PlanningRequest) -> PlanningOutcome:
        """Return the inner planner's answer, or a refusal naming spec, constraint and action.

        Raises:
            OrgError: The org cannot be asked.
            ModelError: The language model gave nothing that can be used.
        """
        if not self._domains:
            return self._inner.plan(request)
        try:
            screen(request.goal[:LONGEST_GOAL])
        except PlanningError as error:
            return as_refusal(error)
        ranked = fits(request.goal, self._domains)
        fitting = ranked[0] if ranked and ranked[0].fits else None
        if fitting is None and any(each.scope == "closed" for each in self._domains):
            return _out_of_domain(request.goal, self._domains, ranked)
        outcome = self._inner.plan(request)
        if outcome.plan is not None and (outcome.plan.actions or not outcome.questions):
            outcome = self._kept(request, outcome, outcome.plan, fitting)
        note = _note(ranked) if fitting is not None else "No use case of the domain specs fits."
        return outcome.model_copy(update={"notes": (*outcome.notes, note)})

    def _kept(
        self, request: PlanningRequest, outcome: PlanningOutcome, plan: Plan, fitting: Fit | None
    ) -> PlanningOutcome:
        """Return the outcome, or a refusal for the first constraint its plan breaks."""
        keeper = Keeper(plan, request.library, request.data)
        breach = keeper.breach(self._domains, fitting)
        if breach is None or (breach.undecided and outcome.questions):
            # What an open answer decides is decided when it is there: `check_constraints` asks before every preview.
            return outcome
        return _refused(breach).model_copy(update={"notes": outcome.notes, "usage": outcome.usage})


def check_constraints(plan: Plan, library: Library, domains: Sequence[DomainSpec]) -> None:
    """Refuse a plan that breaks a constraint, wherever it comes from and whatever was filled in since it was planned.

    Raises:
        RefusedError: A constraint does not hold, or cannot be decided.
    """
    ranked = fits(plan.goal, domains)
    fitting = ranked[0] if ranked and ranked[0].fits else None
    breach = Keeper(plan, library, {}).breach(domains, fitting)
    if breach is not None:
        code, message = _told(breach)
        raise RefusedError(message, where=breach.spec, hint=breach.hint, code=code)


def domain_context(goal: str, domains: Sequence[DomainSpec]) -> DomainContext | None:
    """Return what a model is told of the use case that fits ``goal`` best, or None where none fits.

    Args:
        goal: What the person asked for.
        domains: The specs.
    """
    ranked = fits(goal, domains)
    if not ranked or not ranked[0].fits:
        return None
    spec, use_case = ranked[0].spec, ranked[0].use_case
    return DomainContext(
        spec=spec.name,
        version=inert(spec.version),
        domain=inert(spec.domain, limit=300),
        use_case=inert(use_case.example, limit=400),
        intent=inert(use_case.intent, limit=300),
        capabilities=tuple(inert(each, limit=300) for each in use_case.capabilities),
        blueprints=use_case.blueprints,
        constraints=tuple(inert(each.told(), limit=300) for each in spec.constraints),
    )


def _note(ranked: Sequence[Fit]) -> str:
    return f"Grounded in {ranked[0]}: {explained(ranked)}."


def _told(breach: Breach) -> tuple[str, str]:
    """Return the code and the sentence for a breach."""
    code = "constraint_undecidable" if breach.undecided else "constraint_violated"
    verb = "cannot be decided" if breach.undecided else "does not hold"
    action = f" at {breach.action}" if breach.action else ""
    return (
        code,
        f"The constraint {breach.constraint!r} of {breach.spec} {verb}{action}: {breach.reason}.",
    )


def _refused(breach: Breach) -> PlanningOutcome:
    code, message = _told(breach)
    return refused(code, message, breach.hint)


def _out_of_domain(
    goal: str, domains: Sequence[DomainSpec], ranked: Sequence[Fit]
) -> PlanningOutcome:
    nearest = [str(each) for each in ranked[:_NEAREST]] or [
        f"{each.use_cases[0].action!r} of {each.name} {each.version}" for each in domains[:_NEAREST]
    ]
    closed = ", ".join(each.name for each in domains if each.scope == "closed")
    return refused(
        "out_of_domain",
        f"The goal {inert(goal, limit=_SHOWN)!r} fits no use case, and the scope of {closed} is closed.",
        f"Nearest use cases: {'; '.join(nearest)}.",
    )
