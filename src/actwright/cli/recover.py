"""``actwright recover``: carry on the runs whose process died."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.inert import inert

if TYPE_CHECKING:
    from rich.table import Table

    from actwright.runs.recovered import Recovered

_TOLD = {
    "continued": "carried on",
    "to_continue": "can be carried on",
    "in_doubt": "in doubt",
    "waiting": "waits for a person",
    "paused": "is paused",
    "busy": "is being carried out",
    "foreign": "is somebody else's",
    "failed": "could not be carried on",
}


def recover(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what could be carried on.")
    ] = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List every run that has not ended, and carry on those nobody carries out any more.

    What was done already is never done again; what may have been done is looked up first. Exit code 1 where a run could
    not be carried on, or, with --dry-run, cannot be, for its journal was edited.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home, telling=False) as app, terminal.busy("Recovering"):
        found = app.recover(dry_run=dry_run)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    elif found:
        terminal.show(_table(found))
        _tell_what_is_left(terminal, found)
    else:
        terminal.hint("Every run has ended.")
    if any(each.became == "failed" for each in found):
        raise typer.Exit(1)


def _table(found: Sequence[Recovered]) -> Table:
    from rich.table import Table  # noqa: PLC0415 - slow to import

    table = Table(box=None, pad_edge=False)
    for column in ("run", "goal", "was", "now", "why"):
        table.add_column(column, overflow="fold", no_wrap=column == "run")
    for each in found:
        now = _TOLD[each.became]
        status = f"{now}: {each.status}" if each.became == "continued" else now
        goal, why = inert(each.goal, limit=60), inert(each.reason, limit=300)
        table.add_row(each.run_id, goal, each.was, status, why)
    return table


def _tell_what_is_left(terminal: Terminal, found: Sequence[Recovered]) -> None:
    for hint in dict.fromkeys(each.hint for each in found if each.became != "continued"):
        if hint:
            terminal.hint(f"Next: {hint}")
