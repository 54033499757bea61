"""``actwright replay``: a run's journal told as it was, at its own pace. Nothing is called."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render import journals
from actwright.cli.runs import inspected
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal


def replay(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")],
    *,
    speed: Annotated[
        float,
        typer.Option(
            "--speed", metavar="N", help="N times as fast as it was; 0 without any waiting."
        ),
    ] = 1.0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell a run's journal event by event, with the time that passed in between. Nothing is read or written outside.

    With --json, one event a line. Ctrl-C ends it. Exit code 1 where the journal was changed after it was written.
    """
    from actwright.runs.replay.streaming import streamed  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        seen = inspected(app, run_id)
    with suppress(KeyboardInterrupt):
        for event in streamed(seen.events, speed=speed, sleep=time.sleep):
            terminal.record(event.model_dump(mode="json"))
            terminal.show(journals.event_line(event, seen))
    if seen.fault is not None:
        terminal.aside(journals.chain(seen.fault, len(seen.events)))
        raise typer.Exit(1)
