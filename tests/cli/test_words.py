"""Somebody else's words in a terminal."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from actwright.cli.render.grid import grid
from actwright.cli.render.words import here, line, said

_HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "[bold red]markup[/]",
    "[link=http://evil.example]x[/link]",
    "\u202eright to left",
    "a\rb\nc\x00d\x07",
    ":smile:",
    "\u200bzero\u2028width",
]


def _printed(*parts: object, width: int = 80) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=False, highlight=False, markup=False, emoji=False
    )
    for each in parts:
        console.print(each)
    return stream.getvalue()


@pytest.mark.parametrize("text", _HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    """Escapes, bidi marks and line breaks are gone; markup and emoji names are shown as they were written."""
    shown = _printed(line("Goal: ", said(text)), grid(("A",), [(text,)]))
    assert not any(char in shown for char in "\x1b\x07\x00\r\u202e\u200b\u2028")
    for literal in ("[bold red]markup[/]", ":smile:", "[link=http://evil.example]"):
        if literal in text:
            assert literal in shown


@given(text=st.text(max_size=300), width=st.integers(30, 120))
def test_no_line_is_wider_than_the_terminal(text: str, width: int) -> None:
    """Long and wide words are folded, never cut off and never spilled."""
    console = Console(width=width)
    shown = _printed(grid(("A", "B"), [(text, text)]), width=width)
    assert all(
        console.render_str(each, markup=False, emoji=False).cell_len <= width
        for each in shown.splitlines()
    )


def test_a_long_text_is_cut_with_a_mark() -> None:
    """One value cannot fill the screen."""
    assert said("x" * 5000).plain == "x" * 299 + "…"


def test_what_is_no_persons_run_is_told_by_the_clock_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To the minute, with the zone named."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/Zurich")
        time.tzset()
        assert here("2026-11-21T12:00:59.123Z") == "2026-11-21 13:00 CET"
    time.tzset()
