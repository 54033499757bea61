"""Words for computations: ``total``, ``number of``, ``highest``, ``latest``; and which fields they go with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actwright.org.schema import FieldSchema
from actwright.planning.words.reading import Function
from actwright.planning.words.scope import Scope

_NUMERIC = frozenset({"currency", "double", "percent", "int", "long"})
_DAYLIKE = frozenset({"date", "datetime"})

_WORDS: dict[tuple[str, ...], tuple[Function, Literal["number", "day", "rows"]]] = {
    ("total",): ("sum", "number"),
    ("total", "of"): ("sum", "number"),
    ("sum",): ("sum", "number"),
    ("sum", "of"): ("sum", "number"),
    ("combined",): ("sum", "number"),
    ("summed",): ("sum", "number"),
    ("number", "of"): ("count", "rows"),
    ("count", "of"): ("count", "rows"),
    ("total", "number", "of"): ("count", "rows"),
    ("how", "many"): ("count", "rows"),
    ("average",): ("avg", "number"),
    ("average", "of"): ("avg", "number"),
    ("mean",): ("avg", "number"),
    **dict.fromkeys(
        (("highest",), ("largest",), ("biggest",), ("greatest",), ("maximum",), ("max",)),
        ("max", "number"),
    ),
    **dict.fromkeys(
        (("lowest",), ("smallest",), ("least",), ("minimum",), ("min",)), ("min", "number")
    ),
    **dict.fromkeys((("latest",), ("newest",), ("most", "recent")), ("max", "day")),
    **dict.fromkeys((("earliest",), ("oldest",)), ("min", "day")),
}
_LONGEST = max(map(len, _WORDS))


@dataclass(frozen=True, slots=True)
class SaidFunction:
    """A function the words name, what it is made of, and the position behind its words."""

    function: Function
    over: Literal["number", "day", "rows"]
    stop: int

    def takes(self, field: FieldSchema) -> bool:
        """Tell whether it can be made of a field's values."""
        return field.type in (_NUMERIC if self.over == "number" else _DAYLIKE)


def function_at(scope: Scope, at: int) -> SaidFunction | None:
    """Return the function that begins at ``at``, or None."""
    for length in range(_LONGEST, 0, -1):
        found = _WORDS.get(tuple(scope.key(at + ahead) for ahead in range(length)))
        if found is not None:
            return SaidFunction(*found, at + length)
    return None


def says_function(scope: Scope, start: int, stop: int) -> bool:
    """Tell whether any function is named in a span."""
    return any(function_at(scope, at) is not None for at in range(start, stop))
