"""What a model may take: the name to ask for, the time, and the ceilings of tokens and cost of one plan."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from actwright.contract import Contract


class ModelSettings(Contract):
    """How a model is asked, and what one plan may take of it."""

    model: str = Field(min_length=1, max_length=200)
    """The model's name, as the service knows it."""
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    """None leaves it to the service, which some models insist on."""
    deadline_seconds: float = Field(default=60.0, gt=0, le=3600)
    """How long one plan may take, every try, wait and repair included."""
    max_output_tokens: int = Field(default=4_096, ge=1, le=200_000)
    """The most one reply may have."""
    slice_tokens: int = Field(default=12_000, ge=200, le=1_000_000)
    """The most the part of the schema sent along may have."""
    max_input_tokens: int = Field(default=200_000, ge=1)
    """The most all requests of one plan may have together."""
    max_total_output_tokens: int = Field(default=60_000, ge=1)
    """The most all replies of one plan may have together."""
    max_cost: Decimal | None = Field(default=None, gt=0)
    """The most one plan may cost, in the price table's currency; None sets no ceiling."""
    candidates: int = Field(default=1, ge=1, le=5)
    """How many plans to ask for, of which the best is kept."""
    repairs: int = Field(default=2, ge=0, le=2)
    """How often a reply that cannot be used goes back with every fault."""
