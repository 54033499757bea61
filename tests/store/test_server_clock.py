"""The server's clock: told by a store that machines share, carried on by ticks, and asked again now and then."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from actwright import Actwright, Settings
from actwright.clock import SystemClock
from actwright.errors import StoreError
from actwright.store.database import Database, Transaction
from actwright.store.postgres import PostgresDatabase
from actwright.store.server_clock import ServerClock


def test_it_goes_by_the_server_and_not_by_the_machine(postgres_address: str) -> None:
    """Ticks carry it on; after a minute of them the server is asked again, and one that cannot be asked is no matter."""
    database, passed = PostgresDatabase(postgres_address), [0.0]
    clock = ServerClock(database, ticks=lambda: passed[0])
    first = clock.now()
    assert abs(first - datetime.now(UTC)) < timedelta(seconds=30)
    passed[0] = -3_600.0
    assert clock.now() == first - timedelta(hours=1)
    passed[0] = 3_600.0
    assert clock.now() == first + timedelta(hours=1)
    while clock.now() > first + timedelta(minutes=30):
        time.sleep(0.01)
    database.close()
    passed[0] = 7_200.0
    assert clock.now() > first + timedelta(minutes=59)


def test_a_server_that_is_away_is_asked_once_a_minute() -> None:
    """However often somebody wants the time meanwhile; each question would be a thread and a connection."""

    class Away:
        """A database that answers once."""

        def __init__(self) -> None:
            self.asked = 0

        def read(self) -> AbstractContextManager[Transaction]:
            """Answer the first question only."""
            self.asked += 1
            if self.asked > 1:
                raise StoreError("away")
            return nullcontext(cast("Transaction", Told()))

    class Told:
        """A transaction in which it is noon."""

        def execute(self, *_: object) -> Told:
            """Ask."""
            return self

        def fetchone(self) -> tuple[str]:
            """Tell the time."""
            return ("2026-11-21 12:00:00",)

    away, passed = Away(), [0.0]
    clock = ServerClock(cast("Database", away), ticks=lambda: passed[0])
    for seconds in (61.0, 62.0, 120.0, 122.0, 123.0):
        passed[0] = seconds
        assert clock.now() == datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(seconds=seconds)
        while clock._asking.locked():
            time.sleep(0.001)
    assert away.asked == 3


@pytest.mark.parametrize("on_server", [False, True])
def test_a_store_that_machines_share_tells_the_time(
    tmp_path: Path,
    postgres_address: str,
    on_server: bool,  # noqa: FBT001 - both answers
) -> None:
    """A clock that was set back holds up nobody's recovery there; an embedded store has this machine's."""
    address = {"database_url": postgres_address} if on_server else {}
    settings = Settings.model_validate({"home": tmp_path, **address})
    with Actwright(settings=settings) as app:
        assert isinstance(app.clock, ServerClock if on_server else SystemClock)
