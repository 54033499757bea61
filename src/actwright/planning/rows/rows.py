"""Phrases that mean many records: ``every open case of Acme``, ``all my overdue tasks``, ``all deals except Acme Renewal``.

A phrase is understood whole or not at all: a word nobody understood could have narrowed the rows, and a query wider
than what was said is the gravest mistake there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from actwright.org.schema import FieldSchema
from actwright.planning.rows.row_records import RowRecords
from actwright.planning.rows.row_states import SaidState, StateTests
from actwright.planning.rows.row_tests import RowTests
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.objects import ObjectMention
from actwright.planning.words.reading import RecordPhrase, RowRecord, Rows, RowTest
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import pieces

HEADS = frozenset({"all", "every", "each"})
"""Words that ask for many records."""

_DEFINITE = frozenset({"my", "the"})
"""Words before a plural that mean all there are: ``my open cases``, ``the cases of Acme``."""

_BEHIND_HEAD = frozenset({"of", "the", "those", "these", "single"})
_JOINS = frozenset(
    {
        "and",
        "that",
        "which",
        "who",
        "are",
        "is",
        "were",
        "was",
        "still",
        "currently",
        ",",
        "in",
        "at",
    }
)
_STOPS = frozenset({".", "!", ";", ","})
_FARTHEST = 10
_LONGEST_WORDS = 255


@dataclass
class _Draft:
    """What was read so far."""

    tests: list[RowTest] = field(default_factory=list)
    records: list[RowRecord] = field(default_factory=list)
    state: FieldSchema | None = None
    strange: int | None = None


def rows_phrase(
    scope: Scope, start: int, stop: int, objects: Sequence[str], *, bare: bool = False
) -> RecordPhrase | None:
    """Return the rows that the tokens from ``start`` up to ``stop`` mean, or None where they mean none, or all there are.

    Args:
        scope: The clause.
        start: The first token.
        stop: Behind the last token.
        objects: The objects the rows may be of.
        bare: Whether a plural alone means them: ``open cases of Acme``, ``Bob's leads``.
    """
    while stop > start and scope.key(stop - 1) in _STOPS:
        stop -= 1
    head = scope.key(start)
    alone = head not in HEADS | _DEFINITE
    if alone and not bare:
        return None
    begin = rows_begin(scope, start)
    for at, mention in _mentions(scope, begin, stop, objects):
        # With a capital and nothing before it that asks for many, the word may belong to a name: Acme Orders.
        named = alone and scope.tokens[at].capital
        if named or (head not in HEADS and not is_plural(mention)):
            continue
        rows = RowsReader(scope, scope.fields(mention.object.name)).read(
            (begin, at), (at + mention.length, stop)
        )
        words = scope.text(start, stop)[:_LONGEST_WORDS]
        if rows is not None and (rows.tests or rows.records):
            return RecordPhrase(words, (), (rows.object,), named_object=True, rows=rows)
    return None


def rows_begin(scope: Scope, start: int) -> int:
    """Return where what is said of the rows begins: behind ``all of the``; ``my`` and ``Bob's`` say something already."""
    headed = scope.key(start) in HEADS | (_DEFINITE - {"my"})
    return scope.skip(start + 1, _BEHIND_HEAD) if headed else start


def is_plural(mention: ObjectMention) -> bool:
    """Tell whether several records are meant: ``cases``, and not ``case``."""
    return mention.words[-1].endswith("s") and mention.words != pieces(mention.object.label)


def _mentions(
    scope: Scope, begin: int, stop: int, objects: Sequence[str]
) -> Iterator[tuple[int, ObjectMention]]:
    for at in range(begin, min(stop, begin + _FARTHEST)):
        mention = scope.objects.at(scope.tokens, at, stop)
        if mention is not None and mention.object.name in objects:
            yield at, mention


class RowsReader:
    """Reads what is said of the rows of one object, before and behind the word for the object."""

    def __init__(self, scope: Scope, index: FieldIndex) -> None:
        self._scope = scope
        self._index = index
        self._states = StateTests(scope, index)
        self._tests = RowTests(scope, index)
        self._records = RowRecords(scope, index)

    def read(self, before: tuple[int, int], behind: tuple[int, int]) -> Rows | None:
        """Return the rows, or None where a word was not understood.

        Args:
            before: Where the words before the object begin and end.
            behind: Where those behind it do.
        """
        draft = self._read(before, behind)
        if draft.strange is not None:
            return None
        return Rows(self._index.schema.name, tuple(draft.tests), tuple(draft.records))

    def strange(self, before: tuple[int, int], behind: tuple[int, int]) -> int | None:
        """Return where the first words begin that were not understood; None where all were."""
        return self._read(before, behind).strange

    def _read(self, before: tuple[int, int], behind: tuple[int, int]) -> _Draft:
        draft = _Draft()
        self._read_before(draft, *before)
        if draft.strange is None:
            self._read_behind(draft, *behind)
        return draft

    def _read_before(self, draft: _Draft, at: int, stop: int) -> None:
        while at < stop:
            at = self._scope.skip(at, {"and", ",", "the"})
            state = self._states.at(at, stop) if at < stop else None
            said = None if state is not None or at >= stop else self._records.before(at, stop)
            if state is not None:
                draft.tests.append(state.test)
                at = state.stop
            elif said is not None:
                self._keep(draft, said.test, said.record)
                at = said.stop
            else:
                draft.strange = min(at, stop - 1)
                return

    def _read_behind(self, draft: _Draft, at: int, stop: int) -> None:
        while at < stop:
            joined = min(self._scope.skip(at, _JOINS), stop - 1)
            said = (self._one(draft, start, stop) for start in range(at, joined + 1))
            behind = next((each for each in said if each is not None), None)
            if behind is None:
                draft.strange = at
                return
            at = behind

    def _one(self, draft: _Draft, at: int, stop: int) -> int | None:
        """Read one thing said behind the object, and return the position behind it."""
        state = self._states.at(at, stop)
        if state is not None:
            draft.tests.append(state.test)
            draft.state = state.field
            return state.stop
        since = self._tests.since(at, stop, draft.state) if draft.state else None
        test = since or self._tests.at(at, stop) or self._held(at, stop)
        if test is not None:
            draft.tests.append(test.test)
            return test.stop
        said = self._records.behind(at, stop)
        if said is None:
            return None
        self._keep(draft, said.test, said.record)
        return said.stop

    def _held(self, at: int, stop: int) -> SaidState | None:
        """Read ``with high priority`` and ``at stage Prospecting``: a value behind a word that leads up to it."""
        start = self._scope.skip(at, {"with", "in", "at", "from", "a", "an", "the"})
        mention = self._index.field_at(self._scope.tokens, start, stop)
        behind = start + mention.length if mention is not None else start
        found = self._states.at(behind, stop) if at < start else None
        named = found is not None and found.field is not None
        if found is None or not named or (mention is not None and mention.field != found.field):
            return None
        return found

    @staticmethod
    def _keep(draft: _Draft, test: RowTest | None, record: RowRecord | None) -> None:
        draft.tests += [test] if test is not None else []
        draft.records += [record] if record is not None else []
