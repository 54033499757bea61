"""What people did with earlier plans moves recommendations a little, says so, and decides nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.memory_org import MemoryOrg, demo_org

from actwright.blueprints.library import Library, load_library
from actwright.planning.planner import Recommendation
from actwright.planning.ranking.blending import moved
from actwright.planning.ranking.likeness import Likeness
from actwright.planning.ranking.recommend import recommend
from actwright.planning.ranking.standing import MOST_MOVED, Standing

LIKED = Standing(0.8, kept=8, turned=0, people=3)
DISLIKED = Standing(-0.8, kept=0, turned=8, people=3)
LIBRARY, ORG = load_library(), demo_org()
LIKENESS = Likeness(LIBRARY)


@dataclass
class Known:
    """Knows the same of every goal, and remembers which it was asked about."""

    standings: Mapping[str, Standing]
    asked: list[str] = field(default_factory=list)

    def of(self, goal: str) -> Mapping[str, Standing]:
        """Return what it knows."""
        self.asked.append(goal)
        return self.standings


def _by_key(found: tuple[Recommendation, ...]) -> dict[str, Recommendation]:
    return {each.key: each for each in found}


def test_one_that_was_carried_out_moves_up_and_says_why(
    library: Library, memory_org: MemoryOrg
) -> None:
    """The score rises by what the standing is worth, and the rationale tells the people and plans behind it."""
    goal = "create a case"
    before = _by_key(recommend(goal, library, memory_org))
    evidence = Known({before["derived.case.create"].name: LIKED})
    after = _by_key(recommend(goal, library, memory_org, evidence=evidence))
    raised, plain = after["derived.case.create"], before["derived.case.create"]
    assert raised.score == round(plain.score * 1.08, 2)
    assert "moved up by what 3 people did" in raised.rationale
    assert "8 carried out" in raised.rationale
    assert evidence.asked == [goal]


def test_one_that_was_turned_down_moves_behind_its_equal(
    library: Library, memory_org: MemoryOrg
) -> None:
    """Order follows the moved score, and the rationale tells."""
    goal = "close the opportunity"
    first, second = recommend(goal, library, memory_org, 2)
    assert first.score == second.score
    after = recommend(goal, library, memory_org, evidence=Known({first.name: DISLIKED}))
    assert after[0].key == second.key
    lowered = _by_key(after)[first.key]
    assert "moved down by what 3 people did" in lowered.rationale
    assert "8 turned down or undone" in lowered.rationale


def test_what_cannot_do_what_the_goal_says_is_never_moved_up(
    library: Library, memory_org: MemoryOrg
) -> None:
    """However often people carried it out: a blueprint that cannot set the named value stays where it is."""
    goal = "set the opportunity to closed won"
    before = _by_key(recommend(goal, library, memory_org, 20))
    hard = next(each for each in before.values() if "but it cannot set" in each.rationale)
    up = recommend(goal, library, memory_org, 20, evidence=Known({hard.name: LIKED}))
    assert _by_key(up)[hard.key].score == hard.score
    down = recommend(goal, library, memory_org, 20, evidence=Known({hard.name: DISLIKED}))
    assert _by_key(down)[hard.key].score < hard.score


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.sampled_from([each.blueprint.name for each in LIBRARY.entries]),
        st.builds(
            Standing, st.floats(-5, 5), st.integers(0, 99), st.integers(0, 99), st.integers(2, 9)
        ),
        max_size=8,
    ),
    st.sampled_from(["close the deal", "create a case", "escalate the case", "bonjour"]),
)
def test_any_evidence_moves_a_tenth_at_most(standings: dict[str, Standing], goal: str) -> None:
    """The same blueprints are shown, each within a tenth of its score, nearest first; what nothing speaks for stays out."""
    before = _by_key(recommend(goal, LIBRARY, ORG, 50))
    found = recommend(goal, LIBRARY, ORG, 50, evidence=Known(standings))
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert _by_key(found).keys() == before.keys()
    for each in found:
        assert (
            abs(each.score - before[each.key].score) <= before[each.key].score * MOST_MOVED + 0.0051
        )
        assert 0 <= each.score <= 1


def test_without_evidence_nothing_changes(library: Library, memory_org: MemoryOrg) -> None:
    """What is known of other blueprints, and what is too little to matter, changes no word."""
    goal = "close the deal"
    plain = recommend(goal, library, memory_org)
    faint = {each.name: Standing(0.01, 1, 1, 2) for each in plain}
    for standings in ({}, {"SomethingElse": LIKED}, faint):
        assert recommend(goal, library, memory_org, evidence=Known(standings)) == plain


def test_a_blend_with_a_models_suggestions_is_moved_the_same_way() -> None:
    """After the blending, by the same share; what cannot do it is held there too."""
    own = Recommendation(
        key="a", name="A", label="a", score=0.5, rationale="own words", source="curated"
    )
    hard = own.model_copy(update={"key": "b", "name": "B", "rationale": "x · but it cannot set Y"})
    found = moved((own, hard), {"A": DISLIKED, "B": LIKED})
    assert [(each.key, each.score) for each in found] == [("b", 0.5), ("a", 0.46)]
    assert found[1].rationale.startswith("own words · moved down")
    assert moved((own, hard), {}) == (own, hard)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("close the Acme Renewal as won", "Please close Globex Pilot as won.", True),
        ("close the Acme Renewal as won", "CLOSE acme renewal AS WON", True),
        ("set the amount to 5", "set the amount to 90k", True),
        ("close Acme as won", "close Acme as lost", False),
        ("close Acme as won", "don't close Acme as won", False),
        ("set the stage to Closed Won", "set the stage to Closed Lost", False),
        (
            "mark the lead of Jane Doe as qualified",
            "mark the lead of Sam Porter as qualified",
            True,
        ),
    ],
)
def test_goals_are_alike_by_the_words_of_blueprints(one: str, other: str, *, alike: bool) -> None:
    """Names, numbers, case, order and fillers do not count; a negation and the words of blueprints do."""
    assert LIKENESS.of(one) is not None
    assert (LIKENESS.of(one) == LIKENESS.of(other)) is alike


@given(st.text(max_size=80))
def test_a_likeness_of_anything_is_a_digest_or_nothing(goal: str) -> None:
    """Whatever a goal says, it is read without an error."""
    found = LIKENESS.of(goal)
    assert found is None or len(found) == 64


def test_a_goal_without_a_word_of_a_blueprint_is_like_none() -> None:
    """Neither an unreadable goal nor a mere negation has a likeness."""
    assert [LIKENESS.of(each) for each in ("", "x" * 9_000, "\u202ewon", "not", "Jane Doe")] == [
        None
    ] * 5
