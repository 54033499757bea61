"""The options that commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_COMMON = "Common options"

OrgOption = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="local|URL",
        help="The org: the embedded local one, or an address.",
        rich_help_panel=_COMMON,
    ),
]
UserOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="USER",
        help="Who you are: whose rights count, and who confirms.",
        rich_help_panel=_COMMON,
    ),
]
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        help="Where the store and the local org live.",
        rich_help_panel=_COMMON,
    ),
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print one JSON document to stdout.", rich_help_panel=_COMMON),
]
DataOption = Annotated[
    list[str] | None,
    typer.Option(
        "-d",
        "--data",
        metavar="KEY=VALUE",
        help="Named data, or the answer to a question; repeatable. Text, unless it starts with {, [ or a double quote: then it is JSON.",
    ),
]
PayloadOption = Annotated[
    str | None,
    typer.Option(
        "--payload",
        metavar="FILE",
        help="Input values by blueprint name or action id, as JSON; '-' reads stdin.",
    ),
]
YesOption = Annotated[
    bool,
    typer.Option("--yes", help="Confirm without asking. Only on the embedded local org."),
]
DeleteOption = Annotated[bool, typer.Option("--allow-delete", help="Let the plan delete records.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Also write the document to this file."),
]
BlueprintOption = Annotated[
    str | None,
    typer.Option(
        "--blueprint", metavar="KEY", help="Plan with this blueprint: its key, name or alias."
    ),
]
