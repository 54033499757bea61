"""``actwright regress suggest``: cases for the suite out of what people did with plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.output import check_new, write_text
from actwright.cli.render.suggestions import suggestions
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Collection


def suggest(
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write them: a file that is new.")
    ] = Path("suggested.yaml"),
    suite: Annotated[
        Path | None,
        typer.Option("--suite", metavar="PATH", help="Pass over the goals this suite has already."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option("--limit", min=1, max=10_000, help="How many plans to look at, newest first."),
    ] = 500,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write cases from plans that people confirmed, edited or refused, for a person to review.

    What holds personal data is not suggested, and that is said. A suggested case never counts in the gate.
    """
    from actwright.regression.suggestions.suggested_file import suggestions_text  # noqa: PLC0415 - slow to import
    from actwright.regression.suggestions.suggesting import DecidedPlans, suggested  # noqa: PLC0415 - same reason

    check_new(out, "Somebody may have reviewed it. Give another one: --out suggested-2.yaml")
    terminal = Terminal(as_json=as_json)
    known = _goals(suite)
    with opened(org=org, user=user, home=home) as app, terminal.busy("Looking at plans"):
        store = DecidedPlans(app.plans, app.previews, app.fates, app.org.describe)
        found = suggested(store, limit=limit, known=known)
    worth = bool(found.cases or found.refused)
    if worth:
        write_text(suggestions_text(found), out)
    if as_json:
        terminal.document(found.document() | {"file": str(out) if worth else None})
    terminal.show(*suggestions(found))
    if worth:
        terminal.hint(f"Written for review: {out}")


def _goals(suite: Path | None) -> Collection[str]:
    if suite is None:
        return ()
    from actwright.regression.suite.suite import Suite  # noqa: PLC0415 - slow to import

    return [each.goal for each in Suite.load(suite).cases]
