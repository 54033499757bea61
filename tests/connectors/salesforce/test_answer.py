"""An org's JSON, read strictly."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actwright.connectors.salesforce.answer import strict_json
from actwright.errors import OrgProtocolError

_ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("\\ud\ud83d\ude00"))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (r'"cut \ud83d"', "cut \ufffd"),
        (r'"\ude00 low"', "\ufffd low"),
        (r'"\uD83D\uDE00"', "\U0001f600"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd\U0001f600"),
        (r'"a \\ud83d b"', r"a \ud83d b"),
        (r'"\\\ud83d"', "\\\ufffd"),
        (b'"raw \xed\xa0\xbd"', "raw \ufffd"),
        (b'\xef\xbb\xbf"mark"', "mark"),
    ],
)
def test_half_of_a_surrogate_pair_is_replaced(document: bytes | str, words: str) -> None:
    """Text cut inside an emoji gets the replacement character; pairs and written-out escapes stay."""
    assert strict_json(document) == words


@given(st.dictionaries(_ANY_TEXT, _ANY_TEXT))
def test_whatever_the_org_says_can_be_written_again(said: dict[str, str]) -> None:
    """No text of an answer, and no name in it, is such that UTF-8 cannot carry it; all other text is kept."""
    for text in (json.dumps(said), json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")):  # fmt: skip
        read = strict_json(text)
        json.dumps(read, ensure_ascii=False).encode()
        if not any("\ud800" <= each <= "\udfff" for each in json.dumps(said, ensure_ascii=False)):
            assert read == said


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e-99999999999999999999", "1e500"])
def test_a_number_out_of_all_range_is_an_unreadable_answer(number: str) -> None:
    """What even exact arithmetic cannot hold stays inside the error tree."""
    with pytest.raises(OrgProtocolError):
        strict_json(f'{{"a": {number}}}')
