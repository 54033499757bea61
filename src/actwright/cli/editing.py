"""The edit of a preview as options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from actwright.cli.choices import Edit
from actwright.cli.data import parse_data
from actwright.errors import InputError

WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="ACTION[.INPUT]",
        help="Leave out an action, one value, or one row by its effect's id; what needs it goes too. Repeatable.",
    ),
]
ValuesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ACTION.INPUT=VALUE",
        help="Set a value anew, as a goal would say it: a2.Due Date=next Friday. Repeatable.",
    ),
]
RespondOption = Annotated[
    str | None,
    typer.Option(
        "--respond",
        metavar="WORDS",
        help='Say what is to be otherwise: "not the task, and use 15 December".',
    ),
]


def said_edit(
    without: Sequence[str] | None, values: Sequence[str] | None, words: str | None
) -> Edit:
    """Return what the options ask to be changed; an edit that is false where they ask for nothing.

    Raises:
        InputError: An option says nothing, or no value.
    """
    if words is not None and not words.strip():
        raise InputError("There are no words to respond with.", where="--respond")
    named = parse_data(values or (), option="--set", labels=True)
    return Edit(tuple(without or ()), named, words or "")
