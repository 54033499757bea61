"""Outputs: what an override says came of it, as plain bounded values, and what of it was too much to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite

from actwright.actions.curated.shape import Shape
from actwright.inert import inert
from actwright.org.query import JsonScalar

MOST_OUTPUTS = 50
"""Outputs of one act that are kept."""

LONGEST_OUTPUT = 100_000
"""Characters of one output that are kept; an event that grows large by them is offloaded by the journal."""

_LONGEST_NAME = 80
_LARGEST_EXACT = 2**53
"""Greater numbers are kept as text: not every reader of JSON has them exactly."""


@dataclass(frozen=True, slots=True)
class KeptOutputs:
    """What is kept of what an override said.

    Attributes:
        values: The outputs by name.
        cut: What of them is not kept, in words; empty where they are whole.
    """

    values: dict[str, JsonScalar] = field(default_factory=dict)
    cut: tuple[str, ...] = ()


def kept_outputs(said: Mapping[str, JsonScalar], shape: Shape | None = None) -> KeptOutputs:
    """Return what an override says came of it, as plain bounded values; what is none of these, as text.

    Args:
        said: What it answered.
        shape: What it declared that it answers; what does not fit is left out, and told.
    """
    given = dict(said)
    kept = {
        inert(str(name), limit=_LONGEST_NAME): value
        for name, value in islice(given.items(), MOST_OUTPUTS)
    }
    values = {name: _plain(value) for name, value in kept.items()}
    cut = tuple(_cut(kept, len(given) - MOST_OUTPUTS))
    fitting, misfits = shape.held(values) if shape is not None else (values, ())
    return KeptOutputs(fitting, (*cut, *misfits))


def _cut(kept: Mapping[str, object], more: int) -> Iterator[str]:
    for name, value in kept.items():
        length = len(value) if isinstance(value, str) else 0
        if length > LONGEST_OUTPUT:
            yield f"{name} is cut to {LONGEST_OUTPUT:,} of its {length:,} characters"
    if more > 0:
        yield f"{more:,} more {'is' if more == 1 else 'are'} left out"


def _plain(value: object) -> JsonScalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST_EXACT:
        return int(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    return inert(str(value), limit=LONGEST_OUTPUT)
