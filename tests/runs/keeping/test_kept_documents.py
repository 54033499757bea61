"""Large documents in the keeping of journals: verified, taken out and in whole, and their loss named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from tests.kept_runs import BEGUN, Kept, SteppingClock, rows
from tests.runs.keeping.test_exporting import rewritten, swapped

from actwright.canonical import Json
from actwright.contract import Contract
from actwright.errors import JournalDamagedError, StoreError
from actwright.store.blobs import FileBlobs
from actwright.store.database import Transaction
from actwright.store.documents import Documents
from actwright.store.offloading import THRESHOLD, is_reference
from actwright.store.sqlite import SqliteDatabase


class Large(Contract):
    """A document that is kept outside."""

    text: str = "x" * THRESHOLD


def filled(kept: Kept) -> Kept:
    """Fill a store with two runs, the first of which refers to a large preview."""
    kept.run("run_1")
    kept.run("run_2")
    previews = Documents(kept.database, "preview", kept.journal.offloading)
    previews.add("prv_run_1", Large(), at="then")
    return kept


@pytest.fixture
def full(kept: Kept) -> Kept:
    """Give such a store, on both databases."""
    return filled(kept)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Kept]:
    """Give an empty store with blobs of its own."""
    (tmp_path / "other").mkdir()
    made = Kept(SqliteDatabase(tmp_path / "other" / "a.db"), tmp_path / "other", SteppingClock())
    yield made
    made.database.close()


def blob(kept: Kept) -> Path:
    """Return the file of the only blob."""
    (found,) = [each for each in (kept.folder / "blobs").rglob("*") if each.is_file()]
    return found


def body(kept: Kept) -> str:
    """Return what the table holds of the preview."""
    ((found,),) = rows(kept.database, "SELECT body FROM document WHERE id = 'prv_run_1'")
    return str(found)


def read(kept: Kept) -> Json:
    """Return the preview as it reads."""
    found = Documents(kept.database, "preview", kept.journal.offloading).get("prv_run_1")
    assert found is not None
    return found.json()


def test_verifying_looks_at_what_documents_refer_to(full: Kept) -> None:
    """A lost blob is named with its document, for all runs and for the run that refers to it, and no other."""
    assert full.verify().whole
    blob(full).write_bytes(b"{}")
    for faults in (full.faults(), full.faults("run_1")):
        (fault,) = faults
        assert fault.startswith("The preview prv_run_1 cannot be read: The blob")
    assert full.verify("run_2").whole


def test_nothing_of_the_store_is_held_while_a_blob_is_read(
    full: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket may be slow, and connections are few: of one run as of all."""
    depth, asked, read = 0, 0, full.database.read

    @contextmanager
    def counted() -> Iterator[Transaction]:
        nonlocal depth
        depth += 1
        with read() as transaction:
            yield transaction
        depth -= 1

    class Slow(FileBlobs):
        """Looks who holds what."""

        def get(self, digest: str) -> bytes:
            """Read a content, and look."""
            nonlocal asked
            asked += 1
            assert depth == 0
            return super().get(digest)

    monkeypatch.setattr(full.database, "read", counted)
    full.journal.offloading.blobs = Slow(full.folder / "blobs")
    assert full.verify("run_1").whole
    assert full.verify().whole
    assert asked == 2


def test_an_export_holds_the_text_and_an_import_keeps_it_outside(
    full: Kept, other: Kept, tmp_path: Path
) -> None:
    """The file needs no blob store beside it, and both stores hold the same in the end."""
    full.exporting.to_file(tmp_path / "runs.jsonl")
    assert other.importing.from_file(tmp_path / "runs.jsonl").documents == 1
    assert is_reference(body(other))
    assert (body(other), read(other)) == (body(full), read(full))
    assert other.verify().whole
    assert other.importing.from_file(tmp_path / "runs.jsonl").documents == 0


def test_an_answer_comes_in_to_where_answers_are_read(
    full: Kept, other: Kept, tmp_path: Path
) -> None:
    """However long the name of who gave it is: confirmations stay in their rows, as they do in any store."""
    Documents(full.database, "confirmation").add("cnf_run_1", Large(), at="then")
    full.exporting.to_file(tmp_path / "runs.jsonl")
    assert other.importing.from_file(tmp_path / "runs.jsonl").documents == 2
    found = Documents(other.database, "confirmation").get("cnf_run_1")
    assert found is not None
    assert found.json() == Large().model_dump()


def test_an_export_names_a_lost_document_and_an_import_brings_it_back(
    full: Kept, other: Kept, tmp_path: Path
) -> None:
    """All the rest goes out and comes in; the blob comes back from an export made before."""
    full.exporting.to_file(tmp_path / "before.jsonl")
    blob(full).unlink()
    out = full.exporting.to_file(tmp_path / "after.jsonl")
    assert [each.document for each in out.left_out] == ["prv_run_1"]
    taken = other.importing.from_file(tmp_path / "after.jsonl")
    assert (taken.runs, taken.documents) == (2, 0)
    full.importing.from_file(tmp_path / "before.jsonl")
    assert full.verify().whole
    assert read(full) == Large().model_dump()


def test_a_file_that_refers_to_a_blob_is_refused(full: Kept, other: Kept, tmp_path: Path) -> None:
    """A document comes in with its text or not at all."""
    full.exporting.to_file(tmp_path / "runs.jsonl")
    whole, reference = f'{{\\"text\\":\\"{"x" * THRESHOLD}\\"}}', body(full).replace('"', '\\"')
    edited = rewritten(tmp_path / "runs.jsonl", swapped(whole, reference))
    with pytest.raises(JournalDamagedError, match="The preview prv_run_1 lacks its text"):
        other.importing.from_file(edited)
    assert rows(other.database, "SELECT id FROM document") == []


def test_compacting_is_stopped_by_the_runs_own_documents_only(full: Kept, tmp_path: Path) -> None:
    """A run whose document is lost stays, and is named; what another run has lost is no reason."""
    later = BEGUN + timedelta(days=3)
    full.clock.moment = later + timedelta(days=1)
    full.run("run_new")
    previews = Documents(full.database, "preview", full.journal.offloading)
    own = blob(full)
    previews.add("prv_run_new", Large(text="y" * THRESHOLD), at="then")
    own.rename(tmp_path / "own")
    with pytest.raises(StoreError, match=r"preview prv_run_1 cannot.*nothing was moved"):
        full.compacting.compact(later, tmp_path / "archive", undoable=True)
    assert len(rows(full.database, "SELECT run_id FROM run")) == 3
    blob(full).rename(own)
    (tmp_path / "own").rename(own)
    assert full.faults()[0].startswith("The preview prv_run_new")
    assert full.compacting.compact(later, tmp_path / "archive", undoable=True).runs == 2
