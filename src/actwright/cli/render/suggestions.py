"""Suggested cases as people see them: what is suggested, and what is not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.regression.suggestions.suggesting import Suggestions


def suggestions(found: Suggestions) -> Iterator[RenderableType]:
    """Yield what is suggested, one line each, and how many plans no case is made of."""
    rows = [(each.id, each.goal or "", each.why) for each in found.cases]
    rows += [(each.id, each.goal, "Refused: say what is right.") for each in found.refused]
    if rows:
        yield grid(("Case", "Goal", "Look at"), rows, whole={"Case"})
    else:
        yield Text("No plan that people decided on suggests a case.")
    for why, count in Counter(each.why for each in found.passed_over).most_common():
        plans = "1 plan is" if count == 1 else f"{count} plans are"
        yield Text.assemble((f"{plans} not suggested: ", "yellow"), said(f"{why}."))
