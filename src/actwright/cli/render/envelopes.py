"""Envelopes as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.issues import issues
from actwright.cli.render.words import aside, line, said
from actwright.pages.standing import left_out_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.checkpoints.preview import Preview
    from actwright.runs.record.envelope import ActionResult, OrchestratorResult

_MOST_LOGS = 25
_MOST_RECORDS = 3
_MOST_NAMED = 5
_LONGEST_NAME = 60

_STYLES = {"done": "green", "not_run": "dim", "unknown": "bold red"}
_HELD = {"waiting": "Waiting for a yes", "paused": "Paused"}
"""What is told of a run that has not ended."""


def not_started(result: OrchestratorResult) -> Iterator[RenderableType]:
    """Yield that nothing was done, where the preview above has told why already."""
    yield Text("Not done", "bold red")
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))


def envelope(
    result: OrchestratorResult, *stages: Preview | None, next_step: str | None = None
) -> Iterator[RenderableType]:
    """Yield what became of a run: each action, what the org did beside it, warnings and errors.

    Args:
        result: What became of it.
        stages: What was carried out, where it is known: records are called by its names.
        next_step: What the caller tells to do next: no issue says it again.
    """
    yield line(_verdict(result), aside(result.run_id or ""))
    for each in result.logs[:_MOST_LOGS]:
        yield line("  ", said(each, limit=600))
    if len(result.logs) > _MOST_LOGS:
        yield Text(f"  and {len(result.logs) - _MOST_LOGS:,} more", "dim")
    if result.results:
        yield from _results(result, stages)
    for each in result.warnings:
        yield line(Text("Warning: ", "yellow"), said(each, limit=1000))
    found = tuple(dict.fromkeys(issue for each in result.results for issue in each.issues))
    told = {each.message for each in found}
    yield from _errors(result, [each for each in result.errors if each not in told])
    yield from issues(found, next_step=next_step)


def _errors(result: OrchestratorResult, errors: Sequence[str]) -> Iterator[Text]:
    """Yield what went wrong; of a doubt, what was found out about it, which is no error."""
    if result.status == "paused" and result.stopped_by == "outcome_unknown":
        for at, each in enumerate(errors):
            yield line(Text("  ") if at else Text("In doubt: ", "yellow"), said(each, limit=1000))
        return
    for each in errors:
        yield line(Text("Error: ", "red"), said(each, limit=1000))


def _verdict(result: OrchestratorResult) -> Text:
    if result.success:
        return _done(result)
    if result.status in _HELD:
        return Text(_HELD[result.status], "bold yellow")
    if result.status == "running" and result.stopped_by is None:
        return Text("Under way", "bold cyan")
    if any(each.status == "unknown" for each in result.results):
        return Text("In doubt", "bold red")
    if result.in_part:
        return Text(_how_far(result), "bold yellow")
    return Text("Not done", "bold red")


def _how_far(result: OrchestratorResult) -> str:
    parts = f"{result.effects_done:,} of {result.effects_total:,}"
    open_ids = _not_run(result)
    if result.effects_done < result.effects_total:
        return f"Partly done: {parts}"
    if open_ids:
        return f"{result.status.capitalize()}; by then {parts} was done, and {open_ids} not begun"
    return f"{result.status.capitalize()}; by then all was done: {parts}"


def _done(result: OrchestratorResult) -> Text:
    """Return that a run came to its end, and what of it was left out on the way."""
    told = left_out_in_words(result.effects_done, result.effects_total)
    left_out = _named(each.id for each in result.results if each.status != "done")
    if told:
        return line(Text(f"Ended: {told}", "bold yellow"), aside(left_out))
    if left_out:
        return line(Text("Done ", "bold green"), said(f"without {left_out}: left out", "yellow"))
    return Text("Done", "bold green")


def _not_run(result: OrchestratorResult) -> str:
    return _named(each.id for each in result.results if each.status == "not_run")


def _named(found: Iterable[str]) -> str:
    """Return actions by their ids; of many, the first and how many more."""
    ids = list(found)
    shown = ids if len(ids) <= _MOST_NAMED else ids[:1]
    more = len(ids) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _results(
    result: OrchestratorResult, stages: Sequence[Preview | None]
) -> Iterator[RenderableType]:
    from actwright.runs.undoing.record_names import record_names  # noqa: PLC0415 - slow to import

    names: dict[str, str] = {}
    for each in stages:
        names |= record_names(each, result.results)
    rows = (_result(each, names) for each in result.results)
    yield grid(("Action", "Blueprint", "Status", "Records", "ms"), rows)


def _records(ids: Sequence[str], names: Mapping[str, str]) -> Text:
    """Return the records by name, and by id where no name is known; of many, the first and how many more."""
    shown = ids if len(ids) <= _MOST_RECORDS else ids[:1]
    more = len(ids) - len(shown)
    named = Text(", ").join(said(names.get(each, each), limit=_LONGEST_NAME) for each in shown)
    return line(named or "-", f" and {more:,} more" if more else "")


def _result(result: ActionResult, names: Mapping[str, str]) -> tuple[Text, ...]:
    return (
        said(result.id),
        said(result.blueprint),
        said(result.status.replace("_", " "), _STYLES.get(result.status, "red")),
        _records(result.record_ids, names),
        said(f"{result.duration_ms:.0f}"),
    )
