"""Shapes: what two goals must share for one's plan to be of use for the other."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import TODAY

from actwright.errors import PlanningError
from actwright.planning.cache.shape import Shape, shape_of


def kinds(goal: str) -> list[str]:
    """Return what stands in a goal: the words of its shape, and the kinds of its slots in angle brackets."""
    elements = shape_of(goal, TODAY).elements
    return [f"<{each.kind}>" if each.kind else each.text for each in elements]


def same(first: str, second: str, today: date = TODAY) -> bool:
    """Tell whether two goals have one shape."""
    return shape_of(first, today).spelled == shape_of(second, today).spelled


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        ("Close the Acme Renewal as won", ["Close", "the", "<name>", "<name>", "as", "won"]),
        ("set Acme's amount to 45k", ["set", "<name>", "amount", "to", "<number>"]),
        ("raise it by 10%", ["raise", "it", "by", "<percent>"]),
        ("make it $5", ["make", "it", "<money>"]),
        ("make it -5", ["make", "it", "<minus number>"]),
        ("escalate case 00001002", ["escalate", "case", "<code>"]),
        ("move it to next Tuesday", ["move", "it", "to", "<date>"]),
        ("due in 3 days", ["due", "<date in>"]),
        ('rename it to "Big One"', ["rename", "it", "to", "<quoted>"]),
        ("mail a@b.example", ["mail", "<email>"]),
        ("call +1 212 555 0100", ["call", "<phone>"]),
        ("see www.hooli.example", ["see", "<url>"]),
        ("use 006000000000001AAA", ["use", "<id 006>"]),
        ("do not touch Acme", ["do", "not", "touch", "<name>"]),
        ("due 12/11/2026", ["due", "12/11/2026"]),
    ],
)
def test_values_are_slots_and_all_else_are_words(goal: str, expected: list[str]) -> None:
    """Numbers, dates, quotes, addresses, ids and names are slots; a date nobody can be sure of is a word."""
    assert kinds(goal) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Close Acme as won", "Close Globex as won"),
        ("set it to 5", "set it to 99000"),
        ("due tomorrow", "due next Friday"),
        ("due  tomorrow ", " due tomorrow"),
        ("see 006000000000001AAA", "see 006000000000002AAA"),
    ],
)
def test_goals_that_differ_in_values_have_one_shape(first: str, second: str) -> None:
    """Another number, date, name or id is the same shape, and so is another amount of blanks."""
    assert same(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("close Acme as won", "close Acme as lost"),
        ("Close Acme as won", "close Acme as won"),
        ("close Acme", "do not close Acme"),
        ("close Acme Renewal", "close Acme"),
        ("set it to 5", "set it to 5%"),
        ("set it to 5", "set it to -5"),
        ("set it to 5", "set it to $5"),
        ("see case 1001", "see case 00001001"),
        ("due tomorrow", "due in 3 days"),
        ("see 006000000000001AAA", "see 001000000000001AAA"),
        ("Acme, Globex", "Acme Globex"),
        ("Acme ,Globex", "Acme, Globex"),
        ("close it\nthen call", "close it then call"),
        ("call Acme", 'call "Acme"'),
        ("Acme's deal", "Acme deal"),
        ("ship order ord123", "ship order ord124"),
    ],
)
def test_goals_that_say_something_else_have_other_shapes(first: str, second: str) -> None:
    """Words, negations, signs, kinds of values and how they stand together tell shapes apart."""
    assert not same(first, second)


def test_text_and_mask_follow_the_elements() -> None:
    """A run of elements reads as the goal says it, without the quotes of a single one and a possessive ending."""
    shape = shape_of('move Acme Renewal\'s date to "soon"', TODAY)
    assert shape.text(1, 3) == "Acme Renewal"
    assert shape.text(5, 6) == "soon"
    assert shape.text(4, 6) == 'to "soon"'
    assert shape.slots == (1, 2, 5)
    masked = shape.masked(frozenset({2, 5}))
    assert "Acme" in masked
    assert not {"Renewal", "soon"} & set(masked.replace('"', " ").split())


@pytest.mark.parametrize("goal", ["", " ", "a\u202eb", "x" * 3_000, "half \ud83d"])
def test_what_cannot_be_read_has_no_shape(goal: str) -> None:
    """A goal no person could read is never looked up."""
    with pytest.raises(PlanningError):
        shape_of(goal, TODAY)


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=80))
def test_elements_cover_a_goal_in_order(goal: str) -> None:
    """No character but blanks is left out of a shape, and none is in two elements."""
    try:
        shape: Shape = shape_of(goal, TODAY)
    except PlanningError:
        return
    behind = 0
    for each in shape.elements:
        assert not goal[behind : each.start].strip()
        assert behind <= each.start < each.end
        behind = each.end
    assert not goal[behind:].strip()
    assert shape_of(goal, TODAY).spelled == shape.spelled


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_only_the_number_is_abstracted(first: int, second: int) -> None:
    """Two goals of one shape that hold the same in every slot are the same goal."""
    goals = [f"set the amount of Acme to {each}" for each in (first, second)]
    shapes = [shape_of(each, TODAY) for each in goals]
    texts = [[each.text for each in shape.elements if each.kind] for shape in shapes]
    assert shapes[0].spelled == shapes[1].spelled
    assert (texts[0] == texts[1]) is (goals[0] == goals[1])
