"""``actwright blueprints``: the library of kinds of action."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption, OrgOption, UserOption
from actwright.cli.render.blueprints import blueprint, findings, library
from actwright.cli.render.imports import imported
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.blueprints.blueprint import ActionBlueprint
    from actwright.blueprints.finding import LintFinding
    from actwright.blueprints.importing import ImportItem
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


@app.command("import", cls=Command)
def import_files(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|FOLDER", help="JSON or CSV files, or folders of them."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to write; the first folder of the settings, else ./blueprints.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show all, write nothing.")] = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Write the good ones although others are broken.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import blueprints, also of the older shape, with every guardrail they have.

    Exit code 2 where one is broken; then nothing is written, unless --keep-good is said.
    """
    from actwright.blueprints.import_files import (  # noqa: PLC0415 - slow to import
        against_folder,
        write_items,
    )
    from actwright.blueprints.importing import gather  # noqa: PLC0415 - same reason

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        known, folders = opened_app.library, opened_app.settings.blueprints
    folder = out or next(iter(folders), Path("blueprints"))
    items = against_folder(gather(sources, known, folder), folder, force=force)
    broken = any(each.status == "quarantined" for each in items)
    kept = dry_run or (broken and not keep_good)
    written = () if kept else write_items(items, folder)
    if as_json:
        terminal.document(_import_document(items, written))
    terminal.show(*imported(items))
    terminal.hint(_after_import(written, folder, folders, broken=broken, dry_run=dry_run))
    if broken:
        raise typer.Exit(InputError.exit_code)


Findings = dict[str, tuple["LintFinding", ...]]


def _after_import(
    written: tuple[Path, ...],
    folder: Path,
    folders: tuple[Path, ...],
    *,
    broken: bool,
    dry_run: bool,
) -> str:
    """Return what was written and what to do next."""
    if dry_run:
        return "Nothing was written: --dry-run."
    if not written:
        reason = ": correct what is quarantined, or say --keep-good." if broken else "."
        return f"Nothing was written{reason}"
    said = f"{len(written)} written to {folder}."
    if folder.resolve() in {each.resolve() for each in folders}:
        return f"{said} `actwright blueprints lint` checks them against the org."
    return f'{said} Name the folder in actwright.toml to use them: blueprints = ["{folder}"]'


def _import_document(items: tuple[ImportItem, ...], written: tuple[Path, ...]) -> dict[str, object]:
    return {
        "items": [
            {
                "where": each.where,
                "status": each.status,
                "key": each.key or None,
                "of": each.of or None,
                "notes": [_plain(note) for note in each.notes],
                "error": each.error.as_dict() if each.error is not None else None,
            }
            for each in items
        ],
        "written": [str(each) for each in written],
    }


def _found(opened_app: Actwright, key: str) -> ActionBlueprint:
    entry = opened_app.library.find(key)
    if entry is not None:
        return entry.blueprint
    if key.startswith(_DERIVED):
        return _derived(opened_app, key)
    from actwright.planning.refusals import nearest_keys  # noqa: PLC0415 - slow to import

    near = nearest_keys(key, opened_app.library)
    nearest = f"Did you mean {', '.join(near)}? " if near else ""
    raise NotFoundError(
        f"There is no blueprint {key[:80]!r}.",
        hint=f"{nearest}`actwright blueprints list` shows all.",
    )


def _derived(opened_app: Actwright, key: str) -> ActionBlueprint:
    from actwright.blueprints.derived import (  # noqa: PLC0415 - slow to import
        create_blueprint,
        delete_blueprint,
        update_blueprint,
    )

    name, _, operation = key.removeprefix(_DERIVED).rpartition(".")
    makers = {
        "create": create_blueprint,
        "update": update_blueprint,
        "delete": delete_blueprint,
    }
    make = makers.get(operation)
    if make is None:
        raise NotFoundError(
            f"There is no blueprint {key[:80]!r}.",
            hint=f"A derived one is called {_DERIVED}OBJECT.create, .update or .delete.",
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
