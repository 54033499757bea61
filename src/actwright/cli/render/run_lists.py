"""Lists of runs as people see them: how each stands, whose it is, and what it needs from somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.words import aside, in_words, line, said
from actwright.pages.standing import Standing, standing

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.locales import PersonLocale
    from actwright.runs.telling.listed import ListedRun

STYLES = {"good": "green", "open": "cyan", "doubt": "yellow", "bad": "red"}
"""How each tone is shown."""

_LONGEST_GOAL = 200
_LONGEST_REASON = 400
_INDENT = (0, 0, 0, 4)


def runs(listed: Sequence[ListedRun], now: datetime | None = None) -> Iterator[RenderableType]:
    """Yield a list of runs: id, how it stands, when by its person's clock, who; the goal and what it needs below.

    Args:
        listed: The runs.
        now: The time, to tell for how long a run has been held; that is not told where left out.
    """
    stand = [standing_of(each) for each in listed]
    widest = max((len(each.word) for each in stand), default=0)
    for each, told in zip(listed, stand, strict=True):
        yield line(
            said(each.id, "bold"),
            "  ",
            said(told.word, STYLES[told.tone]),
            " " * (widest - len(told.word)),
            aside(began(each.started_at, each.zone)),
            aside(each.user.partition("@")[0]),
        )
        yield Padding(said(each.goal, limit=_LONGEST_GOAL), _INDENT)
        held = _held_for(each, now) if now else ""
        yield from (Padding(note, _INDENT) for note in (*_notes(each), *_told(held)))


def standing_of(listed: ListedRun) -> Standing:
    """Return how a listed run stands."""
    return standing(
        listed.status,
        listed.waiting_for,
        in_part=listed.in_part,
        in_doubt=listed.in_doubt,
        stalled=listed.stalled,
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


def _held_for(listed: ListedRun, now: datetime) -> str:
    """Return for how long nothing has moved of a run that is held, in words; nothing of any other."""
    if listed.status not in {"waiting", "paused"}:
        return ""
    seconds = (now - datetime.fromisoformat(listed.updated_at)).total_seconds()
    return f"for {in_words(seconds)} now"


def _told(text: str) -> Iterator[Text]:
    if text:
        yield Text(text, "dim")


def _notes(listed: ListedRun) -> Iterator[Text]:
    """Yield what there is to know of a run beside its goal."""
    if listed.reason and listed.ended_at is None:
        yield said(listed.reason, "yellow", limit=_LONGEST_REASON)
    elif listed.reason and listed.status != "completed":
        yield said(listed.reason, "dim", limit=_LONGEST_REASON)
    if listed.status == "completed" and (listed.effects_done or 0) < (listed.effects_total or 0):
        yield Text(
            f"{listed.effects_done or 0:,} of {listed.effects_total:,} effects; the rest was left out",
            "yellow",
        )
    if listed.stalled:
        yield said("No process carries it out any more: actwright recover", "yellow")
    if listed.undoes:
        yield line(Text("takes back ", "dim"), said(listed.undoes, "dim"))
    if listed.undone_by:
        how = "taken back in part by " if listed.undone_in_part else "taken back by "
        yield line(Text(how, "yellow"), said(", ".join(listed.undone_by)))
