"""``actwright telemetry``: what was asked of language models, what came of it, and what became of that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.log_filters import (
    FateOption,
    OfModelOption,
    PersonOption,
    PromptOption,
    SessionOption,
    SinceOption,
    fate_of,
    is_narrowed,
    wanted_of,
)
from actwright.cli.moments import HELP, moment
from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.output import check_new, unwritable
from actwright.cli.render import exchanges, telemetry
from actwright.cli.session import opened
from actwright.cli.terminal import Terminal
from actwright.cli.wire import camel, line_text
from actwright.errors import ConfirmationRefusedError, InputError, StoreError

if TYPE_CHECKING:
    from actwright.app import Actwright

app = typer.Typer(
    cls=Group,
    help="Look at what was asked of language models, and what became of it.",
    no_args_is_help=True,
)

_ALL = 1_000_000


@app.command("list", cls=Command)
def list_plannings(
    *,
    by_exchange: Annotated[
        bool,
        typer.Option(
            "--exchanges", help="List exchanges with models instead: tokens, time, outcome of each."
        ),
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 20,
    since: SinceOption = None,
    user: PersonOption = None,
    prompt: PromptOption = None,
    model: OfModelOption = None,
    session: SessionOption = None,
    fate: FateOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest plannings, offline ones too: by which planner, what it took, and what became of the plan."""
    wanted = wanted_of(since, user, prompt, model, session)
    terminal, kind = Terminal(as_json=as_json), fate_of(fate)
    with opened(home=home) as opened_app:
        _forget_old(terminal, opened_app)
        level = opened_app.telemetry.level
        if by_exchange:
            asked = opened_app.asked(limit, wanted, fate=kind)
            shown, damaged = exchanges.exchanges(asked.items), asked.damaged
            documents = [each.document() for each in asked.items]
        else:
            told = opened_app.plannings(limit, wanted, fate=kind)
            shown, damaged = exchanges.plannings(told.items), told.damaged
            documents = [each.document() for each in told.items]
    if as_json:
        terminal.document(documents)
    if documents:
        terminal.show(shown)
        terminal.hint("One of them with all that came of it: actwright telemetry show ID")
    else:
        narrowed = kind is not None or is_narrowed(wanted)
        noun = "exchange with a model" if by_exchange else "planning"
        terminal.hint(exchanges.nothing(noun, level, narrowed=narrowed))
    _tell_damaged(terminal, damaged)


@app.command("show", cls=Command)
def show(
    key: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The id of an exchange or a planning, or its first digits; a plan's or a conversation's.",
        ),
    ],
    *,
    texts: Annotated[
        bool, typer.Option("--texts", help="Also print what was said, where that was kept.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what was asked for one plan: round by round, what came of it, and what became of the plan."""
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        _forget_old(terminal, opened_app)
        found = opened_app.story(key)
    if as_json:
        terminal.document(found.document())
    terminal.show(*exchanges.story(found, texts=texts))
    kept = any(each.texts is not None for each in found.exchanges)
    if found.exchanges and not kept:
        terminal.hint("What was said is not kept: telemetry is not `full`.")
    elif kept and not texts:
        terminal.hint("What was said: --texts")


@app.command("stats", cls=Command)
def stats(
    *,
    since: SinceOption = None,
    user: PersonOption = None,
    prompt: PromptOption = None,
    model: OfModelOption = None,
    session: SessionOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each version of a prompt came to with each model, and what people changed in the plans."""
    wanted = wanted_of(since, user, prompt, model, session)
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app, terminal.busy("Counting"):
        _forget_old(terminal, opened_app)
        found, health = opened_app.telemetry_statistics(wanted), opened_app.telemetry.health()
    if as_json:
        told = found.model_dump(mode="json")
        terminal.document(told | {"health": camel(health)})
    if not found.figures:
        level = opened_app.telemetry.level
        terminal.hint(exchanges.nothing("planning", level, narrowed=is_narrowed(wanted)))
    terminal.show(*telemetry.statistics(found, health))


@app.command("export", cls=Command)
def export(
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write them to this file.")
    ] = None,
    since: SinceOption = None,
    user: PersonOption = None,
    prompt: PromptOption = None,
    model: OfModelOption = None,
    session: SessionOption = None,
    home: HomeOption = None,
) -> None:
    """Write exchanges and plannings as JSON lines, oldest first, with the texts that were kept: redacted ones."""
    wanted = wanted_of(since, user, prompt, model, session)
    terminal = Terminal(as_json=out is None)
    if out is not None:
        check_new(out, "Give another file, or move that one away.")
    with opened(home=home) as opened_app:
        _forget_old(terminal, opened_app)
        lines = opened_app.prompt_log.export(wanted)
        if out is None:
            for each in lines:
                terminal.record(json.loads(each))
        else:
            count = _written(lines, out)
            terminal.hint(f"{count} records written: {out}")


@app.command("purge", cls=Command)
def purge(
    *,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="WHEN", help=f"What is older than that. {HELP}"),
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", metavar="NAME", help="What this person asked.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove records from the log for good, with their texts. Plans, previews and runs stay: they are no part of it."""
    moved = moment(before, "--before")
    if everything is (moved is not None or user is not None):
        raise InputError(
            "Say what to remove: --before WHEN, --user NAME, both, or --all.",
            where="--all" if everything else "--before",
            hint="actwright telemetry purge --before 2026-10-01",
        )
    terminal = Terminal(as_json=as_json)
    with opened(home=home) as opened_app:
        if not yes and not _agreed(terminal, opened_app, moved, user):
            terminal.hint("Nothing was removed.")
            raise typer.Exit(ConfirmationRefusedError.exit_code)
        done = opened_app.purge_telemetry(before=moved, user=user)
    if as_json:
        terminal.document(camel(done))
    terminal.show(*telemetry.purged(done))


def _forget_old(terminal: Terminal, opened_app: Actwright) -> None:
    """Take out what is too old before anybody looks; where that cannot be done, say so and go on."""
    try:
        opened_app.apply_retention()
    except StoreError as error:
        terminal.hint(f"What is older than telemetry_days could not be removed: {error.message}")


def _agreed(
    terminal: Terminal, opened_app: Actwright, before: str | None, user: str | None
) -> bool:
    """Ask whether so many records are to be removed.

    Raises:
        InputError: There is nobody to ask.
    """
    from actwright.telemetry.log.reading import Wanted  # noqa: PLC0415 - slow to import

    if not terminal.interactive:
        raise InputError(
            "Nobody can be asked here whether to remove it.",
            where="--yes",
            hint="Add --yes to remove it without being asked.",
        )
    wanted = Wanted(before=before, user=user)
    log = opened_app.prompt_log
    asked = telemetry.counted(len(log.recent(_ALL, wanted).items), "exchange")
    planned = telemetry.counted(len(log.plannings(_ALL, wanted).items), "planning")
    answer = terminal.ask(f"Remove {asked} and {planned} for good? [y/N]")
    return answer.casefold().rstrip(".!") in {"y", "yes"}


def _written(lines: Iterator[str], out: Path) -> int:
    """Write lines to a file, and return how many there were.

    Raises:
        InputError: The file cannot be written.
    """
    count = 0
    try:
        with out.open("w", encoding="utf-8") as file:
            for each in lines:
                file.write(line_text(json.loads(each)))
                count += 1
    except OSError as error:
        hint = "Give another file, or leave --out out: then it goes to stdout."
        raise unwritable(out, error, hint=hint) from error
    return count


def _tell_damaged(terminal: Terminal, damaged: tuple[str, ...]) -> None:
    if damaged:
        terminal.hint(f"Damaged, and not shown: {', '.join(damaged)}")
