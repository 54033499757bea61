"""Runs and their journals as people see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.envelopes import envelope
from actwright.cli.render.grid import grid
from actwright.cli.render.run_lists import STYLES, began, clock_of
from actwright.cli.render.run_now import Present, where_it_is
from actwright.cli.render.run_stages import interventions, stages_of
from actwright.cli.render.words import aside, heading, line, said
from actwright.pages.standing import Standing, standing
from actwright.pages.telling import Teller

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

    from actwright.checkpoints.preview import Preview
    from actwright.locales import PersonLocale
    from actwright.runs.record.event import JournalEvent
    from actwright.runs.record.state import RunState
    from actwright.runs.replay.at import At

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Inspected:
    """A run as somebody looks at it.

    Attributes:
        state: What its events add up to.
        events: The journal.
        fault: What is wrong with the journal's chain, None where it is whole.
        now: The time.
        stages: The previews of its stages, where the store still has them.
        login: The login name of the account the first yes was given from.
        carried: Whether a process carries it out that is alive.
        alone: Whether no other machine uses the store, so that no worker elsewhere may be counted on.
    """

    state: RunState
    events: Sequence[JournalEvent]
    fault: str | None
    now: datetime
    stages: Sequence[Preview | None] = ()
    login: str = ""
    carried: bool = False
    alone: bool = True

    @property
    def first(self) -> Preview | None:
        """The preview it began with, where the store still has it."""
        return self.stages[0] if self.stages else None


def run(seen: Inspected, *, newest: int | None = None) -> Iterator[RenderableType]:
    """Yield one run: what it was about, where it is, its events, its envelope, and whether its journal is whole.

    Args:
        seen: The run.
        newest: How many of its events are shown, the newest; all where left out.
    """
    state, clock = seen.state, clock_of(seen.state.zone)
    yield from _head(seen)
    yield from where_it_is(
        state,
        seen.events,
        seen.stages,
        present(seen.now, clock),
        carried=seen.carried,
        alone=seen.alone,
    )
    yield from stages_of(state)
    yield from interventions(seen.events, _time_of(clock))
    yield _journal(seen, clock, newest)
    yield chain(seen.fault, len(seen.events))
    if state.ended and state.in_doubt:
        yield line(Text("In doubt: ", "bold red"), said(", ".join(state.in_doubt)))
    if state.envelope is not None:
        yield from envelope(state.envelope, *seen.stages)


def run_at(found: At, seen: Inspected) -> Iterator[RenderableType]:
    """Yield a run as it stood right behind one of its events, with what had become of each action by then.

    Args:
        found: The run at that event.
        seen: The same, with its journal up to there.
    """
    yield line(heading(f"As it stood at event {found.seq} of {found.of}"))
    yield from run(seen)
    if found.state.envelope is None:
        yield heading("What had become of it by then")
        yield from envelope(found.envelope, *seen.stages)


def event_line(event: JournalEvent, seen: Inspected) -> Text:
    """Return one event of a run in one line: its number, when, which, and what it says."""
    clock = clock_of(seen.state.zone)
    teller = Teller(seen.stages, _time_of(clock))
    number, at, kind, told = _row(event, teller, clock)
    return line(number, "  ", at, "  ", Text(kind.plain, "bold"), "  ", told)


def present(now: datetime, clock: PersonLocale) -> Present:
    """Return the moment a run is looked at, told by a person's clock: with the day where it is another one."""
    today = clock.local(now.isoformat()).date()

    def moment(at: str) -> str:
        local = clock.local(at)
        return f"{local:%H:%M:%S}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"

    return Present(now, moment)


def standing_of(seen: Inspected) -> Standing:
    """Return how a run stands."""
    from actwright.runs.telling.flags import flags_of, over_in_words  # noqa: PLC0415 - slow to import

    state, carried = seen.state, seen.carried
    flags = flags_of(state, carried=carried)
    return standing(
        state.status,
        state.waiting_for,
        in_part=state.in_part,
        in_doubt=bool(flags.in_doubt),
        stalled=bool(flags.stalled),
        over=not carried and bool(over_in_words(state, seen.now)),
    )


def _head(seen: Inspected) -> Iterator[RenderableType]:
    from actwright.cli.showing import called  # noqa: PLC0415 - it renders through this package

    state = seen.state
    told = standing_of(seen)
    yield line(
        heading("Run "),
        said(state.id),
        "  ",
        said(told.word, STYLES[told.tone]),
        aside(began(state.started_at, state.zone)),
    )
    yield line("Goal: ", said(state.goal))
    if state.undoes:
        yield line("Takes back ", said(state.undoes))
    if state.undone_by:
        yield line(Text("Taken back by ", "yellow"), said(", ".join(state.undone_by)))
    yield line("Plan ", said(state.plan_id), ", preview ", said(state.preview_id))
    yield line(
        "Confirmed by ", said(_approver(state, seen.login)), " with ", said(state.confirmation_id)
    )
    yield line(
        "As ", said(state.user), " on ", said(called(seen.first.org) if seen.first else state.org)
    )


def _approver(state: RunState, login: str) -> str:
    return f"{state.approver} (login {login})" if login else state.approver


def chain(fault: str | None, count: int) -> Text:
    """Return whether a journal is whole, and what is wrong with it."""
    if fault is None:
        told = "1 event." if count == 1 else f"{count:,} events, each chained to the one before."
        return Text(f"The journal is whole: {told}", "dim")
    return line(Text("The journal is damaged: ", "bold red"), said(fault))


def _journal(seen: Inspected, clock: PersonLocale, newest: int | None) -> RenderableType:
    teller = Teller(seen.stages, _time_of(clock))
    shown = seen.events if newest is None else seen.events[-newest:]
    return grid(
        ("#", "At", "Event", "What it says"),
        (_row(each, teller, clock) for each in shown),
        whole={"Event"},
    )


def _time_of(clock: PersonLocale) -> Callable[[str], str]:
    return lambda at: f"{clock.local(at):%H:%M:%S}"


def _row(event: JournalEvent, teller: Teller, clock: PersonLocale) -> tuple[Text, ...]:
    return (
        said(str(event.seq)),
        said(f"{clock.local(event.at):%H:%M:%S}"),
        said(event.kind.replace("_", " ")),
        said(teller.told(event), limit=_LONGEST),
    )
