"""Noise: how far a number may move from one recording to the next before it counts as a drop.

What a script answered has no noise: one case less is a drop. A live model answers a little differently each time, so
its numbers have a band: so many cases, or so many percent, whichever is more. A grave case and a lost checkpoint text
are never noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from actwright.contract import Contract
from actwright.regression.origin import Origin

Metric = Literal[
    "right",
    "plans_right",
    "questions_right",
    "refusals_right",
    "failures_right",
    "guardrails_right",
    "unneeded",
    "checkpoints_lost",
    "grave",
    "repairs",
    "tokens",
    "cost",
    "latency",
]
"""What two recordings are compared by."""

METRICS: tuple[Metric, ...] = get_args(Metric)
"""All of them, in the order in which they are shown."""

MORE_IS_BETTER: frozenset[Metric] = frozenset(
    {
        "right",
        "plans_right",
        "questions_right",
        "refusals_right",
        "failures_right",
        "guardrails_right",
    }
)
"""Of all others less is better."""

AMOUNTS: frozenset[Metric] = frozenset({"tokens", "cost", "latency"})
"""What has no number of cases: a band of theirs is a share of what they were."""

NEVER_NOISE: frozenset[Metric] = frozenset({"grave", "checkpoints_lost"})
"""What no band may excuse."""


class Band(Contract):
    """How far one number may move: so many cases, or so many percent, whichever is more."""

    cases: int = Field(default=0, ge=0, le=10_000)
    percent: float = Field(default=0, ge=0, le=100)
    """Of all cases; of tokens, cost and latency, of what they were."""


_FEW, _TENTH, _HALF = Band(cases=2, percent=1), Band(percent=10), Band(percent=50)
_DEFAULTS: Mapping[Origin, Mapping[Metric, Band]] = {
    "scripted": {"tokens": _TENTH, "cost": _TENTH},
    "live": {
        **{each: _FEW for each in METRICS if each not in AMOUNTS | NEVER_NOISE},
        "tokens": _TENTH,
        "cost": _TENTH,
        "latency": _HALF,
    },
}


class Noise(Contract):
    """The bands of a suite, by origin and metric; what is not stated here has its default."""

    scripted: dict[Metric, Band] = Field(default_factory=dict)
    """Of tokens and cost only."""
    live: dict[Metric, Band] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_what_has_noise(self) -> Self:
        """Refuse a band for what is the same each time, and for what no band may excuse."""
        for metric in self.scripted:
            if metric not in {"tokens", "cost"}:
                raise ValueError(f"{metric}: a scripted recording has no noise, so no band either")
        for metric in self.live:
            if metric in NEVER_NOISE:
                raise ValueError(f"{metric}: it is never noise, so it has no band")
        return self

    def band(self, metric: Metric, origin: Origin) -> Band:
        """Return the band of a metric."""
        stated = self.scripted if origin == "scripted" else self.live
        return stated.get(metric) or _DEFAULTS[origin].get(metric) or Band()

    def allowed(self, metric: Metric, origin: Origin, *, before: Decimal, cases: int) -> Decimal:
        """Return how far a metric may get worse.

        Args:
            metric: The metric.
            origin: Who answered.
            before: What it was.
            cases: How many cases it is about.
        """
        band = self.band(metric, origin)
        whole = before if metric in AMOUNTS else Decimal(cases)
        return max(Decimal(band.cases), whole * Decimal(str(band.percent)) / 100)
