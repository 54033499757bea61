"""``actwright doctor``: is everything in place, and what to do where it is not."""

from __future__ import annotations

import typer

from actwright.cli.checks import examine
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.checks import checks
from actwright.cli.terminal import Terminal


def doctor(
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check this installation, the settings, the store and the way to the org.

    Exit code 1 where something is wrong.
    """
    terminal = Terminal(as_json=as_json)
    with terminal.busy("Checking"):
        found = examine(org=org, user=user, home=home)
    if as_json:
        plain = [
            {"name": each.name, "ok": each.ok, "message": each.message, "hint": each.hint}
            for each in found
        ]
        terminal.document(plain)
    terminal.show(checks(found))
    if not all(each.ok for each in found):
        raise typer.Exit(1)
