"""Reading a response: part by part, what is to be left out, what stays, and which values are to be others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from actwright.blueprints.plan import Plan
from actwright.inert import inert
from actwright.planning.planner import PlanningRequest
from actwright.planning.ranking.indexes import Indexes
from actwright.planning.response.additions import is_addition
from actwright.planning.response.answers import said_answer
from actwright.planning.response.narrowing import Narrowing
from actwright.planning.response.phrases import (
    AS_IT_IS,
    CHANGING,
    DOING,
    ENDS,
    JOINING,
    KEEP,
    LEAVING_OUT,
    LISTED,
    LISTING,
    LONGEST_PART,
    NEGATING,
    NOT_NEEDED,
    ONLY,
    OUT,
    TURNING,
    WISHED,
    WISHING,
    is_place,
    less_trailing,
)
from actwright.planning.response.subject import Subjects, seen
from actwright.planning.response.values import ValueReader
from actwright.planning.response.wish import Unclear, Wanted, Wishes, several
from actwright.planning.words.lookups import Finder
from actwright.planning.words.scope import Scope, zone_of
from actwright.planning.words.text import screen, tokenize


class ResponseReader:
    """Reads responses to plans, with the readers that goals are read with.

    One reader may be kept for long: it keeps what it has indexed of the schema.
    """

    def __init__(self) -> None:
        self._indexes = Indexes()

    def wishes(
        self,
        plan: Plan,
        words: str,
        request: PlanningRequest,
        rows: Mapping[str, str] | None = None,
    ) -> Wishes:
        """Return what a response asks to be otherwise in a plan.

        Args:
            plan: The plan it is about.
            words: The response. Hostile input.
            request: Gives org, person and day; its goal is not read.
            rows: What the rows that actions are repeated for are called, by the ids of their effects.

        Raises:
            PlanningError: The words cannot be read by eye.
            OrgError: The org cannot be asked.
        """
        screen(words)
        answer = said_answer(tokenize(words))
        if answer is not None:
            return Wishes(answer="y" if answer else "n")
        zone, _ = zone_of(request.org.user)
        objects, fields = self._indexes.objects(request.org), self._indexes.fields(request.org)
        scope = Scope(
            words,
            less_trailing(tokenize(words)),
            request.clock.now().astimezone(zone).date(),
            objects,
            fields,
            user=request.org.user,
            zone=zone,
        )
        finder = Finder(request.org, objects, fields)
        known = Subjects(plan, tuple(seen(plan, fields)), objects, rows or {})
        gone = _Parts(scope, known, finder, frozenset()).read().without
        return _Parts(scope, known, finder, frozenset(gone)).read()


class _Parts:
    """One response, on its way from the first word to the last.

    Args:
        scope: Its words.
        subjects: The actions of the plan.
        finder: Looks records up.
        gone: What is known to be left out, so that no value is meant for it.
    """

    def __init__(
        self, scope: Scope, subjects: Subjects, finder: Finder, gone: Collection[str]
    ) -> None:
        self._scope = scope
        self._subjects = subjects
        self._wishes = Wishes()
        self._leaving_out = False
        self._joined = frozenset({""})
        staying = [each for each in subjects.all if each.action.id not in gone]
        self._values = ValueReader(scope, staying, scope.objects, finder)
        self._narrowing = Narrowing(scope, staying, finder)

    def read(self) -> Wishes:
        """Return what every part asks for; words that fit nowhere are left."""
        at = 0
        while at < self._scope.end:
            behind = self._scope.skip(at, JOINING)
            if behind >= self._scope.end:
                break
            between = frozenset(self._scope.key(each) for each in range(at, behind))
            self._joined = between if at else between | {""}
            at = self._part(behind)
        self._wishes.unclear += self._wishes.contradictions()
        return self._wishes

    def _part(self, at: int) -> int:
        readers = (self._narrowed, self._kept, self._left_out, self._only, self._added)
        for read in (*readers, self._value, self._also):
            stop = read(at)
            if stop is not None:
                self._leaving_out = read in (self._left_out, self._also)
                return stop
        stop = self._end(at)
        self._wishes.left.append(self._scope.text(at, stop))
        return stop

    def _narrowed(self, at: int) -> int | None:
        """Read ``only the ones above 50k`` and ``except those in Prospecting``, said of rows."""
        found = self._narrowing.at(at)
        if found is None:
            return None
        self._wishes.narrowed |= found.conditions
        if found.problem:
            words = self._scope.text(at, found.stop)
            self._wishes.unclear.append(Unclear(words, found.problem))
        return found.stop

    def _added(self, at: int) -> int | None:
        """Read ``create a call for Monday``, which no edit can add to a plan."""
        start = self._behind_wish(at)
        if not is_addition(self._scope, start, self._subjects.all):
            return None
        stop = self._end(start)
        self._wishes.added.append(self._scope.text(start, stop))
        return stop

    def _behind_wish(self, at: int) -> int:
        """Return where what is wanted begins: behind ``I would like to``."""
        return self._scope.skip(at, WISHED) if self._scope.key(at) in WISHING else at

    def _kept(self, at: int) -> int | None:
        """Read ``leave the amount as it is``, and ``keep the task``, which asks for nothing."""
        scope = self._scope
        if scope.key(at) not in KEEP or scope.key(at + 1) in ONLY:
            return None
        for stop in range(at + 2, min(scope.end, at + LONGEST_PART) + 1):
            mark = next((each for each in AS_IT_IS if self._keys(stop, len(each)) == each), None)
            if mark is not None:
                return self._as_it_is(at, stop, stop + len(mark))
        stop = self._end(at)
        named = self._subjects.named(scope, at + 1, stop) if scope.key(at) == "keep" else ()
        if any("." in each and not self._subjects.creates(each) for each in named):
            return self._ambiguous(at, stop)
        self._wishes.kept += named
        return stop if named else None

    def _as_it_is(self, at: int, stop: int, behind: int) -> int | None:
        """Leave out a value that is to stay as the record has it; a new record has none, so that it stays as planned."""
        named = self._subjects.named(self._scope, at + 1, stop)
        creates = any(self._subjects.creates(each) for each in named)
        whole = any("." not in each for each in named)
        if whole and (creates or self._scope.key(at) == "keep"):
            return self._ambiguous(at, behind)
        if creates:
            self._wishes.kept += named
            return behind
        return self._leave(at + 1, stop, behind)

    def _ambiguous(self, at: int, stop: int) -> int:
        words = self._scope.text(at, stop)
        text = f'"{inert(words, limit=80)}" could mean as the plan has it, or as the record is now.'
        self._wishes.unclear.append(Unclear(words, text))
        return stop

    def _left_out(self, at: int) -> int | None:
        """Read ``not the task``, ``skip the call``, ``leave the amount out``."""
        scope = self._scope
        stop = self._end(at)
        if scope.key(at) in OUT and scope.key(stop - 1) == "out":
            return self._leave(at + 1, stop - 1, stop)
        for each in NOT_NEEDED:
            if self._keys(stop - len(each), len(each)) == each:
                return self._leave(at, stop - len(each), stop)
        length = next(
            (len(each) for each in LEAVING_OUT if self._keys(at, len(each)) == each), None
        )
        if length is None:
            return None
        start = at + length
        stop = scope.find(max(start, at + 1), ENDS)
        if scope.key(start) in DOING and start + 1 < stop:
            return self._undone(at, start, stop)
        return self._leave(start, stop, stop) or self._wrong_value(start, stop)

    def _undone(self, at: int, start: int, stop: int) -> int | None:
        """Read ``don't create the task``; ``don't change the task`` says of a new one neither yes nor no."""
        scope = self._scope
        named = self._subjects.named(scope, start + 1, stop)
        if scope.key(start) in CHANGING and any(self._subjects.creates(each) for each in named):
            return self._ambiguous(at, stop)
        return self._leave(start + 1, stop, stop)

    def _also(self, at: int) -> int | None:
        """Read the second of two things left out together: ``not the task and the call``."""
        together = self._joined <= LISTING and bool(self._joined & LISTED)
        stop = self._end(at)
        return self._leave(at, stop, stop) if self._leaving_out and together else None

    def _only(self, at: int) -> int | None:
        """Read ``only the task``, ``keep only a1``, ``just do the call``: every other action is left out."""
        scope = self._scope
        begin = at + (scope.key(at) in KEEP | DOING and scope.key(at + 1) in ONLY)
        if scope.key(begin) not in ONLY:
            return None
        stop = self._end(begin)
        named = self._subjects.named(scope, scope.skip(begin + 1, KEEP | DOING), stop)
        kept = {each.partition(".")[0] for each in named}
        if not kept or any("." in each for each in named):
            return None
        others = [each for each in self._subjects.ids if each not in kept]
        self._wishes.without += others
        self._wishes.kept += kept
        return stop

    def _leave(self, start: int, stop: int, behind: int) -> int | None:
        """Take note of what is to be left out, and return where its words end; None where they name nothing.

        A second negation among the words turns them round, and ``for`` says for whom: neither names a thing.
        """
        scope = self._scope
        turned = any(scope.key(each) in NEGATING for each in range(start, stop))
        if turned or scope.key(start) in TURNING:
            return None
        named = self._subjects.named(scope, start, stop)
        if not named:
            return None
        if len(named) > 1 and not self._subjects.meant_all(scope, start, stop):
            words = scope.text(start, stop)
            self._wishes.unclear.append(several(words, named))
            return behind
        self._wishes.without += [each for each in named if each not in self._wishes.without]
        return behind

    def _wrong_value(self, start: int, stop: int) -> int | None:
        """Read the value that is not meant in ``15 December, not the 1st``: it asks for nothing by itself."""
        at = self._scope.skip(start, {"the", "on"})
        said = self._scope.date_at(at)
        if said is not None and at + said.length == stop:
            return stop
        word = self._scope.key(at)
        return stop if stop == at + 1 and word[:1].isdigit() and not is_place(word) else None

    def _value(self, at: int) -> int | None:
        start = self._behind_wish(at)
        stop = self._end(start)
        found = self._values.at(start, stop, alone=bool(self._joined))
        if found is None:
            return None
        wanted, behind = found
        self._take(wanted)
        return behind

    def _take(self, wanted: Wanted) -> None:
        if len(wanted.options) == 1:
            self._wishes.set(*wanted.options[0], wanted.words)
        elif wanted.options:
            names = [name for name, _ in wanted.options]
            self._wishes.unclear.append(several(wanted.words, names))
        else:
            self._wishes.unclear.append(Unclear(wanted.words, wanted.problem))

    def _end(self, at: int) -> int:
        """Return where the part that begins at ``at`` ends."""
        return self._scope.find(at + 1, ENDS)

    def _keys(self, at: int, length: int) -> tuple[str, ...]:
        return tuple(self._scope.key(each) for each in range(at, at + length))
