"""The findings of ``actwright doctor`` as people see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import Grid, grid
from actwright.cli.render.words import said

if TYPE_CHECKING:
    from actwright.cli.checks import Check


def checks(found: Iterable[Check]) -> Grid:
    """Return one line for each check, with what to do where it failed."""
    return grid(("Check", "", "Finding"), (_row(each) for each in found))


def _row(check: Check) -> tuple[Text, Text, Text]:
    mark = Text("ok", "green") if check.ok else Text("problem", "bold red")
    finding = said(check.message, limit=600)
    if check.hint and not check.ok:
        finding = Text.assemble(finding, "\nnext: ", said(check.hint, limit=600))
    return said(check.name), mark, finding
