"""What became of an effect group."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from actwright.contract import Contract
from actwright.org.query import JsonScalar

EffectStatus = Literal["done", "failed", "rolled_back", "not_sent", "unknown"]
"""``rolled_back``: it would have worked, but another effect of its atomic group failed. ``unknown``: the answer was
lost; it may or may not have happened."""


class DuplicateMatch(Contract):
    """A record a duplicate rule of the org holds to be the same as one that would be written."""

    object: str
    record_id: str
    name: str | None = None
    """What people call it."""
    rule: str
    """The duplicate rule that found it."""
    confidence: float | None = None
    """How sure the org's matching rule is, 0 to 100."""


class Fault(Contract):
    """One error as the org told it."""

    code: str
    """The org's own code, such as ``REQUIRED_FIELD_MISSING``."""
    message: str
    fields: tuple[str, ...] = ()
    duplicates: tuple[DuplicateMatch, ...] = ()
    """For a duplicate rule, the records it matched that the person may see."""
    overridable: bool = False
    """For a duplicate rule, whether it merely warns, so that a person may have the record saved all the same."""


class EffectOutcome(Contract):
    """What became of one effect."""

    effect_id: str
    status: EffectStatus
    record_id: str | None = None
    created: bool = False
    faults: tuple[Fault, ...] = ()
    outputs: dict[str, JsonScalar] = Field(default_factory=dict)
    """What an override that acted by itself says came of it."""
    cut: tuple[str, ...] = Field(default=(), exclude_if=lambda cut: not cut)
    """What of the outputs was too much to be kept, in words."""


class GroupOutcome(Contract):
    """What became of one effect group, in the order of its effects."""

    group_id: str
    outcomes: tuple[EffectOutcome, ...]
    api_calls: int = 0
    job_id: str | None = None
    """The org's own id of the bulk job that carried it, by which it can be looked up there."""
    cost: Decimal | None = Field(default=None, ge=0, exclude_if=lambda cost: cost is None)
    """What it has cost, in the currency prices are given in; None where nothing of it has a price."""

    @property
    def committed(self) -> bool:
        """Whether every effect of the group happened."""
        return all(each.status == "done" for each in self.outcomes)
