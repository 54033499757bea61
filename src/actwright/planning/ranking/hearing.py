"""Hearing: what a goal says, in the forms that blueprints are recognised by. Whole words only, each shown as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from actwright.org.schema import ObjectSummary
from actwright.planning.ranking.profile import ProfileIndex
from actwright.planning.words.lexicon import ORDINARY, SMALL_WORDS, VERBS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectIndex
from actwright.planning.words.text import Token, camel_words, pieces, stem, tokenize

NAMED_OBJECTS = 3
"""How many of the objects a goal names are looked into."""

_WIDEST_GAP = 4
_IDIOMS = (
    "in any case",
    "in that case",
    "in most cases",
    "in case of",
    "just in case",
    "case by case",
    "take the lead",
    "lead the way",
    "lead time",
    "on account of",
    "on no account",
    "take into account",
    "call it a day",
    "contact lens",
    "contact lenses",
    "task force",
    "in any event",
    "in the event of",
    "in the event that",
)
"""Ways to say an object's word without meaning the object."""

_IDIOM_WORDS = tuple(tuple(each.split()) for each in _IDIOMS)


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field the goal names, or of which it names a value."""

    object: str
    name: str
    label: str
    values: frozenset[str] = frozenset()
    """The values it names, case-folded; none where it names the field alone."""


@dataclass(frozen=True)
class Heard:
    """What a goal says.

    Attributes:
        objects: The objects it names, each with the words it does so with, in the order they are named.
        verbs: The verbs in it, in order.
        said: The place of each stem, and the word as it stands.
        slips: Stems read into misspelt words, and those words.
        content: Stems of the words that carry meaning and are no verbs.
        fields: The fields and values it names.
    """

    objects: Mapping[str, str] = field(default_factory=dict)
    verbs: tuple[str, ...] = ()
    said: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    slips: Mapping[str, str] = field(default_factory=dict)
    content: frozenset[str] = frozenset()
    fields: tuple[NamedField, ...] = ()

    def phrase(self, stems: Sequence[str]) -> tuple[str, ...]:
        """Return the words that say ``stems`` in this order and near each other, or none."""
        for at, word in self._spelled(stems[0]):
            found, here = [word], at
            for wanted in stems[1:]:
                places = self._spelled(wanted)
                after = next((one for one in places if 0 < one[0] - here <= _WIDEST_GAP), None)
                if after is None:
                    break
                here = after[0]
                found.append(after[1])
            else:
                return tuple(found)
        return ()

    def _spelled(self, wanted: str) -> tuple[tuple[int, str], ...]:
        """Return where a stem is said; a misspelt word is no part of a phrase."""
        return () if wanted in self.slips else self.said.get(wanted, ())


def hear(
    goal: str, profiles: ProfileIndex, objects: ObjectIndex, fields: Callable[[str], FieldIndex]
) -> Heard:
    """Return what ``goal`` says.

    Args:
        goal: The goal, screened.
        profiles: The curated blueprints' profiles.
        objects: The org's objects by their words.
        fields: Gives an object's fields by their words; asked for the first few objects named.
    """
    tokens = tuple(_read(each, profiles, objects) for each in _meant(tokenize(goal)))
    named = _objects(tokens, objects)
    words = list(_words(tokens))
    slips = dict(_slips(words, profiles, objects))
    read = [slips.get(each, each) for each in words]
    about = [each for each, _ in named[:NAMED_OBJECTS]]
    return Heard(
        objects={each.name: " ".join(parts) for each, parts in named},
        verbs=tuple(dict.fromkeys(each for each in read if each in VERBS)),
        said=_said(words, read),
        slips={stem(right): wrong for wrong, right in slips.items()},
        content=_content(read, named),
        fields=tuple(_fields(tokens, about, fields)),
    )


def _meant(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens, those of an idiom as symbols that name nothing."""
    keys = [each.key for each in tokens]
    hidden: set[int] = set()
    for at in range(len(keys)):
        for idiom in _IDIOM_WORDS:
            if tuple(keys[at : at + len(idiom)]) == idiom:
                hidden |= set(range(at, at + len(idiom)))
    for at, each in enumerate(tokens):
        yield replace(each, kind="symbol", parts=()) if at in hidden else each


def _read(token: Token, profiles: ProfileIndex, objects: ObjectIndex) -> Token:
    """Return a token with the words it writes as one apart: ``ClosedWon``, ``closedwon``."""
    if token.kind != "word" or len(token.parts) != 1 or token.parts[0] in objects.words:
        return token
    camel = camel_words(token.text)
    inner = token.text[1:].lower() != token.text[1:] and not token.text.isupper()
    apart = camel if inner and len(camel) > 1 else profiles.compound(token.parts[0])
    return replace(token, parts=apart) if len(apart) > 1 else token


def _objects(
    tokens: Sequence[Token], objects: ObjectIndex
) -> list[tuple[ObjectSummary, tuple[str, ...]]]:
    """Return each object the goal names, once, with the words it is first named by; the longest name counts."""
    found: dict[str, tuple[ObjectSummary, tuple[str, ...]]] = {}
    at = 0
    while at < len(tokens):
        mention = objects.at(tokens, at, len(tokens))
        if mention is not None:
            found.setdefault(mention.object.name, (mention.object, mention.words))
        at += mention.length if mention is not None else 1
    return list(found.values())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the words; whatever is quoted, or no word, keeps its place and says nothing."""
    for each in tokens:
        if each.kind in {"word", "number"} and each.parts:
            yield from each.parts
        else:
            yield ""


def _said(words: Sequence[str], read: Sequence[str]) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Return the places of each stem, and the word as it stands there."""
    said: dict[str, tuple[tuple[int, str], ...]] = {}
    for at, (word, right) in enumerate(zip(words, read, strict=True)):
        if word:
            said[stem(right)] = (*said.get(stem(right), ()), (at, word))
    return said


def _slips(
    words: Sequence[str], profiles: ProfileIndex, objects: ObjectIndex
) -> Iterator[tuple[str, str]]:
    """Yield each misspelt word, and the word it is read as."""
    for word in dict.fromkeys(words):
        known = word in VERBS or word in ORDINARY or word in objects.words or profiles.knows(word)
        read = None if known else profiles.respelled(word)
        if read is not None:
            yield word, read


def _content(
    words: Sequence[str], named: Sequence[tuple[ObjectSummary, tuple[str, ...]]]
) -> frozenset[str]:
    objects = {part for _, parts in named for part in parts}
    return frozenset(
        stem(each)
        for each in words
        if each and each not in SMALL_WORDS and each not in objects and each not in VERBS
    )


def _fields(
    tokens: Sequence[Token], about: Sequence[ObjectSummary], fields: Callable[[str], FieldIndex]
) -> Iterator[NamedField]:
    loose = tuple(_unquoted(tokens))
    for summary in about:
        index = fields(summary.name)
        for at in range(len(loose)):
            mention = index.field_at(loose, at, len(loose))
            if mention is not None:
                yield NamedField(summary.name, mention.field.name, mention.field.label)
            for one in index.values_at(loose, at, len(loose)):
                said = frozenset({one.value.value.casefold(), one.value.label.casefold()})
                yield NamedField(summary.name, one.field.name, one.field.label, said)


def _unquoted(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens with quoted text as words: a value may be quoted."""
    for each in tokens:
        yield replace(each, kind="word", parts=pieces(each.text)) if each.kind == "quoted" else each
