"""A row of the table every benchmark prints."""

from __future__ import annotations

from typing import Literal, TypeAlias

Row: TypeAlias = dict[str, object]


def row(
    name: str,
    value: float,
    unit: str,
    bar: float | None = None,
    better: Literal["lower", "higher"] = "lower",
) -> Row:
    """Return a row; without a bar it only tells."""
    holds = bar is None or (value <= bar if better == "lower" else value >= bar)
    return {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "bar": bar,
        "better": better,
        "holds": holds,
    }
