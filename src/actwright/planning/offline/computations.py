"""Computations in words: ``the account's total open opportunity amount``, ``the number of Acme's open cases``.

A computation is understood whole or not at all; what is wrong with one that was meant is said, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actwright.org.query import Condition
from actwright.org.schema import FieldSchema
from actwright.planning.offline.anchoring import anchor_phrase
from actwright.planning.offline.functions import SaidFunction, function_at
from actwright.planning.offline.relating import parent_reference
from actwright.planning.rows.rows import RowsReader
from actwright.planning.words.lexicon import DETERMINERS
from actwright.planning.words.matching import FieldIndex
from actwright.planning.words.reading import Anchor, Computation
from actwright.planning.words.scope import Scope

_OVER = frozenset({"of", "over", "in", "among", "across", "from", "for", "on"})
_HAVING = frozenset({"has", "have"})


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """Why words that ask for a computation say none."""

    why: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """A computation cut up: its function, the field where one is named apart, and the words for the records.

    Attributes:
        said: The function.
        anchor: The record it starts from.
        field: Where the words for the field begin and end, where they stand before those for the records.
        children: Where the words for the records begin and end.
    """

    said: SaidFunction
    anchor: Anchor
    field: tuple[int, int] | None
    children: tuple[int, int]


def computation(scope: Scope, start: int, stop: int) -> Computation | Misunderstood | None:
    """Return what the tokens from ``start`` up to ``stop`` ask to be worked out; None where they ask for nothing such."""
    wrong: Misunderstood | None = None
    for parts in _parts(scope, start, stop):
        found = _computed(scope, parts)
        if isinstance(found, Computation):
            return replace(found, words=scope.text(start, stop))
        wrong = wrong or found
    return wrong or _copied(scope, start, stop)


def _parts(scope: Scope, start: int, stop: int) -> Iterator[_Parts]:
    first = scope.skip(start, DETERMINERS)
    owned = [at for at in range(start, stop) if scope.tokens[at].possessive]
    said = function_at(scope, first)
    if said is None:
        for at in owned:
            yield from _behind_anchor(scope, start, at + 1, stop)
        return
    for at in range(said.stop, stop):
        begun = scope.key(at - 1) in _OVER or at == said.stop
        ends = [one for one in owned if one >= at] if begun else []
        for end in ends:
            anchor = anchor_phrase(scope, at, end + 1)
            field = (said.stop, at - 1) if at > said.stop else None
            if anchor is not None:
                yield _Parts(said, anchor, field, (end + 1, stop))
        if scope.key(at) in _OVER and at > said.stop:
            yield from _before_anchor(scope, said, at, stop)
    yield from _having(scope, said, stop)


def _behind_anchor(scope: Scope, start: int, at: int, stop: int) -> Iterator[_Parts]:
    """Read ``the account's total open opportunity amount``."""
    said, anchor = function_at(scope, at), anchor_phrase(scope, start, at)
    if said is None or anchor is None:
        return
    yield _Parts(said, anchor, None, (said.stop, stop))
    for cut in range(said.stop + 1, stop - 1):
        if scope.key(cut) in _OVER:
            yield _Parts(said, anchor, (said.stop, cut), (cut + 1, stop))


def _before_anchor(scope: Scope, said: SaidFunction, at: int, stop: int) -> Iterator[_Parts]:
    """Read ``the total amount of open opportunities of Acme``, the anchor behind ``at``."""
    anchor = anchor_phrase(scope, at + 1, stop)
    if anchor is None:
        return
    yield _Parts(said, anchor, None, (said.stop, at))
    for cut in range(said.stop + 1, at - 1):
        if scope.key(cut) in _OVER:
            yield _Parts(said, anchor, (said.stop, cut), (cut + 1, at))


def _having(scope: Scope, said: SaidFunction, stop: int) -> Iterator[_Parts]:
    """Read ``how many open cases the account has``."""
    if scope.key(stop - 1) not in _HAVING:
        return
    for at in range(said.stop + 1, stop - 1):
        anchor = anchor_phrase(scope, at, stop - 1)
        if anchor is not None:
            yield _Parts(said, anchor, None, (said.stop, at))


def _computed(scope: Scope, parts: _Parts) -> Computation | Misunderstood:
    start, stop = parts.children
    start = scope.skip(start, DETERMINERS | {"all"})
    for at in range(start, stop):
        mention = scope.objects.at(scope.tokens, at, stop)
        if mention is None:
            continue
        if scope.objects.get(mention.object.name) is None:
            return Misunderstood(f"{mention.object.label_plural} cannot be asked for.")
        index = scope.fields(mention.object.name)
        related = [each for each in parts.anchor.objects if parent_reference(index.schema, each)]
        if not related:
            return _unrelated(scope, parts.anchor, index)
        anchor = replace(parts.anchor, objects=tuple(related))
        return _of_rows(
            scope, replace(parts, anchor=anchor), index, (start, at), (at + mention.length, stop)
        )
    return Misunderstood(f"No records are named in {scope.text(*parts.children)[:80]!r}.")


def _of_rows(
    scope: Scope,
    parts: _Parts,
    index: FieldIndex,
    before: tuple[int, int],
    behind: tuple[int, int],
) -> Computation | Misunderstood:
    at, stop = behind
    field: FieldSchema | None = None
    if parts.said.over != "rows":
        begin, end = parts.field or (at, stop)
        mention = index.opening_at(scope.tokens, scope.skip(begin, DETERMINERS), end)
        if mention is None or (parts.field and begin + mention.length < end):
            words = scope.text(begin, end)
            named = f"{words[:80]!r} is no field of {index.schema.label_plural}"
            return Misunderstood(
                f"{named}." if words else f"No field of {index.schema.label_plural} is named."
            )
        field = mention.field
        if not parts.said.takes(field):
            return Misunderstood(_unfit(field, index, parts.said))
        at = at if parts.field else scope.skip(begin, DETERMINERS) + mention.length
    rows = RowsReader(scope, index).read(before, (at, stop))
    if rows is None or rows.records:
        return Misunderstood(
            f"What is said of the {index.schema.label_plural} was not understood whole: "
            f"{scope.text(before[0], stop)[:120]!r}."
        )
    where: Sequence[Condition] = [one for each in rows.tests for one in each.where]
    return Computation("", parts.anchor, parts.said.function, index, field, tuple(where))


def _copied(scope: Scope, start: int, stop: int) -> Computation | None:
    """Read ``the account's phone``: a field of the anchor itself."""
    for at in range(stop - 2, start - 1, -1):
        if not scope.tokens[at].possessive:
            continue
        anchor = anchor_phrase(scope, start, at + 1)
        for name in anchor.objects if anchor is not None else ():
            if scope.objects.get(name) is None:
                continue
            index = scope.fields(name)
            mention = index.field_at(scope.tokens, at + 1, stop)
            if mention is not None and at + 1 + mention.length == stop and anchor is not None:
                only = replace(anchor, objects=(name,))
                return Computation(scope.text(start, stop), only, None, index, mention.field)
    return None


def _unrelated(scope: Scope, anchor: Anchor, index: FieldIndex) -> Misunderstood:
    known = (scope.objects.get(each) for each in anchor.objects)
    labels = " or ".join(dict.fromkeys(each.label for each in known if each is not None))
    return Misunderstood(
        f"{index.schema.label_plural} and {labels or 'record'} are not related in one clear way."
    )


def _unfit(field: FieldSchema, index: FieldIndex, said: SaidFunction) -> str:
    kind = "a number" if said.over == "number" else "a day"
    return f"{field.label} of {index.schema.label_plural} is not {kind}, so there is no such value."
