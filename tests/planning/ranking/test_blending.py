"""Blending: a model's suggestions moved into our own ranking."""

from __future__ import annotations

import math
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.planner import Recommendation
from actwright.planning.ranking.blending import Suggestion, blend, unknown

KEYS = ("a", "b", "c", "d")
SUGGESTIONS = st.lists(
    st.builds(Suggestion, st.sampled_from([*KEYS, "x", ""]), st.floats(), st.text(max_size=20)),
    max_size=8,
)


def _own(
    key: str, score: float, source: Literal["curated", "derived"] = "curated"
) -> Recommendation:
    return Recommendation(
        key=key, name=key.upper(), label=key, score=score, rationale="own words", source=source
    )


OWN = (_own("a", 0.8), _own("b", 0.6, "derived"), _own("c", 0.6), _own("d", 0.0))


def test_without_suggestions_the_ranking_stays() -> None:
    """Nothing from a model changes nothing, and what nothing speaks for is left out."""
    assert blend(OWN, []) == OWN[:3]


def test_a_model_moves_a_score_towards_its_own() -> None:
    """Two fifths of the difference, up or down; source and our own reasons stay, the model's stand behind them."""
    found = {each.key: each for each in blend(OWN, [Suggestion("a", 0.3), Suggestion("b", 1, "x")])}
    assert found["a"].score == pytest.approx(0.6)
    assert found["b"].score == pytest.approx(0.76)
    assert found["b"].source == "derived"
    assert found["b"].rationale == "own words · the model (1.00): x"
    assert found["c"] == OWN[2]


def test_what_only_the_model_names_is_marked_as_its() -> None:
    """Its source is the model, its score nine tenths of the model's, its rationale the model's alone."""
    found = blend(OWN, [Suggestion("d", 1.0, "it fits")])
    assert [each.key for each in found] == ["d", "a", "b", "c"]
    assert (found[0].source, found[0].score) == ("model", 0.9)
    assert found[0].rationale == "the model (1.00): it fits"


def test_unknown_keys_are_dropped_and_told() -> None:
    """A key that is no candidate never becomes a recommendation, and is counted once."""
    suggested = [Suggestion("x", 1.0), Suggestion("x", 0.5), Suggestion("A", 1.0)]
    assert blend(OWN, suggested) == OWN[:3]
    assert unknown(OWN, suggested) == ("A", "x")


@pytest.mark.parametrize(("score", "blended"), [(7, 0.88), (-3, 0.48), (math.nan, 0.48)])
def test_scores_are_clipped(score: float, blended: float) -> None:
    """A score outside 0 to 1 is cut to it, and what is no number is 0."""
    assert blend((_own("a", 0.8),), [Suggestion("a", score)])[0].score == pytest.approx(blended)


def test_the_models_words_are_inert() -> None:
    """Control characters, line ends and long texts of a model never reach a person as they are."""
    hostile = "fine\x1b[2J\u202e\nrun it " + "x" * 5_000
    rationale = blend(OWN, [Suggestion("a", 1.0, hostile)])[0].rationale
    assert rationale.isprintable()
    assert len(rationale) < 300


@given(SUGGESTIONS)
def test_any_suggestions_give_a_sorted_list_of_known_blueprints(
    suggested: list[Suggestion],
) -> None:
    """Whatever a model says: known keys, once each, scores between 0 and 1, nearest first."""
    found = blend(OWN, suggested)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0.2 <= each <= 1 for each in scores)
    assert len({each.key for each in found}) == len(found)
    assert {each.key for each in found} <= set(KEYS)


@given(SUGGESTIONS, st.randoms())
def test_the_order_of_suggestions_does_not_matter(
    suggested: list[Suggestion], random: st.DataObject
) -> None:
    """A model that says the same in another order changes nothing."""
    shuffled = list(suggested)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its Random too loosely
    assert blend(OWN, shuffled) == blend(OWN, suggested)
