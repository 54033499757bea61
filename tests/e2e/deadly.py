"""A process that dies at an event of the journal: inside the transaction that writes it, or right behind its commit."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tests.scenario import confirmed, task, win

from actwright import Actwright, Settings
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.store.database import Transaction
from actwright.store.sqlite import SqliteDatabase


def carry_out(*, home: str, url: str, deal: str, kind: str, moment: str, told: str) -> int:
    """Prepare two changes, say under which ids, and carry them out until the event comes.

    Args:
        home: The folder of the store.
        url: The org's address.
        deal: The opportunity that is closed.
        kind: The event's.
        moment: ``in`` its transaction, or ``after``.
        told: The file that the ids of preview and confirmation are written to.
    """
    settings = Settings(home=Path(home), org="local", user="alice")
    running = cast("EmbeddedLocalOrg", SimpleNamespace(url=url))
    app = Actwright(settings=settings, local_org=running)
    preview, yes = confirmed(app, win(name=deal), task(subject=f"After {deal}"))
    Path(told).write_text(json.dumps([preview.id, yes.id]), encoding="utf-8")
    cast("Any", app)._database.__class__ = _deadly(kind, moment)
    app.run(preview, yes)
    return 0


def _deadly(kind: str, moment: str) -> type[SqliteDatabase]:
    class Deadly(SqliteDatabase):
        """Dies with the event."""

        @contextmanager
        def write(self) -> Iterator[Transaction]:
            with super().write() as transaction:
                yield transaction
                if moment == "in":
                    _die_of(kind, transaction)
            with self.read() as transaction:
                _die_of(kind, transaction)

    return Deadly


def _die_of(kind: str, transaction: Transaction) -> None:
    row = transaction.execute("SELECT kind FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if row and row[0] == kind:
        os.kill(os.getpid(), signal.SIGKILL)
