"""Refusals: why there is no plan, said so that the person can say it better."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from actwright.blueprints.library import Library
from actwright.blueprints.library import words as names_of
from actwright.errors import PlanningError
from actwright.planning.planner import PlanningOutcome, Recommendation, Refusal
from actwright.planning.words.text import pieces

SAY_WHICH = "Say which ones by owner, account, state, date or amount, such as: every open case of Acme older than 30 days."
"""What to do about many records that were not told from the others."""

_SHOWN = 120
_NEAREST = 3
_ALIKE = 0.6


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


def beyond(blueprint: str, part: str, inputs: Sequence[str]) -> PlanningOutcome:
    """Return the outcome for a part of the goal that the one blueprint a person chose does not do."""
    return refused(
        "no_fit",
        f"The blueprint {blueprint[:_SHOWN]!r} does not do this: {part[:_SHOWN]!r}. Nothing was planned.",
        f"It takes {', '.join(inputs[:40]) or 'nothing'}, and only the values it allows. Ask for just this, or let the"
        " planner choose.",
    )


def not_understood(part: str, hint: str, candidates: Sequence[Recommendation]) -> PlanningOutcome:
    """Return the outcome for a goal of which one part was not understood, so that nothing is planned."""
    return refused(
        "part_not_understood",
        f"This part of the goal was not understood: {part[:_SHOWN]!r}. Nothing was planned.",
        hint,
        candidates,
    )


def strange(part: str, hint: str, candidates: Sequence[Recommendation]) -> PlanningOutcome:
    """Return the outcome for many records that are told by words nobody understood."""
    return refused(
        "part_not_understood",
        f"I did not understand {part[:_SHOWN]!r}. Nothing was planned.",
        hint,
        candidates,
    )


def unconditional(part: str, candidates: Sequence[Recommendation]) -> PlanningOutcome:
    """Return the outcome for all records there are: many are planned only where a condition tells which."""
    return refused(
        "no_fit",
        f"{part[:_SHOWN]!r} needs a condition, such as open, or of Acme. Nothing was planned.",
        SAY_WHICH,
        candidates,
    )


def hidden_object(name: str) -> PlanningOutcome:
    """Return the outcome for records of an object that the org does not show."""
    return refused(
        "object_not_visible",
        f"You may not see {name[:_SHOWN]}, or this org has none. Nothing was planned.",
        "Ask an administrator for the right to see them, or plan as somebody who has it (--user).",
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
    near = nearest_keys(key, library)
    shown = f"Nearest keys: {', '.join(near)}. " if near else ""
    return refused(
        "blueprint_unknown",
        f"The library holds no blueprint {key[:_SHOWN]!r}.",
        f"{shown}`actwright blueprints list` shows all keys.",
    )


def nearest_keys(key: str, library: Library) -> tuple[str, ...]:
    """Return the keys of the blueprints that come near a key nobody knows, nearest first; none where none does.

    What they are called counts by its words, ``close_opportunity`` comes near ``opportunity_close_lost``, and by its
    letters.
    """
    asked = key[:_SHOWN].casefold()
    alike = {
        each.key: max(_likeness(asked, called) for called in names_of(each))
        for each in library.entries
    }
    near = sorted((-score, name) for name, score in alike.items() if score >= _ALIKE)
    return tuple(name for _, name in near[:_NEAREST])


def _likeness(asked: str, called: str) -> float:
    """Return how much of their words, or of their letters, two names share: 0 to 1."""
    said, own = (frozenset(pieces(each.replace("_", " "))) for each in (asked, called))
    shared = 2 * len(said & own) / ((len(said) + len(own)) or 1)
    return max(shared, SequenceMatcher(None, asked, called).ratio())
