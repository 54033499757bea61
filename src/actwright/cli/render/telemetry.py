"""Statistics of what was asked of models, and what was removed of it, as people see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import heading, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.telemetry.fates.edits import Edits
    from actwright.telemetry.fates.statistics import PromptFigures, TelemetryStatistics
    from actwright.telemetry.log.purging import Purged
    from actwright.telemetry.log.writer import Health

_MOST_INPUTS = 15


def statistics(found: TelemetryStatistics, health: Health) -> Iterator[RenderableType]:
    """Yield what came of asking: by prompt and model, what became of the plans, what people changed, and health."""
    asking = [each for each in found.figures if each.exchanges]
    planning = [each for each in found.figures if each.plannings]
    if asking:
        yield heading("Asked of models")
        yield _asking(asking)
    if planning:
        yield Text()
        yield heading("What became of the plans")
        yield _becoming(planning)
    if found.edits.inputs or found.edits.actions:
        yield Text()
        yield heading("What people changed before their yes")
        yield from _edits(found.edits)
    if not found.whole:
        yield Text("There are more records than were counted: these are the newest.", "yellow")
    if found.damaged:
        yield Text.assemble(
            ("Damaged, and not counted: ", "yellow"), said(", ".join(found.damaged))
        )
    yield from health_lines(health)


def health_lines(health: Health) -> Iterator[Text]:
    """Yield how the log itself fares: nothing where all that was handed to it was written."""
    if health.dropped or health.failed:
        last = f" The last error: {health.last_error}" if health.last_error else ""
        yield Text.assemble(
            ("The prompt log: ", "yellow"),
            said(f"{health.dropped} records dropped, {health.failed} not written.{last}"),
        )


def purged(done: Purged) -> Iterator[Text]:
    """Yield what was removed."""
    yield Text(
        f"Removed: {counted(done.exchanges, 'exchange')}, {counted(done.plannings, 'planning')}, "
        f"{counted(done.payloads, 'payload')}."
    )


def _asking(found: Sequence[PromptFigures]) -> Grid:
    return grid(
        ("Prompt", "Model", "Asked", "What came of it", "Repairs", "Tokens", "Cost", "p50, p95 s"),
        (
            (
                _prompt(each),
                each.key.model,
                str(each.exchanges),
                ", ".join(f"{count} {name}" for name, count in sorted(each.outcomes.items())),
                str(each.repairs),
                f"{each.input_tokens} + {each.output_tokens}",
                _cost(each),
                f"{_seconds(each.seconds_p50)}, {_seconds(each.seconds_p95)}",
            )
            for each in found
        ),
    )


def _becoming(found: Sequence[PromptFigures]) -> Grid:
    names = ("confirmed", "edited", "refused", "failed", "undone")
    return grid(
        ("Prompt", "Model", "Goals", "No plan", "Plans", *(each.capitalize() for each in names)),
        (
            (
                _prompt(each),
                each.key.model,
                str(each.plannings),
                str(each.declined + each.errors),
                str(each.plans),
                *(f"{each.shares.get(name, 0):.0%}" if each.plans else "" for name in names),
            )
            for each in found
        ),
        whole={"Prompt"},
    )


def _edits(found: Edits) -> Iterator[RenderableType]:
    yield Text(f"{found.edited} of {counted(found.plans, 'plan')} that came to a yes.")
    yield grid(
        ("Blueprint", "Input", "Changed", "From -> to"),
        (
            (
                each.blueprint,
                each.input,
                f"{each.edited} of {each.planned}",
                ", ".join(f"{one.before} -> {one.after} {one.times}x" for one in each.moves),
            )
            for each in found.inputs[:_MOST_INPUTS]
        ),
    )
    for each in found.actions:
        yield Text.assemble(
            said(each.blueprint),
            f": left out {each.left_out} of {each.planned}, put in {each.added}x",
        )


def _prompt(figures: PromptFigures) -> str:
    return f"{figures.key.prompt} {figures.key.version}".strip()


def _cost(figures: PromptFigures) -> str:
    """Return what it cost, with how many exchanges that leaves out."""
    unpriced = f"{figures.unpriced} without a price" if figures.unpriced else ""
    return ", ".join(each for each in (figures.cost or "", unpriced) if each)


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def counted(number: int, noun: str) -> str:
    """Return how many there are of something, in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
