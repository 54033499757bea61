"""Links of new records: where the record that a new one belongs to ends in the clause, and which field takes it."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.org.schema import FieldSchema
from actwright.planning.offline.called import NameReader
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.relations import related_end, role_end
from actwright.planning.rows.row_tests import NAME_ENDS
from actwright.planning.rows.rows import HEADS
from actwright.planning.words.lexicon import DETERMINERS, PRIMARY_OBJECTS, PRONOUNS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.named import them_end
from actwright.planning.words.reading import Link
from actwright.planning.words.scope import Scope

_UPWARD = frozenset({"ReportsToId", "ParentId", "MasterRecordId", "OwnerId"})
_OWNER = "OwnerId"
_FOR_PEOPLE = frozenset({"Task", "Event"})
"""Objects whose records are for somebody to do: ``a task for Bob`` is owned by him."""
_OF = "of"
_TELLING = NAME_ENDS - {"for", "on", "due"}
"""Words that say more of the rows, and nothing of the new record."""


class LinkReader:
    """Reads the records that a new one belongs to out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex, names: NameReader) -> None:
        self._scope = scope
        self._index = index
        self._names = names

    def link(self, start: int, stop: int, *, soft: bool = False) -> Link | None:
        """Return the link to the record named from ``start`` up to ``stop``, or None."""
        options = tuple(self._options())
        phrase = record_phrase(self._scope, start, stop, tuple(dict(options))) if options else None
        return Link(phrase, options, soft=soft) if phrase is not None else None

    def end(self, start: int) -> int:
        """Return where the record that begins at ``start`` ends: a name, what it is called by, or all its conditions."""
        return phrase_end(self._scope, self._names, start, tuple(dict(self._options())))

    def called_end(self, start: int) -> int:
        """Return where the one to call is named to its end, less what only goes on: ``Rosa Klein`` of ``Rosa Klein back``."""
        if self._scope.key(start) in PRONOUNS:
            return start + 1
        whole = self.end(start)
        phrase = self.link(start, whole)
        if phrase is not None and phrase.record.related is not None:
            return whole
        stop = self._names.end(self._scope.skip(start, DETERMINERS))
        while stop > start and not self._names.lively(stop - 1, stop):
            stop -= 1
        return stop

    def _options(self) -> Iterator[tuple[str, FieldSchema]]:
        yield from self._linkable()
        owner = self._index.schema.field(_OWNER)
        if (
            owner is not None
            and self._index.schema.name in _FOR_PEOPLE
            and self._scope.objects.get("User")
        ):
            yield "User", owner

    def _linkable(self) -> Iterator[tuple[str, FieldSchema]]:
        for each in self._index.schema.fields:
            if each.type != "reference" or each.name in _UPWARD or not self._index.createable(each):
                continue
            for name in each.reference_to:
                if name in PRIMARY_OBJECTS and self._scope.objects.get(name):
                    yield name, each


def phrase_end(scope: Scope, names: NameReader, start: int, objects: tuple[str, ...]) -> int:
    """Return where the phrase for a record of ``objects`` ends that begins at ``start``."""
    if scope.key(start) in HEADS:
        return _rows_end(scope, start, objects) or them_end(scope, start)
    first = scope.skip(start, DETERMINERS | {"new"})
    mention = scope.objects.at(scope.tokens, first, scope.end)
    stop = names.end(first + (mention.length if mention else 0))
    related = related_end(scope, start, stop, scope.end, objects)
    if related > start:
        return related
    return _beyond_of(scope, names, (start, stop), objects)


def _rows_end(scope: Scope, start: int, objects: tuple[str, ...]) -> int:
    """Return where all that is said of the rows ends: the more is said of them, the fewer they are.

    Nothing where words go on that could say more of them, and were not understood so.
    """
    for stop in range(scope.end, start + 1, -1):
        phrase = record_phrase(scope, start, stop, objects)
        if phrase is not None and phrase.rows is not None:
            return 0 if scope.key(stop) in _TELLING else stop
    return 0


def _beyond_of(
    scope: Scope, names: NameReader, span: tuple[int, int], objects: tuple[str, ...]
) -> int:
    """Return where ``the contact of case 00001002`` ends."""
    start, stop = span
    role = role_end(scope, start, objects)
    if scope.key(role) != _OF:
        return stop
    first = scope.skip(role + 1, DETERMINERS)
    mention = scope.objects.at(scope.tokens, first, scope.end)
    behind = names.end(first + (mention.length if mention else 0))
    phrase = record_phrase(scope, start, behind, objects)
    return behind if phrase is not None and phrase.related is not None else stop
