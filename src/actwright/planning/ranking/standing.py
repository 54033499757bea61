"""Standing: what people did with earlier plans for goals like this one moves a blueprint a little, and says so.

It moves a score by a tenth at most, and nothing else: what comes near enough to be shown, what is planned with and what
is asked are decided without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

MOST_MOVED = 0.1
"""The share of its score a blueprint is moved by at most."""

_LEAST_SHARE = 0.005
"""A share that would not move a full score by a hundredth is none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How plans with one blueprint fared, for goals like one.

    Attributes:
        favour: From -1, everybody turned it down, to 1, everybody carried it out; near 0 where few did either.
        kept: How many plans with it were confirmed and carried out.
        turned: How many were refused, edited until it was gone, or undone.
        people: How many people those were.
    """

    favour: float
    kept: int
    turned: int
    people: int

    def moves(self, *, hindered: bool) -> bool:
        """Tell whether it moves a blueprint; one that cannot do what the goal says is moved down at most."""
        return abs(self.favour) * MOST_MOVED >= _LEAST_SHARE and not (hindered and self.favour > 0)

    def moved(self, score: float) -> float:
        """Return a score moved by it, still between 0 and 1; a score of 0 stays 0."""
        share = min(max(self.favour, -1.0), 1.0) * MOST_MOVED
        return min(max(score * (1 + share), 0.0), 1.0)

    @property
    def reason(self) -> str:
        """It in words."""
        way = "up" if self.favour > 0 else "down"
        told = [
            f"{count} {words}"
            for count, words in ((self.kept, "carried out"), (self.turned, "turned down or undone"))
            if count
        ]
        return (
            f"moved {way} by what {self.people} people did with plans for goals like this: "
            f"{', '.join(told)}"
        )


class Evidence(Protocol):
    """What is known of earlier plans."""

    def of(self, goal: str) -> Mapping[str, Standing]:
        """Return the standing of blueprints, by name, for goals like this one; those nothing is known of are left out.

        Args:
            goal: The goal. Hostile input.
        """
        ...


class NoEvidence:
    """Knows nothing, so that goal, library and schema alone decide."""

    def of(self, goal: str) -> Mapping[str, Standing]:  # noqa: ARG002 - the port's
        """Return nothing."""
        return {}


NOTHING_KNOWN = NoEvidence()
"""For whoever has not learned."""
