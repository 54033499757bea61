"""Use cases: which one of the domain specs a goal fits best, by its words, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actwright.planning.domains.domain import DomainSpec, UseCase
from actwright.planning.words.lexicon import OBJECT_WORDS, SMALL_WORDS, SUBJECTS, VERBS
from actwright.planning.words.text import camel_words, pieces, stem

FITS = 0.6
"""The share of a use case's words a goal must say to fit it."""

_PLAIN_MANNERS = {
    frozenset({"create"}): "create",
    frozenset({"assign"}): "assign",
    frozenset({"delete", "clear"}): "delete",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """A use case, and how well a goal fits it.

    Attributes:
        spec: The spec it stands in.
        use_case: The use case.
        score: The share of its words the goal says, 0 to 1.
        words: The words of the use case the goal says, sorted.
    """

    spec: DomainSpec
    use_case: UseCase
    score: float
    words: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether the goal says enough of it."""
        return self.score >= FITS

    def __str__(self) -> str:
        return f"{self.use_case.action!r} of {self.spec.name} {self.spec.version}"


def fits(goal: str, domains: Sequence[DomainSpec]) -> tuple[Fit, ...]:
    """Return every use case that shares a word with the goal, best first.

    Between equals the one of which more words are said comes first, then the spec's name decides, then the place in
    the spec: never the order of files.
    """
    said = _meanings(goal)
    found = [each for spec in domains for each in _of_spec(spec, said)]
    return tuple(sorted(found, key=lambda each: (-each.score, -len(each.words), each.spec.name)))


def explained(ranked: Sequence[Fit]) -> str:
    """Return in words why the first of some fits came first."""
    first = ranked[0]
    reason = f"it says {', '.join(first.words)}"
    rivals = [each for each in ranked[1:] if (each.score, len(each.words)) == _rank(first)]
    if not rivals:
        return reason
    decided = "name of the spec" if rivals[0].spec.name != first.spec.name else "place in the spec"
    return f"{reason}; {rivals[0]} fits as well, and the {decided} decided"


def _rank(fit: Fit) -> tuple[float, int]:
    return fit.score, len(fit.words)


def _of_spec(spec: DomainSpec, said: frozenset[str]) -> Iterator[Fit]:
    for use_case in spec.use_cases:
        wanted = _meanings(use_case.plain) or frozenset(pieces(use_case.plain))
        shared = wanted & said
        if shared:
            score = round(len(shared) / len(wanted), 2)
            yield Fit(spec, use_case, score, tuple(sorted(_words(use_case.plain, shared))))


def _words(text: str, meanings: frozenset[str]) -> frozenset[str]:
    """Return the words of ``text`` as they stand there that have one of the meanings."""
    return frozenset(each for each in _parts(text) if _meaning(each) in meanings)


def _meanings(text: str) -> frozenset[str]:
    return frozenset(_meaning(each) for each in _parts(text) if each not in SMALL_WORDS)


def _parts(text: str) -> Iterator[str]:
    """Yield the words of ``text``; ``ClosedWon`` is two."""
    for word in text.split():
        split = camel_words(word) if word != word.lower() and word != word.upper() else ()
        yield from split if len(split) > 1 else pieces(word)


def _meaning(word: str) -> str:
    """Return what a word is compared by: its object for ``deal``, its verb's kind for ``book``, else its stem."""
    if word in OBJECT_WORDS and word not in SUBJECTS:
        return stem("".join(camel_words(OBJECT_WORDS[word])))
    manners = frozenset(VERBS.get(word, ()))
    return _PLAIN_MANNERS.get(manners) or stem(word)
