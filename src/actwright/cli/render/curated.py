"""Curated overrides as people see them: a list with who says so, and what is wrong with any of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from actwright.cli.render.grid import grid
from actwright.cli.render.words import line, said
from actwright.inert import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from actwright.actions.curated.catalogue import Listed


def curated(found: Sequence[Listed]) -> Iterator[RenderableType]:
    """Yield overrides as a table, and behind it what is wrong with those that cannot be used."""
    yield grid(
        ("Action", "Implementation", "Version", "Origin", "State"),
        (
            (
                visible(each.declared.name),
                visible(each.declared.path),
                each.version or "-",
                visible(str(each.declared.origin)),
                Text("cannot be used", "red") if each.fault else Text("declared", "green"),
            )
            for each in found
        ),
    )
    for each in found:
        if each.fault:
            yield line(said(f"{visible(each.declared.name)}: {visible(each.fault)}", "red"))


def curated_document(found: Listed) -> dict[str, object]:
    """Return one override for machines."""
    declared = found.declared
    return {
        "kind": "curated",
        "name": declared.name,
        "implementation": declared.path,
        "version": found.version or None,
        "origin": declared.origin.kind,
        "place": declared.origin.place,
        "fault": found.fault or None,
        "hint": found.hint or None,
    }
