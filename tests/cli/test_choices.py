"""What of a preview can be left out or set, and what a typed line means."""

from __future__ import annotations

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
        ("not the task", Edit(words="not the task")),
        ("5", Edit(words="5")),
        ("0", Edit(words="0")),
        ("4-2", Edit(words="4-2")),
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
    """No line raises, and only what is offered is ever named."""
    edit = read_edit(line, OFFERED)
    known = {each.name for each in OFFERED}
    assert set(edit.without) | set(edit.values) <= known
    assert bool(edit) == bool(line.strip())
