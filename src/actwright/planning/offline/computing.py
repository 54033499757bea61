"""Reading clauses whose new record holds what has to be worked out: ``a task whose description holds Acme's total ...``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from actwright.errors import PlanningError
from actwright.org.schema import FieldSchema
from actwright.planning.offline.anchoring import owner_phrase
from actwright.planning.offline.clause import Clause
from actwright.planning.offline.computations import Misunderstood, computation
from actwright.planning.offline.functions import says_function
from actwright.planning.offline.marking import Mark, marks, may_compute, plainly
from actwright.planning.offline.phrases import record_phrase
from actwright.planning.offline.understanding import Understood, understand
from actwright.planning.words.lexicon import INERT_SYMBOLS, VERBS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Anchor, Assignment, Computation, Computed, Reading
from actwright.planning.words.scope import Scope
from actwright.planning.words.text import Token
from actwright.planning.words.values import TEXT_TYPES

_GIVING = frozenset({"assign", "give", "hand", "transfer", "route", "reassign"})
_IT = frozenset({"it", "this", "that"})
_NEW = [["task"], ["event"], ["note"], ["record"], ["todo"], ["new", "task"]]
_OWNED = (("assigned", "to"), ("owned", "by"), ("and", "assigned", "to"))
_ENDS = frozenset({",", "and", "for", "due", "assigned", "owned", "with", "on", "by", ".", "!"})
_MOST_FIELDS = 5
_LONGEST = 80
"""Tokens of a clause that is read for computations; a longer one would take too long."""


def with_owners(
    goal: str, parts: Sequence[Clause], computes: Callable[[Clause], bool]
) -> tuple[Clause, ...]:
    """Return the clauses; ``and assign it to Bob`` becomes part of the computing clause it stands behind.

    Args:
        goal: The goal's words.
        parts: Its clauses.
        computes: Tells whether a clause asks for a record that holds what has to be worked out.
    """
    found: list[Clause] = []
    for part in parts:
        given = _given(part) if found and not found[-1].owner else ()
        if given and computes(found[-1]):
            whole = goal[goal.find(found[-1].text) :]
            end = whole.find(part.text) + len(part.text)
            found[-1] = replace(found[-1], owner=given, text=whole[:end])
        else:
            found.append(part)
    return tuple(found)


def computing(scope: Scope, clause: Clause, words: frozenset[str]) -> Understood | None:
    """Return a clause as a new record that holds what has to be worked out, or None where it says nothing such.

    Raises:
        PlanningError: It asks for something to be worked out, and what exactly was not understood.
    """
    creates = "create" in VERBS.get(clause.verb or "", frozenset())
    if not creates or not may_compute(clause) or len(clause.tokens) > _LONGEST:
        return None
    return _Reader(scope, clause, words).understood()


def _given(part: Clause) -> tuple[Token, ...]:
    """Return whom ``assign it to Bob`` names, without what stands before; empty where the clause says something else."""
    keys = [each.key for each in part.tokens]
    if part.verb not in _GIVING or "to" not in keys:
        return ()
    at = keys.index("to")
    back = at == 1 and keys[0] in _IT
    named = keys[0] in {"the", "that", "this"} and keys[1:at] in _NEW
    return part.tokens[at + 1 :] if back or named else ()


class _Reader:
    """Reads one clause."""

    def __init__(self, scope: Scope, clause: Clause, words: frozenset[str]) -> None:
        self._scope = scope
        self._clause = clause
        self._words = words
        self._wrong: list[str] = []

    def understood(self) -> Understood | None:
        owner = self._owner()
        found: list[tuple[Reading, ...]] = []
        for each in self._read(self._scope, (), owner):
            found += [each] if each not in found else []
            if len(found) > 1:
                raise _unclear(self._clause.text, "It can be read in two ways; a comma parts them.")
        if not found and self._wrong:
            raise _unclear(self._clause.text, self._wrong[0])
        return Understood(found[0]) if found else None

    def _owner(self) -> Anchor | Assignment | None:
        """Return who owns the new record by a clause of its own."""
        tokens = self._clause.owner
        if not tokens:
            return None
        scope = replace(self._scope, tokens=_trimmed(tokens))
        anchor = owner_phrase(scope, 0, scope.end)
        phrase = None if anchor else record_phrase(scope, 0, scope.end, ("User", "Group"))
        if anchor is None and (phrase is None or phrase.rows is not None):
            raise _unclear(
                self._clause.text, f"Nobody is named by {scope.text(0, scope.end)[:80]!r}."
            )
        nobody = FieldSchema("OwnerId", "Owner ID", "reference")
        return anchor or Assignment(nobody, phrase.words if phrase else "", record=phrase)

    def _read(
        self,
        scope: Scope,
        known: tuple[tuple[FieldSchema, Computation], ...],
        owner: Anchor | Assignment | None,
        begin: int = 0,
    ) -> Iterator[tuple[Reading, ...]]:
        """Yield the readings of the clause with each way to take its computed fields out, from ``begin`` on."""
        for mark in marks(scope, begin) if len(known) < _MOST_FIELDS else ():
            for index in self._indexes(scope, mark):
                mention = index.field_at(scope.tokens, mark.field, mark.holds)
                if mention is None or mark.field + mention.length < mark.holds:
                    continue
                for stop, found in self._values(scope, mark.value):
                    if not self._fits(mention.field, found, index.createable(mention.field)):
                        continue
                    rest = (*scope.tokens[: mark.at], *scope.tokens[stop:])
                    inner = replace(scope, tokens=_trimmed(rest))
                    more = (*known, (mention.field, found))
                    yield from self._read(inner, more, owner, begin=mark.at)
        if known:
            yield from self._whole(scope, known, owner)

    def _indexes(self, scope: Scope, mark: Mark) -> Iterator[FieldIndex]:
        before = plainly(replace(scope, tokens=_trimmed(scope.tokens[: mark.at])))
        found = understand(before, replace(self._clause, tokens=before.tokens), self._words)
        for each in found.readings:
            if each.operation == "CREATE":
                yield each.index

    def _values(self, scope: Scope, start: int) -> Iterator[tuple[int, Computation]]:
        last = scope.find(start, {","})
        ends = [at for at in range(start + 1, last) if scope.key(at) in _ENDS]
        for stop in (last, *reversed(ends)):
            inner = stop
            while inner > start and scope.key(inner - 1) in INERT_SYMBOLS:
                inner -= 1
            found = computation(scope, start, inner)
            if isinstance(found, Computation):
                yield stop, found
            elif isinstance(found, Misunderstood):
                self._wrong.append(found.why)
            elif says_function(scope, start, inner):
                self._wrong.append(
                    f"What is to be worked out was not understood: {scope.text(start, inner)[:120]!r}."
                )

    def _fits(self, field: FieldSchema, found: Computation, createable: bool) -> bool:  # noqa: FBT001 - one call
        if createable and takes(field, found):
            return True
        self._wrong.append(f"{field.label} cannot hold {found.words[:120]!r}.")
        return False

    def _whole(
        self,
        scope: Scope,
        known: tuple[tuple[FieldSchema, Computation], ...],
        owner: Anchor | Assignment | None,
    ) -> Iterator[tuple[Reading, ...]]:
        if any(says_function(scope, each.value, scope.end) for each in marks(scope, 0)):
            return
        inner, anchor = self._owned(plainly(scope), owner)
        found = understand(inner, replace(self._clause, tokens=inner.tokens), self._words)
        names = {field.name for field, _ in known}
        readings = [
            replace(each, computed=Computed(known, anchor), words=each.words | self._words)
            for each in (_with_owner(one, owner) for one in found.readings)
            if each.operation == "CREATE"
            and not names & {one.field.name for one in each.assignments}
        ]
        if readings:
            yield tuple(readings)
        else:
            left = " ".join(found.left)[:120]
            self._wrong.append(
                f"This was not understood: {left!r}." if left else "A field is said twice."
            )

    def _owned(
        self, scope: Scope, owner: Anchor | Assignment | None
    ) -> tuple[Scope, Anchor | None]:
        """Take ``assigned to the account's owner`` out of the clause itself."""
        if isinstance(owner, Anchor):
            return scope, owner
        for at in range(scope.end):
            keys = tuple(scope.key(at + ahead) for ahead in range(3))
            mark = next((each for each in _OWNED if keys[: len(each)] == each), ())
            if not mark:
                continue
            for stop in range(scope.end, at + len(mark), -1):
                anchor = owner_phrase(scope, at + len(mark), stop)
                if anchor is not None and anchor.record is None:
                    rest = _trimmed((*scope.tokens[:at], *scope.tokens[stop:]))
                    return replace(scope, tokens=rest), anchor
        return scope, None


def takes(field: FieldSchema, found: Computation) -> bool:
    """Tell whether a field can hold what is worked out: text holds all, other fields only values of their own kind."""
    if field.type in TEXT_TYPES:
        return True
    if found.function == "count":
        return field.family in {"integer", "decimal"}
    if found.field is None:
        return False
    if found.function == "avg":
        return field.family == "decimal"
    same = field.family == found.field.family
    return same and (
        field.family != "id" or bool(set(field.reference_to) & set(found.field.reference_to))
    )


def _with_owner(reading: Reading, owner: Anchor | Assignment | None) -> Reading:
    field = reading.index.schema.field("OwnerId")
    if not isinstance(owner, Assignment) or field is None or owner.record is None:
        return reading
    return reading.assign(replace(owner, field=field))


def _trimmed(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return tokens without breaks at their end, which only led on to what was taken out."""
    stop = len(tokens)
    while stop and tokens[stop - 1].key in INERT_SYMBOLS | {"and"}:
        stop -= 1
    return tuple(tokens[:stop])


def _unclear(words: str, why: str) -> PlanningError:
    return PlanningError(
        f"What is to be worked out in {words[:120]!r} is not clear: {why} Nothing was planned.",
        hint="Say the function, the records and their field: "
        "a task whose description holds Acme's total open opportunity amount.",
        code="computation_unclear",
    )
