"""Likeness: which goals are alike, told by the words blueprints are recognised by and by nothing else.

``close Acme as won`` and ``please close the Globex deal as won`` are alike: names, numbers, dates and fillers are no words
of any blueprint. Since the vocabulary is closed, a likeness holds nothing of whom or what a goal is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from actwright.blueprints.library import Library
from actwright.canonical import digest
from actwright.errors import PlanningError
from actwright.planning.ranking.vocabulary import vocabularies
from actwright.planning.words.lexicon import NEGATIONS, OBJECT_WORDS, SMALL_WORDS, VERBS
from actwright.planning.words.text import camel_words, screen, stem, tokenize

_NOT = "not"
"""What every negation counts as: a goal and its contrary are never alike."""


class Likeness:
    """Tells which goals are alike.

    Args:
        library: The curated blueprints, whose words count.
    """

    def __init__(self, library: Library) -> None:
        known = {stem(each) for each in (*VERBS, *OBJECT_WORDS)}
        for each in vocabularies(library.entries).values():
            known |= each.all | each.object
        self._known = known - {stem(each) for each in SMALL_WORDS}

    def of(self, goal: str) -> str | None:
        """Return what all goals like this one have in common, as a digest; None where no word of it counts.

        Args:
            goal: The goal. Hostile input: what cannot be read is like nothing.
        """
        try:
            screen(goal)
        except PlanningError:
            return None
        said = sorted(set(self._said(goal)))
        return digest(list(said)) if set(said) - {_NOT} else None

    def _said(self, goal: str) -> Iterator[str]:
        """Yield the stems that count, whatever order and case they stand in."""
        for token in tokenize(goal):
            if token.key in NEGATIONS:
                yield _NOT
            elif token.kind == "word":
                for word in (*token.parts, *camel_words(token.text)):
                    if stem(word) in self._known:
                        yield stem(word)
