"""The undoing of runs as people see it: how far it has come, what is left and why, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.words import aside, here, line, said
from actwright.inert import inert

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.runs.undoing.undoing import Undoing, UndoneEffect

_MOST = 20
_LONGEST_GOAL = 200
_INDENT = (0, 0, 0, 4)
_STYLES = {"completed": "green", "partial": "yellow", "none": "dim"}
_WORDS = {
    "none": "nothing taken back",
    "completed": "nothing is left to take back",
    "partial": "taken back in part",
    "failed": "not taken back: it failed",
    "expired": "not taken back: too late by now",
    "unknown": "nobody can tell",
}


def undoings(found: Sequence[Undoing]) -> Iterator[RenderableType]:
    """Yield runs that were to be taken back, each with what of it is left."""
    for each in found:
        yield line(
            said(each.run_id, "bold"), "  ", Text(_WORDS[each.outcome], _style(each)), _by(each)
        )
        yield Padding(said(each.goal, limit=_LONGEST_GOAL), _INDENT)
        for part in _rest(each):
            yield Padding(part, _INDENT)


def of_run(undoing: Undoing) -> Iterator[RenderableType]:
    """Yield how far one run is taken back, below what else is told of it."""
    yield line("Undo: ", Text(_WORDS[undoing.outcome], _style(undoing)), _by(undoing))
    for part in _rest(undoing):
        yield Padding(part, _INDENT)


def _rest(undoing: Undoing) -> Iterator[RenderableType]:
    """Yield what of a run is still open, then what people decided on."""
    decided = [each for each in undoing.effects if each.status in {"resolved", "ignored"}]
    for each in (*undoing.open[:_MOST], *decided[:_MOST]):
        yield _effect(each)
    more = max(len(undoing.open) - _MOST, 0) + max(len(decided) - _MOST, 0)
    if more:
        yield Text(f"and {more:,} more; --json has all of them", "dim")
    if undoing.fault:
        yield Text(inert(undoing.fault, limit=600), "red")
    for run_id in undoing.under_way:
        yield line(Text("Under way: ", "yellow"), said(run_id))
    if undoing.expired and undoing.open:
        yield line(Text("Too late since ", "yellow"), said(here(undoing.expires_at)))


def _effect(each: UndoneEffect) -> RenderableType:
    status = Text(each.status.replace("_", " "), "green" if not each.is_open else "red")
    if each.decision is not None and not each.is_open:
        said_by = f"by {each.decision.who} on {here(each.decision.at)}: {each.decision.why}"
        return line(status, "  ", said(each.what), aside(each.id), "  ", said(said_by))
    return line(status, "  ", said(_told(each), limit=600), aside(each.id))


def _told(each: UndoneEffect) -> str:
    """Return what was not taken back, and why: a reason found at planning goes on with the name."""
    if not each.why or each.what in each.why:
        return each.why or each.what
    goes_on = each.why[0].islower() and not each.by
    return f"{each.what}{' ' if goes_on else ': '}{each.why}"


def _by(undoing: Undoing) -> Text:
    return aside(f"by {', '.join(undoing.undone_by)}" if undoing.undone_by else "")


def _style(undoing: Undoing) -> str:
    return _STYLES.get(undoing.outcome, "red")
