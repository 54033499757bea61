"""Names of new records: where one ends, and which fields it fills."""

from __future__ import annotations

from actwright.planning.words.lexicon import INERT_SYMBOLS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.people import is_title, name_assignments
from actwright.planning.words.reading import Assignment
from actwright.planning.words.scope import Scope

CALLED = frozenset({"named", "called", "titled"})
"""Words before a name."""

TEXT = frozenset({":", "-", "\N{EN DASH}", "\N{EM DASH}", "saying", "about", "regarding"})
"""Words before a free text."""

LINKS = frozenset({"for", "to", "on", "with", "at", "from", "under", "in", "of"})
"""Words before a record that the new one belongs to."""

NAME_ENDS = (CALLED | TEXT | LINKS | INERT_SYMBOLS) | frozenset(
    {"worth", "closing", "due", "by", "because", "as", "assigned", "owned", "and", "that"}
)
"""Words that no name goes on with."""


class NameReader:
    """Reads the name of a new record, or of one it belongs to, out of one clause."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index

    def end(self, at: int) -> int:
        """Return where the name that begins at ``at`` ends."""
        scope = self._scope
        if at < scope.end and scope.tokens[at].kind == "quoted":
            return at + 1
        stop = at
        while stop < scope.end and self._goes_on(stop, at):
            stop += 1
        return stop

    def lively(self, start: int, stop: int) -> bool:
        """Tell whether the words look like a name: one of them is quoted or begins with a capital."""
        tokens = self._scope.tokens[start:stop]
        return any(each.capital or each.kind == "quoted" for each in tokens)

    def assignments(self, start: int, stop: int) -> tuple[Assignment, ...]:
        """Return what a record of that name holds; empty where the org gives the names."""
        text = " ".join(self._scope.text(start, stop).split())
        return name_assignments(self._index.schema, text, self._scope.today) if text else ()

    def _goes_on(self, at: int, start: int) -> bool:
        token = self._scope.tokens[at]
        if token.text == ".":
            return at > start and self._abbreviates(at)
        if token.kind not in {"word", "number"} and token.text != "&":
            return False
        behind_capital = at + 1 < self._scope.end and self._scope.tokens[at + 1].capital
        if at > start and token.key in {"and", "of"}:
            return behind_capital
        if token.key in NAME_ENDS or self._scope.date_at(at):
            return False
        return token.capital or self._index.field_at(self._scope.tokens, at, at + 2) is None

    def _abbreviates(self, at: int) -> bool:
        """Tell whether a point ends a title or an initial, and a name goes on behind it: ``Dr. Jane``, ``John F. Kennedy``."""
        before, behind = self._scope.tokens[at - 1], self._scope.tokens[at + 1 : at + 2]
        glued = before.end == self._scope.tokens[at].start
        short = is_title(before.text) or (len(before.text) == 1 and before.capital)
        return glued and short and any(each.capital for each in behind)
