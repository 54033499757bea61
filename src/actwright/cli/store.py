"""``actwright store``: what keeps plans, confirmations and the journal; its upgrade, its rights, its backup."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.help import Command, Group
from actwright.cli.options import HomeOption, JsonOption
from actwright.cli.session import offer_recovery
from actwright.cli.terminal import Terminal
from actwright.inert import inert

if TYPE_CHECKING:
    from actwright.store.facts import StoreFacts

app = typer.Typer(cls=Group, help="Look after the store.", no_args_is_help=True)


@app.command(cls=Command)
def info(*, home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show where the store is, how large it is, and whether a commit survives a power cut."""
    from actwright.store.upkeep import facts_of  # noqa: PLC0415 - slow to import

    address = _address(home)
    _show(facts_of(address), Terminal(as_json=as_json))
    offer_recovery(_left(address))


@app.command(cls=Command)
def upgrade(
    *,
    grant: Annotated[
        str | None,
        typer.Option(
            "--grant",
            metavar="ROLE",
            help="Give a role of the Postgres server what a worker needs, and nothing more.",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the store's tables up to this program; run it as their owner before the first worker is upgraded."""
    from actwright.store.upkeep import upgrade as brought_up  # noqa: PLC0415 - slow to import

    terminal, address = Terminal(as_json=as_json), _address(home)
    _show(brought_up(address, role=grant), terminal)
    if grant is not None:
        terminal.hint(
            f"{inert(grant, limit=100)} may do here what a worker needs, and nothing more."
        )
    offer_recovery(_left(address))


@app.command(cls=Command)
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.")],
    *,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the store into a new file while others use it, and look the copy through."""
    from actwright.store.upkeep import back_up  # noqa: PLC0415 - slow to import

    address = _address(home)
    size = back_up(address, file)
    terminal = Terminal(as_json=as_json)
    if as_json:
        terminal.document({"file": str(file), "bytes": size})
    terminal.hint(
        f"{file}: {size:,} bytes. Blobs and keys are kept elsewhere; see docs/operations.md."
    )
    offer_recovery(_left(address))


def _address(home: Path | None) -> str | Path:
    from actwright.settings import load_settings  # noqa: PLC0415 - slow to import

    settings = load_settings({"home": home})
    return settings.database_url or settings.home / "actwright.db"


def _left(where: str | Path) -> int:
    """Return how many runs of a store nobody carries out any more."""
    from actwright.clock import SystemClock, timestamp  # noqa: PLC0415 - slow to import
    from actwright.runs.engine.left import count_left  # noqa: PLC0415 - same reason
    from actwright.runs.record.journal import Journal  # noqa: PLC0415 - same reason
    from actwright.store.opening import open_database  # noqa: PLC0415 - same reason
    from actwright.store.server_clock import ServerClock  # noqa: PLC0415 - same reason

    with closing(open_database(where)) as database:
        alone = database.dialect == "sqlite"
        clock = SystemClock() if alone else ServerClock(database)
        return count_left(Journal(database, clock), timestamp(clock.now()), alone=alone)


def _show(facts: StoreFacts, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.document(asdict(facts))
        return
    durable = "yes" if facts.durable else "NO: the server may lose what it has committed"
    for name, value in (
        ("store", facts.name),
        ("kept by", facts.engine),
        ("tables", f"version {facts.version}"),
        ("size", f"{facts.bytes:,} bytes"),
        ("durable", durable),
    ):
        terminal.line(f"{name:<8} {value}")
