"""How many goals of the suite the offline planner gets right, and that none is answered by a wrong action."""

from __future__ import annotations

from typing import Any

from tests.goal_suite import cases, graves, misses

BAR = 95.0


def run() -> list[dict[str, Any]]:
    """Plan and judge every goal of ``tests/goals`` over the demo org in memory."""
    right = 100 * (1 - len(misses()) / len(cases()))
    return [
        {
            "name": f"goals planned right, of {len(cases())}",
            "value": round(right, 2),
            "unit": "%",
            "bar": BAR,
            "better": "higher",
            "holds": right >= BAR,
        },
        {
            "name": "goals acted on where a question was right",
            "value": len(graves()),
            "unit": "goals",
            "bar": 0,
            "better": "lower",
            "holds": not graves(),
        },
    ]
