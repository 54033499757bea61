"""The log is read as it was kept, on both dialects; what is damaged is named, and what is purged is gone for good."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from tests.telemetry.log.log_scene import exchange, planning

from actwright.errors import NotFoundError
from actwright.model.exchange import ExchangeMessage, ExchangeTexts
from actwright.store.blobs import FileBlobs
from actwright.store.database import Database
from actwright.store.sqlite import SqliteDatabase
from actwright.telemetry.log.entry import Entry, TextsEntry
from actwright.telemetry.log.payloads import Offloading
from actwright.telemetry.log.purging import Purge, Purged
from actwright.telemetry.log.reading import PromptLog, Wanted
from actwright.telemetry.log.store import StoreSink

LONG = "long " * 100


@pytest.fixture
def blobs(tmp_path: Path) -> FileBlobs:
    """Give a place for long texts."""
    return FileBlobs(tmp_path / "blobs")


def texts(number: int, said: str = LONG) -> TextsEntry:
    """Return what an exchange said, its long texts apart."""
    whole = ExchangeTexts(
        exchange=f"exchange_{number}",
        goal="close it",
        messages=(ExchangeMessage(role="system", content=said),),
        reply="{}",
    )
    offloading = Offloading(100)
    document = offloading.document(whole.model_dump(mode="json"))
    return TextsEntry(whole.exchange, "2026-11-01", document, offloading.contents)


def keep(database: Database, blobs: FileBlobs, entries: Sequence[Entry]) -> None:
    """Keep entries as the writer does."""
    StoreSink(database).write(entries)
    for each in entries:
        if isinstance(each, TextsEntry):
            for content in each.contents.values():
                blobs.put(content)


def rows(database: Database, table: str) -> int:
    """Return how many rows a table has."""
    with database.read() as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_what_is_kept_is_read(database: Database, blobs: FileBlobs) -> None:
    """By id, by conversation, by plan, and the newest first; long texts are put back; twice is once."""
    first, second = exchange(1, planning="planning_1"), exchange(2, planning="planning_1", round=1)
    entries: list[Entry] = [first, second, texts(1), planning(1)]
    keep(database, blobs, entries)
    keep(database, blobs, entries)
    log = PromptLog(database, blobs)
    assert log.recent().items == (second, first)
    assert log.recent(1).items == (second,)
    assert log.recent(-1).items == ()
    kept = log.get("exchange_1")
    assert kept.exchange == first
    assert kept.texts is not None
    assert kept.texts.messages[0].content == LONG
    assert log.get("exchange_2").texts is None
    assert [each.exchange.id for each in log.of_conversation("talk_1")] == [
        "exchange_1",
        "exchange_2",
    ]
    assert [each.exchange.id for each in log.of_plan("plan_1")] == ["exchange_1", "exchange_2"]
    assert log.plannings().items == log.plannings_of("plan_1") == (planning(1),)
    assert log.planning("planning_1") == planning(1)


@pytest.mark.parametrize("key", ["exchange_9", "", "\x00", "é"])
def test_what_is_not_there_says_so(database: Database, blobs: FileBlobs, key: str) -> None:
    """Whatever the id is."""
    log = PromptLog(database, blobs)
    with pytest.raises(NotFoundError, match="no exchange"):
        log.get(key)
    with pytest.raises(NotFoundError, match="no planning"):
        log.planning(key)
    assert not (*log.of_plan(key), *log.of_conversation(key), *log.plannings_of(key))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(since="2026-11-02"), [3, 2]),
        (Wanted(before="2026-11-02"), [1]),
        (Wanted(since="2026-11-02", before="2026-11-03"), [2]),
        (Wanted(user="bob"), [3]),
        (Wanted(session="s2"), [2]),
        (Wanted(prompt="repair"), [2]),
        (Wanted(model="big"), [1]),
        (Wanted(outcome="failed"), [3]),
        (Wanted(user="x' OR '1'='1"), []),
    ],
)
def test_only_what_is_wanted(
    database: Database, blobs: FileBlobs, wanted: Wanted, expected: list[int]
) -> None:
    """Each condition for itself, and several together."""
    made = [
        exchange(1, model="big"),
        exchange(2, session="s2", prompt_name="repair"),
        exchange(3, user="bob", outcome="failed"),
    ]
    keep(database, blobs, made)
    found = PromptLog(database, blobs).recent(20, wanted).items
    assert [each.id for each in found] == [f"exchange_{number}" for number in expected]


def test_damage_is_named_and_stops_nothing(
    database: Database, blobs: FileBlobs, tmp_path: Path
) -> None:
    """A row that cannot be read, a long text that is gone, and one that was changed."""
    keep(
        database, blobs, [exchange(1), exchange(2), exchange(3), texts(2), texts(3, "other " * 100)]
    )
    with database.write() as transaction:
        transaction.execute("DELETE FROM exchange WHERE id = 'exchange_1'")
        transaction.execute(
            "INSERT INTO exchange (id, conversation, at, prompt, model, outcome, body) "
            "VALUES ('exchange_1', 'talk_1', 'z', 'p', 'm', 'ok', '{\"id\": 7')"
        )
    blobs.remove(sha256(LONG.encode()).hexdigest())
    changed = sha256(("other " * 100).encode()).hexdigest()
    (tmp_path / "blobs" / changed[:2] / changed).write_text("changed")
    log = PromptLog(database, blobs)
    listed = log.recent()
    assert [each.id for each in listed.items] == ["exchange_3", "exchange_2"]
    assert listed.damaged == ("exchange_1",)
    gone, other = log.get("exchange_2"), log.get("exchange_3")
    assert gone.texts is not None
    assert gone.texts.goal == "close it"
    assert gone.missing == (f"The blob {sha256(LONG.encode()).hexdigest()[:12]} is not there.",)
    assert "was changed" in other.missing[0]
    assert len(list(log.export())) == 2


def test_an_export_has_a_line_for_each_oldest_first(database: Database, blobs: FileBlobs) -> None:
    """With texts put back, as far as they are wanted."""
    keep(database, blobs, [exchange(1), exchange(2), planning(1), texts(1)])
    log = PromptLog(database, blobs)
    first, second, third = (json.loads(each) for each in log.export())
    assert (first["kind"], first["id"]) == ("exchange", "exchange_1")
    assert (second["kind"], second["id"]) == ("planning", "planning_1")
    assert (third["kind"], third["texts"]) == ("exchange", None)
    assert first["texts"]["messages"][0]["content"] == LONG
    assert first["missing"] == []
    assert len(list(log.export(Wanted(outcome="ok")))) == 2


def test_purging_all_leaves_no_row_and_no_text(
    database: Database, blobs: FileBlobs, tmp_path: Path
) -> None:
    """What is counted is what was there."""
    keep(database, blobs, [exchange(1), exchange(2), texts(1), planning(1)])
    assert Purge(database, blobs)() == Purged(exchanges=2, plannings=1, payloads=1)
    assert [
        rows(database, each) for each in ("exchange", "exchange_text", "planning", "payload")
    ] == [0] * 4
    assert not [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()]
    assert Purge(database, blobs)() == Purged()


def test_a_text_others_refer_to_stays(database: Database, blobs: FileBlobs) -> None:
    """Two exchanges with one prompt: it goes with the second of them."""
    keep(database, blobs, [exchange(1), exchange(2), texts(1), texts(2)])
    purge = Purge(database, blobs)
    assert purge(before="2026-11-02") == Purged(exchanges=1, payloads=0)
    kept = PromptLog(database, blobs).get("exchange_2")
    assert not kept.missing
    assert purge() == Purged(exchanges=1, payloads=1)


def test_a_person_s_entries_go_and_nobody_else_s(database: Database, blobs: FileBlobs) -> None:
    """By the name the person works under, as the log names people."""
    mia = "mia@acme.example"
    from_log = "user_" + sha256(mia.encode()).hexdigest()[:16]
    keep(
        database,
        blobs,
        [exchange(1), exchange(2, user=from_log), planning(1), planning(2, user=from_log)],
    )
    assert Purge(database, blobs)(user=mia) == Purged(exchanges=1, plannings=1)
    assert [each.id for each in PromptLog(database, blobs).recent().items] == ["exchange_1"]


def test_many_go_in_several_transactions(database: Database, blobs: FileBlobs) -> None:
    """More than go at once."""
    keep(database, blobs, [exchange(1, id=f"exchange_{n}") for n in range(450)])
    assert Purge(database, blobs)().exchanges == 450


def test_what_is_too_old_goes_once_a_day(database: Database, blobs: FileBlobs) -> None:
    """The second time that day nothing is even looked for."""
    keep(database, blobs, [exchange(1), exchange(20), planning(1)])
    purge, now = Purge(database, blobs), datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert purge.daily(10, now) == Purged(exchanges=1, plannings=1)
    assert purge.daily(1, now) is None
    assert rows(database, "exchange") == 1


def test_texts_of_an_exchange_that_is_not_there_are_not_kept(
    database: Database, blobs: FileBlobs
) -> None:
    """Nothing that no purge would find is left behind."""
    keep(database, blobs, [texts(7)])
    assert rows(database, "exchange_text") == 0


class Watched(FileBlobs):
    """A place for long texts that lets a test do something as each is removed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.during: Callable[[], object] = lambda: None

    def remove(self, digest: str) -> None:
        """Remove a content, and do it."""
        super().remove(digest)
        self.during()


def test_nobody_waits_for_a_bucket_while_texts_are_removed(
    database: Database, tmp_path: Path
) -> None:
    """A slow bucket holds no lock of the store: others write in the meantime."""
    blobs = Watched(tmp_path / "blobs")
    keep(database, blobs, [exchange(1), texts(1)])
    wrote: list[int] = []

    def write() -> None:
        keep(database, blobs, [exchange(2 + len(wrote))])
        wrote.append(1)

    def at_once() -> None:
        writing = threading.Thread(target=write, daemon=True)
        writing.start()
        writing.join(5)

    blobs.during = at_once
    Purge(database, blobs)(before="2026-11-02")
    assert wrote == [1]


def test_a_text_somebody_refers_to_meanwhile_is_put_back(
    database: Database, tmp_path: Path
) -> None:
    """A prompt that is written down again while it is taken out stays readable."""
    blobs = Watched(tmp_path / "blobs")
    keep(database, blobs, [exchange(1), texts(1)])
    entries: list[Entry] = [exchange(2), texts(2)]
    blobs.during = lambda: StoreSink(database).write(entries)
    assert Purge(database, blobs)(before="2026-11-02") == Purged(exchanges=1, payloads=0)
    assert not PromptLog(database, blobs).get("exchange_2").missing


def test_a_text_that_came_behind_its_exchange_s_purge_goes_with_the_next(
    database: Database, blobs: FileBlobs, tmp_path: Path
) -> None:
    """Texts are written when the planning ends; what was purged before leaves no file that nothing finds."""
    keep(database, blobs, [exchange(1)])
    Purge(database, blobs)()
    keep(database, blobs, [texts(1)])
    assert Purge(database, blobs)() == Purged(payloads=1)
    assert rows(database, "payload") == 0
    assert not [each for each in (tmp_path / "blobs").rglob("*") if each.is_file()]


def test_what_was_purged_is_in_no_free_page(tmp_path: Path, blobs: FileBlobs) -> None:
    """Bytes of removed rows are written over, so that nobody reads them out of the file."""
    database = SqliteDatabase(tmp_path / "store.db")
    keep(database, blobs, [exchange(1), texts(1, "a short one")])
    said = "what was said in here " * 200
    entry = texts(1)
    keep(database, blobs, [exchange(2), TextsEntry("exchange_2", entry.at, {"reply": said}, {})])
    Purge(database, blobs)()
    database.close()
    assert said[:20].encode() not in (tmp_path / "store.db").read_bytes()
