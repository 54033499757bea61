"""The command line's shape: every command, in the groups its help shows them in."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli import (
    actions,
    approvers,
    blueprints,
    grants,
    journal,
    org,
    override,
    policy,
    regress,
    store,
    telemetry,
)
from actwright.cli.apply import apply
from actwright.cli.cancel import cancel
from actwright.cli.confirm import confirm
from actwright.cli.doctor import doctor
from actwright.cli.fork import fork
from actwright.cli.help import Command, Group
from actwright.cli.plan import plan
from actwright.cli.preview import preview
from actwright.cli.query import query
from actwright.cli.recommend import recommend
from actwright.cli.recover import recover
from actwright.cli.replay import replay
from actwright.cli.resume import resume
from actwright.cli.run import run
from actwright.cli.runs import inspect, ps
from actwright.cli.schema import schema
from actwright.cli.show import show
from actwright.cli.undo import undo
from actwright.cli.verify import verify
from actwright.cli.worker import worker

_GOAL, _RECORD, _LOOK = "From a goal to a change", "On the record", "Look around"

app = typer.Typer(
    name="actwright",
    cls=Group,
    help="From a goal in plain words to a confirmed, guarded, undoable change.",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - only here

        typer.echo(f"actwright {version('actwright')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    _show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    pass


for _command, _panel in (
    (run, _GOAL),
    (plan, _GOAL),
    (recommend, _GOAL),
    (preview, _GOAL),
    (confirm, _GOAL),
    (apply, _GOAL),
    (show, _RECORD),
    (ps, _RECORD),
    (inspect, _RECORD),
    (replay, _RECORD),
    (fork, _RECORD),
    (resume, _RECORD),
    (cancel, _RECORD),
    (undo, _RECORD),
    (recover, _RECORD),
    (worker, _RECORD),
    (verify, _RECORD),
    (query, _LOOK),
    (schema, _LOOK),
    (doctor, _LOOK),
):
    app.command(cls=Command, rich_help_panel=_panel)(_command)
app.add_typer(blueprints.app, name="blueprints", rich_help_panel=_LOOK)
app.add_typer(actions.app, name="actions", rich_help_panel=_LOOK)
app.add_typer(org.app, name="org", rich_help_panel=_LOOK)
app.add_typer(override.app, name="override", rich_help_panel=_RECORD)
app.add_typer(approvers.app, name="approvers", rich_help_panel=_RECORD)
app.add_typer(grants.app, name="grants", rich_help_panel=_GOAL)
app.add_typer(journal.app, name="journal", rich_help_panel=_RECORD)
app.add_typer(policy.app, name="policy", rich_help_panel=_LOOK)
app.add_typer(telemetry.app, name="telemetry", rich_help_panel=_RECORD)
app.add_typer(store.app, name="store", rich_help_panel=_RECORD)
app.add_typer(regress.app, name="regress", rich_help_panel=_LOOK)
