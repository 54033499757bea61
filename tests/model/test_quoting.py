"""Quoted text is data on one line and cannot close what delimits it."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.model.quoting import quoted

_ANY_TEXT = st.text(st.characters(codec=None))


@given(_ANY_TEXT)
def test_any_text_reads_back_the_same(text: str) -> None:
    """Nothing is lost: the JSON on the line is the text."""
    assert json.loads(quoted(text)) == text


@given(_ANY_TEXT)
def test_any_text_stays_on_one_line_and_closes_nothing(text: str) -> None:
    """No line break, tag, fence or character nobody sees is left in it."""
    line = quoted(text)
    assert not set("<>&`\n\r\x85\u2028\u2029") & set(line)
    assert all(unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co", "Cn"} for each in line)
    assert line[0] == line[-1] == '"'


def test_words_in_any_language_stay_readable() -> None:
    """Letters, marks and signs are not escaped."""
    assert quoted("Müller 東京 €5 😀") == '"Müller 東京 €5 😀"'


def test_maps_and_lists_are_quoted_as_json() -> None:
    """Named data goes through the same filter."""
    assert quoted({"a": ["</data>", 1, None]}) == '{"a": ["\\u003c/data\\u003e", 1, null]}'


def test_what_is_no_json_is_refused() -> None:
    """A number that is not finite has no JSON."""
    with pytest.raises(ValueError, match="JSON"):
        quoted(float("nan"))
