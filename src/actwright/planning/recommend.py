"""Recommendations: which blueprints come near a goal, how near, and why. Deterministic, whatever the file order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.derived import (
    create_blueprint,
    delete_blueprint,
    derived_key,
    update_blueprint,
)
from actwright.blueprints.library import Library
from actwright.org.ports import OrgReader
from actwright.org.schema import ObjectSummary
from actwright.planning.lexicon import VERBS
from actwright.planning.objects import ObjectIndex
from actwright.planning.planner import Recommendation
from actwright.planning.text import Token, screen, stem, tokenize
from actwright.planning.vocabulary import Vocabulary, asks_for, vocabulary

_OBJECT, _OPERATION, _WORDS = 0.4, 0.25, 0.35
_PLAIN_WORDS = 0.2
"""What a blueprint without words of its own gets for them: it fits any goal of its kind, none in particular."""
_DERIVED = 0.9
_WORTH_SHOWING = 0.2
_DERIVED_OBJECTS = 3


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What of a goal speaks for a blueprint."""

    objects: frozenset[str]
    verbs: frozenset[str]
    stems: frozenset[str]


def recommend(
    goal: str, library: Library, org: OrgReader, top: int = 5
) -> tuple[Recommendation, ...]:
    """Return the ``top`` blueprints that come nearest to ``goal``, nearest first.

    Args:
        goal: What the person asked for.
        library: The curated blueprints.
        org: The org; its list of objects is read, and the schema of at most three objects the goal names.
        top: How many to return.

    Raises:
        PlanningError: The goal cannot be read.
        OrgError: The org cannot be asked.
    """
    screen(goal)
    tokens = tokenize(goal)
    objects = ObjectIndex(org.objects())
    mentioned = objects.mentioned(tokens)
    evidence = _evidence(tokens, mentioned)
    found = [*_curated(library, evidence), *_derived(org, mentioned[:_DERIVED_OBJECTS], evidence)]
    found.sort(key=lambda each: (-each[1].score, each[1].source, -each[0], each[1].key))
    return tuple(each for _, each in found if each.score >= _WORTH_SHOWING)[: max(top, 0)]


def _evidence(tokens: tuple[Token, ...], mentioned: Iterable[ObjectSummary]) -> _Evidence:
    parts = [part for each in tokens for part in each.parts]
    return _Evidence(
        frozenset(each.name for each in mentioned),
        frozenset(each for each in parts if each in VERBS),
        frozenset(stem(each) for each in parts),
    )


def _curated(library: Library, evidence: _Evidence) -> Iterator[tuple[int, Recommendation]]:
    for entry in library.entries:
        known = vocabulary(entry.blueprint, entry.key)
        yield _recommendation(entry.key, entry.blueprint, known, evidence, "curated")


def _derived(
    org: OrgReader, mentioned: Iterable[ObjectSummary], evidence: _Evidence
) -> Iterator[tuple[int, Recommendation]]:
    for summary in mentioned:
        schema = org.describe(summary.name)
        made = (
            (derived_key(schema.name, "CREATE"), create_blueprint(schema)),
            (derived_key(schema.name, "UPDATE"), update_blueprint(schema)),
            (derived_key(schema.name, "DELETE"), delete_blueprint(schema)),
        )
        for key, blueprint in made:
            yield _recommendation(key, blueprint, vocabulary(blueprint), evidence, "derived")


def _recommendation(
    key: str,
    blueprint: ActionBlueprint,
    known: Vocabulary,
    evidence: _Evidence,
    source: Literal["curated", "derived"],
) -> tuple[int, Recommendation]:
    """Return how many of its own words the goal uses, which decides between equals, and the recommendation."""
    score, reasons = _score(blueprint, known, evidence)
    weight = 1.0 if source == "curated" else _DERIVED
    return len(known.own & evidence.stems), Recommendation(
        key=key,
        name=blueprint.name,
        label=blueprint.label,
        score=round(score * weight, 2),
        rationale=" · ".join(reasons) or "nothing in the goal speaks for it",
        source=source,
        tags=blueprint.tags,
    )


def _score(
    blueprint: ActionBlueprint, known: Vocabulary, evidence: _Evidence
) -> tuple[float, list[str]]:
    reasons: list[str] = []
    own = known.own & evidence.stems
    share = len(own) / len(known.own) if known.own else 0.0
    phrase = any(each <= evidence.stems for each in known.phrases)
    named = blueprint.target_s_object in evidence.objects
    asked = any(asks_for(each, blueprint.operation) for each in evidence.verbs)
    score = _WORDS * (max(share, 1.0 if phrase else 0.0) if known.own else 0.0)
    if own or phrase:
        reasons.append("the goal uses its words")
    if named:
        score += _OBJECT
        reasons.append(f"the goal names its object, {blueprint.target_s_object}")
    elif known.own and (share == 1.0 or phrase):
        score += _OBJECT / 2
    if asked and (named or own or phrase):
        score += _OPERATION
        reasons.append(f"the goal asks to {blueprint.operation.lower()}")
    if not known.own and named and asked:
        score += _PLAIN_WORDS
    return min(score, 1.0), reasons
