"""``actwright ps`` and ``actwright inspect``: the runs on the record. Neither asks the org anything."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.operands import check_run
from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render import journals, run_lists, undoings
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.watched_runs import watch_list, watch_run
from actwright.errors import ActwrightError, InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.state import RunState
    from actwright.runs.replay.at import At
    from actwright.runs.undoing.undoing import Undoing

WatchOption = Annotated[
    bool, typer.Option("--watch", help="Go on showing it as it moves, until Ctrl-C.")
]


def ps(
    *,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="STATUS", help="Only runs with this status; repeatable."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", min=1, max=run_lists.MOST_SHOWN, help="How many to show, newest first."
        ),
    ] = 20,
    watch: WatchOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest runs: how each stands, what it needs, and which were taken back."""
    terminal, statuses = Terminal(as_json=as_json), _statuses(status or ())
    with opened(home=home) as app:

        def seen() -> run_lists.Page:
            found = app.with_rest(app.listed_runs(limit=limit, statuses=statuses or None))
            more = app.count_runs(statuses=statuses or None) - limit
            return run_lists.Page(found, limit, more, chosen=bool(statuses))

        if watch:
            watch_list(app, terminal, seen)
            return
        page, now = seen(), app.clock.now()
        lost = not page.runs and app.lacks_its_seals()
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in page.runs])
    terminal.show(*run_lists.runs(page.runs, now))
    below = page.older() if page.runs else page.empty
    if below:
        terminal.hint(below)
    if lost:
        terminal.hint(
            "But there is a key of the seals here, so that a store was sealed: actwright verify"
        )


def inspect(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run's id.")],
    *,
    at: Annotated[
        int | None,
        typer.Option("--at", metavar="SEQ", help="As it stood right behind this event."),
    ] = None,
    watch: WatchOption = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one run: where it is, its events, what became of it, and whether its journal is whole.

    Exit code 1 where the journal was changed after it was written.
    """
    if watch and at is not None:
        raise InputError(
            "A run is watched as it goes on, or shown as it stood at one event.",
            where="--at",
            hint="Leave out --watch or --at.",
        )
    check_run(run_id)
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app:
        if watch:
            watch_run(app, terminal, lambda: inspected(app, run_id))
            return
        if at is not None:
            _show_at(app, terminal, run_id, at)
            return
        seen, undoing = inspected(app, run_id), _undoing(app, run_id)
    if as_json:
        undone = {"undoing": undoing.model_dump(mode="json") if undoing else None}
        terminal.document(run_document(seen) | undone)
    terminal.show(*journals.run(seen), *(undoings.of_run(undoing) if undoing else ()))
    for stage, preview in zip(seen.state.stages, seen.stages, strict=False):
        if preview is None:
            terminal.hint(
                f"{stage.preview_id} cannot be read, so that ids stand for names: actwright verify {run_id}"
            )
    if seen.fault is not None:
        raise typer.Exit(1)


def _undoing(app: Actwright, run_id: str) -> Undoing | None:
    """Return how far a run is taken back, as far as the store can still tell."""
    with suppress(ActwrightError):
        return app.begun_undoing(run_id)
    return None


def inspected(app: Actwright, run_id: str) -> journals.Inspected:
    """Return a run as somebody looks at it now.

    Raises:
        NotFoundError: There is no such run.
    """
    from actwright.runs.record.chain import first_fault  # noqa: PLC0415 - slow to import

    head = app.journal.head(run_id)
    events, state = app.events(run_id), app.run_state(run_id)
    stages, login = behind(app, state)
    return journals.Inspected(
        state,
        events,
        first_fault(events, head),
        app.clock.now(),
        stages=stages,
        login=login,
        carried=app.is_carried_out(run_id),
        alone=app.settings.database_url is None,
    )


def run_document(seen: journals.Inspected) -> dict[str, object]:
    """Return a run as JSON-ready data: its state with its flags, its journal, and what is wrong with its chain."""
    from actwright.runs.telling.flags import state_document  # noqa: PLC0415 - slow to import

    state = state_document(seen.state, carried=seen.carried)
    written = [each.model_dump(mode="json") for each in seen.events]
    return {"run": state, "events": written, "fault": seen.fault}


def behind(app: Actwright, state: RunState) -> tuple[tuple[Preview | None, ...], str]:
    """Return the previews of a run's stages, and the login its first yes came from, as far as the store has them."""
    login = ""
    with suppress(ActwrightError):
        login = app.confirmations.get(state.stages[0].confirmation_id).login if state.stages else ""
    return tuple(_preview(app, each.preview_id) for each in state.stages), login


def _preview(app: Actwright, preview_id: str) -> Preview | None:
    with suppress(ActwrightError):
        return app.previews.get(preview_id)
    return None


def _statuses(given: Sequence[str]) -> frozenset[str]:
    """Return the statuses a list is to be held to.

    Raises:
        InputError: There is no such status.
    """
    from actwright.runs.record.state import STATUSES  # noqa: PLC0415 - slow to import

    wanted = frozenset(each.strip().lower() for each in given)
    strange = wanted.difference(STATUSES)
    if strange:
        raise InputError(
            f"There is no status {min(strange)[:40]!r}.",
            where="--status",
            hint=f"A run is {', '.join(STATUSES[:-1])} or {STATUSES[-1]}.",
        )
    return wanted


def _show_at(app: Actwright, terminal: Terminal, run_id: str, seq: int) -> None:
    """Show a run as it stood right behind one of its events, with what had become of each action by then."""
    found = app.state_at(run_id, seq)
    if terminal.as_json:
        terminal.document(found.model_dump(mode="json"))
    then = _then(app, found)
    terminal.show(*journals.run_at(found, then))
    if then.fault is not None:
        if terminal.as_json:
            terminal.aside(journals.chain(then.fault, found.of))
        raise typer.Exit(1)


def _then(app: Actwright, found: At) -> journals.Inspected:
    from datetime import datetime  # noqa: PLC0415 - only here

    from actwright.runs.record.chain import first_fault  # noqa: PLC0415 - slow to import

    head = app.journal.head(found.state.id)
    whole = app.events(found.state.id)
    events = whole[: found.seq]
    stages, login = behind(app, found.state)
    now = datetime.fromisoformat(events[-1].at)
    return journals.Inspected(
        found.state,
        events,
        first_fault(whole, head),
        now,
        stages=stages,
        login=login,
        carried=True,
    )
