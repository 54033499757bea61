"""``actwright blueprints``: the library of kinds of action."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.blueprints import blueprint, findings, library
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.blueprints.blueprint import ActionBlueprint
    from actwright.blueprints.finding import LintFinding
    from actwright.blueprints.library import Library, LibraryEntry
    from actwright.org.schema import ObjectSchema

app = typer.Typer(
    cls=Group,
    help="Look at the blueprints: the kinds of action there are.",
    no_args_is_help=True,
)

_DERIVED = "derived."


@app.command("list", cls=Command)
def list_blueprints(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """List the curated blueprints, and the files that could not be read."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.library
    if as_json:
        terminal.document(_library_document(found))
    terminal.show(*library(found))


@app.command(cls=Command)
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A blueprint's key, name or alias.")],
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one blueprint: its inputs and guardrails.

    Keys such as derived.opportunity.update show what the org's schema alone gives.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as opened_app:
        found = _found(opened_app, key)
    if as_json:
        terminal.document(found.model_dump(mode="json"))
    terminal.show(*blueprint(found))


@app.command(cls=Command)
def lint(
    subjects: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEY|FILE", help="Which ones; all curated ones if left out."),
    ] = None,
    *,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check blueprints against the org's schema; on the local org as an administrator sees it.

    Exit code 2 where there is an error; warnings are only shown.
    """
    terminal = Terminal(as_json=as_json)
    with opened(org=org, user=user, home=home) as plain_app:
        chosen, broken = _subjects(plain_app.library, subjects or [])
        as_whom = user or plain_app.settings.user
        local = plain_app.settings.org == "local"
    with opened(org=org, user=as_whom or ("admin" if local else None), home=home) as opened_app:
        found = _linted(opened_app, chosen)
    found = {**broken, **found}
    if as_json:
        terminal.document({key: [_plain(each) for each in items] for key, items in found.items()})
    terminal.show(*findings(found))
    if any(each.severity == "error" for items in found.values() for each in items):
        raise typer.Exit(InputError.exit_code)


Findings = dict[str, tuple["LintFinding", ...]]


def _found(opened_app: Actwright, key: str) -> ActionBlueprint:
    entry = opened_app.library.find(key)
    if entry is not None:
        return entry.blueprint
    if key.startswith(_DERIVED):
        return _derived(opened_app, key)
    raise NotFoundError(
        f"There is no blueprint {key[:80]!r}.", hint="`actwright blueprints list` shows all."
    )


def _derived(opened_app: Actwright, key: str) -> ActionBlueprint:
    from actwright.blueprints.derived import (  # noqa: PLC0415 - slow to import
        create_blueprint,
        update_blueprint,
    )

    name, _, operation = key.removeprefix(_DERIVED).rpartition(".")
    make = {"create": create_blueprint, "update": update_blueprint}.get(operation)
    if make is None:
        raise NotFoundError(
            f"There is no blueprint {key[:80]!r}.",
            hint=f"A derived one is called {_DERIVED}OBJECT.create or {_DERIVED}OBJECT.update.",
        )
    return make(opened_app.org.describe(name))


def _subjects(known: Library, keys: list[str]) -> tuple[list[LibraryEntry], Findings]:
    """Return the blueprints to check, and what is wrong with the files that are none."""
    broken: Findings = {}
    if not keys:
        broken = {str(each.path): (_unreadable(each.error),) for each in known.quarantined}
        return list(known.entries), broken
    chosen: list[LibraryEntry] = []
    for key in keys:
        entry = known.find(key)
        try:
            chosen.append(entry or _from_file(key))
        except NotFoundError:
            raise
        except InputError as error:
            broken[key] = (_unreadable(error),)
    return chosen, broken


def _from_file(key: str) -> LibraryEntry:
    from actwright.blueprints.blueprint import ActionBlueprint  # noqa: PLC0415 - slow to import
    from actwright.blueprints.library import LibraryEntry  # noqa: PLC0415 - same reason
    from actwright.document import read_json, validated  # noqa: PLC0415 - same reason
    from actwright.errors import BlueprintError  # noqa: PLC0415 - same reason

    path = Path(key)
    if path.suffix != ".json":
        raise NotFoundError(
            f"There is no blueprint {key[:80]!r}, and it is no .json file.",
            hint="`actwright blueprints list` shows all keys.",
        )
    read = validated(ActionBlueprint, read_json(path), where=key, error=BlueprintError)
    return LibraryEntry(key, read, path)


def _linted(opened_app: Actwright, chosen: list[LibraryEntry]) -> Findings:
    from actwright.blueprints.lint import lint as check  # noqa: PLC0415 - slow to import

    def describe(name: str) -> ObjectSchema | None:
        with suppress(NotFoundError):
            return opened_app.org.describe(name)
        return None

    return {each.key: check(each, describe) for each in chosen}


def _unreadable(error: InputError) -> LintFinding:
    from actwright.blueprints.finding import LintFinding  # noqa: PLC0415 - slow to import

    return LintFinding(
        error.error_code, "error", error.where or "", error.message, error.hint or ""
    )


def _library_document(found: Library) -> dict[str, object]:
    return {
        "blueprints": [
            {"key": each.key, **each.blueprint.model_dump(mode="json")} for each in found.entries
        ],
        "quarantined": [
            {"path": str(each.path), **each.error.as_dict()} for each in found.quarantined
        ],
    }


def _plain(finding: LintFinding) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.path,
        "message": finding.message,
        "hint": finding.hint,
    }
