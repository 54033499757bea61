"""``actwright resume``: drive a run on, or step into it and then drive it on."""

from __future__ import annotations

from typing import NoReturn

from actwright.cli.intervening import (
    ActionOption,
    AlsoOption,
    OutputOption,
    ReasonOption,
    RecordOption,
    Said,
    SaidOption,
    ToOption,
    YesIdOption,
)
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.session import opened
from actwright.cli.stepping_in import (
    InputsOption,
    KeyOption,
    NoDriveOption,
    RunArgument,
    Stepping,
)
from actwright.cli.terminal import Terminal
from actwright.errors import InputError


def resume(
    run: RunArgument,
    *,
    action: ActionOption = None,
    why: ReasonOption = None,
    to: ToOption = None,
    also: AlsoOption = None,
    inputs: InputsOption = None,
    answer: SaidOption = None,
    record: RecordOption = None,
    output: OutputOption = None,
    confirmation: YesIdOption = None,
    key: KeyOption = None,
    no_drive: NoDriveOption = False,
    yes: YesOption = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Drive a run on that has stopped: after a crash, a yes, a failure or a doubt.

    With --action a person says how, with a reason; where that does not apply, nothing changes and what does is named
    (exit code 6). What changes an effect is previewed and confirmed first.
    """
    terminal = Terminal(as_json=as_json)
    said = Said(why, to, also, inputs, answer, record, output, confirmation, key)
    with opened(org=org, user=user, home=home) as app:
        if action is None:
            if said.anything or no_drive:
                raise InputError("Without an --action there is nothing to put on the record.")
            _go_on(Stepping(app, terminal, run, yes=yes))
        wanted = said.wanted(app, action)
        Stepping(app, terminal, run, drive=not no_drive, yes=yes).step_in(wanted)


def _go_on(stepping: Stepping) -> NoReturn:
    """Drive the run on; where it waits for a yes to its next part, show that and ask."""
    from actwright.runs.interventions.standing import standing_of  # noqa: PLC0415 - slow to import

    app, terminal, run_id = stepping.app, stepping.terminal, stepping.run_id
    app.fire(run_id)
    state = app.run_state(run_id)
    if state.ended:
        terminal.hint(f"It had ended before, as {state.status}: nothing was done now.")
    waits = standing_of(state) == "confirmation"
    result = stepping.continued(app.wave(run_id).id) if waits else stepping.resumed()
    if terminal.as_json:
        terminal.document(result.model_dump(mode="json"))
    stepping.end(result)
