"""Tables that fit, and records where they do not."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from actwright.cli.render.grid import grid

_WORDS = st.from_regex(r"[a-z]{1,24}( [a-z]{1,24}){0,3}", fullmatch=True)


def _printed(*rows: tuple[str, ...], columns: tuple[str, ...], width: int = 80) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width).print(grid(columns, rows))
    return stream.getvalue()


def test_what_fits_is_a_table() -> None:
    """A heading, a rule, and one line for each row."""
    lines = _printed(("Acme", "1"), ("Globex", "2"), columns=("Name", "Amount")).splitlines()
    assert [each.split() for each in (lines[0], *lines[2:])] == [
        ["Name", "Amount"],
        ["Acme", "1"],
        ["Globex", "2"],
    ]


def test_what_does_not_fit_is_told_record_by_record() -> None:
    """Each field on a line of its own, records apart, and nothing said about what is empty."""
    text = _printed(("x" * 30, "y" * 30, ""), ("a", "b", "c"), columns=("A", "B", "C"), width=40)
    assert text.splitlines() == [f"A: {'x' * 30}", f"B: {'y' * 30}", "", "A: a", "B: b", "C: c"]


@given(
    rows=st.lists(st.tuples(_WORDS, _WORDS, _WORDS), min_size=1, max_size=4),
    width=st.integers(40, 120),
)
def test_no_word_is_broken(rows: list[tuple[str, str, str]], width: int) -> None:
    """However wide the terminal, each word arrives whole, and no line is too long."""
    text = _printed(*rows, columns=("One", "Two", "Three"), width=width)
    assert {word for row in rows for cell in row for word in cell.split()} <= set(text.split())
    assert max(map(len, text.splitlines())) <= width


def test_short_columns_stay_whole() -> None:
    """Room goes first to the columns that miss least: a label is not wrapped for the sake of a long text."""
    text = _printed(("Due Date Only", "word " * 40), columns=("Field", "New"), width=60)
    assert "Due Date Only" in text
