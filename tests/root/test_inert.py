"""Inert text: nothing in it moves the cursor, reorders, hides or floods."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.inert import inert, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[31mred", "[2J[31mred"),
        ("\x9b31mred", "31mred"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("\u2066a\u2069\u200fb", "ab"),
        ("pay\u200bpal\ufeff", "paypal"),
        ("soft\u00adhyphen", "softhyphen"),
        (
            "one\ntwo\r\nthree\ttab\x0bfour\u2028five\u2029six\x85seven",
            "one two three tab four five six seven",
        ),
        ("a\ud800b", "ab"),
        ("\x00\x07\x08bell", "bell"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("private\ue000use", "privateuse"),
        ("\u200b x", "x"),
        ("a \u200b b", "a b"),
        ("Zoë 東京 🎉 naïve", "Zoë 東京 🎉 naïve"),
        ("", ""),
    ],
)
def test_what_is_left_of_hostile_text(text: str, shown: str) -> None:
    """Control, format and line characters go; letters, signs and pictures stay."""
    assert inert(text) == shown


@given(st.text(), st.integers(1, 300))
def test_inert_text_is_one_short_printable_line(text: str, limit: int) -> None:
    """Whatever comes in, what goes out is encodable, on one line, within the limit, and stays as it is."""
    shown = inert(text, limit=limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(each) for each in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    shown.encode()
    assert inert(shown, limit=limit) == shown


@given(st.text(min_size=300))
def test_a_cut_is_shown(text: str) -> None:
    """Text that was cut ends in an ellipsis."""
    shown = inert(text, limit=20)
    assert shown.endswith("…") or len(shown) < 20


def test_a_flood_costs_nothing() -> None:
    """A hundred megabytes are not looked at."""
    assert inert("x" * 10**8, limit=10) == "xxxxxxxxx…"


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u00a0", "\u3164", "\u2800", "\ufe0f", "\U000e0173", "\x1b"]
)
def test_a_value_hides_nothing(hidden: str) -> None:
    """What cannot be seen in a value is written as an escape, and an escape somebody typed looks otherwise."""
    shown = visible(f"Acme{hidden}Corp")
    assert hidden not in shown
    assert "\\" in shown
    assert visible("Acme\\u200b") == "Acme\\\\u200b"
    assert visible("x" * 200, limit=10) == "xxxxxxxxxx… (200 characters)"
