"""Weighing: what became of earlier plans comes to a standing for each blueprint. Pure; one person cannot steer it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from actwright.planning.ranking.standing import Standing

FEWEST_PEOPLE, FEWEST_PLANS = 2, 3
"""A blueprint that fewer people, or fewer plans, speak for or against stays where it is."""

MOST_OF_ONE = 3
"""How many plans of one person count for or against a blueprint, the newest."""

HALF_LIFE_DAYS = 30
"""After so many days a plan counts half."""

_DOUBT = 2.0
"""What stands against everybody's opinion: few plans move a blueprint less than many do."""

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one person did with one plan.

    Attributes:
        user: The person who planned.
        at: When they did.
        kept: Names of the blueprints that were confirmed and carried out.
        turned: Names of those that were refused, edited until they were gone, or undone.
    """

    user: str
    at: datetime
    kept: frozenset[str] = frozenset()
    turned: frozenset[str] = frozenset()


def standings(lessons: Iterable[Lesson], now: datetime) -> Mapping[str, Standing]:
    """Return the standing of each blueprint that enough people and plans speak for or against.

    A plan of several blueprints speaks for each of them the less. Whole days count, so that the answer stays the same
    for a day.

    Args:
        lessons: What people did, in any order.
        now: The present moment, in any zone.
    """
    about: dict[str, list[tuple[Lesson, float]]] = defaultdict(list)
    for each in sorted(lessons, key=lambda one: one.at, reverse=True):
        weight = _weight(each, now)
        for name in sorted(each.kept):
            about[name].append((each, weight))
        for name in sorted(each.turned - each.kept):
            about[name].append((each, -weight))
    found = {name: _standing(_capped(each)) for name, each in about.items()}
    return {name: standing for name, standing in found.items() if standing is not None}


def _weight(lesson: Lesson, now: datetime) -> float:
    days = max((now - lesson.at).total_seconds() // _SECONDS_A_DAY, 0)
    shared = len(lesson.kept | lesson.turned) or 1
    return float(0.5 ** (days / HALF_LIFE_DAYS)) / shared


def _capped(about: Iterable[tuple[Lesson, float]]) -> list[tuple[Lesson, float]]:
    """Return what counts of all that is known, newest first: of each person a few plans."""
    seen: dict[str, int] = defaultdict(int)
    kept = []
    for lesson, weight in about:
        seen[lesson.user] += 1
        if seen[lesson.user] <= MOST_OF_ONE:
            kept.append((lesson, weight))
    return kept


def _standing(about: list[tuple[Lesson, float]]) -> Standing | None:
    people = len({lesson.user for lesson, _ in about})
    if people < FEWEST_PEOPLE or len(about) < FEWEST_PLANS:
        return None
    weights = [weight for _, weight in about]
    favour = sum(weights) / (sum(map(abs, weights)) + _DOUBT)
    kept = sum(weight > 0 for weight in weights)
    return Standing(favour, kept, len(weights) - kept, people)
