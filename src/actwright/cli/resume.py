"""``actwright resume``: drive a run on, or step into it and then drive it on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption, YesOption
from actwright.cli.session import opened
from actwright.cli.stepping_in import (
    InputsOption,
    KeyOption,
    NoDriveOption,
    RunArgument,
    Stepping,
    inputs_of,
    wish,
)
from actwright.cli.terminal import Terminal
from actwright.errors import InputError

ACTIONS = (
    "retry",
    "retry_with_inputs",
    "skip_stage",
    "force_branch",
    "confirm_continue",
    "provide_clarification",
    "abort_flow",
)
"""What ``--action`` takes; objections and cancelling have commands of their own."""


def completed(incomplete: str) -> list[str]:
    """Return the actions a half-typed one can become."""
    return [each for each in ACTIONS if each.startswith(incomplete)]


def resume(
    run: RunArgument,
    *,
    action: Annotated[
        str | None,
        typer.Option(
            "--action",
            metavar="ACTION",
            autocompletion=completed,
            help=f"How to go on: {', '.join(ACTIONS)}. Where left out, the run just goes on where it can.",
        ),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="Your reason; it stands on the record."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="ID",
            help="The group, by its id or an action in it; may be left out where only one can be meant.",
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="ID",
            help="What is left out besides, because it needs what is skipped; repeatable.",
        ),
    ] = None,
    inputs: InputsOption = None,
    answer: Annotated[
        str | None,
        typer.Option(
            "--answer",
            metavar="TEXT",
            help="'happened', 'did not happen', or the answer to a question.",
        ),
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--record",
            metavar="GROUP/EFFECT=ID",
            help="The record that an effect created, where it happened; repeatable.",
        ),
    ] = None,
    confirmation: Annotated[
        str | None,
        typer.Option("--confirmation", metavar="ID", help="The yes to what comes next."),
    ] = None,
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
    details = (why, to, also, inputs, answer, record, confirmation, key)
    with opened(org=org, user=user, home=home) as app:
        if action is None:
            if any(each is not None for each in details) or no_drive:
                raise InputError("Without an --action there is nothing to put on the record.")
            _go_on(Stepping(app, terminal, run, yes=yes))
        if not (why or "").strip():
            raise InputError(
                "An intervention needs your reason.", where="--why", hint="Say --why TEXT."
            )
        wanted = wish(
            app,
            _known(action),
            why or "",
            key=key,
            target=to,
            also=tuple(also) if also else None,
            inputs=inputs_of(inputs),
            answer=answer,
            records=_records(record) if record else None,
            confirmation_id=confirmation,
        )
        Stepping(app, terminal, run, drive=not no_drive, yes=yes).step_in(wanted)


def _go_on(stepping: Stepping) -> NoReturn:
    """Drive the run on; where it waits for a yes to its next part, show that and ask."""
    from actwright.runs.interventions.standing import standing_of  # noqa: PLC0415 - slow to import

    app, terminal, run_id = stepping.app, stepping.terminal, stepping.run_id
    state = app.run_state(run_id)
    if state.ended:
        terminal.hint(f"It had ended before, as {state.status}: nothing was done now.")
    waits = standing_of(state) == "confirmation"
    result = stepping.continued(app.wave(run_id).id) if waits else stepping.resumed()
    if terminal.as_json:
        terminal.document(result.model_dump(mode="json"))
    stepping.end(result)
    raise typer.Exit


def _known(action: str) -> str:
    if action not in ACTIONS:
        raise InputError(
            f"There is no action {action[:40]!r}.",
            where="--action",
            hint=f"One of {', '.join(ACTIONS)}; see also actwright cancel and actwright override.",
        )
    return action


def _records(items: Sequence[str]) -> dict[str, str]:
    """Return record ids by effect, as in ``g1/a2.1=003...``; the group before the slash may be left out."""
    found: dict[str, str] = {}
    for item in items:
        name, equals, record = item.partition("=")
        effect = name.rpartition("/")[2].strip()
        if not equals or not effect or effect in found:
            raise InputError(
                f"{item[:80]!r} names no record, or names one twice.",
                where="--record",
                hint="Say --record GROUP/EFFECT=ID.",
            )
        found[effect] = record.strip()
    return found
