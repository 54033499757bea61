"""Envelopes, runs and journals as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from actwright.cli.render.previews import issues
from actwright.cli.render.words import aside, grid, heading, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.runs.envelope import ActionResult, OrchestratorResult
    from actwright.runs.event import JournalEvent
    from actwright.runs.state import RunState

_STYLES = {"done": "green", "not_run": "dim", "unknown": "bold red"}
_LONGEST_GOAL = 60
_MINUTES = len("2026-11-24T15:00")


def not_started(result: OrchestratorResult) -> Iterator[RenderableType]:
    """Yield that nothing was done, where the preview above has told why already."""
    yield Text("Not done", "bold red")
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))


def envelope(result: OrchestratorResult) -> Iterator[RenderableType]:
    """Yield what became of a run: each action, what the org did beside it, warnings and errors."""
    word = Text("Done", "bold green") if result.success else Text("Not done", "bold red")
    yield line(word, aside(result.run_id or ""))
    for each in result.logs:
        yield line("  ", said(each, limit=600))
    if result.results:
        yield grid(("Action", "Blueprint", "Status", "Records", "ms"), map(_result, result.results))
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))
    for each in result.errors:
        yield line(Text("Error: ", "red"), said(each, limit=1000))
    yield from issues(tuple(issue for each in result.results for issue in each.issues))


def runs(states: Iterable[RunState]) -> Table:
    """Return a list of runs."""
    return grid(
        ("Run", "Status", "Started", "As", "Goal"),
        (
            (
                said(each.run_id),
                said(each.status, "green" if each.status == "completed" else "red"),
                said(each.started_at[:_MINUTES].replace("T", " ")),
                said(each.user.partition("@")[0]),
                said(each.goal, limit=_LONGEST_GOAL),
            )
            for each in states
        ),
        whole={"Run"},
    )


def run(
    state: RunState, events: Sequence[JournalEvent], fault: str | None
) -> Iterator[RenderableType]:
    """Yield one run: what it was about, its events in order, its envelope, and whether its journal is whole."""
    yield line(heading("Run "), said(state.run_id), "  ", said(state.status))
    yield line("Goal: ", said(state.goal))
    yield line("Plan ", said(state.plan_id), ", preview ", said(state.preview_id))
    yield line("Confirmed by ", said(state.approver), " with ", said(state.confirmation_id))
    yield line("As ", said(state.user), " in ", said(state.org))
    yield grid(("#", "At", "Event"), ((str(each.seq), each.at, each.kind) for each in events))
    yield _chain(fault, len(events))
    if state.in_doubt:
        yield line(Text("In doubt: ", "bold red"), said(", ".join(state.in_doubt)))
    if state.envelope is not None:
        yield from envelope(state.envelope)


def _chain(fault: str | None, count: int) -> Text:
    if fault is None:
        return Text(f"The journal is whole: {count} events, each chained to the one before.", "dim")
    return line(Text("The journal is damaged: ", "bold red"), said(fault))


def _result(result: ActionResult) -> tuple[Text, ...]:
    return (
        said(result.id),
        said(result.blueprint),
        said(result.status, _STYLES.get(result.status, "red")),
        said(", ".join(result.record_ids) or "-"),
        said(f"{result.duration_ms:.0f}"),
    )
