"""``actwright preview``: what exactly a plan would change."""

from __future__ import annotations

from typing import Annotated

import typer

from actwright.cli.operands import payload_of, plan_of
from actwright.cli.options import (
    DataOption,
    DeleteOption,
    HomeOption,
    JsonOption,
    OrgOption,
    OutOption,
    PayloadOption,
    UserOption,
)
from actwright.cli.output import write_copy
from actwright.cli.session import opened
from actwright.cli.showing import shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.verdict import kind_of_block


def preview(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan's id, or a file of one.")],
    *,
    data: DataOption = None,
    payload: PayloadOption = None,
    allow_delete: DeleteOption = False,
    out: OutOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Resolve a plan against the org and show every field, old and new. Nothing is changed.

    Named data answers inputs of the plan here, as ACTION.INPUT=VALUE.

    Exit code 5 where a guardrail or a permission says no, 2 where a value does not fit.
    """
    terminal = Terminal(as_json=as_json)
    given = payload_of(payload, data)
    with opened(org=org, user=user, home=home) as app, terminal.busy("Previewing"):
        document = app.preview(plan_of(app, plan), payload=given, allow_delete=allow_delete)
        write_copy(document, out)
        shown = shown_preview(app, document)
    if as_json:
        terminal.document(document.model_dump(mode="json"))
    terminal.show(*shown)
    if document.blocked:
        raise typer.Exit(kind_of_block(document).exit_code)
    terminal.hint(f"Next: actwright confirm {document.id}")
