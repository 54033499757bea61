"""What people read of curated blueprints, and the words they find them by."""

from __future__ import annotations

from collections import Counter

import pytest

from actwright.blueprints.comparing import signature
from actwright.blueprints.library import load_library, words
from actwright.planning.words.text import pieces

ENTRIES = {each.key: each for each in load_library().entries}
KEYS = sorted(ENTRIES)


def test_no_two_blueprints_share_a_word() -> None:
    """Every key, name and alias belongs to one blueprint."""
    claimed = Counter(word for entry in ENTRIES.values() for word in words(entry))
    assert [word for word, times in claimed.items() if times > 1] == []


def test_no_two_blueprints_do_the_same() -> None:
    """Object, operation, inputs and constants differ between any two."""
    assert len({signature(each.blueprint) for each in ENTRIES.values()}) == len(ENTRIES)


def test_no_two_labels_are_alike() -> None:
    """A person can tell any two blueprints apart by their labels."""
    assert len({each.blueprint.label.casefold() for each in ENTRIES.values()}) == len(ENTRIES)


def test_a_phrase_belongs_to_one_blueprint_of_an_object() -> None:
    """Of the blueprints for one object, no two claim the same words, whatever their case and punctuation."""
    claimed = Counter(
        (entry.blueprint.target_s_object, phrase)
        for entry in ENTRIES.values()
        for phrase in {pieces(each) for each in entry.blueprint.synonyms}
    )
    assert [phrase for phrase, times in claimed.items() if times > 1] == []


SINGLE = {
    *("lose", "lost", "win", "won", "escalate", "escalation", "qualify", "qualification"),
    *("qualified", "unqualified", "disqualify", "callback", "reminder", "todo", "to-do"),
    *("follow-up", "followup"),
}
"""The words that ask for one blueprint all by themselves."""


@pytest.mark.parametrize("key", KEYS)
def test_no_generic_word_stands_alone(key: str) -> None:
    """A synonym of one word names this very action; anything else is a phrase."""
    single = {each for each in ENTRIES[key].blueprint.synonyms if " " not in each}
    assert single <= SINGLE


@pytest.mark.parametrize("key", KEYS)
def test_every_text_a_person_reads_is_there(key: str) -> None:
    """A curated blueprint has a question for its checkpoint, a summary, tags and words people use."""
    blueprint = ENTRIES[key].blueprint
    assert blueprint.checkpoint.endswith("?")
    assert "{" not in blueprint.checkpoint
    assert blueprint.summary.endswith(".")
    assert blueprint.tags
    assert blueprint.synonyms
