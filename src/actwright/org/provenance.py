"""Where a value came from. Computed by us, never read from a model's reply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

Provenance = Literal["goal", "data", "default", "lookup", "record", "output", "extract", "model"]
"""
- ``goal``: it occurs in the goal's words.
- ``data``: named data, an answer to a question, an edit at the confirmation.
- ``default``: a constant of the blueprint or of an override.
- ``lookup``: a record found by a query.
- ``record``: a field read from a record.
- ``output``: another action's result.
- ``extract``: taken out of a record's text by a quarantined model call.
- ``model``: the model made it up.
"""

TRUST: Sequence[Provenance] = (
    "goal",
    "data",
    "default",
    "lookup",
    "output",
    "record",
    "extract",
    "model",
)
"""From the most trusted to the least."""

DOUBTED: frozenset[Provenance] = frozenset({"output", "record", "extract", "model"})
"""What a policy may want to keep out of a field, however much else went into a value."""


def least_trusted(made_of: Iterable[Provenance]) -> tuple[Provenance, tuple[Provenance, ...]]:
    """Return the provenance of a value that is made of several things, and what else untrusted went into it.

    Args:
        made_of: Where each of them came from; at least one.
    """
    found = sorted(set(made_of), key=TRUST.index)
    return found[-1], tuple(each for each in found[:-1] if each in DOUBTED)


def put_out(made_of: Iterable[Provenance]) -> tuple[Provenance, tuple[Provenance, ...]]:
    """Return the provenance of what an action puts out, and what untrusted it was handed: that may be in it.

    Args:
        made_of: Where all that it was handed came from.
    """
    doubted = (DOUBTED & set(made_of)) - {"output"}
    return "output", tuple(sorted(doubted, key=TRUST.index))
