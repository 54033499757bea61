"""Phrases that name a record: quoted or not, with an article or an object word, an id, or ``it``."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.org.record_id import is_record_id, record_id
from actwright.planning.words.lexicon import DETERMINERS, PRONOUNS, SWEEPING
from actwright.planning.words.people import untitled
from actwright.planning.words.reading import RecordPhrase
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import Token

_SHORT_ID, _LONG_ID = 15, 18
_LONGEST_NAME = 255
_IN_NAMES = frozenset("&-.'+#/\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}")
_NO_NAME = frozenset({"email", "url", "phone", "date", "time"})
_BACK = frozenset({"the", "that", "this"})
PERSONS = frozenset({"Contact", "Lead", "User"})
"""The objects whose records are people."""


def named_phrase(
    scope: Scope, start: int, stop: int, objects: Sequence[str]
) -> RecordPhrase | None:
    """Return the one record that the tokens from ``start`` up to ``stop`` name, or None where they name none.

    Args:
        scope: The clause.
        start: The first token.
        stop: Behind the last token.
        objects: The objects the record may belong to; the words may narrow them to one.
    """
    words = scope.text(start, stop)
    if not words or len(words) > _LONGEST_NAME:
        return None
    if stop - start == 1 and scope.key(start) in PRONOUNS:
        return RecordPhrase(words, (), pointed_at(scope.key(start), objects), earlier=True)
    if not _is_name(scope, start, stop):
        return None
    first = start + 1 if scope.key(start) in DETERMINERS else start
    if first == stop or scope.key(start) in SWEEPING or scope.key(first) in SWEEPING:
        return None
    return (
        _by_id(scope, first, stop, objects)
        or _with_object(scope, start, first, stop, objects)
        or RecordPhrase(words, _names(scope, start, first, stop), tuple(objects))
    )


_EACH_OF_THEM = (
    ("each", "of", "them"),
    ("all", "of", "them"),
    ("each", "of", "those"),
    ("all", "of", "those"),
    ("each", "one"),
    ("them", "all"),
    ("each",),
)


def them_end(scope: Scope, start: int) -> int:
    """Return where ``each of them`` ends that begins at ``start``; ``start`` where nothing of the kind does."""
    keys = tuple(scope.key(at) for at in range(start, start + 3))
    lengths = (len(each) for each in _EACH_OF_THEM if keys[: len(each)] == each)
    return start + next(lengths, 0)


def pointed_at(pronoun: str, objects: Sequence[str]) -> tuple[str, ...]:
    """Return the objects of whose records people say ``pronoun``: nobody calls a deal ``him``, nor a person ``it``."""
    person = pronoun in {"him", "her"}
    if pronoun in {"it", "him", "her"}:
        fitting = tuple(each for each in objects if (each in PERSONS) == person)
        return fitting or (() if person else tuple(objects))
    return tuple(objects)


def _is_name(scope: Scope, start: int, stop: int) -> bool:
    """Tell whether the words could be a name: no value, and no sign that a name would not hold, among them."""
    if stop - start == 1:
        return scope.tokens[start].kind not in _NO_NAME
    return all(_in_name(scope, at, stop) for at in range(start, stop))


def _only_object_behind(scope: Scope, at: int, stop: int) -> bool:
    """Tell whether an object word ends the phrase behind a quoted name: ``"Acme Renewal" opportunity``."""
    behind = scope.objects.at(scope.tokens, at + 1, stop)
    return behind is not None and at + 1 + behind.length == stop


def _in_name(scope: Scope, at: int, stop: int) -> bool:
    token, last = scope.tokens[at], at == stop - 1
    if token.kind == "quoted":
        return last or _only_object_behind(scope, at, stop)
    if token.kind == "symbol":
        behind = scope.tokens[at + 1 : at + 2]
        return token.text in _IN_NAMES or (
            token.text == "," and any(each.capital for each in behind)
        )
    if token.kind == "number":
        return token.text.isdigit()
    return token.kind not in _NO_NAME and token.key not in {"by", "as"}


def as_record_id(token: Token) -> str | None:
    """Return the 18-character id a token is, or None; letters alone are a word, never an id."""
    text = token.text
    if token.kind not in {"word", "number"} or not any(char.isdigit() for char in text):
        return None
    if len(text) not in {_SHORT_ID, _LONG_ID} or not is_record_id(text):
        return None
    return record_id(text)


def _by_id(scope: Scope, first: int, stop: int, objects: Sequence[str]) -> RecordPhrase | None:
    mention = scope.objects.at(scope.tokens, first, stop)
    at = first + mention.length if mention else first
    found = as_record_id(scope.tokens[at]) if at == stop - 1 else None
    owner = scope.objects.by_prefix(found) if found else None
    if found is None or owner is None or owner.name not in objects:
        return None
    return RecordPhrase(scope.tokens[at].text, (), (owner.name,), found, named_object=True)


def _with_object(
    scope: Scope, start: int, first: int, stop: int, objects: Sequence[str]
) -> RecordPhrase | None:
    """Read ``the lead Jane Doe``, ``the Acme Renewal deal`` and ``that account``."""
    words = scope.text(start, stop)
    fresh = scope.skip(first, {"new"})
    ahead = scope.objects.at(scope.tokens, fresh, stop)
    if ahead is not None and fresh + ahead.length == stop:
        back = scope.key(start) in _BACK and ahead.object.name in objects
        if not back:
            return None
        return RecordPhrase(words, (), (ahead.object.name,), earlier=True, named_object=True)
    if ahead is not None and fresh == first:
        begin = scope.skip(first + ahead.length, {"named", "called", "number", "no", "#"})
        return _narrowed(scope, words, ahead.object.name, (begin, stop), objects)
    for cut in range(first + 1, stop):
        behind = scope.objects.at(scope.tokens, cut, stop)
        if behind is not None and cut + behind.length == stop:
            return _narrowed(scope, words, behind.object.name, (first, cut), objects)
    return None


def _narrowed(
    scope: Scope, words: str, name: str, span: tuple[int, int], objects: Sequence[str]
) -> RecordPhrase | None:
    inner = _one_spaced(scope.text(*span))
    quoted = scope.tokens[span[0]].kind == "quoted"
    whole = "" if quoted else _one_spaced(words)
    if name in objects and inner:
        plain = untitled(inner) if name in PERSONS else inner
        names = tuple(dict.fromkeys(each for each in (inner, whole, _bare(whole), plain) if each))
        return RecordPhrase(words, names, (name,), named_object=True)
    others = tuple(objects)
    return (
        RecordPhrase(words, (_one_spaced(words),), others)
        if scope.tokens[span[0]].capital
        else None
    )


def _bare(name: str) -> str:
    """Return a name less the article before it: a quote may be called ``Initech Upgrade Quote``, word and all."""
    article, _, rest = name.partition(" ")
    return rest if article.casefold() in DETERMINERS else name


def _names(scope: Scope, start: int, first: int, stop: int) -> tuple[str, ...]:
    spans = ((first, stop), (start, stop))
    names = [_one_spaced(scope.text(*each)) for each in spans]
    return tuple(dict.fromkeys((*names, untitled(names[0]))))


def _one_spaced(name: str) -> str:
    """Return a name with single blanks: nobody sees two of them, and no record is told from another by them."""
    return " ".join(name.split())
