"""Large documents: their text is kept in the blob store, reads back whole, and its loss is named."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest
from tests.store.test_documents import Note

from actwright import Actwright, Settings
from actwright.errors import DocumentLostError, StoreError
from actwright.store.blobs import FileBlobs
from actwright.store.database import Database
from actwright.store.documents import Documents
from actwright.store.offloading import THRESHOLD, Offloading, is_reference

LARGE = Note(text="ü" * THRESHOLD, data={"count": 2**60})
SMALL = Note(text="x" * (THRESHOLD - 100))


@dataclass
class CountedBlobs:
    """A blob store in memory that counts what it is asked for."""

    contents: dict[str, bytes] = field(default_factory=dict)
    asked: int = 0
    full: bool = False

    def put(self, content: bytes) -> str:
        """Keep a content, as long as there is room."""
        self.asked += 1
        if self.full:
            raise StoreError("no room")
        digest = sha256(content).hexdigest()
        self.contents[digest] = content
        return digest

    def get(self, digest: str) -> bytes:
        """Return a content, checked by nobody."""
        self.asked += 1
        if digest not in self.contents:
            raise StoreError(f"The blob {digest[:12]} is not there.")
        return self.contents[digest]


@pytest.fixture
def blobs() -> CountedBlobs:
    """Give an empty blob store."""
    return CountedBlobs()


@pytest.fixture
def notes(database: Database, blobs: CountedBlobs) -> Documents:
    """Give documents that keep large ones outside, on both databases."""
    return Documents(database, "note", Offloading(blobs))


def row(database: Database) -> str:
    """Return what the table holds of the only document."""
    with database.read() as transaction:
        return str(transaction.execute("SELECT body FROM document").fetchone()[0])


def test_a_large_document_is_kept_outside(
    database: Database, notes: Documents, blobs: CountedBlobs
) -> None:
    """The row holds size and hash; it reads as it was written, by each way there is, and may be stored again."""
    notes.add("n1", LARGE, at="now", parent="p")
    assert is_reference(row(database))
    assert len(row(database)) < 150
    assert len(blobs.contents) == 1
    notes.add("n1", LARGE, at="later", parent="p")
    for (found,) in (notes.of("p"), notes.newest(limit=1), notes.recent(1)):
        assert Note.model_validate(found.json()) == LARGE
    with pytest.raises(StoreError, match="already stands"):
        notes.add("n1", SMALL, at="later")


def test_a_small_document_costs_the_blob_store_nothing(
    database: Database, notes: Documents, blobs: CountedBlobs
) -> None:
    """Up to 64 KB the row holds all of it, and nobody asks the blob store."""
    notes.add("n1", SMALL, at="now")
    found = notes.get("n1")
    assert found is not None
    assert Note.model_validate(found.json()) == SMALL
    assert not is_reference(row(database))
    assert blobs.asked == 0


def test_whether_a_document_is_there_needs_no_blob(notes: Documents, blobs: CountedBlobs) -> None:
    """Its text is read when somebody asks for it, and not before."""
    notes.add("n1", LARGE, at="now")
    blobs.asked = 0
    found = notes.get("n1")
    assert found is not None
    assert (found.id, found.at, blobs.asked) == ("n1", "now", 0)


def test_without_a_blob_store_the_row_holds_everything(database: Database) -> None:
    """Everything is as it was before there was one."""
    notes = Documents(database, "note")
    notes.add("n1", LARGE, at="now")
    found = notes.get("n1")
    assert found is not None
    assert Note.model_validate(found.json()) == LARGE
    assert not is_reference(row(database))


def test_a_failing_blob_store_leaves_it_in_the_row(
    database: Database, notes: Documents, blobs: CountedBlobs, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is lost, a warning names the document, and it is the very same document once the store is back."""
    blobs.full = True
    with caplog.at_level(logging.WARNING):
        notes.add("n1", LARGE, at="now")
    assert "stay in the store's row of note n1: no room" in caplog.text
    assert not is_reference(row(database))
    blobs.full = False
    notes.add("n1", LARGE, at="later")
    found = notes.get("n1")
    assert found is not None
    assert Note.model_validate(found.json()) == LARGE


@pytest.mark.parametrize("change", [None, b"{}", b"\xff"])
def test_a_lost_or_changed_blob_is_named(
    database: Database, notes: Documents, blobs: CountedBlobs, change: bytes | None
) -> None:
    """With the document and its blob; nothing changes, and storing it again mends it."""
    notes.add("n1", LARGE, at="now")
    before, (digest,) = row(database), blobs.contents
    if change is None:
        blobs.contents.clear()
    else:
        blobs.contents[digest] = change
    found = notes.get("n1")
    assert found is not None
    with pytest.raises(DocumentLostError, match="The note n1 cannot be read") as lost:
        found.json()
    assert lost.value.where == f"blob {digest}"
    assert row(database) == before
    notes.add("n1", LARGE, at="later")
    assert Note.model_validate(found.json()) == LARGE


@pytest.mark.parametrize(
    "reference",
    [
        '{"offloaded":{}}',
        '{"offloaded":{"bytes":1,"sha256":"../../etc/passwd"}}',
        '{"offloaded":{"bytes":1,"sha256":"' + "0" * 64 + '"},"text":"x"}',
        '{"offloaded":' + "[" * 1000,
    ],
)
def test_an_edited_reference_is_named(database: Database, tmp_path: Path, reference: str) -> None:
    """Whatever it says, no other file is read, and the document is named."""
    with database.write() as transaction:
        transaction.execute(
            "INSERT INTO document (kind, id, body, at) VALUES ('note', 'n1', ?, 'now')",
            (reference,),
        )
    found = Documents(database, "note", Offloading(FileBlobs(tmp_path))).get("n1")
    assert found is not None
    with pytest.raises(DocumentLostError, match="note n1"):
        found.json()
    without = Documents(database, "note").get("n1")
    assert without is not None
    with pytest.raises(DocumentLostError, match="note n1"):
        without.json()


def test_what_others_could_not_read_stays_where_they_do(
    database: Database, notes: Documents, blobs: CountedBlobs
) -> None:
    """Nothing new goes out, and what went out before is read all the same."""
    notes.add("n1", LARGE, at="now", parent="p")
    asked, offloading = blobs.asked, Offloading(blobs, reads_only=True)
    beside = Documents(database, "note", offloading)
    beside.add("n1", LARGE, at="later", parent="p")
    beside.add("n2", LARGE.model_copy(update={"data": {}}), at="later", parent="p")
    assert (blobs.asked, offloading.failed) == (asked, False)
    assert [Note.model_validate(each.json()).text for each in beside.of("p")] == [LARGE.text] * 2


def test_a_folder_of_one_machine_keeps_nothing_of_a_store_on_a_server(
    tmp_path: Path, postgres_address: str
) -> None:
    """Another machine that shares the rows could not read it; what all of them see is named in the settings."""
    given: dict[str, object] = {"home": tmp_path, "database_url": postgres_address}
    for blobs, kept_outside in ((None, False), (str(tmp_path / "mounted"), True)):
        with Actwright(settings=Settings.model_validate({**given, "blobs": blobs})) as app:
            assert app.journal.offloading.takes("x" * (THRESHOLD + 1)) is kept_outside
    with Actwright(settings=Settings.model_validate({"home": tmp_path})) as app:
        assert app.journal.offloading.takes("x" * (THRESHOLD + 1))
