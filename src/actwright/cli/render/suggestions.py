"""Suggested cases as people see them: what is suggested, and what is not and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.regression.suggestions.suggesting import Suggestions

_MOST_NAMED = 5
_LONGEST = 2_000


def suggestions(found: Suggestions) -> Iterator[RenderableType]:
    """Yield what is suggested, one line each, and by reason which plans no case is made of."""
    rows = [(each.id, each.goal or "", each.why) for each in found.cases]
    rows += [(each.id, each.goal, "Refused: say what is right.") for each in found.refused]
    if rows:
        yield grid(("Case", "Goal", "Look at"), rows, whole={"Case"})
    else:
        yield Text("No plan that people decided on suggests a case.")
    left_out = defaultdict[str, list[str]](list)
    for each in found.passed_over:
        left_out[each.why].append(each.plan_id)
    for why, ids in sorted(left_out.items(), key=lambda each: -len(each[1])):
        yield _left_out(why, ids)


def _left_out(why: str, ids: list[str]) -> Text:
    plans = "1 plan is" if len(ids) == 1 else f"{len(ids)} plans are"
    reason = f"because {why}" if len(ids) == 1 else f"each because {why}"
    named = ", ".join(ids[:_MOST_NAMED])
    more = f" and {len(ids) - _MOST_NAMED} more, which --json names" if ids[_MOST_NAMED:] else ""
    return Text.assemble(
        (f"{plans} not suggested, ", "yellow"), said(f"{reason}: {named}{more}.", limit=_LONGEST)
    )
