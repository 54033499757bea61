"""``actwright verify``: whether the journal is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render.keeping import verification
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal


def verify(
    run: Annotated[
        str | None, typer.Argument(metavar="[RUN]", help="Only this run; all of them else.")
    ] = None,
    *,
    public_key: Annotated[
        Path | None,
        typer.Option(
            "--public-key",
            metavar="FILE",
            help="Check the seals with a key that was kept elsewhere.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="A seal that was kept elsewhere; the store must still have it.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify the journal: every event, every chain, every seal, and that nothing is gone.

    Exit code 1 where something is wrong; the first bad event of each run is named.
    """
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as app, terminal.busy("Verifying"):
        found = app.verify(run, public_key=public_key, against=against)
    if as_json:
        terminal.document(found.model_dump(mode="json") | {"whole": found.whole})
    terminal.show(*verification(found))
    if public_key is None and any(each.seal == 1 for each in found.faults):
        terminal.hint(
            "Of a copy from before the key of the seals was changed: --public-key with that key's seal.*.pub."
        )
    if not found.whole:
        raise typer.Exit(1)
    if not found.seals:
        terminal.hint("It was never sealed: actwright journal seal")
