"""Code as people read it: each line under its number, and what goes on below stays beside it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_DEEPEST = 24
"""The indent that what goes on below keeps; what is deeper must not leave the line without room."""


def numbered(lines: Sequence[str]) -> Table:
    """Return lines of code with their numbers; a line that is too long goes on in its own column, as deep as it began."""
    shown = Table.grid(padding=(0, 2, 0, 0))
    shown.add_column(justify="right", style="dim", no_wrap=True, min_width=len(str(len(lines))) + 2)
    shown.add_column(overflow="fold")
    for number, each in enumerate(lines, 1):
        deep = min(len(each) - len(each.lstrip(" ")), _DEEPEST)
        shown.add_row(str(number), Padding(Text(each[deep:]), (0, 0, 0, deep)))
    return shown
