"""Words in a terminal: everything somebody else wrote goes through here, and arrives as plain text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from actwright.inert import inert

_LONGEST = 300


def said(text: object, style: str = "", *, limit: int = _LONGEST) -> Text:
    """Return what somebody else wrote as text without markup, on one line, unable to act on the terminal."""
    return Text(inert(str(text), limit=limit), style=style)


def aside(text: str, style: str = "dim") -> Text:
    """Return what stands behind something, two columns apart; nothing where there is nothing."""
    return Text.assemble("  ", said(text, style)) if text else Text()


def line(*parts: str | Text) -> Text:
    """Return our own words, and text that was made inert before, as one line."""
    return Text.assemble(*parts)


def heading(text: str) -> Text:
    """Return a heading."""
    return Text(text, style="bold")


def grid(
    columns: Sequence[str], rows: Iterable[Sequence[Text | str]], *, whole: Collection[str] = ()
) -> Table:
    """Return a table that folds long cells instead of cutting them.

    Args:
        columns: The headings.
        rows: The cells; a plain string is somebody else's and is made inert.
        whole: Columns of short words, such as ids and keys, that are kept on one line.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in whole)
    for row in rows:
        table.add_row(*(each if isinstance(each, Text) else said(each) for each in row))
    return table
