"""``actwright ps`` and ``actwright inspect``: the runs on the record. Neither asks the org anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render import journals
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import ActwrightError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.preview import Preview
    from actwright.runs.event import JournalEvent
    from actwright.runs.state import RunState

_INSPECTED = {"envelope", "sent", "settled"}
"""What a list of runs leaves out; ``inspect`` has it."""


def ps(
    *,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help="How many to show, newest first.")
    ] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest runs, with those that were taken back."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        states = app.runs(limit=limit)
    if as_json:
        terminal.document([each.model_dump(mode="json", exclude=_INSPECTED) for each in states])
    if states:
        terminal.show(*journals.runs(states))
    else:
        terminal.hint("No runs yet.")


def inspect(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")],
    *,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one run: its events, what became of it, and whether its journal is whole.

    Exit code 1 where the journal was changed after it was written.
    """
    from actwright.runs.journal import first_fault  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        events, state = app.events(run_id), app.run_state(run_id)
        preview, login = behind(app, events)
    fault = first_fault(events)
    if as_json:
        terminal.document(run_document(state, events, fault))
    terminal.show(*journals.run(state, events, fault, preview=preview, login=login))
    if fault is not None:
        raise typer.Exit(1)


def run_document(
    state: RunState, events: Sequence[JournalEvent], fault: str | None
) -> dict[str, object]:
    """Return a run as JSON-ready data: its state, its journal, and what is wrong with the journal's chain."""
    written = [each.model_dump(mode="json") for each in events]
    return {"run": state.model_dump(mode="json"), "events": written, "fault": fault}


def behind(app: Actwright, events: Sequence[JournalEvent]) -> tuple[Preview | None, str]:
    """Return the preview a run carried out, and the login its yes came from, as far as the store still has them."""
    first = events[0].data
    preview, login = None, ""
    with suppress(ActwrightError):
        preview = app.previews.get(str(first.get("previewId", "")))
    with suppress(ActwrightError):
        login = app.confirmations.get(str(first.get("confirmationId", ""))).login
    return preview, login
