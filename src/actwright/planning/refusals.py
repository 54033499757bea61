"""Refusals: why there is no plan, said so that the person can say it better."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from actwright.blueprints.library import Library
from actwright.errors import PlanningError
from actwright.planning.planner import PlanningOutcome, Recommendation, Refusal

_SHOWN = 120
_NEAREST = 3


def refused(
    code: str, message: str, hint: str, candidates: Sequence[Recommendation] = ()
) -> PlanningOutcome:
    """Return the outcome that holds no plan."""
    refusal = Refusal(code=code, message=message, hint=hint, candidates=tuple(candidates))
    return PlanningOutcome(refusal=refusal)


def as_refusal(error: PlanningError) -> PlanningOutcome:
    """Return the outcome for a goal that could not be read."""
    place = f" ({error.where})" if error.where else ""
    return refused(error.error_code, f"{error.message}{place}", error.hint or "Say it otherwise.")


def no_fit(goal: str, hint: str, candidates: Sequence[Recommendation]) -> PlanningOutcome:
    """Return the outcome for a goal that no blueprint fits."""
    return refused(
        "no_fit",
        f"Nothing fits the goal {goal[:_SHOWN]!r}.",
        hint,
        candidates,
    )


def not_understood(part: str, hint: str, candidates: Sequence[Recommendation]) -> PlanningOutcome:
    """Return the outcome for a goal of which one part was not understood, so that nothing is planned."""
    return refused(
        "part_not_understood",
        f"This part of the goal was not understood: {part[:_SHOWN]!r}. Nothing was planned.",
        hint,
        candidates,
    )


def negated(part: str) -> PlanningOutcome:
    """Return the outcome for a goal that says what not to do."""
    return refused(
        "negated",
        f"The goal says what not to do: {part[:_SHOWN]!r}. Nothing was planned.",
        "Say what to do instead.",
    )


def foreign(language: str) -> PlanningOutcome:
    """Return the outcome for a goal in another language than English."""
    return refused(
        "language",
        f"The goal seems to be in {language}, and the offline planner reads English only.",
        "Say it in English; names of records may stay as they are.",
    )


def data_unused(names: Sequence[str], expected: Sequence[str]) -> PlanningOutcome:
    """Return the outcome for named data that nothing asked for."""
    given = ", ".join(repr(each[:_SHOWN]) for each in names)
    return refused(
        "data_unused",
        f"Nothing in the plan takes the data {given}.",
        f"Expected: {', '.join(expected[:40]) or 'no data'}.",
    )


def unknown_blueprint(key: str, library: Library) -> PlanningOutcome:
    """Return the outcome for a blueprint the library does not hold."""
    keys = [each.key for each in library.entries]
    near = get_close_matches(key.casefold(), keys, n=_NEAREST, cutoff=0.4) or keys[:_NEAREST]
    return refused(
        "blueprint_unknown",
        f"The library holds no blueprint {key[:_SHOWN]!r}.",
        f"Nearest keys: {', '.join(near) or 'none, the library is empty'}.",
    )
