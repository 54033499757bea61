"""The sampling of chaos: nothing is left out for good, and nothing by chance."""

from __future__ import annotations

import pytest
from tests.chaos import sampling
from tests.chaos.sampling import SAMPLED, chosen, turn


def test_turns_in_a_row_take_every_case_and_no_test_is_ever_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each case has its turn once, each turn takes both of two ways of something, and two alone are always taken."""
    monkeypatch.setattr(sampling, "ALL", False)
    for count in (3, 4, 9, 26, 27):
        taken: list[int] = []
        for number in range(SAMPLED):
            monkeypatch.setattr(sampling, "turn", lambda number=number: number)
            some = chosen(range(count))
            assert abs(len(some) - count / SAMPLED) < 1
            assert count < 9 or {each % 2 for each in some} == {0, 1}
            taken += some
            assert chosen(["lone", "twin"]) == ["lone", "twin"]
        assert sorted(taken) == list(range(count))
    monkeypatch.setattr(sampling, "ALL", True)
    assert chosen(range(26)) == list(range(26))


def test_the_turn_is_the_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit has the same turn wherever it is checked out whole; a shallow clone goes by its name; else it is 0."""
    told = {"rev-parse": "00000011aabb\nfalse\n", "rev-list": "57\n"}
    monkeypatch.setattr(sampling, "_git", lambda what, *_: told[what])
    assert turn.__wrapped__() == 57
    told["rev-parse"] = "00000011aabb\ntrue\n"
    assert turn.__wrapped__() == 17
    told["rev-parse"] = ""
    assert turn.__wrapped__() == 0
