"""What is said about a plan in a terminal and on a page alike: who made it, and for which rows an action is repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actwright.blueprints.plan import ForEach, PlannerInfo


def author(planner: PlannerInfo) -> str:
    """Return who made a plan, in words."""
    made = {
        "offline": "the offline planner",
        "curated": "the offline planner, with the blueprint you chose",
        "model": f"the model {planner.model}",
        "payload": "a payload",
        "undo": f"the undo of {planner.undoes}" if planner.undoes else "an undo",
    }.get(planner.kind, planner.kind)
    prompt = (
        f", prompt {planner.prompt_name} {planner.prompt_version}" if planner.prompt_name else ""
    )
    cached = f", in the shape of {planner.cached_from}" if planner.cached_from else ""
    instead = f", instead of the model: {planner.fallback_for}" if planner.fallback_for else ""
    edited = f", edited from {planner.edited_from}" if planner.edited_from else ""
    return made + prompt + cached + instead + edited


def rows_words(rows: ForEach, *, zone: str = "UTC", people: Mapping[str, str] | None = None) -> str:
    """Return the rows an action is repeated for, in one line: ``Opportunity of Contoso, open; at most 1,000``.

    Args:
        rows: The rows.
        zone: The person's time zone, in which moments are said.
        people: What the people are called whose ids the conditions hold, by id.
    """
    if rows.rows is not None:
        handed = f"of {len(rows.rows):,} rows of {rows.object} that were handed in"
        return f"{handed}: {rows.source}" if rows.source else handed
    from actwright.org.condition_words import (  # noqa: PLC0415 - slow to import
        conditions_in_words,
    )

    where = conditions_in_words(None, rows.where, zone=zone, people=people)
    return f"{rows.object}: {where}; at most {rows.limit:,}"
