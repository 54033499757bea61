"""The rest of an undo, what could not be taken back: listed, or dealt with by hand and put on the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from actwright.cli.render.undoings import undoings
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.cli.terminal import Terminal
    from actwright.runs.undoing.decision import Verdict
    from actwright.runs.undoing.undoing import Undoing

ListOption = Annotated[
    bool, typer.Option("--list", help="List what could not be taken back; of RUN alone, or all.")
]
ResolveOption = Annotated[
    list[str] | None,
    typer.Option("--resolve", metavar="EFFECT|all", help="Say that it was set right by hand."),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="EFFECT|all", help="Say that it is to stay as it is."),
]
WhySoOption = Annotated[
    str, typer.Option("--why", metavar="TEXT", help="Why you say so; it goes on the record.")
]


@dataclass(frozen=True, slots=True)
class RestDecision:
    """What a person decides of the rest of an undo: false where nothing was decided.

    Attributes:
        resolve: The effects that were set right by hand.
        ignore: The effects that are to stay as they are.
        why: The reason.
    """

    resolve: Sequence[str]
    ignore: Sequence[str]
    why: str

    def __bool__(self) -> bool:
        """Tell whether anything is decided."""
        return bool(self.resolve or self.ignore)

    def check(self, *, listed: bool) -> None:
        """Refuse to leave out in silence what was said of nothing.

        Args:
            listed: Whether a list was asked for.

        Raises:
            InputError: There is a reason without a decision, or a decision where a list was asked for.
        """
        if self and listed:
            raise InputError("Say either --list, or --resolve or --ignore.")
        if self.why and not self:
            raise InputError(
                "Without --resolve or --ignore there is nothing to put on the record.",
                where="--why",
            )

    def record(self, app: Actwright, terminal: Terminal, run: str) -> NoReturn:
        """Put it on the record of a run, show what is there by now, and exit.

        Raises:
            InputError: Both are said, with one reason.
            ActwrightError: It cannot be said of this run.
        """
        if self.resolve and self.ignore:
            raise InputError("Say either --resolve or --ignore, each with its own --why.")
        verdict: Verdict = "resolved" if self.resolve else "ignored"
        made = app.decide_undo(run, [*self.resolve, *self.ignore], verdict, why=self.why)
        if terminal.as_json:
            terminal.document(made.model_dump(mode="json"))
        terminal.show(*undoings((app.undoing(made.run_id),)))
        raise typer.Exit


def list_rest(app: Actwright, terminal: Terminal, run: str | None) -> NoReturn:
    """List one run, or all of which something is left, and exit; with code 1 where nobody can tell of one."""
    found = app.undoings() if run is None else (app.undoing(run),)
    if terminal.as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    terminal.show(*undoings(found))
    if not found:
        terminal.hint("Everything that was to be taken back has been, or was decided on.")
    for each in (one for one in found if one.open or one.fault):
        terminal.hint(f"Next: {_next(each)}")
    raise typer.Exit(1 if any(each.fault for each in found) else 0)


def _next(undoing: Undoing) -> str:
    """Return what can be done about what is left of a run."""
    if undoing.fault:
        return "actwright verify"
    if undoing.under_way:
        return f"actwright resume {undoing.under_way[-1]}"
    again = f"actwright undo {undoing.run_id}"
    late = " --expired-too" if undoing.expired else ""
    if not undoing.undone_by:
        return f"{again}{late}"
    return f'{again}{late}, or {again} --resolve EFFECT --why "..."'
