"""The command line: ``localorg serve``."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from localorg.database import Database

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Seed(StrEnum):
    """The records a fresh org starts with."""

    DEMO = "demo"
    NONE = "none"


@app.callback()
def localorg() -> None:
    """Run a Salesforce-compatible org on this machine, offline."""


@app.command()
def serve(  # noqa: PLR0917 - typer calls it by keyword
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free port.")] = 8765,
    db: Annotated[str, typer.Option(help="The SQLite file, or :memory:.")] = ":memory:",
    seed: Annotated[Seed, typer.Option(help="What a new, empty org starts with.")] = Seed.DEMO,
    latency: Annotated[
        float, typer.Option(min=0, max=10_000, help="Milliseconds added to calls.")
    ] = 0,
    session_seconds: Annotated[float, typer.Option(min=0, help="How long a token lives.")] = 7200,
    jwt_certificate: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="PEM certificate or key that proves a JWT."),
    ] = None,
    with_parent: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--with-parent", help="Stop when standard input closes.")
    ] = False,
) -> None:
    """Serve the org on 127.0.0.1; print one JSON line with its url and pid when it is ready."""
    from localorg.database import Database  # noqa: PLC0415 - so that --help starts fast
    from localorg.schema.catalogue import load_catalogue  # noqa: PLC0415 - as above
    from localorg.server import HOST, listen  # noqa: PLC0415 - as above
    from localorg.server import serve as run  # noqa: PLC0415 - as above
    from localorg.service import Service  # noqa: PLC0415 - as above

    catalogue = load_catalogue()
    database = Database(db, catalogue)
    if seed is Seed.DEMO and database.created:
        _store_demo(database)
    service = Service(database, catalogue, session_seconds, jwt_certificate)
    service.faults.latency_ms = latency
    listener = listen(port)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    typer.echo(json.dumps({"url": url, "pid": os.getpid()}))
    run(service, listener, with_parent=with_parent)


def _store_demo(database: Database) -> None:
    from localorg.seed.demo import demo_rows  # noqa: PLC0415 - only a new org needs them
    from localorg.seeding import store_seed  # noqa: PLC0415 - as above

    with database.write() as connection:
        store_seed(connection, database.catalogue, demo_rows(datetime.now(UTC).date()))


def main() -> None:
    """Run the command line."""
    app()
