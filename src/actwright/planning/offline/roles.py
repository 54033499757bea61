"""Roles of people in deals: ``add Maria Garcia to the Acme Expansion as an influencer``, ``make her the decision maker``."""

from __future__ import annotations

from collections.abc import Iterator

from actwright.planning.offline.phrases import record_phrase
from actwright.planning.words.lexicon import DETERMINERS, INERT_SYMBOLS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Problem, Reading
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import assigned, convert

ROLE = "OpportunityContactRole"
"""The object that says who plays which part in a deal."""

_DEALS = ("Opportunity",)
_PEOPLE = ("Contact",)
_ON = frozenset({"on", "of", "for", "in"})


class RoleReader:
    """Reads one clause as somebody who plays a part in a deal.

    Args:
        scope: The clause, less its verb.
        index: The fields of the object that holds roles.
    """

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index

    def added(self) -> Iterator[Reading]:
        """Yield the readings of ``PERSON to DEAL as ROLE``; the role may be left unsaid."""
        end = self._end()
        for mark in range(1, end - 1):
            if self._scope.key(mark) != "to":
                continue
            yield from self._reading((0, mark), (mark + 1, end), None)
            for cut in range(mark + 2, end - 1):
                if self._scope.key(cut) == "as":
                    yield from self._reading((0, mark), (mark + 1, cut), (cut + 1, end))

    def made(self) -> Iterator[Reading]:
        """Yield the readings of ``PERSON the ROLE on DEAL``."""
        end = self._end()
        for mark in range(2, end - 1):
            if self._scope.key(mark) not in _ON:
                continue
            for cut in range(1, mark):
                if self._scope.key(cut) in DETERMINERS:
                    yield from self._reading((0, cut), (mark + 1, end), (cut, mark))

    def _reading(
        self, who: tuple[int, int], deal: tuple[int, int], role: tuple[int, int] | None
    ) -> Iterator[Reading]:
        person = record_phrase(self._scope, *who, _PEOPLE)
        parent = record_phrase(self._scope, *deal, _DEALS)
        contact, into = (self._index.schema.field(f"{each}Id") for each in (*_PEOPLE, *_DEALS))
        part = self._role(*role) if role else None
        if person is None or parent is None or contact is None or into is None:
            return
        if person.rows is not None or (role and part is None):
            return
        links = (
            Assignment(into, parent.words, record=parent),
            Assignment(contact, person.words, record=person),
        )
        said = (part,) if part else ()
        yield Reading("CREATE", self._index, None, (*links, *said), strong=bool(said))

    def _role(self, start: int, stop: int) -> Assignment | None:
        field = self._index.schema.field("Role")
        text = self._scope.text(self._scope.skip(start, DETERMINERS), stop)
        if field is None or not text:
            return None
        found = convert(field, text, self._scope.today)
        return None if isinstance(found, Problem) else assigned(field, text, found)

    def _end(self) -> int:
        stop = self._scope.end
        while stop > 0 and self._scope.key(stop - 1) in INERT_SYMBOLS:
            stop -= 1
        return stop
