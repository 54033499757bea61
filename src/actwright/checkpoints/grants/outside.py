"""What of a preview lies outside a grant: the ceiling, what was found, what is allowed, and by which effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from actwright.contract import Contract

Ceiling = Literal[
    "org",
    "user",
    "subject",
    "operation",
    "fields",
    "rows",
    "amount",
    "amount_in_all",
    "uses",
    "uses_per_day",
    "expiry",
    "provenance",
    "duplicates",
    "approval",
]
"""What a preview can be outside of."""

_MOST_NAMED = 5


class Outside(Contract):
    """One ceiling that a preview exceeds."""

    ceiling: Ceiling
    found: str
    """What the preview has, or would come to."""
    allowed: str
    """What the grant allows."""
    effects: tuple[str, ...] = ()
    """The effects it is about, by their ids; empty where it is about all of the preview."""

    def __str__(self) -> str:
        named = ", ".join(self.effects[:_MOST_NAMED])
        left = len(self.effects) - _MOST_NAMED
        more = f" and {left} more" if left > 0 else ""
        by = f" ({named}{more})" if named else ""
        return f"{_CALLED[self.ceiling]}: {self.found}{by}, and the grant allows {self.allowed}"


_CALLED = {
    "org": "org",
    "user": "user",
    "subject": "version",
    "operation": "operation",
    "fields": "fields",
    "rows": "rows",
    "amount": "amount",
    "amount_in_all": "amount in all",
    "uses": "uses",
    "uses_per_day": "uses per day",
    "expiry": "expiry",
    "provenance": "provenance",
    "duplicates": "duplicates",
    "approval": "approval",
}


def together(found: Iterable[Outside]) -> tuple[Outside, ...]:
    """Return findings in one order, with those that differ by their effects alone made one."""
    effects: dict[tuple[Ceiling, str, str], set[str]] = defaultdict(set)
    for each in found:
        effects[each.ceiling, each.found, each.allowed].update(each.effects)
    return tuple(
        Outside(ceiling=key[0], found=key[1], allowed=key[2], effects=tuple(sorted(effects[key])))
        for key in sorted(effects)
    )
