"""``actwright grants``: standing confirmations, for runs without a person."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.grant_drafts import by_hand, from_preview
from actwright.cli.granting import (
    AllAmountsOption,
    AmountsOption,
    ExpiresOption,
    OwnReasonOption,
    PerDayOption,
    RefuseOption,
    RowsOption,
    UsesOption,
    WritesOption,
    said_ceilings,
)
from actwright.cli.help import Command, Group
from actwright.cli.keys import ENVIRONMENT, KeyFileOption, approver_key, check_may_say_yes
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.grants import grant as shown_grant
from actwright.cli.render.grants import grants as shown_grants
from actwright.cli.render.grants import uses as shown_uses
from actwright.cli.session import opened
from actwright.cli.stepping_in import WhyOption, person
from actwright.cli.terminal import Terminal
from actwright.errors import ConfirmationMissingError, ConfirmationRefusedError, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from actwright.checkpoints.grants.grant import Grant

app = typer.Typer(
    cls=Group, help="Let runs happen without a person, within limits.", no_args_is_help=True
)

GrantArgument = Annotated[str, typer.Argument(metavar="GRANT", help="A grant's id.")]
FromOption = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="PREVIEW",
        help="Let what this preview does happen again, on other records too: as many, with the same fields and amounts at most. Other options change the limits.",
    ),
]
BlueprintsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--blueprint", metavar="KEY", help="A curated blueprint it says yes to; repeatable."
    ),
]


@app.command("make", cls=Command)
def make(
    *,
    from_: FromOption = None,
    blueprint: BlueprintsOption = None,
    writes: WritesOption = None,
    rows: RowsOption = None,
    amounts: AmountsOption = None,
    in_all: AllAmountsOption = None,
    uses: UsesOption = None,
    per_day: PerDayOption = None,
    expires: ExpiresOption = None,
    refuse: RefuseOption = None,
    why: OwnReasonOption = "",
    key_file: KeyFileOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a grant: shown whole, and asked about before it is stored.

    Where there is no terminal, an approver's key says the yes (--key-file, or the environment); where a policy asks for
    keys, only a grant made with them counts. A grant stands for up to 366 days.
    """
    if (from_ is None) == (not blueprint):
        raise InputError("A grant is made from a preview, or for blueprints.", where="--from")
    terminal = Terminal(as_json=as_json)
    ceilings = said_ceilings(
        writes=writes,
        rows=rows,
        amounts=amounts,
        in_all=in_all,
        uses=uses,
        per_day=per_day,
        expires=expires,
        refuse=refuse,
    )
    with opened(org=org, user=user, home=home) as opened_app:
        if from_ is not None:
            draft = from_preview(opened_app, from_, ceilings, why)
        else:
            draft = by_hand(opened_app, blueprint or [], ceilings, why)
        made = opened_app.make_grant(draft, key=_said_yes(terminal, draft, key_file))
    if as_json:
        terminal.document(made.model_dump(mode="json"))
    terminal.show(*([] if as_json else shown_grant(made)))
    terminal.hint(f"Use it: actwright apply PREVIEW --grant {made.id}")


@app.command("list", cls=Command)
def list_grants(
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that stand no more.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the grants that stand; one that is used up begins no further run, and lets its runs go on."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        desk = opened_app.grants
        judged = [(each, desk.why_not(each), desk.used(each).uses) for each in desk.everything()]
    found = [each for each in judged if everything or each[1] is None]
    if as_json:
        terminal.document(
            [
                {
                    **each.model_dump(mode="json"),
                    "used": uses,
                    "stands": why is None,
                    "usedUp": uses >= each.ceilings.uses,
                }
                for each, why, uses in found
            ]
        )
    elif found:
        terminal.show(shown_grants(found))
    else:
        terminal.hint("There is no grant: actwright grants make --from PREVIEW")


@app.command("show", cls=Command)
def show(grant: GrantArgument, *, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show a grant, who signed it, and whether it stands."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        desk = opened_app.grants
        found = desk.get(grant)
        why, signed, used = desk.why_not(found), desk.signatures(found), desk.used(found)
    if as_json:
        terminal.document(
            {
                **found.model_dump(mode="json"),
                "used": used.uses,
                "stands": why is None,
                "usedUp": used.uses >= found.ceilings.uses,
                "whyNot": why.message if why else None,
                "signatures": [each.model_dump(mode="json") for each in signed],
            }
        )
    standing = why.message if why else ""
    terminal.show(*shown_grant(found, standing=standing, signed=signed, uses=used.uses))


@app.command("narrow", cls=Command)
def narrow(
    grant: GrantArgument,
    *,
    writes: WritesOption = None,
    rows: RowsOption = None,
    amounts: AmountsOption = None,
    in_all: AllAmountsOption = None,
    uses: UsesOption = None,
    per_day: PerDayOption = None,
    expires: ExpiresOption = None,
    refuse: RefuseOption = None,
    why: OwnReasonOption = "",
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a grant's limits tighter: a new version takes its place, and what was used so far counts on.

    What would widen it is refused. A list of writes, amounts or refused provenances takes the place of the old one.
    """
    terminal = Terminal(as_json=as_json)
    ceilings = said_ceilings(
        writes=writes,
        rows=rows,
        amounts=amounts,
        in_all=in_all,
        uses=uses,
        per_day=per_day,
        expires=expires,
        refuse=refuse,
    )
    with opened(user=user, home=home) as opened_app:
        made = opened_app.grants.narrow(grant, ceilings, by=person(opened_app), why=why)
        used = opened_app.grants.used(made)
    if as_json:
        terminal.document(made.model_dump(mode="json"))
    terminal.show(*shown_grant(made, uses=used.uses))
    terminal.hint(f"{grant} says yes to nothing any more; {made.id} takes its place.")


@app.command("sign", cls=Command)
def sign(
    grant: GrantArgument,
    *,
    key_file: KeyFileOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put your approver's key under a grant, where a policy asks for several people."""
    terminal = Terminal(as_json=as_json)
    key = approver_key(key_file, what="Signing a grant")
    with opened(home=home) as opened_app:
        found = opened_app.sign_grant(grant, key=key)
        signed = opened_app.grants.signatures(found)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in signed])
    terminal.hint(f"{found.id} is signed by {', '.join(each.name for each in signed)}.")


@app.command("revoke", cls=Command)
def revoke(
    grant: GrantArgument,
    *,
    why: WhyOption,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a grant at once, for runs that are under way too: their next wave waits for a person."""
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        gone = opened_app.grants.revoke(grant, by=person(opened_app), why=why)
    if as_json:
        terminal.document(gone.model_dump(mode="json"))
    terminal.hint(f"{gone.id} says yes to nothing any more.")


@app.command("uses", cls=Command)
def uses(grant: GrantArgument, *, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the runs a grant began: when, with how many effects, and which amounts."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.grants.uses(opened_app.grants.get(grant))
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    elif found:
        terminal.show(shown_uses(found))
    else:
        terminal.hint("It was never used.")


def _said_yes(terminal: Terminal, draft: Grant, key_file: Path | None) -> str | None:
    """Show a grant that is to be made, ask, and return the key it is signed with, where there is one.

    Raises:
        ConfirmationMissingError: Nobody can be asked, and there is no key.
        ConfirmationRefusedError: The person said no.
        ConfirmationForeignError: This process plans.
    """
    given = key_file is not None or ENVIRONMENT in os.environ
    key = approver_key(key_file, what="Making a grant") if given else None
    if terminal.interactive:
        terminal.aside(*shown_grant(draft))
        if terminal.ask("Let this happen without asking, from now on? [y/N]").casefold() not in {
            "y",
            "yes",
        }:
            raise ConfirmationRefusedError("Nothing was granted.")
    elif key is None:
        raise ConfirmationMissingError(
            "Nobody can be asked: there is no terminal.",
            hint="Say --key-file FILE with an approver's key, or make it in a terminal.",
        )
    if key is None:
        check_may_say_yes()
    return key
