"""JSON on stdout."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.cli.wire import document_text

_TEXT = st.text(st.characters(codec=None, categories=None), max_size=60)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(
    value=_JSON, encoding=st.sampled_from(["utf-8", "UTF8", "ascii", "latin-1", None, "nonsense"])
)
def test_a_document_reads_back_and_cannot_act_on_a_terminal(
    value: object, encoding: str | None
) -> None:
    """Whatever it holds, a document is lossless, and no character of it is a control, format or surrogate one."""
    text = document_text(value, encoding=encoding)
    assert json.loads(text) == value
    assert not any(
        unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        for char in text
        if char != "\n"
    )


def test_letters_stay_readable() -> None:
    """Names of people are not turned into escapes where the stream can carry them."""
    assert "Müller 株式会社" in document_text({"name": "Müller 株式会社"})


def test_an_ascii_stream_gets_ascii() -> None:
    """Where the stream cannot carry a letter, JSON's own escapes do."""
    assert document_text("ü", encoding="ascii") == '"\\u00fc"\n'


def test_no_number_json_lacks() -> None:
    """NaN is no JSON and is never printed."""
    with pytest.raises(ValueError, match="JSON"):
        document_text(float("nan"))
