"""Envelopes as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.issues import issues
from actwright.cli.render.words import aside, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.runs.envelope import ActionResult, OrchestratorResult

_MOST_LOGS = 25
_MOST_RECORDS = 5

_STYLES = {"done": "green", "not_run": "dim", "unknown": "bold red"}


def not_started(result: OrchestratorResult) -> Iterator[RenderableType]:
    """Yield that nothing was done, where the preview above has told why already."""
    yield Text("Not done", "bold red")
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))


def envelope(result: OrchestratorResult) -> Iterator[RenderableType]:
    """Yield what became of a run: each action, what the org did beside it, warnings and errors."""
    word = Text("Done", "bold green") if result.success else Text("Not done", "bold red")
    yield line(word, aside(result.run_id or ""))
    for each in result.logs[:_MOST_LOGS]:
        yield line("  ", said(each, limit=600))
    if len(result.logs) > _MOST_LOGS:
        yield Text(f"  and {len(result.logs) - _MOST_LOGS:,} more", "dim")
    if result.results:
        yield grid(("Action", "Blueprint", "Status", "Records", "ms"), map(_result, result.results))
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))
    found = tuple(dict.fromkeys(issue for each in result.results for issue in each.issues))
    told = {each.message for each in found}
    for each in result.errors:
        if each not in told:
            yield line(Text("Error: ", "red"), said(each, limit=1000))
    yield from issues(found)


def _records(ids: Sequence[str]) -> str:
    """Return the ids of the records; of many, the first and how many more."""
    more = len(ids) - _MOST_RECORDS
    return f"{ids[0]} and {len(ids) - 1:,} more" if more > 0 else ", ".join(ids) or "-"


def _result(result: ActionResult) -> tuple[Text, ...]:
    return (
        said(result.id),
        said(result.blueprint),
        said(result.status, _STYLES.get(result.status, "red")),
        said(_records(result.record_ids)),
        said(f"{result.duration_ms:.0f}"),
    )
