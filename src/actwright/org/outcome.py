"""What became of an effect group."""

from __future__ import annotations

from typing import Literal

from actwright.contract import Contract

EffectStatus = Literal["done", "failed", "rolled_back", "not_sent", "unknown"]
"""``rolled_back``: it would have worked, but another effect of its atomic group failed. ``unknown``: the answer was
lost; it may or may not have happened."""


class Fault(Contract):
    """One error as the org told it."""

    code: str
    """The org's own code, such as ``REQUIRED_FIELD_MISSING``."""
    message: str
    fields: tuple[str, ...] = ()


class EffectOutcome(Contract):
    """What became of one effect."""

    effect_id: str
    status: EffectStatus
    record_id: str | None = None
    created: bool = False
    faults: tuple[Fault, ...] = ()


class GroupOutcome(Contract):
    """What became of one effect group, in the order of its effects."""

    group_id: str
    outcomes: tuple[EffectOutcome, ...]
    api_calls: int = 0

    @property
    def committed(self) -> bool:
        """Whether every effect of the group happened."""
        return all(each.status == "done" for each in self.outcomes)
