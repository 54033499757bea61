"""``actwright fork``: a new plan of what a run had not done yet at one of its events. Nothing is called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.output import write_copy
from actwright.cli.session import opened
from actwright.cli.showing import shown_plan
from actwright.cli.terminal import Terminal


def fork(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")],
    *,
    at: Annotated[int, typer.Option("--at", metavar="SEQ", help="Fork right behind this event.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Also write the plan to a file.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a new plan of what a run had not done yet at an event; preview and confirm it like any other.

    What was done by then is left out, and the ids it left behind are data of the new plan.
    """
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        plan = app.fork(run_id, at)
        terminal.show(*shown_plan(app, plan))
    write_copy(plan, out)
    if as_json:
        terminal.document(plan.model_dump(mode="json"))
    terminal.hint(f"Next: actwright preview {plan.id}")
