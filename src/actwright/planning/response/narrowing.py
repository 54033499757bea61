"""Narrowing: which of the rows an action is repeated for a person wants, or does not want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from actwright.org.query import Condition, Operator
from actwright.planning.response.phrases import DOING, ENDS, KEEP, LEAVING_OUT, ONLY
from actwright.planning.response.subject import Subject
from actwright.planning.rows.row_binding import bound_rows
from actwright.planning.rows.rows import RowsReader, is_plural
from actwright.planning.words.lookups import Finder
from actwright.planning.words.reading import RecordPhrase, Rows
from actwright.planning.words.scope import Scope

_ONES = frozenset({"ones", "those", "rows", "records"})
_BEFORE = frozenset({"the", "those", "of", "all", "any", "my"})
_FARTHEST = 8
_OTHERWISE: dict[Operator, Operator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "IN": "NOT IN",
    "NOT IN": "IN",
}
_SEVERAL = (
    "Rows can be left out here by one condition at a time; for more than that, make a new plan."
)
_OF_WHICH = (
    "The plan is for rows of several objects: say which ones you mean, such as the deals above 50k."
)
_HANDED_IN = "The rows were handed in with the plan, so no condition can narrow them; name single rows instead."


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What words say of the rows.

    Attributes:
        stop: Where the words end.
        conditions: What rows have to meet besides, by the id of the action.
        problem: Why the words cannot be followed, where they cannot.
    """

    stop: int
    conditions: dict[str, tuple[Condition, ...]] = field(default_factory=dict)
    problem: str = ""


class Narrowing:
    """Reads ``only the ones above 50k`` and ``except those in Prospecting``.

    Args:
        scope: The words of the response.
        subjects: The actions that stay.
        finder: Looks records up.
    """

    def __init__(self, scope: Scope, subjects: Sequence[Subject], finder: Finder) -> None:
        self._scope = scope
        self._finder = finder
        self._repeated = [each for each in subjects if each.action.for_each is not None]

    def at(self, at: int) -> Narrowed | None:
        """Return what the words from ``at`` on say of the rows; None where they say nothing of them.

        Raises:
            PlanningError: A record the rows are told by was not found, or several were.
            OrgError: The org cannot be asked.
        """
        found = self._mark(at) if self._repeated else None
        if found is None:
            return None
        start, excepted = found
        for place, behind, subjects in self._things(start):
            for stop in self._stops(behind):
                rows = RowsReader(self._scope, subjects[0].index).read(
                    (self._scope.skip(start, _BEFORE), place), (behind, stop)
                )
                if rows is not None and (rows.tests or rows.records):
                    return self._bound(rows, subjects, stop, excepted=excepted)
        return None

    def _mark(self, at: int) -> tuple[int, bool] | None:
        """Return where the rows begin, and whether they are those that are not wanted."""
        scope = self._scope
        begin = at + (scope.key(at) in KEEP | DOING and scope.key(at + 1) in ONLY)
        if scope.key(begin) in ONLY:
            return scope.skip(begin + 1, KEEP | DOING), False
        for each in LEAVING_OUT:
            if tuple(scope.key(at + one) for one in range(len(each))) == each:
                return scope.skip(at + len(each), DOING), True
        return None

    def _things(self, start: int) -> Iterator[tuple[int, int, list[Subject]]]:
        """Yield where words for the rows stand, where they end, and the actions they could be meant for."""
        scope = self._scope
        for at in range(start, min(scope.end, start + _FARTHEST)):
            mention = scope.objects.at(scope.tokens, at, scope.end)
            named = mention.object.name if mention is not None and is_plural(mention) else ""
            own = [each for each in self._repeated if each.object == named]
            if mention is not None and own:
                yield at, at + mention.length, own
            elif scope.key(at) in _ONES and scope.key(at + 1) not in _ONES:
                yield at, at + 1, self._repeated

    def _stops(self, behind: int) -> Iterator[int]:
        """Yield where the conditions could end, the farthest first: ``and`` may join two of them, or begin a new part."""
        scope = self._scope
        yield scope.end
        ends = [at for at in range(behind, scope.end) if scope.key(at) in ENDS]
        yield from reversed(ends)

    def _bound(
        self, rows: Rows, subjects: Sequence[Subject], stop: int, *, excepted: bool
    ) -> Narrowed:
        if len({each.object for each in subjects}) > 1:
            return Narrowed(stop, problem=_OF_WHICH)
        self._finder.look_up(_phrases(rows))
        where = bound_rows(rows, self._finder).where
        handed = any(each.action.for_each and each.action.for_each.rows for each in subjects)
        if handed:
            return Narrowed(stop, problem=_HANDED_IN)
        if excepted:
            turned = _turned(where)
            if turned is None:
                return Narrowed(stop, problem=_SEVERAL)
            where = (turned,)
        return Narrowed(stop, {each.action.id: where for each in subjects})


def _phrases(rows: Rows) -> Iterator[tuple[str, RecordPhrase]]:
    for each in rows.records:
        for path in each.paths:
            for phrase in (each.record, *each.others):
                if path.object in phrase.objects:
                    yield path.object, phrase


def _turned(where: Sequence[Condition]) -> Condition | None:
    """Return the condition that all other rows meet; None where there is no single one."""
    if len(where) != 1 or where[0].operator not in _OTHERWISE:
        return None
    return where[0].model_copy(update={"operator": _OTHERWISE[where[0].operator]})
