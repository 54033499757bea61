"""``actwright recommend``: the blueprints that come nearest to a goal."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.plan import Goal
from actwright.cli.render.plans import recommendations
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal


def recommend(
    goal: Goal,
    *,
    top: Annotated[int, typer.Option("--top", min=1, max=50, help="How many to show.")] = 5,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the blueprints that come nearest to a goal, best first."""
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as app, terminal.busy("Looking"):
        found = app.recommend(goal, top=top)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    if found:
        terminal.show(recommendations(found))
        terminal.hint(f"Next: actwright plan GOAL --blueprint {found[0].key}")
    else:
        terminal.hint("No blueprint comes near; `actwright blueprints list` shows all.")
