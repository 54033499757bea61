"""``actwright preview``: what exactly a plan would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.operands import STDIN, payload_of, plan_of
from actwright.cli.options import (
    DataOption,
    HomeOption,
    JsonOption,
    OrgOption,
    OutOption,
    PayloadOption,
    UserOption,
)
from actwright.cli.output import write_copy
from actwright.cli.preview_terms import (
    ApartOption,
    DeepOption,
    DeleteOption,
    DuplicatesOption,
    MaxRowsOption,
)
from actwright.cli.session import opened
from actwright.cli.showing import shown_preview
from actwright.cli.terminal import Terminal
from actwright.cli.verdict import kind_of_block
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.blueprints.plan import Plan
    from actwright.checkpoints.editing.payload import Payload

PlanArgument = Annotated[str, typer.Argument(metavar="PLAN", help="A plan's id, or a file of one.")]
TemplateOption = Annotated[
    bool,
    typer.Option(
        "--template", help="Print what the plan still needs, as a payload to fill in, and stop."
    ),
]


def preview(
    plan: PlanArgument,
    *,
    data: DataOption = None,
    payload: PayloadOption = None,
    template: TemplateOption = False,
    max_rows: MaxRowsOption = None,
    allow_delete: DeleteOption = False,
    allow_duplicates: DuplicatesOption = False,
    apart: ApartOption = False,
    deep: DeepOption = False,
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
    terminal = Terminal(as_json=as_json or template)
    if plan == payload == STDIN:
        raise InputError(
            "Plan and payload cannot both come from stdin.",
            where="--payload",
            hint="Give the plan by its id.",
        )
    given = payload_of(payload, data)
    with opened(org=org, user=user, home=home) as app, terminal.busy("Previewing"):
        chosen = plan_of(app, plan)
        if template:
            _print_needed(app, terminal, chosen, given)
            return
        document = app.preview(
            chosen,
            payload=given,
            max_rows=max_rows,
            allow_delete=allow_delete,
            allow_duplicates=allow_duplicates,
            apart=apart,
            deep=deep,
        )
        write_copy(document, out)
        shown = shown_preview(app, document)
    if as_json:
        terminal.document(document.model_dump(mode="json"))
    terminal.show(*shown)
    if document.blocked:
        raise typer.Exit(kind_of_block(document).exit_code)
    terminal.hint(f"Next: actwright confirm {document.id}")


def _print_needed(app: Actwright, terminal: Terminal, plan: Plan, given: Payload | None) -> None:
    """Print what a plan still needs, once a payload was filled in."""
    from actwright.checkpoints.editing.payload import with_payload  # noqa: PLC0415 - slow to import
    from actwright.checkpoints.editing.template import template  # noqa: PLC0415 - slow to import

    needed = template(with_payload(plan, given or {}), app.org)
    terminal.document(needed)
    if not needed["payload"]:
        terminal.aside(f"Nothing is missing: actwright preview {plan.id}")
