"""Records called by another one: ``the Acme renewal's main contact``, ``the owner of Globex Pilot``, ``Acme's open case``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actwright.planning.rows.row_states import StateTests
from actwright.planning.rows.rows import is_plural
from actwright.planning.words.lexicon import DETERMINERS, PRIMARY_OBJECTS
from actwright.planning.words.named import named_phrase
from actwright.planning.words.reading import RecordPhrase, Related, RowTest
from actwright.planning.words.scope import Scope

_OF = frozenset({"of", "for", "on", "behind"})
_MAIN = frozenset({"main", "primary"})
_OWNER = "owner"
_LONGEST_ROLE = 6


@dataclass(frozen=True, slots=True)
class _Role:
    """What a record is called as, ``main contact`` or ``open case``, and the position behind it."""

    object: str
    stop: int
    main: bool
    tests: tuple[RowTest, ...]


def related_phrase(
    scope: Scope, start: int, stop: int, objects: Sequence[str]
) -> RecordPhrase | None:
    """Return the record that the tokens from ``start`` up to ``stop`` call by another one, or None.

    Args:
        scope: The clause.
        start: The first token.
        stop: Behind the last token.
        objects: The objects the record may be of.
    """
    return _owned(scope, start, stop, objects) or _of(scope, start, stop, objects)


def related_end(scope: Scope, start: int, stop: int, limit: int, objects: Sequence[str]) -> int:
    """Return where a record called by another one before it ends, ``Acme Renewal's main contact``.

    Args:
        scope: The clause.
        start: Where the other one begins.
        stop: Where its name ends at the latest.
        limit: Where the words for the record may reach.
        objects: The objects it may be of.
    """
    for at in range(start, min(stop, limit)):
        if scope.tokens[at].possessive:
            role = _role(scope, at + 1, limit, objects)
            return role.stop if role is not None else start
    return start


def role_end(scope: Scope, start: int, objects: Sequence[str]) -> int:
    """Return where what a record is called as ends, ``the main contact``; ``start`` where none begins there."""
    role = _role(scope, scope.skip(start, DETERMINERS), scope.end, objects)
    return role.stop if role is not None else start


def _owned(scope: Scope, start: int, stop: int, objects: Sequence[str]) -> RecordPhrase | None:
    """Read ``the Acme renewal's main contact``."""
    for at in range(stop - 2, start - 1, -1):
        if not scope.tokens[at].possessive:
            continue
        role = _role(scope, at + 1, stop, objects)
        return (
            _phrase(scope, (start, at + 1), role, (start, stop))
            if role and role.stop == stop
            else None
        )
    return None


def _of(scope: Scope, start: int, stop: int, objects: Sequence[str]) -> RecordPhrase | None:
    """Read ``the main contact of Acme Renewal``."""
    role = _role(scope, scope.skip(start, DETERMINERS), stop, objects)
    if role is None or scope.key(role.stop) not in _OF or role.stop + 1 >= stop:
        return None
    return _phrase(scope, (role.stop + 1, stop), role, (start, stop))


def _phrase(
    scope: Scope, base: tuple[int, int], role: _Role, whole: tuple[int, int]
) -> RecordPhrase | None:
    known = tuple(each for each in PRIMARY_OBJECTS if scope.objects.get(each))
    mention = scope.objects.at(scope.tokens, scope.skip(base[0], DETERMINERS), base[1])
    named = (
        (mention.object.name,) if mention is not None and mention.object.name not in known else ()
    )
    phrase = named_phrase(scope, *base, (*known, *named))
    if phrase is None:
        return None
    related = Related(phrase, role.object, role.main, role.tests)
    return RecordPhrase(scope.text(*whole), (), (role.object,), named_object=True, related=related)


def _role(scope: Scope, at: int, stop: int, objects: Sequence[str]) -> _Role | None:
    tests: list[RowTest] = []
    main = False
    for _ in range(_LONGEST_ROLE):
        mention = scope.objects.at(scope.tokens, at, stop)
        if scope.key(at) == _OWNER and at < stop and "User" in objects:
            return None if tests or main else _Role("User", at + 1, main=False, tests=())
        if mention is not None and is_plural(mention):
            return None
        if mention is not None and mention.object.name in objects:
            return _Role(mention.object.name, at + mention.length, main, tuple(tests))
        if mention is not None and mention.object.name in PRIMARY_OBJECTS:
            return None
        if scope.key(at) in _MAIN and not main:
            main, at = True, at + 1
            continue
        state = _state(scope, at, stop, objects)
        if state is None:
            return None
        tests.append(state[0])
        at = state[1]
    return None


def _state(scope: Scope, at: int, stop: int, objects: Sequence[str]) -> tuple[RowTest, int] | None:
    """Read ``open`` in ``Acme's open case``, in the sense it has for the object that is named behind."""
    for ahead in range(at + 1, min(stop, at + _LONGEST_ROLE)):
        mention = scope.objects.at(scope.tokens, ahead, stop)
        if mention is not None and mention.object.name in objects:
            index = scope.fields(mention.object.name)
            found = StateTests(scope, index).at(at, ahead)
            return (found.test, found.stop) if found is not None else None
    return None
