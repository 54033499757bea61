"""An attack as data: what the attacker does, what must hold, and by which words it has to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks._security.salesforce.scene import Scene

MARKED, UNMARKED, DENIED = "marked", "unmarked", "policy_denied"
"""How attacks end of which a value reaches a preview: shown as somebody else's or not, or nobody is asked at all."""


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: Its family and its name, such as ``confirmation: replayed``.
        does: What the attacker did.
        holds: What must hold.
        attempt: The actor; returns how it ended, or raises the error that stopped it.
        ends: The ways it may end; any other one, an error that has nothing to do with it included, did not hold.
        stopped: Whether it is claimed that this is stopped. Where not, the suite says so, and that it still is so.
        poisons: Whether it is about a value of the attacker's that is to come as far as a preview.
        settings: Settings the person has made; ``policy`` is a policy's text.
    """

    name: str
    does: str
    holds: str
    attempt: Callable[[Scene], str]
    ends: tuple[str, ...]
    stopped: bool = True
    poisons: bool = False
    settings: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """How an attack went.

    Attributes:
        attack: The attack.
        ended: How it ended.
        uncovered: Effects that reached the org, or an override, without a yes that was used up for them.
    """

    attack: Attack
    ended: str
    uncovered: int

    @property
    def held(self) -> bool:
        """Whether what must hold did."""
        return self.attack.stopped and self.uncovered == 0 and self.ended in self.attack.ends

    @property
    def as_said(self) -> bool:
        """Whether it went as the suite says: held where it is claimed to be stopped, and else not."""
        return self.held if self.attack.stopped else self.ended in self.attack.ends
