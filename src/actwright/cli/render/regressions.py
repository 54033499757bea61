"""Scorecards and what lies between two recorded sets, as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import aside, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.regression.comparing.comparing import (
        CaseChange,
        Compared,
        Comparison,
        MetricChange,
    )
    from actwright.regression.comparing.plan_diff import PlanChange
    from actwright.regression.comparing.sets import SetDifference
    from actwright.regression.reports.report import Report
    from actwright.regression.scores.scorecard import Scorecard

_INDENT = (0, 0, 0, 2)
_MOST_CASES = 40
_MOST_MISSES = 12
_WHOLE = 600
_MOVES = {"same": "dim", "better": "green", "noise": "yellow", "drop": "red", "unknown": "dim"}


def set_difference(found: SetDifference) -> Iterator[RenderableType]:
    """Yield what lies between two recorded sets, and why it is red."""
    for each in found.comparisons:
        yield from _comparison(each)
    for added in found.added:
        yield line(said(added, "dim"))
    for missing in found.missing:
        yield line(Text("! ", "bold red"), said(missing))
    if not found.red:
        yield Text("No drop beyond the noise band, and nothing grave.", "green")
        return
    yield Text("Red:", "bold red")
    for reason in found.reasons:
        yield line("  ", said(reason, limit=_WHOLE))


def scorecards(cards: Sequence[Scorecard]) -> Grid:
    """Return scorecards, one a line."""
    return grid(
        ("Prompt", "Model", "Origin", "Right", "Grave", "Tokens", "Cost", "p95 s"),
        ([said(each) for each in _card(card)] for card in cards),
        whole={"Prompt", "Origin"},
    )


def misses(cards: Sequence[Scorecard]) -> Iterator[RenderableType]:
    """Yield the cases that came out wrong, each with what is wrong; nothing where all are right."""
    for card in cards:
        wrong = [each for each in card.cases if not each.right]
        if wrong:
            yield line(heading(f"  Wrong with {said(card.about)}, as its scorecard says:"))
        for case in wrong[:_MOST_MISSES]:
            grave = Text("GRAVE " if case.grave else "", "bold red")
            yield line(
                "    ",
                heading(case.id),
                "  ",
                grave,
                said("; ".join(case.differences), limit=_WHOLE),
            )
        if len(wrong) > _MOST_MISSES:
            more = f"    and {len(wrong) - _MOST_MISSES} more: actwright regress report --html FILE"
            yield Text(more, "dim")


def drops(found: Report) -> Iterator[RenderableType]:
    """Yield what the newest versions lost against the ones before; nothing where they lost nothing."""
    for row in found.rows:
        if row.reasons:
            yield line(heading("A drop: "), said(row.about))
        for reason in row.reasons:
            yield line("  ", said(reason, "red", limit=_WHOLE))


def _card(card: Scorecard) -> tuple[str, ...]:
    totals = card.totals
    return (
        f"{card.prompt} v{card.version} {card.hash[:8]}",
        card.model,
        card.origin,
        f"{totals.right} of {totals.cases}",
        str(totals.grave),
        f"{totals.tokens:,}",
        totals.cost or "-",
        "-" if totals.high_seconds is None else f"{totals.high_seconds:.1f}",
    )


def _comparison(found: Comparison) -> Iterator[RenderableType]:
    yield line(heading("Compared "), said(_side(found.before)), " -> ", said(_side(found.after)))
    if not found.same_suite:
        told = (
            f"  The suite is another one; what follows is about the {found.cases} cases both have."
        )
        yield Text(told, "yellow")
    moved = [each for each in found.metrics if each.move != "same"]
    if moved:
        columns = ("Number", "Was", "Is", "May get worse by", "")
        yield Padding(grid(columns, map(_metric, moved)), _INDENT)
    else:
        yield Text("  Every number is the same.", "dim")
    for case in found.changed[:_MOST_CASES]:
        yield from _case(case)
    if len(found.changed) > _MOST_CASES:
        yield Text(f"  and {len(found.changed) - _MOST_CASES} more cases", "dim")
    for sign, ids in (("-", found.left_out), ("+", found.added)):
        if ids:
            yield line(f"  {sign} ", said(f"{len(ids)} cases: {', '.join(ids)}"))


def _side(side: Compared) -> str:
    return f"{side.prompt} v{side.version} ({side.hash[:8]}), {side.model}, {side.origin}"


def _metric(change: MetricChange) -> tuple[Text, ...]:
    word = {"noise": "within the band", "drop": "a drop"}.get(change.move, change.move)
    return (
        said(change.words),
        said(change.before or "-"),
        said(change.after or "-"),
        said(change.allowed),
        said(word, _MOVES[change.move]),
    )


def _case(case: CaseChange) -> Iterator[RenderableType]:
    was, now = (_verdict(each) for each in (case.right_before, case.right_after))
    turned = was.plain if was.plain == now.plain else Text.assemble(was, " -> ", now)
    yield line("  ", heading(case.id), "  ", turned, aside(case.goal))
    for change in case.changes:
        yield line("      ", _change(change))
    if not case.right_after:
        for each in case.differences:
            yield line("      ", said(each, "dim", limit=400))


def _verdict(right: bool) -> Text:  # noqa: FBT001 - a verdict is one word
    return Text("right", "green") if right else Text("wrong", "red")


def _change(change: PlanChange) -> Text:
    alarming = change.grave or change.kind in {"checkpoint_lost", "action_added"}
    parts = (
        said(change.kind.replace("_", " "), "bold red" if alarming else "bold"),
        said(change.where),
        said(change.before, "red", limit=_WHOLE),
        Text("->" if change.before and change.after else ""),
        said(change.after, "green", limit=_WHOLE),
        Text("GRAVE" if change.grave else "", "bold red"),
    )
    return Text(" ").join(each for each in parts if each)
