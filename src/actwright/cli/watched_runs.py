"""Runs that are watched: a list or one run, shown in one place on a terminal, and line by line anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from actwright.cli.render import journals, run_lists
from actwright.cli.watching import watched

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.cli.render.journals import Inspected
    from actwright.cli.terminal import Terminal
    from actwright.runs.telling.listed import ListedRun

_NEWEST = 12
"""How many of a run's events are shown while it is watched."""

_TOLD = (
    "status",
    "reason",
    "waiting_for",
    "stalled",
    "over",
    "in_doubt",
    "worker",
    "undone_by",
    "undone_in_part",
)
"""What has to change for a run to be told of again, where its news come line by line."""


def watch_list(app: Actwright, terminal: Terminal, look: Callable[[], run_lists.Page]) -> None:
    """Show a list of runs as it moves, until Ctrl-C."""
    if not terminal.shows_people:
        watched(app.watch(), look, _News(terminal).tell)
        return
    with terminal.live() as show:
        watched(app.watch(), look, lambda page: show(run_lists.Fitting(page, app.clock.now())))


def watch_run(app: Actwright, terminal: Terminal, look: Callable[[], Inspected]) -> None:
    """Show one run as it moves, until it has ended or Ctrl-C."""

    def over(seen: Inspected) -> bool:
        return seen.state.ended

    if not terminal.shows_people:
        watched(app.watch(), look, _Events(terminal).tell, over=over)
        return
    with terminal.live() as show:
        watched(
            app.watch(), look, lambda seen: show(*journals.run(seen, newest=_NEWEST)), over=over
        )


class _News:
    """Tells of each run of a list once, and again when it has moved, or was not in the list meanwhile."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._known: dict[str, tuple[object, ...]] | None = None

    def tell(self, page: run_lists.Page) -> None:
        if self._known is None and not page.runs:
            self._terminal.hint(page.empty)
        before = self._known or {}
        self._known = {each.id: tuple(getattr(each, name) for name in _TOLD) for each in page.runs}
        for each in reversed(page.runs):
            if before.get(each.id) != self._known[each.id]:
                self._one(each)

    def _one(self, run: ListedRun) -> None:
        self._terminal.record(run.model_dump(mode="json"))
        self._terminal.show(*run_lists.runs((run,)))


class _Events:
    """Tells each event of a run once."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._told = 0

    def tell(self, seen: Inspected) -> None:
        for each in seen.events[self._told :]:
            self._terminal.record(each.model_dump(mode="json"))
            self._terminal.show(journals.event_line(each, seen))
        self._told = len(seen.events)
