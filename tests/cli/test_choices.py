"""What of a preview can be left out or set, and what a typed line means."""

from __future__ import annotations

from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.edited_plans import (
    closing,
    effect,
    following,
    plan_made,
    preview_made,
    repeated,
)

from actwright.cli.choices import MOST_ROWS, Choice, Edit, choices, read_edit
from actwright.errors import PlanError

OFFERED = (
    Choice("a1", "Close it"),
    Choice("a1.Amount", "Amount", "5", "goal"),
    Choice("a2", "Task"),
    Choice("a2.Subject", "Subject", "x", "model"),
)


def test_every_action_and_value_has_a_number() -> None:
    """They stand in the plan's order, each value under its action."""
    plan = plan_made(closing(), following())
    names = [each.name for each in choices(preview_made(), plan)]
    assert names[:4] == ["a1", "a1.Id", "a1.StageName", "a1.Amount"]
    assert names[4:] == ["a2", "a2.Subject", "a2.ActivityDate", "a2.WhatId"]


def test_rows_have_numbers_up_to_a_point() -> None:
    """The first rows of a repeated action are offered by their effects' ids; the others only by name."""
    rows = [effect(f"a1.{at}", f"006{at:012d}") for at in range(1, 100)]
    offered = choices(preview_made(*rows), plan_made(repeated()))
    assert [each.name for each in offered if each.name[3:].isdigit()] == [
        f"a1.{at}" for at in range(1, MOST_ROWS + 1)
    ]


@pytest.mark.parametrize(
    ("line", "edit"),
    [
        ("3", Edit(without=("a2",))),
        ("2 3", Edit(without=("a1.Amount", "a2"))),
        ("2,3 , 2", Edit(without=("a1.Amount", "a2"))),
        ("2-4", Edit(without=("a1.Amount", "a2", "a2.Subject"))),
        ("A2", Edit(without=("a2",))),
        ("2=99000", Edit(values={"a1.Amount": "99000"})),
        (
            " a2.subject = Call, then mail = ok ",
            Edit(values={"a2.Subject": "Call, then mail = ok"}),
        ),
        ("4=", Edit(values={"a2.Subject": ""})),
        ("4=Ring Mr. Smith, 2=9", Edit(values={"a2.Subject": "Ring Mr. Smith", "a1.Amount": "9"})),
        ("2=5 and a2.Subject=x", Edit(values={"a1.Amount": "5", "a2.Subject": "x"})),
        ('4="Ring, 2=9"', Edit(values={"a2.Subject": "Ring, 2=9"})),
        ("2=99,000", Edit(values={"a1.Amount": "99,000"})),
        ("4=Ring, e.g. x=1", Edit(values={"a2.Subject": "Ring, e.g. x=1"})),
        ("a2.Due Date=Friday", Edit(values={"a2.Due Date": "Friday"})),
        ("A1.OwnerId=Bob", Edit(values={"a1.OwnerId": "Bob"})),
        ("a9.Amount=5", Edit(words="a9.Amount=5")),
        ("drop number 2", Edit(without=("a1.Amount",))),
        ("leave out 2 and 3", Edit(without=("a1.Amount", "a2"))),
        ("not the task", Edit(words="not the task")),
        ("3 and 4", Edit(words="3 and 4")),
        ("2-3=5", Edit(words="2-3=5")),
        ("amount = 5", Edit(words="amount = 5")),
        ("", Edit()),
    ],
)
def test_a_line_leaves_out_or_sets_or_says(line: str, edit: Edit) -> None:
    """Numbers and names leave out, one with a value sets it, and all else is words; nothing is guessed."""
    assert read_edit(line, OFFERED) == edit


@given(st.text(max_size=40))
def test_a_line_means_something_or_is_words(line: str) -> None:
    """Only what is offered is ever named, and no line raises but one of numbers nobody offered."""
    try:
        edit = read_edit(line, OFFERED)
    except PlanError:
        assert "=" in line or not set(line) & set(ascii_letters)
        return
    known = {each.name for each in OFFERED}
    assert set(edit.without) | set(edit.values) <= known
    assert bool(edit) == bool(line.strip())


@pytest.mark.parametrize(
    "line",
    ["99", "0", "1 99", "3-1", "1,000", "9" * 5_000, "2-", "99=x", "4=x, 9=y", "drop number 7"],
)
def test_a_number_nobody_offered_is_no_amount(line: str) -> None:
    """It is refused with how far the numbers go, rather than read as words about an amount."""
    with pytest.raises(PlanError, match="not among the numbers") as caught:
        read_edit(line, OFFERED)
    assert f"there are numbers 1 to {len(OFFERED)}" in caught.value.message


def test_a_value_set_twice_is_refused() -> None:
    """Nobody can tell which of the two is meant."""
    with pytest.raises(PlanError, match="set twice"):
        read_edit("2=5, a1.Amount=6", OFFERED)
