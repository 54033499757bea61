"""Phrases that say which record is meant, or which records: by name, by what they belong to, or all of a kind."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.planning.offline.relations import related_phrase
from actwright.planning.rows.rows import rows_phrase
from actwright.planning.words.named import named_phrase, them_end
from actwright.planning.words.reading import RecordPhrase
from actwright.planning.words.scope import Scope

_ME = frozenset({"me", "myself"})


def record_phrase(
    scope: Scope, start: int, stop: int, objects: Sequence[str], *, bare: bool = False
) -> RecordPhrase | None:
    """Return what the tokens from ``start`` up to ``stop`` name, or None where they name no record.

    Args:
        scope: The clause.
        start: The first token.
        stop: Behind the last token.
        objects: The objects the record may belong to; the words may narrow them to one.
        bare: Whether a plural alone means all there are: ``open cases of Acme``, ``Bob's leads``.
    """
    if stop - start == 1 and scope.key(start) in _ME:
        known = "User" in objects and scope.user is not None
        return RecordPhrase(scope.key(start), (), ("User",), me=True) if known else None
    if them_end(scope, start) == stop:
        return RecordPhrase("them", (), tuple(objects), earlier=True)
    return (
        rows_phrase(scope, start, stop, objects, bare=bare)
        or related_phrase(scope, start, stop, objects)
        or named_phrase(scope, start, stop, objects)
    )
