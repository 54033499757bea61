"""Phrases that name a record: quoted or not, with an article or an object word, an id, or ``it``."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.org.record_id import is_record_id, record_id
from actwright.planning.lexicon import DETERMINERS, PRONOUNS, SWEEPING
from actwright.planning.reading import RecordPhrase
from actwright.planning.scope import Scope
from actwright.planning.text import Token

_SHORT_ID, _LONG_ID = 15, 18
_LONGEST_NAME = 255
_IN_NAMES = frozenset("&-.'+#/\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}")
_NO_NAME = frozenset({"email", "url", "phone", "date"})
_BACK = frozenset({"the", "that", "this"})


def record_phrase(
    scope: Scope, start: int, stop: int, objects: Sequence[str]
) -> RecordPhrase | None:
    """Return what the tokens from ``start`` up to ``stop`` name, or None where they name no record.

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
        return RecordPhrase(words, (), tuple(objects), earlier=True)
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
    ahead = scope.objects.at(scope.tokens, first, stop)
    if ahead is not None and first + ahead.length == stop:
        back = scope.key(start) in _BACK and ahead.object.name in objects
        return RecordPhrase(words, (), (ahead.object.name,), earlier=True) if back else None
    if ahead is not None:
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
        names = tuple(dict.fromkeys(each for each in (inner, whole) if each))
        return RecordPhrase(words, names, (name,), named_object=True)
    others = tuple(objects)
    return (
        RecordPhrase(words, (_one_spaced(words),), others)
        if scope.tokens[span[0]].capital
        else None
    )


def _names(scope: Scope, start: int, first: int, stop: int) -> tuple[str, ...]:
    spans = ((first, stop), (start, stop))
    return tuple(dict.fromkeys(_one_spaced(scope.text(*each)) for each in spans))


def _one_spaced(name: str) -> str:
    """Return a name with single blanks: nobody sees two of them, and no record is told from another by them."""
    return " ".join(name.split())
