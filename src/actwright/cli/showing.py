"""Showing plans and previews: what the documents hold, and what the store and the library add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.cli.render import plans, previews

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.app import Actwright
    from actwright.blueprints.library import Library
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.preview import Preview
    from actwright.org.identity import OrgIdentity
    from actwright.planning.planner import PlanningOutcome

Shown = tuple["RenderableType", ...]


def shown_outcome(app: Actwright, answer: PlanningOutcome) -> Shown:
    """Return a planner's answer as people see it."""
    words = planner_words(answer.plan, app.library) if answer.plan else ""
    return tuple(plans.outcome(answer, words))


def shown_preview(app: Actwright, preview: Preview) -> Shown:
    """Return a preview as people see it, with what its plan took for granted.

    Raises:
        NotFoundError: The store does not hold its plan.
    """
    plan = app.plans.get(preview.plan_id)
    return tuple(previews.preview(preview, plan, planner_words(plan, app.library)))


def planner_words(plan: Plan, library: Library) -> str:
    """Return the planner's own sentence; none where it is only what every derived blueprint asks."""
    generic = [each.blueprint.checkpoint for each in plan.actions]
    curated = {each.blueprint.checkpoint for each in library.entries}
    repeated = " ".join(generic).startswith(plan.checkpoint)
    return "" if repeated and not curated & set(generic) else plan.checkpoint


def called(org: OrgIdentity) -> str:
    """Return what people call an org: the address of a local org says nothing, it has another port each time."""
    return "the local org" if org.local else org.url.rstrip("/")
