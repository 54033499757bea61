"""``actwright override``: object to a run, and decide objections."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, UserOption
from actwright.cli.render.interventions import objections
from actwright.cli.session import opened
from actwright.cli.signatures import dismiss, modify, uphold
from actwright.cli.stepping_in import KeyOption, RunArgument, Stepping, WhyOption, wish
from actwright.cli.terminal import Terminal

app = typer.Typer(
    cls=Group, help="Object to a run, and decide objections as an approver.", no_args_is_help=True
)


@app.command("file", cls=Command)
def file_objection(
    run: RunArgument,
    *,
    why: WhyOption,
    needed: Annotated[
        int, typer.Option("--needed", min=1, max=20, help="How many approvers have to agree.")
    ] = 2,
    among: Annotated[
        int,
        typer.Option("--among", min=1, max=200, help="How many have to be registered at least."),
    ] = 3,
    window: Annotated[
        float,
        typer.Option("--window", metavar="HOURS", help="When it is escalated if nobody decides."),
    ] = 72.0,
    key: KeyOption = None,
    home: HomeOption = None,
    user: UserOption = None,
    as_json: JsonOption = False,
) -> None:
    """Object to a run: it is held at once, until enough registered approvers have decided.

    Where nobody decides in time it is escalated, and stays held.
    """
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        terms = {"needed": needed, "among": among, "window_hours": window}
        wanted = wish(opened_app, "override", why, key=key, **terms)
        Stepping(opened_app, terminal, run, drive=False).step_in(wanted)


app.command("uphold", cls=Command)(uphold)
app.command("dismiss", cls=Command)(dismiss)
app.command("modify", cls=Command)(modify)


@app.command("list", cls=Command)
def list_objections(
    run: RunArgument, *, home: HomeOption = None, as_json: JsonOption = False
) -> None:
    """List the objections to a run, with who signed what."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.objections(run)
        zone = opened_app.run_state(run).zone
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    if found:
        terminal.show(*objections(found, zone))
    else:
        terminal.hint("Nobody has objected to this run.")
