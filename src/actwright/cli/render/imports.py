"""What became of imported blueprints, as people see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import aside, line, said

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.blueprints.importing import ImportItem

_STYLES = {"imported": "green", "alias": "cyan", "quarantined": "red"}


def imported(items: Sequence[ImportItem]) -> Iterator[RenderableType]:
    """Yield a table of what became of each document, why, and how many there are of each."""
    yield grid(("Blueprint", "Became", "From"), map(_row, items), whole={"Blueprint"})
    for each in items:
        yield from _remarks(each)
    counted = Counter(each.status for each in items)
    yield Text(", ".join(f"{number} {status}" for status, number in sorted(counted.items())) + ".")


def _row(item: ImportItem) -> tuple[Text | str, ...]:
    became = {"alias": f"alias of {item.of}", "known": f"known as {item.of}"}
    style = _STYLES.get(item.status, "")
    return item.key or "-", said(became.get(item.status, item.status), style), item.where


def _remarks(item: ImportItem) -> Iterator[RenderableType]:
    called = said(item.key or item.where, "bold")
    if item.error is not None:
        yield line(
            Text("quarantined: ", "red"), called, aside(item.where), aside(item.error.error_code)
        )
        yield line("  ", said(item.error, "red", limit=1000))
        if item.error.hint:
            yield line("  next: ", said(item.error.hint))
    for each in item.notes:
        yield line(Text("note: ", "yellow"), called, aside(each.path), aside(each.rule))
        yield line("  ", said(each.message, "yellow"))
        yield line("  next: ", said(each.hint))
