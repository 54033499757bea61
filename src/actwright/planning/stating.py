"""States in words: ``close ... as won``, ``move ... to Negotiation/Review``, ``mark ... as active``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.planning.assigning import Assigner
from actwright.planning.lexicon import STATES
from actwright.planning.matching import FieldIndex
from actwright.planning.reading import Assignment, Problem
from actwright.planning.scope import Scope
from actwright.planning.values import Converted, convert

_AS = frozenset({"as", "to", "into"})
_LONGEST = 4


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

    def of_verb(self, verb: str, stop: int) -> Iterator[State]:
        """Yield what ``verb`` and the words from ``stop`` on say: ``close ... as won``, or ``qualify ...`` alone."""
        words = STATES[verb]
        if self._scope.key(stop) in _AS:
            for end in range(min(self._scope.end, stop + 1 + _LONGEST), stop + 1, -1):
                if self._scope.tokens[end - 1].kind != "symbol":
                    both = dict.fromkeys((*words, *self._scope.parts(stop + 1, end)))
                    source = f"{verb} {self._scope.text(stop, end)}"
                    yield from self._named(tuple(both), source, end)
        yield from self._named(words, verb, stop)

    def behind(self, mark: int) -> Iterator[State]:
        """Yield what the words behind the one at ``mark`` say: a value, a yes-or-no field, part of a value."""
        found = self._assigner.at(mark)
        if found is not None:
            yield State(found.assignment, found.stop, sure=True)
            return
        yield from self._flag(mark + 1) or self._partial(mark + 1) or self._unknown(mark + 1)

    def _named(self, words: tuple[str, ...], source: str, stop: int) -> Iterator[State]:
        text = " ".join(words)
        for field in self._index.states():
            found = convert(field, text, self._scope.today)
            if isinstance(found, Converted):
                implied = len(words) == 1
                assignment = Assignment(field, source, value=found.value, implied=implied)
                yield State(assignment, stop, sure=not implied)
            elif found.several:
                yield State(Assignment(field, source, problem=found), stop)

    def _flag(self, start: int) -> list[State]:
        """Read ``as active``: a yes-or-no field named by its label."""
        mention = self._index.field_at(self._scope.tokens, start, self._scope.end)
        if mention is None or mention.field.type != "boolean" or not mention.field.updateable:
            return []
        stop = start + mention.length
        words = self._scope.text(start, stop)
        return [State(Assignment(mention.field, words, value=True), stop, sure=True)]

    def _partial(self, start: int) -> list[State]:
        """Read ``as lost`` where one value of the status holds the word."""
        for end in range(self._assigner.value_end(start), start, -1):
            if self._scope.tokens[end - 1].kind == "symbol":
                continue
            text = self._scope.text(start, end)
            for field in self._index.states():
                found = convert(field, text, self._scope.today)
                if isinstance(found, Converted):
                    assignment = Assignment(field, text, value=found.value, note=found.note)
                    return [State(assignment, end, sure=True)]
        return []

    def _unknown(self, start: int) -> list[State]:
        """Ask for the status where no value of it was named."""
        stop = self._assigner.value_end(start)
        text = self._scope.text(start, stop)
        for field in self._index.states()[:1]:
            problem = convert(field, text, self._scope.today)
            if isinstance(problem, Problem):
                return [State(Assignment(field, text, problem=problem), stop)]
        return []
