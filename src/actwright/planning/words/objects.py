"""Which objects of the org the goal's words name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from actwright.org.schema import ObjectSummary
from actwright.planning.words.lexicon import OBJECT_WORDS, PRIMARY_OBJECTS
from actwright.planning.words.text import Token, camel_words, pieces

_LONGEST = 5


@dataclass(frozen=True, slots=True)
class ObjectMention:
    """An object the goal names, and the words it does so with."""

    object: ObjectSummary
    length: int
    words: tuple[str, ...]


class ObjectIndex:
    """The org's objects by the words people use for them; built once for an org's list of objects."""

    def __init__(self, objects: Iterable[ObjectSummary]) -> None:
        shown = [each for each in objects if each.queryable or each.createable]
        self._objects = {each.name: each for each in shown if each.queryable}
        self._by_words: dict[tuple[str, ...], ObjectSummary] = {}
        for each in sorted(shown, key=_rank):
            for words in (pieces(each.label), pieces(each.label_plural), camel_words(each.name)):
                self._by_words.setdefault(words, each)
        for phrase, name in OBJECT_WORDS.items():
            if name in self._objects:
                self._by_words.setdefault(pieces(phrase), self._objects[name])
        self._by_words.pop((), None)

    @cached_property
    def words(self) -> frozenset[str]:
        """The single words that objects are called by."""
        return frozenset(words[0] for words in self._by_words if len(words) == 1)

    def get(self, name: str) -> ObjectSummary | None:
        """Return the object with that API name, or None where its records cannot be looked for."""
        return self._objects.get(name)

    def by_prefix(self, record_id: str) -> ObjectSummary | None:
        """Return the object a record id belongs to."""
        wanted = record_id[:3]
        return next((each for each in self._objects.values() if each.key_prefix == wanted), None)

    def primary(self) -> tuple[ObjectSummary, ...]:
        """Return the objects that records are looked for in where the goal names no object."""
        return tuple(self._objects[each] for each in PRIMARY_OBJECTS if each in self._objects)

    def at(self, tokens: Sequence[Token], start: int, stop: int) -> ObjectMention | None:
        """Return the object named by the most tokens from ``start`` on, before ``stop``."""
        parts: tuple[str, ...] = ()
        best: ObjectMention | None = None
        for index in range(start, min(stop, start + _LONGEST)):
            token = tokens[index]
            if token.kind != "word":
                break
            parts += token.parts
            found = self._by_words.get(parts)
            if found is not None:
                best = ObjectMention(found, index - start + 1, parts)
            if token.possessive:
                break
        return best

    def hidden(self, tokens: Sequence[Token]) -> str | None:
        """Return what people call records of a standard object that some tokens name and the org does not show."""
        words = {each.key for each in tokens if each.kind == "word" and not each.capital}
        everyday = ((word, name) for word, name in OBJECT_WORDS.items() if name in PRIMARY_OBJECTS)
        own = ((word, each) for each in PRIMARY_OBJECTS for word in (each.lower(), _plural(each)))
        for word, name in (*own, *everyday):
            if word in words and name not in self._objects and (word,) not in self._by_words:
                return _plural(name)
        return None

    def mentioned(self, tokens: Sequence[Token]) -> tuple[ObjectSummary, ...]:
        """Return every object some tokens name, in order of first mention."""
        hits = (self.at(tokens, start, len(tokens)) for start in range(len(tokens)))
        return tuple(dict.fromkeys(each.object for each in hits if each is not None))


def _plural(name: str) -> str:
    """Return several records of a standard object, by its API name: ``opportunities``."""
    word = " ".join(camel_words(name))
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _rank(summary: ObjectSummary) -> tuple[int, int, str]:
    known = summary.name in PRIMARY_OBJECTS
    return (0 if known else 1, len(summary.name), summary.name)
