"""Strange rows: what is said of many records and was not understood, or that nothing is said of them at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from actwright.planning.rows.rows import HEADS, RowsReader, is_plural, rows_begin
from actwright.planning.words.scope import Scope

_ENDS = frozenset({"to", "until", "as", "into", "=", ":", "because", "set", ".", "!", ";"})


@dataclass(frozen=True, slots=True)
class StrangeRows:
    """Words for many records.

    Attributes:
        words: Those that were not understood, or all of them.
        whole: Whether nothing is said of the records that tells them from the others.
    """

    words: str
    whole: bool = False


def strange_rows(scope: Scope) -> StrangeRows | None:
    """Return what kept the many records of a clause from being understood; None where it asks for none.

    Where several objects could be meant, or several ends of the words, the reading counts that understood most.
    """
    tries = list(_tries(scope))
    if not tries:
        return None
    start, at, end = max(tries, key=lambda each: (each[1], -each[2]))
    if at == end:
        return StrangeRows(scope.text(start, end), whole=True)
    return StrangeRows(scope.text(at, end))


def _tries(scope: Scope) -> Iterator[tuple[int, int, int]]:
    """Yield where the words for rows begin, up to where they were understood, and where they end."""
    ends = [at for at in range(scope.end) if scope.key(at) in _ENDS] + [scope.end]
    for start in range(scope.end):
        if scope.key(start) not in HEADS:
            continue
        begin = rows_begin(scope, start)
        for at in range(begin, scope.end):
            mention = scope.objects.at(scope.tokens, at, scope.end)
            end = next((each for each in ends if each > at), scope.end)
            if mention is None or not (is_plural(mention) or scope.key(start) != "all"):
                continue
            reader = RowsReader(scope, scope.fields(mention.object.name))
            strange = reader.strange((begin, at), (at + mention.length, end))
            if strange is not None:
                yield start, strange, at if strange < at else end
            elif at == begin:
                yield start, end, end
            break
