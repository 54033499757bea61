"""Recommendations: which blueprints come near a goal, how near, and why. Deterministic, whatever the file order."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.library import Library
from actwright.errors import InputError
from actwright.org.ports import OrgReader
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.hearing import NAMED_OBJECTS, Heard, hear
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.profile import Profile
from actwright.planning.ranking.ranking import WORTH_SHOWING, ranking
from actwright.planning.ranking.standing import NOTHING_KNOWN, Evidence
from actwright.planning.ranking.vocabulary import asks_for
from actwright.planning.words.text import screen

MOST_RECOMMENDED = 1_000
"""The most recommendations one call returns."""


def recommend(
    goal: str,
    library: Library,
    org: OrgReader,
    top: int = 5,
    *,
    indexes: Indexes | None = None,
    evidence: Evidence = NOTHING_KNOWN,
) -> tuple[Recommendation, ...]:
    """Return the ``top`` blueprints that come nearest to ``goal``, nearest first.

    Between equals, more of a blueprint's own words decide, then the object the goal names first, then the key; the
    rationale says which, and how far what people did with earlier plans has moved one.

    Args:
        goal: What the person asked for.
        library: The curated blueprints.
        org: The org; its list of objects is read, and the schema of at most three objects the goal names.
        top: How many to return: 0 to 1,000.
        indexes: What was prepared for this library and org before; a second call with it is fast.
        evidence: What is known of earlier plans.

    Raises:
        InputError: ``top`` is negative or too large.
        PlanningError: The goal cannot be read.
        OrgError: The org cannot be asked.
    """
    if not 0 <= top <= MOST_RECOMMENDED:
        raise InputError(
            f"{top} recommendations cannot be given.",
            where="top",
            hint=f"Ask for 0 to {MOST_RECOMMENDED}.",
            code="top_invalid",
        )
    screen(goal)
    kept = indexes or Indexes()
    known = kept.profiles(library)
    heard = hear(goal, known, kept.objects(org), kept.fields(org))
    near = known.brought_up(heard.objects, heard.said)
    every = [*near, *_derived(heard, org, kept)]
    found = ranking(every, heard, WORTH_SHOWING, top, evidence.of(goal))
    return tuple(each.recommendation() for each in found)


def candidates(
    goal: str, library: Library, org: OrgReader, *, indexes: Indexes | None = None
) -> tuple[Recommendation, ...]:
    """Return every blueprint a model may suggest for ``goal``, nearest first: also those nothing speaks for, with 0.

    Args:
        goal: What the person asked for.
        library: The curated blueprints.
        org: The org, as `recommend` reads it.
        indexes: What was prepared for this library and org before.

    Raises:
        PlanningError: The goal cannot be read.
        OrgError: The org cannot be asked.
    """
    screen(goal)
    kept = indexes or Indexes()
    known = kept.profiles(library)
    heard = hear(goal, known, kept.objects(org), kept.fields(org))
    found = ranking([*known.profiles, *_derived(heard, org, kept)], heard)
    return tuple(each.recommendation() for each in found)


def _derived(heard: Heard, org: OrgReader, indexes: Indexes) -> Iterator[Profile]:
    """Yield what can be done with the objects named; a delete only where a verb asks for one."""
    delete = any(asks_for(each, "DELETE") for each in heard.verbs)
    for name in tuple(heard.objects)[:NAMED_OBJECTS]:
        for each in indexes.derived(org, name):
            if delete or each.blueprint.operation != "DELETE":
                yield each
