"""The command line's shape: every command, in the groups its help shows them in."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli import blueprints, org, telemetry
from actwright.cli.apply import apply
from actwright.cli.confirm import confirm
from actwright.cli.doctor import doctor
from actwright.cli.help import Command, Group
from actwright.cli.plan import plan
from actwright.cli.preview import preview
from actwright.cli.query import query
from actwright.cli.recommend import recommend
from actwright.cli.run import run
from actwright.cli.runs import inspect, ps
from actwright.cli.schema import schema
from actwright.cli.show import show
from actwright.cli.undo import undo

_EXIT_CODES = (
    "Exit codes: 0 done; 1 failed, also an org that cannot be reached; 2 bad input, open questions or no plan; "
    "3 confirmation missing, refused, edited, expired, used or foreign; 4 the org moved on since the preview; "
    "5 refused by a guardrail or a permission."
)

_GOAL, _RECORD, _LOOK = "From a goal to a change", "On the record", "Look around"

app = typer.Typer(
    name="actwright",
    cls=Group,
    help="From a goal in plain words to a confirmed, guarded, undoable change.",
    epilog=_EXIT_CODES,
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
    (undo, _RECORD),
    (query, _LOOK),
    (schema, _LOOK),
    (doctor, _LOOK),
):
    app.command(cls=Command, rich_help_panel=_panel, epilog=_EXIT_CODES)(_command)
app.add_typer(blueprints.app, name="blueprints", rich_help_panel=_LOOK)
app.add_typer(org.app, name="org", rich_help_panel=_LOOK)
app.add_typer(telemetry.app, name="telemetry", rich_help_panel=_RECORD)
