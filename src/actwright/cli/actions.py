"""``actwright actions``: the code behind actions; what was generated for a goal is reviewed before it may be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.code_review import ask_approval, card, card_page, decider
from actwright.cli.help import Command, Group
from actwright.cli.keys import KeyFileOption, approver_key, check_may_say_yes
from actwright.cli.options import (
    HomeOption,
    HtmlOption,
    JsonOption,
    OrgOption,
    UserOption,
    YesOption,
)
from actwright.cli.page_file import write_page
from actwright.cli.session import opened
from actwright.cli.stepping_in import WhyOption
from actwright.cli.terminal import Terminal
from actwright.errors import (
    ActwrightError,
    ImplementationError,
)

if TYPE_CHECKING:
    from actwright.actions.generated.version import GeneratedVersion

app = typer.Typer(
    cls=Group,
    help="List the code behind actions; review what was generated, for nothing of it runs unapproved.",
    no_args_is_help=True,
)

Reference = Annotated[
    str, typer.Argument(metavar="NAME|ID", help="A version's id, or a name for its newest version.")
]


@app.command("list", cls=Command)
def list_actions(
    *,
    every: Annotated[bool, typer.Option("--all", help="Every version, also older ones.")] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Import the code of every curated override, and tell faults."),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List curated overrides with origin and version, and the newest version of each generated action.

    Of a generated action that is in use in an older version, that one is listed too. Exit code 2 where --check finds an
    override that cannot be used.
    """
    from actwright.cli.render.curated import curated, curated_document  # noqa: PLC0415 - slow
    from actwright.cli.render.generated import versions  # noqa: PLC0415 - same reason

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        calls = opened_app.generated
        found = (
            tuple(one for name in calls.actions.names() for one in calls.versions(name))
            if every
            else calls.list()
        )
        own = opened_app.overrides(check=check)
    if as_json:
        listed = [curated_document(each) for each in own]
        terminal.document([*listed, *(_listed(each) for each in found)])
    if own:
        terminal.show(*curated(own))
    if found:
        terminal.show(versions(found))
    if not own and not found:
        terminal.hint("Nothing was generated in this store yet, and there is no override.")
    if check and any(each.fault for each in own):
        raise typer.Exit(ImplementationError.exit_code)


@app.command(cls=Command)
def show(reference: Reference, *, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show one version: what it may reach, its code, and what was decided about it."""
    from actwright.cli.render.generated import version  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.generated.get(reference)
    if as_json:
        terminal.document(_document(found))
    terminal.show(*version(found))


@app.command(cls=Command)
def review(
    reference: Reference,
    *,
    html: HtmlOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the review card of one version: what it does, its code, what it may reach, its tests and how they went."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.generated.get(reference)
    if html is not None:
        write_page(card_page(found.action), html)
        terminal.hint(f"Written: {html}")
    if as_json:
        terminal.document({**_document(found), "faults": list(found.action.review.faults)})
    elif html is None:
        terminal.show(*card(found.action))
    if found.standing != "approved" and found.action.review.passed:
        terminal.hint(f"Next: actwright actions approve {found.action.id}")


@app.command(cls=Command)
def approve(
    reference: Reference,
    *,
    digest: Annotated[
        str | None,
        typer.Option(
            metavar="DIGEST",
            help="Approve only where this is still the digest of its code and capabilities.",
        ),
    ] = None,
    yes: YesOption = False,
    key_file: KeyFileOption = None,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the review card, ask, and approve exactly this code; from then on plans may use it.

    Its checks and tests are run again. Where the policy asks for several people, each approves it with their own key.
    Exit code 3 where the answer is no, nobody can be asked, or the policy asks for others; 5 where its review fails.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app:
        calls, by = opened_app.generated, decider(opened_app)
        found = calls.get(reference)
        asks = key_file is not None or not calls.need().plain
        key = approver_key(key_file, what=f"Approving {found.action.id}") if asks else None
        if key is None:
            check_may_say_yes()
        if not yes:
            ask_approval(terminal, found)
        approved = calls.approve(
            found.action.id,
            approver="unattended" if yes else by,
            digest=digest or found.action.digest,
            key=key,
            seen=found,
        )
        awaited = calls.awaited(approved.action.id)
    if as_json:
        terminal.document({**_document(approved), "awaited": awaited})
    more = f"{awaited} more of those the policy names have to approve it."
    said = "Signed" if awaited else "Approved"
    again = ", approved before already" if found.standing == "approved" else ""
    terminal.show(f"{said}{again}: {approved.action.name}, version {approved.version}.")
    terminal.hint(more if awaited else "Next: preview the plan again, and see what it would write.")


@app.command(cls=Command)
def revoke(
    reference: Reference,
    *,
    why: WhyOption,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an approval back: of one version by its id, of every version by its name. What was previewed cannot run."""
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        gone = opened_app.generated.revoke(reference, why=why, by=decider(opened_app))
    if as_json:
        terminal.document([_document(each) for each in gone])
    for each in gone:
        terminal.show(f"Revoked: {each.action.name}, version {each.version}.")


@app.command("test", cls=Command)
def run_tests(
    reference: Reference,
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the tests of one version against their own sample records; of the org only the schema is read.

    Exit code 1 where one fails.
    """
    from actwright.cli.render.generated import trials  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app:
        found = opened_app.generated.test(reference)
    if as_json:
        terminal.document([each.model_dump(mode="json") for each in found])
    terminal.show(*trials(found))
    if not all(each.passed for each in found):
        raise typer.Exit(ActwrightError.exit_code)


@app.command(cls=Command)
def diff(
    reference: Reference,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[AFTER]",
            help="The version it became; left out, the first one is compared with what is approved, else with the one before it.",
        ),
    ] = None,
    *,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the second version may reach in addition to the first, and how its code differs from it."""
    from actwright.cli.render.generated import difference  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.generated.diff(other or reference, reference if other else None)
    if as_json:
        terminal.document(found.model_dump(mode="json"))
    terminal.show(*difference(found))


@app.command(cls=Command)
def promote(
    reference: Reference,
    *,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where actions.yaml stands, or is to stand.")
    ] = Path(),
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an approved version out as a curated override: into actions.yaml, and two files beside it."""
    terminal = Terminal(as_json=as_json)
    with opened(user=user, home=home) as opened_app:
        written = opened_app.generated.promote(reference, out, by=decider(opened_app))
    if as_json:
        files = [str(each) for each in written.files]
        terminal.document({"manifest": str(written.manifest), "files": files})
    for each in (written.manifest, *written.files):
        terminal.show(str(each))
    terminal.hint(
        f"Next: name {written.manifest} in the setting actions_file (or ACTWRIGHT_ACTIONS), so that it is used."
    )


def _document(found: GeneratedVersion) -> dict[str, object]:
    return found.model_dump(mode="json")


def _listed(found: GeneratedVersion) -> dict[str, object]:
    return {
        "kind": "generated",
        "name": found.action.name,
        "id": found.action.id,
        "digest": found.action.digest,
        "version": found.version,
        "standing": found.standing,
        "origin": found.action.origin,
        "at": found.at,
    }
