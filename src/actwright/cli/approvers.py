"""``actwright approvers``: who may decide objections."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, UserOption
from actwright.cli.render.interventions import approvers
from actwright.cli.session import opened
from actwright.cli.stepping_in import WhyOption, person
from actwright.cli.terminal import Terminal

app = typer.Typer(cls=Group, help="Register who may decide objections.", no_args_is_help=True)

_SECRET = {"salt", "key_hash"}


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call the approver.")],
    *,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register an approver, and print their key: once, for it is kept nowhere.

    It counts for objections that are filed from now on.
    """
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        approver, key = opened_app.approvers.add(name, by=person(opened_app))
    if as_json:
        terminal.document({**approver.model_dump(mode="json", exclude=_SECRET), "key": key})
        return
    terminal.line(key)
    terminal.hint(
        f"This is the key of {approver.name}. Hand it over now; it cannot be shown again."
    )


@app.command("list", cls=Command)
def list_approvers(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List everybody who was ever registered, and whose keys count."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        desk = opened_app.approvers
        found = [(each, desk.revocation(each)) for each in desk.everyone()]
    if as_json:
        terminal.document(
            [
                {
                    **each.model_dump(mode="json", exclude=_SECRET),
                    "revoked": revocation.model_dump(mode="json") if revocation else None,
                }
                for each, revocation in found
            ]
        )
    elif found:
        terminal.show(approvers(found))
    else:
        terminal.hint("Nobody is registered: actwright approvers add NAME")


@app.command("revoke", cls=Command)
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The approver's name or id.")],
    *,
    why: WhyOption,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an approver's key count no more, for open objections too."""
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        gone = opened_app.approvers.revoke(name, by=person(opened_app), why=why)
    if as_json:
        terminal.document(gone.model_dump(mode="json", exclude=_SECRET))
    else:
        terminal.hint(f"The key of {gone.name} counts no more.")
