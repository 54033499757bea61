"""Anchors: the record a computation starts from, by its name, as ``the account``, or as ``the case's account``."""

from __future__ import annotations

from actwright.planning.offline.functions import function_at
from actwright.planning.words.lexicon import DETERMINERS, PRIMARY_OBJECTS
from actwright.planning.words.named import named_phrase
from actwright.planning.words.reading import Anchor
from actwright.planning.words.scope import Scope

_OF = frozenset({"of", "for", "on"})
_NO_NAME = frozenset({"and", "whose", "with", "of", "holds", "says", "is", "has", ","})
"""What ends a name without quotes: behind it something else is said."""


_NAMING = frozenset({"quoted", "number"})


def anchor_phrase(scope: Scope, start: int, stop: int) -> Anchor | None:
    """Return the record that the tokens from ``start`` up to ``stop`` name or point to, or None."""
    first = scope.skip(start, DETERMINERS)
    if first >= stop:
        return None
    mention = scope.objects.at(scope.tokens, first, stop)
    words = scope.text(start, stop)
    if mention is not None and first + mention.length == stop:
        pointing = first > start and scope.objects.get(mention.object.name) is not None
        return Anchor(words, (mention.object.name,)) if pointing else None
    for at in range(stop - 2, start - 1, -1):
        behind = scope.objects.at(scope.tokens, at + 1, stop)
        if scope.tokens[at].possessive and behind and at + 1 + behind.length == stop:
            through = anchor_phrase(scope, start, at + 1)
            return Anchor(words, (behind.object.name,), through=through) if through else None
    return _named(scope, start, stop)


def owner_phrase(scope: Scope, start: int, stop: int) -> Anchor | None:
    """Return the record whose owner is meant by ``the account's owner`` or ``the owner of Acme``, or None."""
    if stop - start > 1 and scope.key(stop - 1) == "owner" and scope.tokens[stop - 2].possessive:
        return anchor_phrase(scope, start, stop - 1)
    at = scope.skip(start, DETERMINERS)
    if scope.key(at) == "owner" and scope.key(at + 1) in _OF and at + 2 < stop:
        return anchor_phrase(scope, at + 2, stop)
    return None


def _named(scope: Scope, start: int, stop: int) -> Anchor | None:
    if any(scope.key(at) in _NO_NAME or function_at(scope, at) for at in range(start, stop)):
        return None
    if not any(
        scope.tokens[at].capital or scope.tokens[at].kind in _NAMING for at in range(start, stop)
    ):
        return None
    known = tuple(each for each in PRIMARY_OBJECTS if scope.objects.get(each))
    mention = scope.objects.at(scope.tokens, scope.skip(start, DETERMINERS), stop)
    more = (mention.object.name,) if mention is not None and mention.object.queryable else ()
    phrase = named_phrase(scope, start, stop, tuple(dict.fromkeys((*known, *more))))
    if phrase is None or phrase.earlier:
        return None
    return Anchor(phrase.words, phrase.objects, record=phrase)
