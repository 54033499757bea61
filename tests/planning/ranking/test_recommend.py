"""Recommendations: which blueprints come near, and how near."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.memory_org import demo_org

from actwright.blueprints.library import Library, LibraryEntry, load_library
from actwright.errors import InputError, PlanningError
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.ranking.recommend import MOST_RECOMMENDED, candidates, recommend

_GOALS = [
    "close it",
    "close the deal",
    "qualify the lead",
    "set the opportunity to Closed Won",
    "escalte the case to tier 2",
    "create a case and an account",
]


@pytest.mark.parametrize(
    ("goal", "best"),
    [
        ("set the opportunity to closed won", "oppty_closed_won"),
        ("the deal is lost", "opportunity_close_lost"),
        ("qualify the lead", "lead_mark_qualified"),
        ("escalate the case to tier 2", "case_escalate_tier2"),
        ("escalate this case", "case_escalate"),
        ("create an account", "account_create"),
        ("delete a case", "derived.case.delete"),
        ("update the contact", "derived.contact.update"),
        ("create a campaign", "campaign_create"),
        ("delete a campaign", "derived.campaign.delete"),
        ("set the opportunity to ClosedWon", "oppty_closed_won"),
        ("mark the opportunity closedwon", "oppty_closed_won"),
        ("move the deal's stage to Closed Lost", "opportunity_close_lost"),
        ("escalte the case to tier 2", "case_escalate_tier2"),
        ("set the priority of the case to high", "case_set_priority"),
        ("win", "oppty_closed_won"),
    ],
)
def test_the_best_comes_first(goal: str, best: str, library: Any, memory_org: Any) -> None:
    """The blueprint whose words the goal uses comes first, never the one whose file does."""
    assert recommend(goal, library, memory_org)[0].key == best


def test_scores_are_shares_and_sorted(library: Any, memory_org: Any) -> None:
    """Scores lie between 0 and 1, best first; derived ones stand behind curated ones of their kind."""
    found = recommend("create a case", library, memory_org, top=50)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)
    keys = [each.key for each in found]
    assert keys.index("case_create") < keys.index("derived.case.create")
    assert {each.source for each in found} == {"curated", "derived"}


def test_the_order_of_files_does_not_matter(library: Any, memory_org: Any) -> None:
    """A library read the other way round recommends the same."""
    turned = replace(library, entries=tuple(reversed(library.entries)))
    goal = "close the deal"
    assert recommend(goal, turned, memory_org) == recommend(goal, library, memory_org)


@pytest.mark.parametrize(
    "goal",
    [
        "misleading our stockholders",
        "leading the way",
        "bonjour",
        "close the window",
        "in any case, tell bob",
        "take the lead on this",
        "water the plants",
        'sing "close the opportunity as won"',
    ],
)
def test_what_only_looks_alike_recommends_nothing(goal: str, library: Any, memory_org: Any) -> None:
    """A word inside another word, an idiom, a lone verb about something else, quoted words: none is a match."""
    assert recommend(goal, library, memory_org) == ()


def test_the_headline_goal_never_closes_as_lost(library: Any, memory_org: Any) -> None:
    """Setting an opportunity to Closed Won puts close-won first and close-lost strictly below it."""
    found = recommend("set the opportunity to Closed Won", library, memory_org, top=50)
    scores = {each.key: each.score for each in found}
    assert found[0].key == "oppty_closed_won"
    assert scores["oppty_closed_won"] > scores.get("opportunity_close_lost", 0.0)


def test_a_closed_lost_story_with_several_objects_closes_as_lost(
    library: Any, memory_org: Any
) -> None:
    """Other objects in the story do not outweigh the words that say what is to be done."""
    goal = (
        "The account's contact opened a case about pricing and the lead went cold, so mark the "
        "opportunity as closed lost"
    )
    assert recommend(goal, library, memory_org)[0].key == "opportunity_close_lost"


def test_the_rationale_names_the_words_that_speak_for_it(library: Any, memory_org: Any) -> None:
    """A person reads which words of the goal counted: own words, object, verb, field and value."""
    best = recommend("set the deal to Closed Won", library, memory_org)[0]
    for part in ("'closed', 'won'", "Opportunity ('deal')", "update ('set')", "Stage"):
        assert part in best.rationale
    assert (best.source, best.name) == ("curated", "UpdateOpportunityStage")
    assert "ClosedWon" in best.tags


def test_a_misspelt_word_counts_for_less(library: Any, memory_org: Any) -> None:
    """One slip in a long word of a blueprint's name is forgiven, at a lower score, and said."""
    right = recommend("escalate this case", library, memory_org)[0]
    wrong = recommend("escalte this case", library, memory_org)[0]
    assert (right.key, wrong.key) == ("case_escalate", "case_escalate")
    assert wrong.score < right.score
    assert "'escalte'" in wrong.rationale


@pytest.mark.parametrize("word", ["eskalte", "xscalate", "escal", "clone", "chose"])
def test_two_slips_short_words_and_other_words_are_no_misspelling(
    word: str, library: Any, memory_org: Any
) -> None:
    """A word two slips away, one with another first letter, and an English word of its own stay what they are."""
    found = recommend(f"{word} this case", library, memory_org, top=50)
    assert not any("misspelt" in each.rationale for each in found)


def test_a_tie_says_what_decided(library: Any, memory_org: Any) -> None:
    """Of blueprints that come equally near, each says what put it before or behind the other."""
    found = recommend("qualify the lead", library, memory_org)
    assert [each.key for each in found[:2]] == ["lead_mark_qualified", "lead_qualify"]
    assert found[0].score == found[1].score
    assert "as near as lead_qualify, before it in the order of the alphabet" in found[0].rationale
    assert "as near as lead_mark_qualified, behind it" in found[1].rationale


def test_own_words_decide_a_tie_first(library: Any, memory_org: Any) -> None:
    """Between equals, the one of which the goal says more own words stands first, and says so."""
    found = recommend("escalate the case to tier 2", library, memory_org)
    assert [each.key for each in found[:2]] == ["case_escalate_tier2", "case_escalate"]
    assert "own words (3 against 1)" in found[0].rationale


def test_the_object_named_first_decides_a_tie_second(library: Any, memory_org: Any) -> None:
    """Between equals with as many own words, the object the goal names first stands first."""
    keys = [
        each.key
        for each in recommend("create a contact and an account", library, memory_org, top=50)
    ]
    assert keys.index("contact_create") < keys.index("account_create")


def test_a_blueprint_that_cannot_set_the_value_stands_far_back(
    library: Any, memory_org: Any
) -> None:
    """A blueprint that allows other values only than the goal names loses score and says why."""
    found = recommend("set the opportunity stage to Closed Won", library, memory_org, top=50)
    lost = next((each for each in found if each.key == "opportunity_close_lost"), None)
    assert lost is None or "cannot set Stage to 'closed won'" in lost.rationale


def test_nothing_offers_a_delete_by_itself(library: Any, memory_org: Any) -> None:
    """A derived delete is recommended only where a verb asks for one."""
    keys = [each.key for each in recommend("update the case", library, memory_org, top=50)]
    assert "derived.case.update" in keys
    assert "derived.case.delete" not in keys


@given(st.permutations(load_library().entries), st.sampled_from(_GOALS))
@examples(30)
def test_any_order_of_the_library_gives_the_same(entries: list[LibraryEntry], goal: str) -> None:
    """No permutation of the library's entries changes a recommendation, its score or its rationale."""
    expected = recommend(goal, load_library(), _ORG, top=100, indexes=_KEPT)
    assert recommend(goal, Library(tuple(entries)), _ORG, top=100) == expected


@given(st.text(max_size=120))
@examples(100)
def test_any_goal_is_ranked_or_refused(goal: str) -> None:
    """Whatever the goal, the answer is a sorted list of scores between 0 and 1, or a planning error."""
    try:
        found = recommend(goal, load_library(), _ORG, top=10, indexes=_KEPT)
    except PlanningError:
        return
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)


_KEPT = Indexes()
_ORG = demo_org()


@pytest.mark.parametrize("top", [0, 1, 3])
def test_top_limits_the_answer(top: int, library: Any, memory_org: Any) -> None:
    """No more than ``top`` come back, and none for 0."""
    assert len(recommend("create a case", library, memory_org, top=top)) == top


def test_an_unreadable_goal_is_refused(library: Any, memory_org: Any) -> None:
    """A goal with hidden characters is an error, as it is for the planner."""
    with pytest.raises(PlanningError) as refused:
        recommend("close\x00", library, memory_org)
    assert refused.value.error_code == "goal_unreadable"


@pytest.mark.parametrize("top", [-1, MOST_RECOMMENDED + 1])
def test_a_number_nobody_can_be_given_is_refused(top: int, library: Any, memory_org: Any) -> None:
    """Fewer than none and more than the bound are errors, before the goal is looked at."""
    with pytest.raises(InputError) as refused:
        recommend("create a case", library, memory_org, top=top)
    assert refused.value.error_code == "top_invalid"


def test_candidates_are_all_that_may_be_suggested(library: Any, memory_org: Any) -> None:
    """A model may suggest any blueprint of the library, and what is derived for the objects the goal names."""
    found = candidates("water the case", library, memory_org)
    keys = [each.key for each in found]
    assert {each.key for each in library.entries} < set(keys)
    assert "derived.case.update" in keys
    assert len(keys) == len(set(keys))
    assert any(each.score == 0 and "nothing in the goal" in each.rationale for each in found)


def test_a_thousand_blueprints_are_ranked_in_a_moment(library: Any, memory_org: Any) -> None:
    """Over 1,000 blueprints and 200 objects a warm call takes milliseconds; the best is still the right one."""
    large, org = _large(library), _wide(memory_org)
    kept = Indexes()
    goal = "set the opportunity to Closed Won and escalate the case"
    recommend(goal, large, org, indexes=kept)
    took = []
    for _ in range(7):
        started = time.process_time()
        found = recommend(goal, large, org, indexes=kept)
        took.append(time.process_time() - started)
    assert found[0].key == "oppty_closed_won"
    assert min(took) < 0.015


def _large(library: Library) -> Library:
    """Return a library of 1,000 blueprints: the curated ones, and copies with other names and words."""
    made = list(library.entries)
    while len(made) < 1_000:
        of, number = library.entries[len(made) % len(library.entries)], len(made)
        blueprint = of.blueprint.model_copy(
            update={
                "name": f"{of.blueprint.name}N{number}",
                "label": f"{of.blueprint.label} Variant {number}",
                "aliases": (),
            }
        )
        made.append(LibraryEntry(f"{of.key}_n{number}", blueprint))
    return Library(tuple(made))


def _wide(org: Any) -> Any:
    """Return an org with 200 objects."""
    some = list(org.schemas.values())
    schemas = dict(org.schemas)
    while len(schemas) < 200:
        of, number = some[len(schemas) % len(some)], len(schemas)
        name = f"{of.name.removesuffix('__c')}Twin{number}__c"
        schemas[name] = replace(
            of, name=name, label=f"{of.label} Twin {number}", label_plural=f"Twins {number}"
        )
    listed = replace(org, schemas=schemas)
    objects = listed.objects()
    listed.objects = lambda: objects
    return listed
