"""What became of plans as people see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import heading, here, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.telemetry.fates.fate import Fate, FateKind

_COLOURS: dict[FateKind, str] = {
    "completed": "green",
    "partial": "yellow",
    "failed": "red",
    "refused": "yellow",
    "expired": "yellow",
    "unknown": "yellow",
}


def fate(told: Fate) -> Iterator[RenderableType]:
    """Yield what became of one plan: the word, who said so, the run, what was found in it, and the time it took."""
    yield line(
        heading("Fate: "),
        Text(told.kind, _COLOURS.get(told.kind, "bold")),
        f" since {here(told.at)}" if told.at else "",
        ", answered by " if told.by else "",
        said(told.by),
    )
    for head, ids in (
        ("Previews: ", told.previews),
        ("Edited from: ", (told.edited_from,) if told.edited_from else ()),
        ("Edited into: ", told.edited_into),
        ("Run: ", (f"{told.run_id}, {told.run_status}",) if told.run_id else ()),
        ("Taken back by: ", told.undone_by),
    ):
        if ids:
            yield line(head, said(", ".join(ids), limit=2_000))
    if told.violations:
        yield grid(
            ("Found", "Severity", "By", "Action", "Field", "Times"),
            (
                (
                    each.code,
                    each.severity,
                    each.guardrail or "",
                    each.action_id or "",
                    each.field or "",
                    str(each.times),
                )
                for each in told.violations
            ),
        )
    if told.actions:
        yield grid(
            ("Action", "Blueprint", "Status", "Seconds"),
            (
                (each.action_id, each.blueprint, each.status, f"{each.seconds:.2f}")
                for each in told.actions
            ),
        )
