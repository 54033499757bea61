"""Answers to open questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from actwright.blueprints.plan import Candidate, Question
from actwright.cli.asking import answers
from actwright.cli.terminal import Terminal

WHICH = Question(
    id="a1.Id",
    action_id="a1",
    input="Id",
    reason="ambiguous",
    text="Which one? \x1b[2J[bold]",
    candidates=(
        Candidate(value="006A", label="Acme Renewal"),
        Candidate(value="006B", label="Acme"),
    ),
)


class Scripted(Terminal):
    """A terminal whose person types what was written down before."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(as_json=False)
        self._lines = list(lines)

    def ask(self, prompt: str) -> str:
        """Return the next line."""
        assert prompt
        return self._lines.pop(0)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", "006A"),
        ("2", "006B"),
        ("3", "3"),
        ("0", "0"),
        ("-1", "-1"),
        ("²", "²"),
        ("9999999999", "9999999999"),
        ("Acme Renewal", "Acme Renewal"),
    ],
)
def test_a_number_picks_and_anything_else_is_the_answer(typed: str, value: str) -> None:
    """Only a candidate's own number stands for the candidate."""
    assert answers(Scripted([typed]), [WHICH]) == {"a1.Id": value}


def test_one_empty_answer_stops_all(capsys: pytest.CaptureFixture[str]) -> None:
    """Half an answer is no answer; and the question was shown without its escapes."""
    assert answers(Scripted(["1", ""]), [WHICH, WHICH]) is None
    shown: Any = capsys.readouterr()
    assert "Acme Renewal" in shown.err
    assert "\x1b" not in shown.err
    assert "[bold]" in shown.err
    assert shown.out == ""
