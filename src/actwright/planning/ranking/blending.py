"""Blending: our own ranking and a model's suggestions in one list, on one scale, without trusting the model's keys."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from actwright.inert import inert
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.ranking import WORTH_SHOWING, hindered
from actwright.planning.ranking.standing import Standing

_MODELS_SAY = 0.4
"""How far a model may move a score towards its own."""

_MODEL_ALONE = 0.9
"""What a model's score is worth where nothing else speaks for the blueprint."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A blueprint a model suggests for a goal. Hostile input, every part of it.

    Attributes:
        key: The blueprint's key, as the model wrote it.
        score: How well the model thinks it fits; anything outside 0 to 1 is cut to it.
        rationale: The model's own words.
    """

    key: str
    score: float
    rationale: str = ""


def blend(
    curated_and_derived: Sequence[Recommendation], suggested: Sequence[Suggestion]
) -> tuple[Recommendation, ...]:
    """Return the candidates with the model's suggestions blended in, nearest first.

    Where both speak for a blueprint, the model moves its score by two fifths of the difference. What only the
    model names is worth nine tenths of its score, and its source is ``model``. What the model does not name stays
    as it is. Of several suggestions of one key the highest counts.

    Args:
        curated_and_derived: Every blueprint that may be suggested, also those that nothing in the goal speaks
            for, in the order of `candidates`, which stays between equals.
        suggested: What the model named. Keys that are no candidates are dropped; `unknown` tells which.
    """
    best = _best(suggested)
    blended = [_blended(each, best.get(each.key)) for each in curated_and_derived]
    shown = [each for each in blended if each.score >= WORTH_SHOWING]
    return tuple(sorted(shown, key=lambda each: -each.score))


def moved(
    blended: Sequence[Recommendation], standings: Mapping[str, Standing]
) -> tuple[Recommendation, ...]:
    """Return recommendations as what people did with earlier plans moves them, nearest first.

    Args:
        blended: The recommendations, in an order that stays between equals.
        standings: How plans with them fared for goals like this one, by blueprint name.
    """
    found = (_moved(each, standings.get(each.name)) for each in blended)
    return tuple(sorted(found, key=lambda each: -each.score))


def unknown(
    curated_and_derived: Iterable[Recommendation], suggested: Iterable[Suggestion]
) -> tuple[str, ...]:
    """Return the suggested keys that are no candidates, each once, sorted; `blend` drops them."""
    known = {each.key for each in curated_and_derived}
    return tuple(sorted({each.key for each in suggested} - known))


def _best(suggested: Iterable[Suggestion]) -> dict[str, Suggestion]:
    """Return the highest suggestion of each key, whatever order they came in."""
    best: dict[str, Suggestion] = {}
    for each in sorted(suggested, key=lambda each: (-_clipped(each.score), each.rationale)):
        best.setdefault(each.key, each)
    return best


def _blended(own: Recommendation, suggested: Suggestion | None) -> Recommendation:
    if suggested is None:
        return own
    said, alone = _clipped(suggested.score), own.score < WORTH_SHOWING
    score = said * _MODEL_ALONE if alone else own.score + (said - own.score) * _MODELS_SAY
    words = f"the model ({said:.2f}): {inert(suggested.rationale, limit=_LONGEST) or 'no reason'}"
    return own.model_copy(
        update={
            "score": round(score, 2),
            "rationale": words if alone else f"{own.rationale} · {words}",
            "source": "model" if alone else own.source,
        }
    )


def _moved(own: Recommendation, standing: Standing | None) -> Recommendation:
    if standing is None or not standing.moves(hindered=hindered([own.rationale])):
        return own
    return own.model_copy(
        update={
            "score": round(standing.moved(own.score), 2),
            "rationale": f"{own.rationale} · {standing.reason}",
        }
    )


def _clipped(score: float) -> float:
    return min(max(score, 0.0), 1.0) if math.isfinite(score) else 0.0
