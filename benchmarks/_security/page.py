"""The figure on the page: the table of docs/security.md, written anew with each measurement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks._row import Row

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
_BEGIN, _END = "<!-- figure -->\n", "<!-- end of figure -->"


def table(rows: Sequence[Row], date: str) -> str:
    """Return the figure as a table of the page."""
    lines = [
        f"| measured {date} | value | bar |",
        "|---|---|---|",
        *(f"| {each['name']} | {each['value']:g} {each['unit']} | {_bar(each)} |" for each in rows),
    ]
    return "\n".join(lines) + "\n"


def written(page: str, rows: Sequence[Row], date: str) -> str:
    """Return a page with the figure in its place."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}{table(rows, date)}{_END}{after}"


def _bar(figure: Row) -> str:
    return "" if figure["bar"] is None else f"{figure['bar']:g}"
