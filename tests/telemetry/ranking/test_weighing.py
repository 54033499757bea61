"""Lessons come to a standing that is bounded, fades, and cannot be steered by one person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from actwright.planning.ranking.standing import Standing
from actwright.telemetry.ranking.weighing import Lesson, standings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
A = frozenset({"A"})


def kept(user: str, days: float = 0, names: frozenset[str] = A) -> Lesson:
    """Return a lesson of a plan that was carried out."""
    return Lesson(user, NOW - timedelta(days=days), kept=names)


def turned(user: str, days: float = 0, names: frozenset[str] = A) -> Lesson:
    """Return a lesson of a plan that was refused."""
    return Lesson(user, NOW - timedelta(days=days), turned=names)


def test_enough_people_and_plans_make_a_standing() -> None:
    """Three plans of two people do."""
    found = standings([kept("al"), kept("al"), kept("bo")], NOW)
    assert found == {"A": Standing(0.6, kept=3, turned=0, people=2)}


def test_one_person_alone_moves_nothing() -> None:
    """However many plans it is, and whatever became of them."""
    assert standings([kept("al") for _ in range(500)], NOW) == {}
    assert standings([turned("al") for _ in range(500)], NOW) == {}


def test_one_of_many_counts_for_three_plans_at_most() -> None:
    """A thousand refusals of one person weigh no more than three."""
    others = [kept("bo"), kept("cy"), kept("di")]
    few = standings([*others, *(turned("al") for _ in range(3))], NOW)
    many = standings([*others, *(turned("al") for _ in range(1_000))], NOW)
    assert few == many
    assert abs(many["A"].favour) < 0.01


def test_two_plans_are_too_few() -> None:
    """Chance is no opinion."""
    assert standings([kept("al"), kept("bo")], NOW) == {}


def test_what_was_turned_down_counts_against() -> None:
    """As much as what was carried out counts for it."""
    liked = standings([kept("al"), kept("bo"), kept("cy")], NOW)["A"]
    disliked = standings([turned("al"), turned("bo"), turned("cy")], NOW)["A"]
    assert disliked.favour == -liked.favour
    assert (disliked.kept, disliked.turned) == (0, 3)


def test_opinions_fade() -> None:
    """A month halves what a plan counts for, and a year leaves next to nothing."""
    fresh, month, year = (
        standings([kept(user, days) for user in ("al", "bo", "cy")], NOW)["A"].favour
        for days in (0, 30, 365)
    )
    assert fresh == 3 / 5
    assert month == 1.5 / 3.5
    assert year < 0.001


def test_the_newest_plans_of_a_person_count() -> None:
    """Somebody who changed their mind is taken at their last word."""
    old = [turned("al", days=9) for _ in range(5)]
    found = standings([*old, kept("al"), kept("al"), kept("al"), kept("bo")], NOW)
    assert (found["A"].kept, found["A"].turned) == (4, 0)


def test_a_plan_of_several_blueprints_speaks_less_for_each() -> None:
    """Nobody can tell which of them it was refused for."""
    pair = frozenset({"A", "B"})
    alone = standings([turned("al"), turned("bo"), turned("cy")], NOW)
    shared = standings([turned(each, names=pair) for each in ("al", "bo", "cy")], NOW)
    assert alone["A"].favour < shared["A"].favour < 0


def test_a_plan_that_has_not_begun_counts_like_one_of_today() -> None:
    """A clock that went back makes nothing weigh more."""
    future = [kept(user, days=-400) for user in ("al", "bo", "cy")]
    assert standings(future, NOW) == standings([kept(each) for each in ("al", "bo", "cy")], NOW)


LESSONS = st.lists(
    st.builds(
        Lesson,
        st.sampled_from(["al", "bo", "cy"]),
        st.integers(-99, 999).map(lambda hours: NOW - timedelta(hours=hours)),
        st.frozensets(st.sampled_from("ABC")),
        st.frozensets(st.sampled_from("ABC")),
    ),
    max_size=30,
    unique_by=lambda each: each.at,
)


@given(LESSONS)
def test_any_lessons_give_the_same_bounded_standing_in_any_order(
    lessons: list[Lesson],
) -> None:
    """Favour lies between -1 and 1, and the order in which lessons come does not matter."""
    found = standings(lessons, NOW)
    assert found == standings(sorted(lessons, key=lambda each: str(hash(each))), NOW)
    assert all(-1 < each.favour < 1 for each in found.values())
    assert all(each.people >= 2 and each.kept + each.turned >= 3 for each in found.values())
