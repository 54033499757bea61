"""``actwright cancel``: end a run as soon as all that is out is known."""

from __future__ import annotations

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.session import opened
from actwright.cli.stepping_in import (
    KeyOption,
    NoDriveOption,
    RunArgument,
    Stepping,
    WhyOption,
    wish,
)
from actwright.cli.terminal import Terminal


def cancel(
    run: RunArgument,
    *,
    why: WhyOption,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a run: nothing more is sent, what is out is waited for, and what was done is reported.

    A run another process carries out ends before its next step. What was done stays done; undo takes it back.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as app:
        wanted = wish(app, "cancel", why, key=key)
        Stepping(app, terminal, run, drive=not no_drive).step_in(wanted)
