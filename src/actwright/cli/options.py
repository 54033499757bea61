"""The options that commands share, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_COMMON = "Common options"
_PLANNING = "Planning options"
RUN = "Run options"
"""Where help shows the terms of a run."""


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
    typer.Option(
        "--yes",
        help="Confirm without asking. Away from the embedded local org only where a grant covers it.",
    ),
]
GrantOption = Annotated[
    str | None,
    typer.Option(
        "--grant",
        metavar="ID",
        help="Confirm by this grant, without asking: see actwright grants.",
    ),
]
QueueOption = Annotated[
    bool,
    typer.Option(
        "--queue", help="Leave it to a worker, and print the run's id.", rich_help_panel=RUN
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Also write the document to this file."),
]
HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html", metavar="FILE", help="Write it as one self-contained page to this file."
    ),
]
BlueprintOption = Annotated[
    str | None,
    typer.Option(
        "--blueprint", metavar="KEY", help="Plan with this blueprint: its key, name or alias."
    ),
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="[QUESTION=]ANSWER",
        help="Answer an open question, in a word: a candidate's number, value or label; repeatable.",
    ),
]
PlannerOption = Annotated[
    str | None,
    typer.Option(
        "--planner",
        metavar="offline|openai",
        help="Who plans: rules and a dictionary, or a language model.",
        rich_help_panel=_PLANNING,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="The language model, as its service knows it.",
        rich_help_panel=_PLANNING,
    ),
]
CandidatesOption = Annotated[
    int | None,
    typer.Option(
        "--candidates",
        metavar="N",
        help="Let the model make N plans, 1 to 5, and take the best by rules.",
        rich_help_panel=_PLANNING,
    ),
]
FallbackOption = Annotated[
    bool,
    typer.Option(
        "--fallback",
        help="Let the offline planner plan where the model cannot; the plan says so.",
        rich_help_panel=_PLANNING,
    ),
]
NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Do not use the shape of an earlier plan again.",
        rich_help_panel=_PLANNING,
    ),
]
SchemaOption = Annotated[
    Path | None,
    typer.Option(
        "--schema",
        metavar="FILE",
        help="Plan with the objects and fields of this snapshot only.",
        rich_help_panel=_PLANNING,
    ),
]
