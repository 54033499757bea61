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
    from actwright.locales import PersonLocale
    from actwright.runs.event import JournalEvent
    from actwright.runs.state import RunState

_LONGEST_GOAL = 200
_LONGEST = 600


def runs(states: Sequence[RunState]) -> Iterator[RenderableType]:
    """Yield a list of runs: id, how it stands, when by its person's clock, who, and the goal on a line of its own."""
    standings = [standing(each) for each in states]
    widest = max(map(len, standings), default=0)
    for each, told in zip(states, standings, strict=True):
        yield line(
            said(each.id, "bold"),
            "  ",
            said(told, _STYLES.get(told, "red")),
            " " * (widest - len(told)),
            aside(_moment(each)),
            aside(each.user.partition("@")[0]),
        )
        yield Padding(said(each.goal, limit=_LONGEST_GOAL), _INDENT)
        if each.undone_by:
            yield Padding(line(Text("taken back by ", "yellow"), _ids(each)), _INDENT)


_INDENT = (0, 0, 0, 4)
_STYLES = {"completed": "green", "partly done": "yellow"}


def standing(state: RunState) -> str:
    """Return in a word or two how a run stands."""
    return "partly done" if state.in_part else state.status


def _ids(state: RunState) -> Text:
    return said(", ".join(state.undone_by))


def _moment(state: RunState) -> str:
    """Return when a run began, by the clock of its person, which is named."""
    if not state.started_at:
        return ""
    began = _clock(state).local(state.started_at)
    return f"{began:%Y-%m-%d %H:%M} {began.tzname()}"


def _clock(state: RunState) -> PersonLocale:
    from actwright.locales import PersonLocale  # noqa: PLC0415 - slow to import

    return PersonLocale(zone=state.zone)


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
    teller, clock = Teller(preview), _clock(state)
    yield line(heading("Run "), said(state.id), "  ", said(standing(state)), aside(_moment(state)))
    yield line("Goal: ", said(state.goal))
    if state.undoes:
        yield line("Takes back ", said(state.undoes))
    if state.undone_by:
        yield line(Text("Taken back by ", "yellow"), _ids(state))
    yield line("Plan ", said(state.plan_id), ", preview ", said(state.preview_id))
    yield line(
        "Confirmed by ", said(_approver(state, login)), " with ", said(state.confirmation_id)
    )
    yield line("As ", said(state.user), " on ", said(where))
    yield grid(
        ("#", "At", "Event", "What it says"),
        (_event(each, teller, clock) for each in events),
        whole={"Event"},
    )
    yield _chain(fault, len(events))
    if state.in_doubt:
        yield line(Text("In doubt: ", "bold red"), said(", ".join(state.in_doubt)))
    if state.envelope is not None:
        yield from envelope(state.envelope, preview)


def _approver(state: RunState, login: str) -> str:
    return f"{state.approver} (login {login})" if login else state.approver


def _chain(fault: str | None, count: int) -> Text:
    if fault is None:
        return Text(f"The journal is whole: {count} events, each chained to the one before.", "dim")
    return line(Text("The journal is damaged: ", "bold red"), said(fault))


def _event(event: JournalEvent, teller: Teller, clock: PersonLocale) -> tuple[Text, ...]:
    return (
        said(str(event.seq)),
        said(f"{clock.local(event.at):%H:%M:%S}"),
        said(event.kind.replace("_", " ")),
        said(teller.told(event), limit=_LONGEST),
    )
