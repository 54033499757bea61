"""A blueprint's vocabulary: the words that tell it from the others for the same object and operation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.library import LibraryEntry
from actwright.planning.words.lexicon import OBJECT_WORDS, VERBS
from actwright.planning.words.text import camel_words, stem, stems

_GENERIC_WORDS = (
    "create add new insert update change set edit delete remove upsert call "
    "a an the to as of for and or with in on record"
)
GENERIC = frozenset(stem(each) for each in _GENERIC_WORDS.split())
"""Stems that tell no blueprint from another."""

_MANNERS = {
    "CREATE": {"create"},
    "UPDATE": {"set", "move", "assign", "rename", "state", "date"},
    "DELETE": {"delete"},
    "UPSERT": {"create", "set"},
    "CALL": set[str](),
}


@dataclass(frozen=True)
class Vocabulary:
    """The words of one blueprint, as stems.

    Attributes:
        own: What its label says beyond operation and object: ``close``, ``won``.
        all: Every word of key, label, tags and synonyms beyond operation and object.
        object: The words for its object.
        phrases: Its synonyms, each as the set of its stems.
    """

    own: frozenset[str]
    all: frozenset[str]
    object: frozenset[str]
    phrases: tuple[frozenset[str], ...]


def vocabulary(blueprint: ActionBlueprint, key: str = "") -> Vocabulary:
    """Return the vocabulary of ``blueprint``, filed under ``key``."""
    target = blueprint.target_s_object or ""
    named = {stem(word) for word in camel_words(target)}
    everyday = {stem(word) for word, owner in OBJECT_WORDS.items() if owner == target}
    plain = GENERIC | named
    label = frozenset(stems(blueprint.label)) - plain
    texts = [key, *_split(blueprint.tags), *blueprint.synonyms]
    every = label | (
        frozenset(each for text in texts for each in stems(text.replace("_", " "))) - plain
    )
    phrases = tuple(frozenset(stems(each)) for each in blueprint.synonyms)
    return Vocabulary(label, every, frozenset(named | everyday), phrases)


def vocabularies(entries: Iterable[LibraryEntry]) -> dict[str, Vocabulary]:
    """Return the vocabulary of every entry, by its key."""
    return {each.key: vocabulary(each.blueprint, each.key) for each in entries}


def asks_for(verb: str, operation: str) -> bool:
    """Tell whether ``verb`` can ask for ``operation``."""
    return bool(VERBS.get(verb, frozenset()) & _MANNERS[operation])


def _split(tags: Iterable[str]) -> list[str]:
    return [" ".join(camel_words(each)) for each in tags]
