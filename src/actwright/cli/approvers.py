"""``actwright approvers``: whose keys say yes and sign, and whose merely plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.keys import KeyFileOption, approver_key, check_may_say_yes
from actwright.cli.options import HomeOption, JsonOption, UserOption
from actwright.cli.render.interventions import approvers
from actwright.cli.session import opened
from actwright.cli.stepping_in import WhyOption, person
from actwright.cli.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from actwright.app import Actwright
    from actwright.checkpoints.credentials.approvers import Approver

app = typer.Typer(
    cls=Group,
    help="Register keys: of who confirms and decides objections, and of who only plans.",
    no_args_is_help=True,
)

_SECRET = {"salt", "key_hash"}
_ELSEWHERE = (
    "Do it where ACTWRIGHT_PLAN_KEY is not set: as whoever keeps the store, or an approver."
)

PlansOption = Annotated[
    bool, typer.Option("--plans", help="A key that marks who plans, and says yes to nothing.")
]


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call the approver.")],
    *,
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="ROLE",
            help="What a policy may ask for in place of the name; repeatable.",
        ),
    ] = None,
    plans: PlansOption = False,
    key_file: KeyFileOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Register an approver, and print their key: once, for it is kept nowhere.

    It confirms previews, makes grants, and counts for objections that are filed from now on. The first is registered
    without a key; from then on one that counts has to vouch (--key-file, or the environment). A key made with --plans
    says yes to nothing, and needs none: it marks who plans.
    """
    check_may_say_yes("register keys", hint=_ELSEWHERE)
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        vouches = None if plans else _vouching(opened_app, key_file, "Registering an approver")
        approver, key = opened_app.approvers.add(
            name,
            by=person(opened_app),
            kind="plan" if plans else "approve",
            roles=role or (),
            vouched_by=vouches.id if vouches else "",
        )
    if as_json:
        terminal.document({**approver.model_dump(mode="json", exclude=_SECRET), "key": key})
        return
    terminal.line(key)
    terminal.hint(
        f"This is the key of {approver.name}. Hand it over now; it cannot be shown again."
    )


@app.command("list", cls=Command)
def list_approvers(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List everybody who was ever registered, and whose keys count."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        desk = opened_app.approvers
        found = [(each, desk.revocation(each)) for each in desk.everyone(None)]
    if as_json:
        terminal.document(
            [
                {
                    **each.model_dump(mode="json", exclude=_SECRET),
                    "revoked": revocation.model_dump(mode="json") if revocation else None,
                }
                for each, revocation in found
            ]
        )
    elif found:
        terminal.show(approvers(found))
    else:
        terminal.hint("Nobody is registered: actwright approvers add NAME")


@app.command("revoke", cls=Command)
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The approver's name or id.")],
    *,
    why: WhyOption,
    plans: PlansOption = False,
    key_file: KeyFileOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a key count no more: not for what it signed that is still open, nor for grants only it stands under.

    It takes an approver's key: one's own, or another's (--key-file, or the environment). A plan key is revoked without.
    """
    check_may_say_yes("revoke keys", hint=_ELSEWHERE)
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        if not plans:
            _vouching(opened_app, key_file, "Revoking an approver's key")
        gone = opened_app.approvers.revoke(
            name, by=person(opened_app), why=why, kind="plan" if plans else "approve"
        )
    if as_json:
        terminal.document(gone.model_dump(mode="json", exclude=_SECRET))
    else:
        terminal.hint(f"The key of {gone.name} counts no more.")


def _vouching(opened_app: Actwright, key_file: Path | None, what: str) -> Approver | None:
    """Return who vouches for a change of who may say yes; None where nobody's key counts so far."""
    from actwright.checkpoints.credentials.presenting import (  # noqa: PLC0415 - slow to import
        vouching,
    )

    desk = opened_app.approvers
    key = approver_key(key_file, what=what) if desk.active() else None
    return vouching(desk, key)
