"""The writer: nobody waits for it, nothing it does wrong stops anything, and what it lost is told."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import run
from types import SimpleNamespace

import pytest
from tests.model_replies import ACME_WON, reply
from tests.telemetry.log.log_scene import exchange, log_home, planning

from actwright.errors import StoreError
from actwright.store.blobs import FileBlobs
from actwright.telemetry.log.entry import Entry, Sink, TextsEntry
from actwright.telemetry.log.lines import LinesSink
from actwright.telemetry.log.writer import Health, Writer


class Kept:
    """A sink in memory, which may be slow or broken."""

    name = "memory"

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.error: Exception | None = None
        self.poison: str | None = None
        self.open = threading.Event()
        self.open.set()

    def write(self, entries: Sequence[Entry]) -> None:
        """Keep them, once the sink is open."""
        assert self.open.wait(5)
        if self.error is not None:
            raise self.error
        if any(isinstance(each, TextsEntry) and each.exchange == self.poison for each in entries):
            raise ValueError(self.poison)
        self.entries += entries


def writer(tmp_path: Path, *sinks: Sink, room: int = 2_000) -> Writer:
    """Return a writer to these sinks."""
    return Writer(sinks, FileBlobs(tmp_path / "blobs"), room=room)


def test_entries_are_kept_in_their_order_by_every_sink(tmp_path: Path) -> None:
    """Flushing waits for all of them."""
    first, second = Kept(), Kept()
    to = writer(tmp_path, first, second)
    for number in range(1, 20):
        to.put(lambda number=number: (exchange(number),))  # type: ignore[misc]  # a default binds the number
    assert to.flush()
    assert [each.at[8:10] for each in first.entries if not isinstance(each, TextsEntry)] == [
        f"{number:02}" for number in range(1, 20)
    ]
    assert first.entries == second.entries
    assert to.health() == Health(written=19)
    to.close()


def test_putting_does_not_wait_for_a_slow_sink(tmp_path: Path) -> None:
    """A sink that stands still costs the caller nothing; what does not fit any more is dropped and counted."""
    slow = Kept()
    slow.open.clear()
    to = writer(tmp_path, slow, room=5)
    begun = time.monotonic()
    for _ in range(200):
        to.put(lambda: (exchange(1),))
    assert time.monotonic() - begun < 1
    assert not to.flush(0.01)
    slow.open.set()
    assert to.flush()
    health = to.health()
    assert health.dropped > 0
    assert health.written + health.dropped == 200
    assert not health.sound
    to.close()


def test_a_sink_that_fails_keeps_nothing_from_the_others(tmp_path: Path) -> None:
    """What it lost is counted, with the last error, in which no secret stands."""
    broken, sound = Kept(), Kept()
    broken.error = StoreError("no space at postgres://a:hunter2@host/db")
    to = writer(tmp_path, broken, sound)
    to.put(lambda: (exchange(1), exchange(2)))
    assert to.flush()
    health = to.health()
    assert (health.written, health.failed) == (0, 2)
    assert health.last_error is not None
    assert "memory: no space" in health.last_error
    assert "hunter2" not in health.last_error
    assert len(sound.entries) == 2
    to.close()


def test_one_entry_that_cannot_be_written_costs_one(tmp_path: Path) -> None:
    """Those it was to be kept with are kept."""
    kept = Kept()
    kept.poison = "bad"
    to = writer(tmp_path, kept)
    bad = TextsEntry("bad", "2026", {}, {})
    to.put(lambda: (exchange(1), bad, exchange(2)))
    assert to.flush()
    assert to.health() == Health(written=2, failed=1, last_error="memory: ValueError")
    to.close()


def test_an_entry_that_cannot_be_made_costs_one(tmp_path: Path) -> None:
    """Whatever redaction runs into, the writer goes on."""
    kept = Kept()
    to = writer(tmp_path, kept)
    to.put(lambda: (_ for _ in ()).throw(RecursionError))
    to.put(lambda: (exchange(1),))
    assert to.flush()
    assert (to.health().written, to.health().failed) == (1, 1)
    to.close()


def test_closing_keeps_what_waits_and_takes_nothing_more(tmp_path: Path) -> None:
    """Closing twice is closing once; what comes later is counted as lost."""
    kept = Kept()
    to = writer(tmp_path, kept)
    to.put(lambda: (exchange(1),))
    to.close()
    to.close()
    to.put(lambda: (exchange(2),))
    assert to.health() == Health(written=1, dropped=1)
    assert len(kept.entries) == 1


def test_closing_does_not_wait_for_ever(tmp_path: Path) -> None:
    """A sink that hangs is given up."""
    slow = Kept()
    slow.open.clear()
    to = writer(tmp_path, slow)
    to.put(lambda: (exchange(1),))
    to.put(lambda: (exchange(2),))
    begun = time.monotonic()
    to.close(0.05)
    assert time.monotonic() - begun < 2
    slow.open.set()


def test_a_long_text_that_cannot_be_kept_is_counted_and_later_named(tmp_path: Path) -> None:
    """The record stays, and says what is missing."""
    (tmp_path / "blobs").write_text("no folder")
    with log_home(tmp_path, inline=1_000) as home:
        assert home.plan("Close the Acme Renewal as won", reply(ACME_WON)).plan
        (one,) = home.log.recent().items
        health = home.telemetry.health()
        kept = home.log.get(one.id)
    assert (health.failed, health.sound) == (1, False)
    assert (health.last_error or "").startswith("a long text: ")
    assert kept.texts is not None
    assert kept.texts.reply is not None
    assert kept.missing


def test_lines_are_whole_and_the_file_may_be_moved_away(tmp_path: Path) -> None:
    """One object a line; a file that is gone is begun anew, readable by its owner only."""
    path = tmp_path / "logs" / "log.jsonl"
    sink = LinesSink(path)
    sink.write([exchange(1), planning(1)])
    path.rename(tmp_path / "old.jsonl")
    sink.write([TextsEntry("exchange_1", "2026", {"goal": "x\ny"}, {})])
    old = [json.loads(each) for each in (tmp_path / "old.jsonl").read_text().splitlines()]
    assert [each["kind"] for each in old] == ["exchange", "planning"]
    assert old[0]["promptName"] == "plan"
    (line,) = path.read_text().splitlines()
    assert json.loads(line) == {
        "kind": "texts",
        "exchange": "exchange_1",
        "at": "2026",
        "texts": {"goal": "x\ny"},
    }
    assert path.stat().st_mode & 0o077 == 0


def test_half_a_line_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up in the middle of a line costs that line."""
    sink, write = LinesSink(tmp_path / "log.jsonl"), os.write
    with monkeypatch.context() as full:

        def half(handle: int, data: memoryview) -> int:
            if len(data) < 200:
                raise OSError(28, "No space left on device")
            return write(handle, data[: len(data) - 100])

        full.setattr(
            "actwright.telemetry.log.lines.os", SimpleNamespace(**vars(os) | {"write": half})
        )
        with pytest.raises(StoreError, match="No space left"):
            sink.write([exchange(1)])
    sink.write([exchange(2)])
    sink.write([exchange(3)])
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(each)["id"] for each in lines[1:]] == ["exchange_2", "exchange_3"]


def test_a_file_that_cannot_be_written_says_which(tmp_path: Path) -> None:
    """And what to do."""
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="cannot be written") as caught:
        LinesSink(tmp_path / "file" / "log.jsonl").write([exchange(1)])
    assert "telemetry_file" in (caught.value.hint or "")


def test_a_check_says_what_is_kept_and_where(tmp_path: Path) -> None:
    """Or which sink cannot be written to."""
    with log_home(tmp_path) as home:
        said = home.telemetry.check()
        assert said.startswith("full, in ")
        assert "log.jsonl" in said
        (tmp_path / "log.jsonl").unlink()
        (tmp_path / "log.jsonl").mkdir()
        with pytest.raises(StoreError, match="cannot be written"):
            home.telemetry.check()


_LEFT_OPEN = """
import sys, time
from pathlib import Path
from actwright.store.blobs import FileBlobs
from actwright.telemetry.log.lines import LinesSink
from actwright.telemetry.log.writer import Writer
from tests.telemetry.log.log_scene import exchange
folder = Path(sys.argv[1])
writer = Writer([LinesSink(folder / "log.jsonl")], FileBlobs(folder))
def slowly(number):
    time.sleep(0.02)
    return [exchange(number)]
for number in range(1, 11):
    writer.put(lambda number=number: slowly(number))
"""


def test_a_program_that_ends_without_closing_loses_nothing(tmp_path: Path) -> None:
    """Whoever forgets to close the session has the log of it all the same."""
    run([sys.executable, "-c", _LEFT_OPEN, str(tmp_path)], check=True, timeout=30)
    assert len((tmp_path / "log.jsonl").read_bytes().splitlines()) == 10


def test_a_forked_process_waits_for_no_thread_of_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread and the lock are the parent's: a child neither writes nor waits."""
    slow = Kept()
    slow.open.clear()
    to = writer(tmp_path, slow)
    to.put(lambda: (exchange(1),))
    monkeypatch.setattr(to, "_process", -1)
    begun = time.monotonic()
    to.put(lambda: (exchange(2),))
    assert not to.flush()
    to.close()
    assert time.monotonic() - begun < 1
    monkeypatch.undo()
    slow.open.set()
    to.close()
    assert to.health() == Health(written=1)


def test_texts_that_no_sink_keeps_leave_no_file(tmp_path: Path) -> None:
    """A long text is kept beside a record, or not at all: nobody would find it to purge it."""
    broken = Kept()
    broken.error = StoreError("no room")
    to = writer(tmp_path, broken)
    to.put(lambda: (TextsEntry("exchange_1", "2026-11-01", {}, {"d": b"long"}),))
    assert to.flush()
    assert not (tmp_path / "blobs").exists()
    to.close()
