"""The terms of a preview on the command line: what it may hold, and how the org is asked."""

from __future__ import annotations

from typing import Annotated, TypedDict

import typer

MaxRowsOption = Annotated[
    int | None,
    typer.Option(
        "--max-rows",
        metavar="N",
        min=1,
        max=50_000,
        help="The most rows a repeated action may find, instead of the plan's own ceiling.",
    ),
]
DeleteOption = Annotated[bool, typer.Option("--allow-delete", help="Let the plan delete records.")]
DuplicatesOption = Annotated[
    bool,
    typer.Option("--allow-duplicates", help="Save in spite of duplicate rules that merely warn."),
]
ApartOption = Annotated[
    bool,
    typer.Option(
        "--apart",
        help="Let what does not depend on each other stand or fall apart, instead of all or nothing.",
    ),
]
DeepOption = Annotated[
    bool,
    typer.Option(
        "--deep",
        help="Let the org try it in a transaction that is taken back, so that its own rules speak. Mails, callouts and platform events its automation sends at once are not taken back, nor are auto-numbers.",
    ),
]


class PreviewTerms(TypedDict):
    """What a preview may hold, and how it is made: as the call ``preview`` takes it."""

    max_rows: int | None
    allow_delete: bool
    allow_duplicates: bool
    apart: bool
    deep: bool
