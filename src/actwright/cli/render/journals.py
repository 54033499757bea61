"""Runs and their journals as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.envelopes import envelope
from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, heading, line, said
from actwright.pages.telling import Teller

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.preview import Preview
    from actwright.runs.event import JournalEvent
    from actwright.runs.state import RunState

_LONGEST_GOAL = 200
_MINUTES = len("2026-11-24T15:00")
_CLOCK = slice(len("2026-11-24T"), len("2026-11-24T15:00:00"))
_LONGEST = 600


def runs(states: Sequence[RunState]) -> Iterator[RenderableType]:
    """Yield a list of runs: id, status, when, who, and the goal on a line of its own."""
    widest = max((len(each.status) for each in states), default=0)
    for each in states:
        style = "green" if each.status == "completed" else "red"
        yield line(
            said(each.run_id, "bold"),
            "  ",
            said(each.status, style),
            " " * (widest - len(each.status)),
            aside(each.started_at[:_MINUTES].replace("T", " ")),
            aside(each.user.partition("@")[0]),
        )
        yield Padding(said(each.goal, limit=_LONGEST_GOAL), (0, 0, 0, 4))


def run(
    state: RunState,
    events: Sequence[JournalEvent],
    fault: str | None,
    *,
    preview: Preview | None = None,
    login: str = "",
) -> Iterator[RenderableType]:
    """Yield one run: what it was about, its events in order, its envelope, and whether its journal is whole.

    Args:
        state: What the events add up to.
        events: The journal.
        fault: What is wrong with its chain, None where it is whole.
        preview: What was carried out, where the store still has it.
        login: The login name of the account the yes was given from.
    """
    from actwright.cli.showing import called  # noqa: PLC0415 - it renders through this package

    where = called(preview.org) if preview else state.org
    teller = Teller(preview)
    yield line(heading("Run "), said(state.run_id), "  ", said(state.status))
    yield line("Goal: ", said(state.goal))
    yield line("Plan ", said(state.plan_id), ", preview ", said(state.preview_id))
    yield line(
        "Confirmed by ", said(_approver(state, login)), " with ", said(state.confirmation_id)
    )
    yield line("As ", said(state.user), " on ", said(where))
    yield grid(
        ("#", "At", "Event", "What it says"),
        (_event(each, teller) for each in events),
        whole={"Event"},
    )
    yield _chain(fault, len(events))
    if state.in_doubt:
        yield line(Text("In doubt: ", "bold red"), said(", ".join(state.in_doubt)))
    if state.envelope is not None:
        yield from envelope(state.envelope)


def _approver(state: RunState, login: str) -> str:
    return f"{state.approver} (login {login})" if login else state.approver


def _chain(fault: str | None, count: int) -> Text:
    if fault is None:
        return Text(f"The journal is whole: {count} events, each chained to the one before.", "dim")
    return line(Text("The journal is damaged: ", "bold red"), said(fault))


def _event(event: JournalEvent, teller: Teller) -> tuple[Text, ...]:
    return (
        said(str(event.seq)),
        said(event.at[_CLOCK]),
        said(event.kind.replace("_", " ")),
        said(teller.told(event), limit=_LONGEST),
    )
