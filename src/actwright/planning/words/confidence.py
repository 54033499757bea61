"""Confidence: how sure the planner is that a plan is what was meant, as a number in [0, 1] made of named parts.

Every doubt that was settled without asking takes its share: the number is the product of what the doubts leave. A
plan is as sure as its least sure action. Open questions take nothing: what is asked is not decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from typing import Literal

Doubt = Literal[
    "spelling", "implied", "unlinked", "derived", "tie", "namesake", "approximate", "deletion"
]
"""What a plan can leave to doubt.

``spelling``: a word was read as another, one letter away.
``implied``: only the verb says a value.
``unlinked``: a record the words name was not found, and the words were kept as text.
``derived``: no curated blueprint says just this, so one was made from the schema.
``tie``: another reading of the same words is as good.
``namesake``: a record of the new one's name exists.
``approximate``: a part of a value's name stands for the whole value.
``deletion``: records are deleted by a goal that was misspelt, which cannot be taken back by spelling it right.
"""

SHARES: dict[Doubt, float] = {
    "spelling": 0.84,
    "implied": 0.97,
    "unlinked": 0.85,
    "derived": 0.95,
    "tie": 0.5,
    "namesake": 0.85,
    "approximate": 0.97,
    "deletion": 0.7,
}
"""What each doubt leaves of the confidence."""

ASK_BELOW = 0.6
"""A plan that is less sure than this is not made: the person is asked which blueprint is meant."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure one action is, and what takes from it.

    Attributes:
        doubts: What was settled without asking, each as often as it was.
    """

    doubts: tuple[Doubt, ...] = ()

    @property
    def value(self) -> float:
        """The number in [0, 1], with two digits."""
        return round(prod(SHARES[each] for each in self.doubts), 2)

    @property
    def too_low(self) -> bool:
        """Whether it is to be asked instead of planned."""
        return self.value < ASK_BELOW

    def with_doubts(self, more: Iterable[Doubt]) -> Confidence:
        """Return the confidence with more doubts."""
        return Confidence((*self.doubts, *more))


CERTAIN = Confidence()
"""Nothing was left to doubt."""


def of_plan(actions: Iterable[Confidence]) -> float:
    """Return the confidence of a plan: that of its least sure action; 0 where there is none."""
    return min((each.value for each in actions), default=0.0)
