"""``actwright override``: object to a run, and decide objections."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.render.interventions import objections
from actwright.cli.session import opened
from actwright.cli.stepping_in import (
    InputsOption,
    KeyOption,
    NoDriveOption,
    RunArgument,
    Stepping,
    WhyOption,
    inputs_of,
    wish,
)
from actwright.cli.terminal import Terminal
from actwright.errors import InputError

app = typer.Typer(
    cls=Group, help="Object to a run, and decide objections as an approver.", no_args_is_help=True
)

_ENVIRONMENT = "ACTWRIGHT_APPROVER_KEY"
_LONGEST_KEY = 1_000

KeyFileOption = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        metavar="FILE",
        help=f"Where your approver's key stands; '-' reads stdin. Else {_ENVIRONMENT}, else you are asked.",
    ),
]


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


@app.command("uphold", cls=Command)
def uphold(
    run: RunArgument,
    *,
    why: WhyOption,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign that the objection stands: with the last signature needed the run ends, aborted."""
    terminal, secret = Terminal(as_json=as_json), _approver_key(key_file)
    with opened(org=org, user=user, home=home) as opened_app:
        wanted = wish(opened_app, "uphold", why, key=key)
        stepping = Stepping(opened_app, terminal, run, drive=not no_drive)
        stepping.step_in(wanted, signing_key=secret)


@app.command("dismiss", cls=Command)
def dismiss(
    run: RunArgument,
    *,
    why: WhyOption,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign that the objection does not stand: with the last signature needed the run goes on."""
    terminal, secret = Terminal(as_json=as_json), _approver_key(key_file)
    with opened(org=org, user=user, home=home) as opened_app:
        wanted = wish(opened_app, "dismiss", why, key=key)
        stepping = Stepping(opened_app, terminal, run, drive=not no_drive)
        stepping.step_in(wanted, signing_key=secret)


@app.command("modify", cls=Command)
def modify(
    run: RunArgument,
    *,
    why: WhyOption,
    inputs: InputsOption = None,
    key_file: KeyFileOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    yes: YesOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign for other values: with the last signature needed they are previewed, and wait for a yes."""
    terminal, secret = Terminal(as_json=as_json), _approver_key(key_file)
    with opened(org=org, user=user, home=home) as opened_app:
        wanted = wish(opened_app, "modify", why, key=key, inputs=inputs_of(inputs))
        stepping = Stepping(opened_app, terminal, run, drive=not no_drive, yes=yes)
        stepping.step_in(wanted, signing_key=secret)


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


def _approver_key(path: Path | None) -> str:
    """Return the key of whoever signs; never from the command line, where others could see it.

    Raises:
        InputError: There is none, or its file cannot be read.
    """
    if path is None and _ENVIRONMENT not in os.environ and sys.stdin.isatty():
        return getpass.getpass("Approver key: ").strip()
    found = os.environ.get(_ENVIRONMENT, "") if path is None else _read(path)
    if not found.strip():
        raise InputError(
            "Deciding an objection needs an approver's key.",
            where="--key-file",
            hint=f"Say --key-file FILE, or set {_ENVIRONMENT}.",
        )
    return found.strip()


def _read(path: Path) -> str:
    if str(path) == "-":
        return sys.stdin.readline(_LONGEST_KEY)
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline(_LONGEST_KEY)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"The key file cannot be read: {reason}.", where=str(path)) from error
