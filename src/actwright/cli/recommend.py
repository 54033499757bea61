"""``actwright recommend``: the blueprints that come nearest to a goal."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.options import (
    HomeOption,
    JsonOption,
    ModelOption,
    OrgOption,
    PlannerOption,
    UserOption,
)
from actwright.cli.plan import Goal
from actwright.cli.render.plans import recommendations
from actwright.cli.session import opened, planning_options
from actwright.cli.terminal import Terminal


def recommend(
    goal: Goal,
    *,
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="How many to show.")] = 5,
    planner: PlannerOption = None,
    model: ModelOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the blueprints that come nearest to a goal, best first. A model's opinion is blended in with --planner openai."""
    terminal = Terminal(as_json=as_json)
    chosen = planning_options(planner=planner, model=model)
    with (
        opened(org=org, user=user, home=home, planning=chosen) as app,
        terminal.busy("Looking"),
    ):
        found = app.recommend(goal, top=top)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    if found:
        terminal.show(recommendations(found))
        terminal.hint(f"Next: actwright plan GOAL --blueprint {found[0].key}")
    else:
        terminal.hint("No blueprint comes near; `actwright blueprints list` shows all.")
