"""The options that choose among what the prompt log holds, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.moments import HELP, moment
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.telemetry.fates.fate import FateKind
    from actwright.telemetry.log.reading import Wanted

_WHICH = "Which"

SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", help=f"Only from then on. {HELP}", rich_help_panel=_WHICH
    ),
]
PersonOption = Annotated[
    str | None,
    typer.Option(
        "--user", metavar="NAME", help="Only what this person asked.", rich_help_panel=_WHICH
    ),
]
PromptOption = Annotated[
    str | None,
    typer.Option("--prompt", metavar="NAME", help="Only this prompt.", rich_help_panel=_WHICH),
]
OfModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Only this model.", rich_help_panel=_WHICH),
]
SessionOption = Annotated[
    str | None,
    typer.Option("--session", metavar="ID", help="Only this session.", rich_help_panel=_WHICH),
]
FateOption = Annotated[
    str | None,
    typer.Option(
        "--fate",
        metavar="FATE",
        help="Only what came to this: completed, edited, refused, undone and so on.",
        rich_help_panel=_WHICH,
    ),
]


def wanted_of(
    since: str | None, user: str | None, prompt: str | None, model: str | None, session: str | None
) -> Wanted:
    """Return which entries of the log the options ask for.

    Raises:
        InputError: The moment is none.
    """
    from actwright.telemetry.log.reading import Wanted  # noqa: PLC0415 - slow to import

    return Wanted(
        since=moment(since, "--since"), user=user, session=session, prompt=prompt, model=model
    )


def is_narrowed(wanted: Wanted) -> bool:
    """Tell whether something is asked of the entries, so that others may be there."""
    from actwright.telemetry.log.reading import EVERYTHING  # noqa: PLC0415 - slow to import

    return wanted != EVERYTHING


def fate_of(text: str | None) -> FateKind | None:
    """Return the fate a list is to be held to.

    Raises:
        InputError: There is no such fate.
    """
    from actwright.telemetry.fates.fate import FATES  # noqa: PLC0415 - slow to import

    if text is None:
        return None
    found = next((each for each in FATES if each == text.strip().lower()), None)
    if found is None:
        raise InputError(
            f"There is no fate {text[:40]!r}.",
            where="--fate",
            hint=f"A plan is {', '.join(FATES[:-1])} or {FATES[-1]}.",
        )
    return found
