"""Lists of runs as people see them: how each stands, whose it is, and what it needs from somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.words import aside, in_words, line, said
from actwright.pages.standing import Standing, left_out_in_words, standing
from actwright.pages.telling import worker_in_words

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from actwright.locales import PersonLocale
    from actwright.runs.telling.listed import ListedRun

STYLES = {"good": "green", "open": "cyan", "doubt": "yellow", "bad": "red"}
"""How each tone is shown."""

MOST_SHOWN = 1_000
"""The most runs a list can have."""

_LONGEST_GOAL = 200
_LONGEST_REASON = 400
_INDENT = (0, 0, 0, 4)
_NEAR = timedelta(hours=1)
"""How near a moment is that is told to the second."""


def runs(listed: Sequence[ListedRun], now: datetime | None = None) -> Iterator[RenderableType]:
    """Yield a list of runs: id, how it stands, when by its person's clock, who; the goal and what it needs below.

    Args:
        listed: The runs.
        now: The time, to tell for how long each has been standing so; that is not told where left out.
    """
    for each in _blocks(listed, now):
        yield from each


def _blocks(
    listed: Sequence[ListedRun], now: datetime | None
) -> Iterator[tuple[RenderableType, ...]]:
    """Yield what is shown of each run."""
    stand = [standing_of(each) for each in listed]
    widest = max((len(each.word) for each in stand), default=0)
    for each, told in zip(listed, stand, strict=True):
        head = line(
            said(each.id, "bold"),
            "  ",
            said(told.word, STYLES[told.tone]),
            " " * (widest - len(told.word)),
            aside(began(each.started_at, each.zone)),
            aside(each.user.partition("@")[0]),
        )
        goal = Padding(said(each.goal, limit=_LONGEST_GOAL), _INDENT)
        yield (head, goal, *(Padding(note, _INDENT) for note in _notes(each, now)))


@dataclass(frozen=True, slots=True)
class Page:
    """What is seen of a list of runs.

    Attributes:
        runs: The newest ones, newest first.
        limit: How many were asked for.
        more: How many there are beside those.
        chosen: Whether only runs of some statuses were asked for.
    """

    runs: tuple[ListedRun, ...]
    limit: int
    more: int = 0
    chosen: bool = False

    @property
    def empty(self) -> str:
        """What is said where there are none."""
        return "No run stands so." if self.chosen else "No runs yet."

    def older(self, hidden: int = 0) -> str:
        """Return how many runs are not shown, and how they are; nothing where all are.

        Args:
            hidden: How many of the list there is no room for.
        """
        more = max(self.more, 0) + hidden
        if more <= 0:
            return ""
        counted = _most_counted() - self.limit
        count = f"more than {counted:,}" if self.more > counted else f"{more:,}"
        if hidden:
            return f"And {count} older: a higher window shows more."
        wider = (
            f"--limit {min(self.limit + more, MOST_SHOWN)}, or " if self.limit < MOST_SHOWN else ""
        )
        return f"And {count} older: actwright ps {wider}--status STATUS"


@dataclass(frozen=True, slots=True)
class Fitting:
    """A list of runs as far as the terminal is high, with how many more there are below it.

    Attributes:
        page: The list.
        now: The time.
    """

    page: Page
    now: datetime

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield as many runs as there is room for, at least one."""
        room, shown = console.height - 1, 0
        for each in _blocks(self.page.runs, self.now):
            block = Group(*each)
            room -= len(console.render_lines(block, options, pad=False))
            if shown and room < 0:
                break
            shown += 1
            yield block
        below = self.page.older(len(self.page.runs) - shown) if shown else self.page.empty
        if below:
            yield Text(below, "dim")


def _most_counted() -> int:
    from actwright.runs.record import register  # noqa: PLC0415 - slow to import

    return register.MOST_COUNTED


def standing_of(listed: ListedRun) -> Standing:
    """Return how a listed run stands."""
    return standing(
        listed.status,
        listed.waiting_for,
        in_part=listed.in_part,
        in_doubt=listed.in_doubt,
        stalled=listed.stalled,
        over=bool(listed.over),
    )


def clock_of(zone: str) -> PersonLocale:
    """Return how a person of a zone tells the time."""
    from actwright.locales import PersonLocale  # noqa: PLC0415 - slow to import

    return PersonLocale(zone=zone)


def began(at: str, zone: str) -> str:
    """Return a moment by the clock of a zone, which is named; nothing where there is none."""
    if not at:
        return ""
    moment = clock_of(zone).local(at)
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname()}"


def _near(at: str, zone: str, now: datetime | None) -> str:
    """Return a moment by the clock of a zone: to the second where it is near."""
    if now is None or abs(datetime.fromisoformat(at) - now) >= _NEAR:
        return began(at, zone)
    moment = clock_of(zone).local(at)
    return f"{moment:%Y-%m-%d %H:%M:%S} {moment.tzname()}"


def _notes(listed: ListedRun, now: datetime | None) -> Iterator[Text]:
    """Yield what there is to know of a run beside its goal."""
    yield from _why(listed)
    left_out = left_out_in_words(listed.effects_done or 0, listed.effects_total or 0)
    if listed.status == "completed" and left_out:
        yield Text(left_out, "yellow")
    if listed.in_doubt_why and listed.waiting_for != "clarification":
        yield said(listed.in_doubt_why, "yellow")
    moving = "; ".join(how_it_moves(listed, now))
    if moving:
        yield said(moving, "dim")
    if listed.undoes:
        yield line(Text("takes back ", "dim"), said(listed.undoes, "dim"))
    if listed.undone_by:
        how = "taken back in part by " if listed.undone_in_part else "taken back by "
        yield line(Text(how, "yellow"), said(", ".join(listed.undone_by)))


def _why(listed: ListedRun) -> Iterator[Text]:
    """Yield why a run stands as it does."""
    from actwright.runs.telling.flags import next_in_words  # noqa: PLC0415 - slow to import

    if listed.over:
        yield said(listed.over, "yellow", limit=_LONGEST_REASON)
    elif listed.stalled and listed.status == "running":
        told = next_in_words(listed.stalled_why, over=False, alone=listed.alone)
        yield said(told.lstrip(), "yellow")
    elif listed.stalled:
        yield said(f"Stalled: {listed.stalled_why}", "yellow", limit=_LONGEST_REASON)
    elif listed.reason and listed.ended_at is None:
        yield said(listed.reason, "yellow", limit=_LONGEST_REASON)
    elif listed.reason and listed.status != "completed":
        yield said(listed.reason, "dim", limit=_LONGEST_REASON)


def how_it_moves(listed: ListedRun, now: datetime | None) -> Iterator[str]:
    """Yield who carries a run out, for how long it has been standing so, how far it is, and what is out.

    Args:
        listed: The run.
        now: The time; lengths of time are not told where left out.
    """
    if listed.ended_at is not None:
        return
    if listed.status == "queued":
        yield f"in the queue{_since(listed.started_at, now)}"
    elif listed.worker:
        who = worker_in_words(listed.worker)
        yield f"carried out by {who}{_since(listed.taken_at, now)}"
    elif listed.status in {"waiting", "paused"} and now:
        yield f"{_since(listed.held_since or listed.updated_at, now).strip()} now"
    if listed.until and not listed.over:
        yield f"until {_near(listed.until, listed.zone, now)}"
    if listed.steps_behind is not None:
        yield _progress(listed)
    if listed.out:
        more = f" and {len(listed.out) - 1:,} more" if len(listed.out) > 1 else ""
        yield f"{listed.out[0]}{more} out{_since(listed.out_since, now)}"


def _progress(listed: ListedRun) -> str:
    """Return how many steps of the newest stage are behind a run."""
    stage = f"stage {listed.stage}: " if listed.stage > 1 else ""
    total = listed.steps_total
    of_all = (
        f"{listed.steps_behind:,}" if total is None else f"{listed.steps_behind:,} of {total:,}"
    )
    one = (listed.steps_behind if total is None else total) == 1
    return f"{stage}{of_all} {'step' if one else 'steps'} behind it"


def _since(at: str | None, now: datetime | None) -> str:
    """Return for how long it has been so, to stand behind what is so; nothing where that is not known."""
    if not at or now is None:
        return ""
    return f" for {in_words((now - datetime.fromisoformat(at)).total_seconds())}"
