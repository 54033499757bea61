"""``actwright worker``: drive queued, abandoned and due runs, until told to stop."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from actwright.cli.options import HomeOption, OrgOption, UserOption
from actwright.cli.session import opened
from actwright.collector import ease_collector

if TYPE_CHECKING:
    from actwright.app import Actwright
    from actwright.worker.notice import Notice, Tell
    from actwright.worker.worker import Worker


def worker(
    *,
    concurrency: Annotated[
        int,
        typer.Option("--concurrency", metavar="N", min=1, max=500, help="How many runs at once."),
    ] = 8,
    sweep: Annotated[
        float,
        typer.Option(
            "--sweep",
            metavar="SECONDS",
            min=0.1,
            max=3600,
            help="How often to look for runs that nobody was told of.",
        ),
    ] = 5.0,
    once: Annotated[
        bool, typer.Option("--once", help="Drive what can go on now, and end.")
    ] = False,
    org: OrgOption = None,
    user: UserOption = None,
    home: HomeOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Tell each event as a line of JSON, on stderr.")
    ] = False,
) -> None:
    """Drive the runs of one org, each with the rights of the person it belongs to.

    On Postgres any number of workers may do so, on any machines; on a file, workers of one machine. SIGTERM and Ctrl-C
    stop it in good order: what is out is finished, the runs are handed back, and it ends with exit code 0.
    """
    from actwright.cli.store_awaited import store_awaited  # noqa: PLC0415 - slow to import
    from actwright.worker.logged import logs_told  # noqa: PLC0415 - same reason
    from actwright.worker.worker import Worker  # noqa: PLC0415 - same reason

    ease_collector()
    tell = _tell_as_json if as_json else _tell

    def opening() -> AbstractContextManager[Actwright]:
        return opened(org=org, user=user, home=home, telling=False, lost=_as_trouble(tell))

    awaited = opening() if once else store_awaited(opening, seconds=sweep, tell=tell)
    with logs_told(tell), awaited as app:
        if app is not None:
            made = Worker(app, concurrency=concurrency, sweep_seconds=sweep, tell=tell)
            _drive(made, once=once)


def _as_trouble(tell: Tell) -> Callable[[str], None]:
    """Return what tells a sentence as trouble."""
    from actwright.worker.notice import Notice  # noqa: PLC0415 - slow to import

    return lambda text: tell(Notice("trouble", text))


def _drive(worker: Worker, *, once: bool) -> None:
    """Let a worker work until it is done or told to stop."""
    import asyncio  # noqa: PLC0415 - slow to import; the help must not wait

    async def driven() -> None:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, worker.stop)
        await (worker.drain() if once else worker.serve())

    asyncio.run(driven())


def _tell(notice: Notice) -> None:
    sys.stderr.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}  {notice.line}\n")


def _tell_as_json(notice: Notice) -> None:
    sys.stderr.write(f"{json.dumps({'at': _now(), **notice.document()}, ensure_ascii=False)}\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
