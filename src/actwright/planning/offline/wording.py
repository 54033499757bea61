"""Free text of new records: ``: printer is broken, high priority`` and errands such as ``to send the quote by Friday``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from actwright.planning.offline.assigning import Assigner
from actwright.planning.offline.called import TEXT
from actwright.planning.offline.turning import conditional
from actwright.planning.words.lexicon import (
    DATE_FIELDS,
    DETERMINERS,
    FILLERS,
    FREE_TEXT_FIELDS,
    INERT_SYMBOLS,
    PRONOUNS,
)
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.scope import Scope
from actwright.planning.words.values import convert

_DUE = frozenset({"on", "by", "due", "for"})
_NOT_DUE = frozenset(
    {"not", "before", "after", "every", "each", "than", "until", "till", "since", "except", "but"}
    | {"or", "and", "from", "between", "around", "never", "unless", "past"}
)
"""Words behind which a day is not the one the errand is due on."""
_ABOUT = (
    ("check", "in", "with"),
    ("check", "on"),
    ("follow", "up", "on"),
    ("follow", "up", "with"),
    ("talk", "to"),
    ("speak", "to"),
    ("speak", "with"),
    ("meet", "with"),
    ("call",),
)
"""Errands that lead up to the record they are about."""

_CALLS = (("call",), ("follow", "up"), ("followup",))


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and the field that takes it, the position behind it, and where the person to call is named, if anywhere."""

    assignment: Assignment
    stop: int
    called: int | None = None


class WordingReader:
    """Reads the text that a new record of one object is to hold out of one clause."""

    def __init__(
        self, scope: Scope, index: FieldIndex, assigner: Assigner, named_end: Callable[[int], int]
    ) -> None:
        """Read out of ``scope``; ``named_end`` tells where an owner or a link ends that begins at a position, or that one."""
        self._scope = scope
        self._index = index
        self._assigner = assigner
        self._named_end = named_end

    def at(self, at: int, taken: frozenset[str]) -> Wording | None:
        """Return the text that begins at ``at``, up to assignments at its end; None where there is none.

        Args:
            at: The position.
            taken: API names of the fields that hold something already.
        """
        errand = self._is_errand(at)
        if self._scope.key(at) not in TEXT and not errand:
            return None
        names = (each for each in FREE_TEXT_FIELDS if self._takes_text(each, taken))
        target = next(names, None)
        stop = self._end(at + 1, errand=errand)
        if target is None or stop <= at + 1:
            return None
        call = errand and self._scope.key(at + 1) == "call"
        assignment = self._assignment(target, self._scope.text(at + 1, stop), call=call)
        return Wording(assignment, stop, self._about(at + 1) if errand else None)

    def _about(self, at: int) -> int | None:
        """Return where the one is named whom the errand at ``at`` is about: ``call Bob``, ``check on Acme Renewal``."""
        keys = tuple(self._scope.key(at + ahead) for ahead in range(3))
        lengths = (len(each) for each in _ABOUT if keys[: len(each)] == each)
        length = next(lengths, 0)
        return at + length if length else None

    def _assignment(self, name: str, text: str, *, call: bool) -> Assignment:
        field = self._index.schema.by_name[name.lower()]
        found = convert(field, text, self._scope.today)
        if isinstance(found, Problem):
            return Assignment(field, text, problem=found)
        value = str(found.value)
        return Assignment(field, text, value=value[:1].upper() + value[1:] if call else value)

    def _takes_text(self, name: str, taken: frozenset[str]) -> bool:
        found = self._index.schema.field(name)
        return found is not None and self._index.createable(found) and name not in taken

    def _is_errand(self, at: int) -> bool:
        """Tell whether ``to`` opens an errand (``a task to send the contract``), not a record."""
        subject = self._index.schema.field("Subject")
        if subject is None or not subject.name_field or self._scope.key(at) != "to":
            return False
        behind = self._scope.key(at + 1)
        if not behind or behind in DETERMINERS | PRONOUNS or self._scope.tokens[at + 1].capital:
            return False
        named = self._scope.objects.at(self._scope.tokens, at + 1, self._scope.end)
        return self._scope.tokens[at + 1].kind == "word" and (
            named is None or named.words in _CALLS
        )

    def _end(self, start: int, *, errand: bool) -> int:
        scope = self._scope
        if start < scope.end and scope.tokens[start].kind == "quoted":
            return start + 1
        for at in range(start, scope.end):
            if scope.key(at) == "," and (self._item_read(at + 1) or self._meant_due(at + 1)):
                return at
            if errand and at > start and conditional(scope, at):
                return at
            if self._due(at) and (errand or self._all_assigned(at)):
                return at
        return scope.end - (scope.end > start + 1 and scope.key(scope.end - 1) in {".", "!"})

    def _due(self, at: int) -> bool:
        """Tell whether a date begins here that the new record has a field for."""
        named = self._index.schema.name in DATE_FIELDS
        before = at - 1
        while self._scope.key(before) in _DUE:
            before -= 1
        if before >= 0 and self._scope.key(before) in _NOT_DUE:
            return False
        return named and self._scope.date_at(self._scope.skip(at, _DUE)) is not None

    def _meant_due(self, at: int) -> bool:
        """Tell whether the clause ends with ``due`` and words that name no day, which then is to be asked."""
        found = self._assigner.at(at) if self._scope.key(at) == "due" else None
        return found is not None and found.stop >= self._scope.end - 1

    def _item_read(self, at: int) -> bool:
        """Tell whether the item of a list that begins at ``at`` says something of the new record, or all that follow do.

        One such item ends the text: a list is read to its end, or not at all.
        """
        if self._all_assigned(at):
            return True
        start = self._scope.skip(at, FILLERS | {"and", "with"})
        stop = self._scope.find(start, {","})
        found = self._assigner.at(start) if start < stop else None
        if found is not None and found.assignment.problem is None and found.stop == stop:
            return True
        if self._all_assigned(at, wrong=True):
            return True
        return self._named_end(start) == stop > start

    def _all_assigned(self, at: int, *, wrong: bool = False) -> bool:
        """Tell whether all that follows says fields and values; ``wrong`` ones of a picklist too, which are asked for."""
        while at < self._scope.end:
            if self._scope.key(at) in INERT_SYMBOLS | FILLERS | {"and"}:
                at += 1
                continue
            found = self._assigner.at(at)
            problem = found.assignment.problem if found is not None else None
            wrongly = problem is not None and not (wrong and problem.reason == "no_value")
            if found is None or wrongly or found.stop <= at:
                return False
            at = found.stop
        return True
