"""What is older than the settings say goes by itself, once a day, whoever comes first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.kept_runs import SteppingClock
from tests.telemetry.fates.asked import exchange

from actwright.clock import timestamp
from actwright.errors import StoreError
from actwright.store.blobs import FileBlobs
from actwright.store.sqlite import SqliteDatabase
from actwright.telemetry.log.entry import Entry
from actwright.telemetry.log.purging import Purge
from actwright.telemetry.log.reading import PromptLog
from actwright.telemetry.log.retention import RetainingSink, Retention
from actwright.telemetry.log.store import StoreSink


class Kept:
    """A log of thirty days, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.database = SqliteDatabase(folder / "actwright.db")
        self.blobs = FileBlobs(folder / "telemetry")
        self.clock = SteppingClock()
        self.log = PromptLog(self.database, self.blobs)

    def retention(self) -> Retention:
        """Return what another process of the store would use."""
        return Retention(Purge(self.database, self.blobs), 30, self.clock)

    def sink(self) -> RetainingSink:
        """Return what another process would write with."""
        return RetainingSink(StoreSink(self.database), self.retention())

    def write(self, name: str, sink: RetainingSink) -> None:
        """Keep an exchange of this moment."""
        sink.write([exchange(name, id=name, at=timestamp(self.clock.now()))])

    @property
    def held(self) -> list[str]:
        """The exchanges that are there, oldest first."""
        return [each.id for each in reversed(self.log.recent().items)]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Return a log of the test's own."""
    made = Kept(tmp_path)
    yield made
    made.database.close()


def test_writing_lets_what_is_too_old_go(kept: Kept) -> None:
    """A month later the first entry of the day takes the old ones out, and nothing of the last thirty days."""
    sink = kept.sink()
    kept.write("old", sink)
    kept.clock.moment += timedelta(days=29)
    kept.write("young", sink)
    assert kept.held == ["old", "young"]
    kept.clock.moment += timedelta(days=2)
    kept.write("new", sink)
    assert kept.held == ["young", "new"]


def test_it_is_done_once_a_day_for_all_processes(kept: Kept) -> None:
    """The second process of a day finds it done, and so does the first one when it asks again."""
    first, second = kept.retention(), kept.retention()
    assert first.apply() is not None
    assert (first.apply(), second.apply()) == (None, None)
    kept.clock.moment += timedelta(days=1)
    assert second.apply() is not None
    assert first.apply() is None


def test_what_failed_is_tried_again(kept: Kept) -> None:
    """A day on which nothing could be taken out is not over."""

    class Failing(Purge):
        """Fails once."""

        times = 0

        def daily(self, days: int, now: object) -> None:
            """Fail the first time."""
            del days, now
            self.times += 1
            if self.times == 1:
                raise StoreError("no room")

    failing = Failing(kept.database, kept.blobs)
    retention = Retention(failing, 30, kept.clock)
    with pytest.raises(StoreError):
        retention.apply()
    retention.apply()
    retention.apply()
    assert failing.times == 2


def test_a_sink_is_called_what_it_keeps_entries_in(kept: Kept) -> None:
    """Messages about a failure name the store, and an entry that cannot be kept is not hidden."""

    class Broken:
        """Keeps nothing."""

        name = "the broken one"

        def write(self, entries: Sequence[Entry]) -> None:
            """Refuse."""
            raise StoreError(f"{len(entries)} not kept")

    sink = RetainingSink(Broken(), kept.retention())
    assert sink.name == "the broken one"
    with pytest.raises(StoreError, match="1 not kept"):
        kept.write("lost", sink)


def test_a_day_on_which_nothing_goes_loses_no_entry(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """What was written is written, whatever keeps the old entries from going; that is said."""

    class Failing(Purge):
        """Never succeeds."""

        def daily(self, days: int, now: object) -> None:
            """Fail."""
            del days, now
            raise StoreError("the bucket is away")

    retention = Retention(Failing(kept.database, kept.blobs), 30, kept.clock)
    kept.write("one", RetainingSink(StoreSink(kept.database), retention))
    assert kept.held == ["one"]
    assert "the bucket is away" in caplog.text
