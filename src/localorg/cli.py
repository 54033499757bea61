"""The command line: ``localorg serve``.

It stands on ``argparse``: every test and demo starts an org, and a richer command line would cost more than half
of the start.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from localorg.database import Database

_DEMO: Final = "demo"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Raises:
        SystemExit: The arguments make no sense, or the port is taken.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        _serve(options)
    except OSError as error:
        parser.exit(1, f"localorg: {error}\n")


def _parser() -> argparse.ArgumentParser:
    about = "Run a Salesforce-compatible org on this machine, offline."
    parser = argparse.ArgumentParser("localorg", description=about)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    told = "Serve the org on 127.0.0.1; print one JSON line with its url and pid when it is ready."
    serve = commands.add_parser(
        "serve",
        help=told,
        description=told,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = serve.add_argument
    add("--port", type=_within(int, 0, 65_535), default=8765, help="0 picks a free port")
    add("--db", default=":memory:", help="the SQLite file, or :memory:")
    add("--seed", choices=(_DEMO, "none"), default=_DEMO, help="what a new, empty org starts with")
    add("--latency", type=_within(float, 0, 10_000), default=0, help="milliseconds added to calls")
    add(
        "--session-seconds",
        type=_within(float, 0, 1e9),
        default=7200,
        help="how long a token lives",
    )
    add("--jwt-certificate", type=_file, help="PEM certificate or key that proves a JWT")
    add("--with-parent", action="store_true", help="stop when standard input closes")
    return parser


def _within(kind: Callable[[str], float], least: float, most: float) -> Callable[[str], float]:
    """Return a reader of numbers in a range."""

    def number(text: str) -> float:
        value = kind(text)
        if not least <= value <= most:
            message = f"{text} is not in the range from {least} to {most:g}"
            raise argparse.ArgumentTypeError(message)
        return value

    return number


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text} is not a file")
    return path


def _serve(options: argparse.Namespace) -> None:
    from localorg.database import Database  # noqa: PLC0415 - so that --help starts fast
    from localorg.schema.catalogue import load_catalogue  # noqa: PLC0415 - as above
    from localorg.server import HOST, listen, serve  # noqa: PLC0415 - as above
    from localorg.service import Service  # noqa: PLC0415 - as above

    listener = listen(options.port)
    catalogue = load_catalogue()
    database = Database(options.db, catalogue)
    if options.seed == _DEMO:
        _store_demo(database)
    service = Service(database, catalogue, options.session_seconds, options.jwt_certificate)
    service.faults.latency_ms = options.latency
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    print(json.dumps({"url": url, "pid": os.getpid()}), flush=True)  # noqa: T201 - the command's answer
    serve(service, listener, with_parent=options.with_parent)


def _store_demo(database: Database) -> None:
    """Store the demo rows in a new org; give an older one the rights of objects it did not know."""
    if not database.created:
        from localorg.upgrading import grant_ledger  # noqa: PLC0415 - only an older org needs it

        grant_ledger(database)
        return
    from localorg.seed.demo import demo_rows  # noqa: PLC0415 - only a new org needs them
    from localorg.seeding import store_seed  # noqa: PLC0415 - as above

    with database.write() as connection:
        store_seed(connection, database.catalogue, demo_rows(datetime.now(UTC).date()))
