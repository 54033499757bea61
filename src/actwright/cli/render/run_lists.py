"""Lists of runs as people see them: how each stands, whose it is, and what it needs from somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.words import aside, line, said
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


def runs(listed: Sequence[ListedRun]) -> Iterator[RenderableType]:
    """Yield a list of runs: id, how it stands, when by its person's clock, who; the goal and what it needs below."""
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
        yield from (Padding(note, _INDENT) for note in _notes(each))


def standing_of(listed: ListedRun) -> Standing:
    """Return how a listed run stands."""
    return standing(
        listed.status, listed.waiting_for, in_part=listed.in_part, stalled=listed.stalled
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


def _notes(listed: ListedRun) -> Iterator[Text]:
    """Yield what there is to know of a run beside its goal."""
    if listed.reason and listed.ended_at is None:
        yield said(listed.reason, "yellow", limit=_LONGEST_REASON)
    elif listed.reason and listed.status != "completed":
        yield said(listed.reason, "dim", limit=_LONGEST_REASON)
    if listed.stalled:
        yield said("No process carries it out any more: actwright recover", "yellow")
    if listed.undoes:
        yield line(Text("takes back ", "dim"), said(listed.undoes, "dim"))
    if listed.undone_by:
        yield line(Text("taken back by ", "yellow"), said(", ".join(listed.undone_by)))
