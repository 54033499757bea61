"""States in words: ``close ... as won``, ``move ... to Negotiation/Review``, ``mark ... as active``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.org.schema import FieldSchema
from actwright.planning.offline.assigning import Assigner
from actwright.planning.words.lexicon import EVERYDAY_STATES, FLAG_VERBS, OTHER_STATES, STATES
from actwright.planning.words.matching import FieldIndex, picklist_matches
from actwright.planning.words.reading import Assignment, Problem
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import pieces
from actwright.planning.words.values import Converted, assigned, convert, picklist_candidates

_AS = frozenset({"as", "to", "into"})
_DENYING = ("in", "un", "non-", "non")
_LONGEST = 4
_LONGEST_VALUE = 12


@dataclass(frozen=True, slots=True)
class State:
    """A state a record is to take.

    Attributes:
        assignment: The field that holds it, and the value or the problem with it.
        stop: The position behind its words.
        sure: Whether the words alone point at this object.
    """

    assignment: Assignment
    stop: int
    sure: bool = False


class StateReader:
    """Reads the state a clause puts a record of one object into."""

    def __init__(self, scope: Scope, index: FieldIndex, assigner: Assigner) -> None:
        self._scope = scope
        self._index = index
        self._assigner = assigner

    def of_verb(self, verb: str, said: str, stop: int) -> Iterator[State]:
        """Yield what ``verb`` and the words from ``stop`` on say: ``close ... as won``, or ``qualify ...`` alone.

        Args:
            verb: The verb.
            said: The words that say it.
            stop: The position behind the record.
        """
        words = STATES[verb]
        if self._scope.key(stop) in _AS:
            for end in range(min(self._scope.end, stop + 1 + _LONGEST), stop + 1, -1):
                if self._scope.tokens[end - 1].kind != "symbol":
                    both = dict.fromkeys((*words, *self._scope.parts(stop + 1, end)))
                    source = f"{said} {self._scope.text(stop, end)}"
                    yield from self._named(tuple(both), source, end)
        if not words:
            yield from self._open(said, stop)
            return
        named = list(self._named(words, said, stop))
        named = named or list(self._named(OTHER_STATES.get(verb, ()), said, stop))
        yield from named or self._flagged(verb, said, stop)

    def _flagged(self, verb: str, said: str, stop: int) -> Iterator[State]:
        """Read ``deactivate ...`` where a yes-or-no field and no status says so."""
        field = self._index.by_name("active") if verb in FLAG_VERBS else None
        if field is not None and field.type == "boolean" and self._index.updateable(field):
            yield State(Assignment(field, said, value=FLAG_VERBS[verb]), stop)

    def _open(self, said: str, stop: int) -> Iterator[State]:
        """Ask for the state where the verb says only that it changes."""
        for field in self._index.states()[:1]:
            problem = Problem(
                "no_value", f"{said!r} says no {field.label}.", picklist_candidates(field)
            )
            yield State(Assignment(field, said, problem=problem), stop)

    def bare(self, start: int, end: int) -> Iterator[State]:
        """Yield the state that the words from ``start`` up to ``end`` name by themselves: ``closed won``, ``active``."""
        text = self._scope.text(start, end)
        flagged = self._flag(start)
        yield from (each for each in flagged if each.stop == end)
        for field in self._index.states():
            found = convert(field, text, self._scope.today)
            if isinstance(found, Converted):
                assignment = assigned(field, text, found)
                yield State(assignment, end, sure=True)
            elif found.several:
                yield State(Assignment(field, text, problem=found), end, sure=True)

    def behind(self, mark: int) -> Iterator[State]:
        """Yield what the words behind the one at ``mark`` say: a value, a yes-or-no field, part of a value."""
        found = self._assigner.at(mark)
        if found is not None and not self._also_state(found.assignment):
            yield State(found.assignment, found.stop, sure=True)
            return
        start = mark + 1
        yield from (
            self._flag(start)
            or self._partial(start)
            or self._everyday(start)
            or self._unknown(start)
        )

    def _everyday(self, start: int) -> list[State]:
        """Read ``as done`` where a status calls that ``Completed``."""
        for word in EVERYDAY_STATES.get(self._scope.key(start), ()):
            for field in self._index.states():
                found = convert(field, word, self._scope.today)
                if isinstance(found, Converted):
                    text = self._scope.text(start, start + 1)
                    return [State(assigned(field, text, found), start + 1, sure=True)]
        return []

    def _also_state(self, assignment: Assignment) -> bool:
        """Tell whether a value of another picklist is a part of several states: ``closed`` is won or lost."""
        states = self._index.states()
        if assignment.value is None or assignment.field in states:
            return False
        return self._names_picklist_value(assignment) and any(
            picklist_matches(each, pieces(assignment.words)) for each in states
        )

    @staticmethod
    def _names_picklist_value(assignment: Assignment) -> bool:
        matched = picklist_matches(assignment.field, pieces(assignment.words))
        return any(each.value == assignment.value for each in matched)

    def _named(self, words: tuple[str, ...], source: str, stop: int) -> Iterator[State]:
        text = " ".join(words)
        for field in self._index.states() if words else ():
            found = convert(field, text, self._scope.today)
            if isinstance(found, Converted):
                implied = len(words) == 1
                plain = found if "spelling" in found.doubts else Converted(found.value)
                assignment = assigned(field, source, plain, implied=implied)
                yield State(assignment, stop, sure=not implied)
            elif found.several:
                yield State(Assignment(field, source, problem=found), stop)

    def _flag(self, start: int) -> list[State]:
        """Read ``as active`` and ``as inactive``: a yes-or-no field named by its label, or by what it is not."""
        denied = self._scope.key(start) == "not"
        mention = self._index.field_at(self._scope.tokens, start + denied, self._scope.end)
        field, length = (mention.field, mention.length) if mention else (self._opposite(start), 1)
        if field is None or field.type != "boolean" or not self._index.updateable(field):
            return []
        stop = start + denied + length
        words = self._scope.text(start, stop)
        value = mention is not None and not denied
        return [State(Assignment(field, words, value=value), stop, sure=True)]

    def _opposite(self, at: int) -> FieldSchema | None:
        """Return the field that a word such as ``inactive`` denies."""
        key = self._scope.key(at)
        denied = (key.removeprefix(each) for each in _DENYING if key.startswith(each))
        return next((found for each in denied if (found := self._index.by_name(each))), None)

    def _partial(self, start: int) -> list[State]:
        """Read ``as lost`` where one value of the status holds the word."""
        for end in range(min(self._assigner.value_end(start), start + _LONGEST_VALUE), start, -1):
            if self._scope.tokens[end - 1].kind == "symbol":
                continue
            text = self._scope.text(start, end)
            for field in self._index.states():
                found = convert(field, text, self._scope.today)
                if isinstance(found, Converted):
                    assignment = assigned(field, text, found)
                    return [State(assignment, end, sure=True)]
        return []

    def _unknown(self, start: int) -> list[State]:
        """Ask for the status where no value of it was named."""
        stop = self._assigner.value_end(start)
        text = self._scope.text(start, stop)
        for field in self._index.states()[:1]:
            problem = convert(field, text, self._scope.today)
            if isinstance(problem, Problem):
                return [State(Assignment(field, text, problem=problem), stop, sure=problem.several)]
        return []
