"""Profiles: what a blueprint is recognised by in a goal's words, made once for each blueprint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.blueprints.guardrail import EnumParams
from actwright.planning.ranking.vocabulary import GENERIC, vocabulary
from actwright.planning.words.lexicon import SMALL_WORDS
from actwright.planning.words.text import camel_words, pieces, stem

SHORTEST_MISSPELT = 5
"""Letters a word needs before one slip in it is forgiven."""

_COMPOUND = range(2, 4)


@dataclass(frozen=True, slots=True)
class Profile:
    """One blueprint as a goal may speak of it.

    Attributes:
        key: Its key.
        blueprint: The blueprint.
        source: Where it comes from.
        own: Stems of what its label says beyond operation and object.
        spelled: The same words as they are written.
        phrases: Its synonyms, each as its stems in order, without small words.
        tags: Stems of its tags beyond all that.
        fields: API names of the fields it writes, in lower case.
        allowed: For a field of which it allows some values only: those values, case-folded.
    """

    key: str
    blueprint: ActionBlueprint
    source: Literal["curated", "derived"]
    own: frozenset[str]
    spelled: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    tags: frozenset[str]
    fields: frozenset[str]
    allowed: dict[str, frozenset[str]]

    @property
    def heard_by(self) -> frozenset[str]:
        """The stems of which a goal must say one for the blueprint to be thought of without its object."""
        return self.own | {phrase[0] for phrase in self.phrases}


def profile(
    key: str, blueprint: ActionBlueprint, source: Literal["curated", "derived"] = "curated"
) -> Profile:
    """Return the profile of ``blueprint``, filed under ``key``."""
    known = vocabulary(blueprint, key)
    spoken = (_phrase(each) for each in blueprint.synonyms)
    phrases = {each for each in spoken if not set(each) <= known.object}
    tags = {stem(word) for each in blueprint.tags for word in camel_words(each)}
    return Profile(
        key=key,
        blueprint=blueprint,
        source=source,
        own=known.own,
        spelled=frozenset(each for each in pieces(blueprint.label) if stem(each) in known.own),
        phrases=tuple(sorted(phrases)),
        tags=frozenset(tags) - known.own - known.object - GENERIC,
        fields=frozenset(each.field_api_name.lower() for each in blueprint.inputs if each.is_field),
        allowed=dict(_allowed(blueprint)),
    )


class ProfileIndex:
    """The profiles of a library by the words that bring them up; its answers do not depend on their order."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.profiles = tuple(sorted(profiles, key=lambda each: each.key))
        self._by_object: dict[str, list[Profile]] = defaultdict(list)
        self._by_stem: dict[str, list[Profile]] = defaultdict(list)
        self._near: dict[str, set[str]] = defaultdict(set)
        self._compounds: dict[str, tuple[str, ...]] = {}
        for each in self.profiles:
            self._by_object[each.blueprint.target_s_object or ""].append(each)
            for word in each.heard_by:
                self._by_stem[word].append(each)
        self._add_spellings()
        self._add_compounds()

    def brought_up(self, objects: Iterable[str], stems: Iterable[str]) -> Iterator[Profile]:
        """Yield each profile that is about one of the objects, or recognised by one of the stems, once."""
        seen: set[str] = set()
        named = (self._by_object.get(each, ()) for each in objects)
        heard = (self._by_stem.get(each, ()) for each in stems)
        for group in (*named, *heard):
            for each in group:
                if each.key not in seen:
                    seen.add(each.key)
                    yield each

    def knows(self, word: str) -> bool:
        """Tell whether some blueprint is recognised by ``word`` as it stands."""
        return stem(word) in self._by_stem

    def compound(self, word: str) -> tuple[str, ...]:
        """Return the words that ``word`` writes as one, ``closed won`` for ``closedwon``, or none."""
        return self._compounds.get(word, ())

    def respelled(self, word: str) -> str | None:
        """Return the one word of a blueprint that is one slip away from ``word``, or None."""
        if len(word) < SHORTEST_MISSPELT:
            return None
        near = {each for slip in (word, *_slips(word)) for each in self._near.get(slip, ())}
        close = [each for each in near if each[0] == word[0] and _one_slip(word, each)]
        return close[0] if len(close) == 1 else None

    def _add_spellings(self) -> None:
        words = {word for each in self.profiles for word in each.spelled}
        for word in words:
            if len(word) >= SHORTEST_MISSPELT and word.isalpha():
                for slip in (word, *_slips(word)):
                    self._near[slip].add(word)

    def _add_compounds(self) -> None:
        for each in self.profiles:
            blueprint = each.blueprint
            written = [camel_words(tag) for tag in blueprint.tags]
            written += [pieces(synonym) for synonym in blueprint.synonyms]
            for words in sorted(written):
                if len(words) in _COMPOUND:
                    self._compounds.setdefault("".join(words), words)


def _phrase(synonym: str) -> tuple[str, ...]:
    return tuple(stem(each) for each in pieces(synonym) if each not in SMALL_WORDS)


def _allowed(blueprint: ActionBlueprint) -> Iterator[tuple[str, frozenset[str]]]:
    for each in blueprint.guardrails:
        params = each.parsed()
        if isinstance(params, EnumParams):
            yield params.field.lower(), frozenset(str(one).casefold() for one in params.values)


def _slips(word: str) -> Iterator[str]:
    """Yield ``word`` with one letter left out."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_slip(one: str, other: str) -> bool:
    """Tell whether a letter left out, put in, changed, or two swapped, makes one word the other."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] in {right[1:], right} or left == right[1:]
