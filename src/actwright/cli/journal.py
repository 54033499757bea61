"""``actwright journal``: keep the journal: seal it, move runs out of it and back in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.render import keeping
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.errors import InputError

if TYPE_CHECKING:
    from actwright.runs.keeping.exporting import Exported

app = typer.Typer(
    cls=Group,
    help="Keep the journal: seal it, move runs out of it and back in.",
    no_args_is_help=True,
)

_AFTER_DAMAGE = "Next: actwright verify; restore what is damaged, and export again."
_NOT_IN_IT = (
    "Not in such a file: approvers and their keys, grants and their uses, generated actions. They are in the database's own "
    "backup only; see docs/operations.md."
)
_DAY = "A day, such as 2026-11-01, in UTC."


@app.command("stats", cls=Command)
def stats(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show how much there is in the journal, how it grows, and what has been left lying."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        found = opened_app.stats()
        now = opened_app.clock.now()
    if as_json:
        terminal.document(found.model_dump(mode="json"))
    terminal.show(*keeping.statistics(found, now))


@app.command("seal", cls=Command)
def seal(
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Also write the newest seal to this file, to keep elsewhere.",
        ),
    ] = None,
    rotate: Annotated[
        bool,
        typer.Option(
            "--rotate", help="Go over to a new key, which a last seal with the old one names."
        ),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seal the heads of all runs that moved since the last seal."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        made = opened_app.rotate_seal_key() if rotate else opened_app.seal()
        newest = made or opened_app.newest_seal()
        if out is not None and newest is not None:
            opened_app.write_seal(newest, out)
    if as_json:
        told = None if newest is None else newest.model_dump(mode="json", exclude={"body"})
        terminal.document({"made": made is not None, "newest": told})
    terminal.show(*keeping.seal(newest, made=made is not None))
    if rotate:
        terminal.hint(
            "Hand the new key file to every machine that seals, with the seal.*.handover.json beside it, and its seal.pub to "
            "whoever verifies; keep the old key's seal.*.pub. Back the store up now."
        )


@app.command("export", cls=Command)
def export(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN...]", help="Only these; all of them else.")
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write them to this file.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="WHERE", help="Keep a day's runs in this folder or s3:// place."
        ),
    ] = None,
    day: Annotated[
        str | None, typer.Option("--day", metavar="DATE", help=f"{_DAY} Yesterday else.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write runs with all they refer to as JSON lines: to a file, or a day's runs to where they are kept.

    What is damaged is left out and named: exit code 1.
    """
    if (out is None) == (to is None) or (runs and to) or (day and not to):
        raise InputError(
            "Give either --out FILE, with runs or without, or --to WHERE, with --day or without.",
            where="--out" if out else "--to",
            hint="actwright journal export --out runs.jsonl",
        )
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Exporting"):
        if out is not None:
            done: Exported | None = opened_app.export(out, runs or None)
        else:
            done = opened_app.export_day(str(to), _date(day, "--day") if day else None)
    _tell_export(terminal, done)


@app.command("backup", cls=Command)
def backup(
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="WHERE", help="A folder, or s3://bucket/prefix.")
    ],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a copy of all runs, with their documents and the seals, in a folder or a bucket.

    What is damaged is left out and named: exit code 1.
    """
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Exporting"):
        done = opened_app.backup(to)
    _tell_export(terminal, done)
    terminal.hint(_NOT_IN_IT)


@app.command("import", cls=Command)
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="What export, backup or compact wrote; of a folder all that ends in .jsonl.",
        ),
    ],
    *,
    unfinished: Annotated[
        bool,
        typer.Option(
            "--unfinished",
            help="Also take in runs that have not ended. No other store may carry them out any more.",
        ),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in exported runs; every chain is verified first, and a file that is not whole changes nothing.

    What its store had lost by then is named; the rest is taken in. Several files are taken in one by one, in the order of
    their names; where one is refused, those before it are taken in, and may be given again.

    Of a whole store these are not in such a file: approvers and their keys, grants and their uses, generated actions.
    """
    from actwright.runs.keeping.importing import together  # noqa: PLC0415 - slow to import

    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Importing"):
        done = [opened_app.import_(each, unfinished=unfinished) for each in _exports(files)]
    total = together(done)
    if as_json:
        terminal.document(total.model_dump(mode="json"))
    terminal.show(*keeping.imported(total, files=len(done)))
    if total.left_out:
        terminal.aside(
            *keeping.left_out(total.left_out, "Damaged when the file was written, and not in it")
        )
        terminal.hint("Take them in from an older export, as far as one has them.")
    if total.runs:
        terminal.hint(_NOT_IN_IT)


@app.command("compact", cls=Command)
def compact(
    *,
    before: Annotated[
        str, typer.Option("--before", metavar="DATE", help=f"Move runs that ended before. {_DAY}")
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where the file is written.")],
    undoable: Annotated[
        bool,
        typer.Option(
            "--undoable",
            help="Also move runs that may still be taken back (undo_days); then they cannot be.",
        ),
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move ended runs out of the store into a file; a sealed note of where they went stays."""
    moment = datetime.combine(_date(before, "--before"), time(), UTC)
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Compacting"):
        done = opened_app.compact(moment, to, undoable=undoable)
    if as_json:
        terminal.document(done.model_dump(mode="json"))
    terminal.show(*keeping.compacted(done))


@app.command("rebuild", cls=Command)
def rebuild(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Make the list of runs anew from the journal, where `actwright verify` found that the two differ."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Rebuilding"):
        runs = opened_app.rebuild()
    if as_json:
        terminal.document({"runs": runs})
    terminal.show(*keeping.rebuilt(runs))


def _exports(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that are meant, in the order of their names within each folder.

    Raises:
        InputError: A folder holds no export.
    """
    found: list[Path] = []
    for each in given:
        inside = sorted(each.glob("*.jsonl")) if each.is_dir() else [each]
        if not inside:
            raise InputError(
                "The folder holds no exported journal.",
                where=str(each),
                hint="Name a folder with files that end in .jsonl, or the files.",
            )
        found += inside
    return tuple(found)


def _tell_export(terminal: Terminal, done: Exported | None) -> None:
    if terminal.as_json:
        terminal.document(None if done is None else done.model_dump(mode="json"))
    terminal.show(*keeping.exported(done))
    if done is not None and done.left_out:
        terminal.aside(*keeping.left_out(done.left_out, "Damaged, and not in the file"))
        terminal.hint(_AFTER_DAMAGE)
        raise typer.Exit(1)


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is no day.", where=option, hint=_DAY) from error
