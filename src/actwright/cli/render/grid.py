"""Grids: tables where they fit the terminal, and one field on each line where they do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from actwright.cli.render.words import line, said

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

_GAP = 3
"""Characters between two columns."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under headings, in a table that breaks no word inside a cell.

    Where the terminal is too narrow for that, they are shown record by record, without the cells that are empty.

    Attributes:
        columns: The headings.
        rows: The cells.
        whole: Columns of short words, such as ids and keys, that are kept on one line.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Text]]
    whole: Collection[str] = ()

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the table, or the records, as the width allows."""
        widths = self._widths(options.max_width)
        if widths is None:
            yield from self._records()
        else:
            yield self._table(widths)

    def _table(self, widths: Sequence[int]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
        for name, width in zip(self.columns, widths, strict=True):
            table.add_column(name, overflow="fold", width=width)
        for row in self.rows:
            table.add_row(*row)
        return table

    def _records(self) -> Iterator[Text]:
        for number, row in enumerate(self.rows):
            if number:
                yield Text()
            for name, cell in zip(self.columns, row, strict=True):
                if cell:
                    yield line(Text(f"{name}: " if name else "", "bold"), cell)

    def _widths(self, room: int) -> list[int] | None:
        """Return how wide each column is to be, or None where some word would have to be broken."""
        natural = [max(map(_longest_line, self._column(at))) for at in range(len(self.columns))]
        least = [
            natural[at] if name in self.whole else max(map(_longest_word, self._column(at)))
            for at, name in enumerate(self.columns)
        ]
        spare = room - sum(least) - _GAP * (len(self.columns) - 1)
        return _grown(least, natural, spare) if spare >= 0 else None

    def _column(self, at: int) -> list[str]:
        return [self.columns[at], *(row[at].plain for row in self.rows)]


def _grown(least: Sequence[int], natural: Sequence[int], spare: int) -> list[int]:
    """Return the widths with what is to spare shared out, the columns that miss least first."""
    widths = list(least)
    waiting = sorted(range(len(widths)), key=lambda at: natural[at] - least[at])
    for left, at in zip(range(len(waiting), 0, -1), waiting, strict=True):
        more = min(natural[at] - least[at], spare // left)
        widths[at] += more
        spare -= more
    return widths


def grid(
    columns: Sequence[str], rows: Iterable[Sequence[Text | str]], *, whole: Collection[str] = ()
) -> Grid:
    """Return a grid.

    Args:
        columns: The headings.
        rows: The cells; a plain string is somebody else's and is made inert.
        whole: Columns of short words, such as ids and keys, that are kept on one line.
    """
    cells = tuple(
        tuple(each if isinstance(each, Text) else said(each) for each in row) for row in rows
    )
    return Grid(tuple(columns), cells, whole)


def _longest_line(text: str) -> int:
    return max((cell_len(each) for each in text.split("\n")), default=0) or 1


def _longest_word(text: str) -> int:
    return max((cell_len(each) for each in text.split()), default=0) or 1
