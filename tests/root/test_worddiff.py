"""Word diffs: what is shown as staying, going and coming adds up to the two texts, and is soon there."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from actwright.worddiff import Piece, alike, word_diff

_TEXT = st.text(alphabet="ab c.\n\t-é", max_size=60)


def _side(pieces: tuple[Piece, ...], hidden: str) -> str:
    return "".join(each.text for each in pieces if each.kind != hidden)


@given(_TEXT, _TEXT)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    """Leaving out what comes gives the old text, leaving out what goes the new one; no piece is empty."""
    pieces = word_diff(before, after)
    assert (_side(pieces, "new"), _side(pieces, "gone")) == (before, after)
    assert all(each.text for each in pieces)


@given(_TEXT)
def test_the_same_text_stays_whole(text: str) -> None:
    """Nothing goes and nothing comes where nothing differs."""
    assert all(each.kind == "same" for each in word_diff(text, text))


def test_only_the_words_that_differ_are_marked() -> None:
    """A replaced word is one that goes and one that comes; the sentence around it stays."""
    assert word_diff("Call on Monday, please", "Call on Friday, please") == (
        Piece("same", "Call on "),
        Piece("gone", "Monday"),
        Piece("new", "Friday"),
        Piece("same", ", please"),
    )


def test_a_phrase_is_not_torn_by_its_blanks() -> None:
    """Blanks between two replaced words belong to both, so that phrases stand beside each other whole."""
    pieces = word_diff("sign the red draft", "sign a green draft")
    assert [each.text for each in pieces] == ["sign ", "the red", "a green", " draft"]


def test_texts_with_nothing_in_common_are_not_worth_a_diff() -> None:
    """A diff is offered only where a fair part of the text stays."""
    assert not alike(word_diff("one two three four", "five six seven eight"))
    assert alike(word_diff("one two three four", "one two three five"))
    assert not alike(word_diff("", ""))


def test_the_longest_texts_an_org_can_hold_are_compared_soon() -> None:
    """Whatever stands in two texts of 131,072 characters, a page is not kept waiting for their words."""
    started = time.perf_counter()
    for before, after in (("a " * 65_536, "b " * 65_536), ("a. " * 43_000, "a! " * 43_000)):
        pieces = word_diff(before, after)
        assert (_side(pieces, "new"), _side(pieces, "gone")) == (before, after)
    assert time.perf_counter() - started < 5


def test_a_changed_sentence_in_a_long_text_is_found() -> None:
    """A text too long to be compared by words is compared by lines, and by words inside the line that differs."""
    lines = [f"On call {number} we agreed on step {number}.\n" for number in range(900)]
    changed = [*lines[:10], "On call 10 we differed on step 10.\n", *lines[11:890], *lines[891:]]
    pieces = word_diff("".join(lines), "".join(changed))
    assert [each.text for each in pieces if each.kind != "same"] == [
        "agreed",
        "differed",
        lines[890],
    ]
