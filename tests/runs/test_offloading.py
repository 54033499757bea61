"""Offloading: large data goes to the blob store, comes back whole, and its loss is named."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, rows, settled
from tests.scenario import confirmed, win

from actwright import Actwright, Settings
from actwright.errors import DocumentLostError, JournalDamagedError, StoreError
from actwright.runs.record.chain import first_fault
from actwright.runs.record.journal import Journal
from actwright.runs.record.offloading import kept_inline
from actwright.store.offloading import THRESHOLD
from actwright.store.sqlite import SqliteDatabase
from actwright.testing import LocalOrg

LARGE = "x" * THRESHOLD


class FullBlobs:
    """A blob store that takes nothing."""

    def put(self, content: bytes) -> str:
        """Refuse."""
        raise StoreError(f"no room for {len(content)} bytes")

    def get(self, digest: str) -> bytes:
        """Refuse."""
        raise StoreError(f"no {digest}")


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Give a store with one run that has large data in its third event."""
    made = Kept(SqliteDatabase(tmp_path / "a.db"), tmp_path, SteppingClock())
    made.run("run_1", settled(), settled(2, note=LARGE, count=2**60))
    return made


def test_large_data_is_kept_outside_and_read_back(kept: Kept) -> None:
    """The journal holds its size and hash; the event reads as it was written, and its hash holds."""
    events = kept.journal.events("run_1")
    ((text,),) = rows(kept.database, "SELECT data FROM journal WHERE seq = 3")
    assert text.startswith('{"offloaded":{"bytes":')
    assert len(text) < 200
    assert [each.offloaded for each in events] == [False, False, True]
    assert events[2].data == settled(2, note=LARGE, count=2**60)[1]
    assert first_fault(events) is None
    assert kept_inline(events) == ()
    changed = events[2].model_copy(update={"data": {**events[2].data, "note": "y"}})
    assert first_fault([*events[:2], changed]) is not None


def test_a_failing_blob_store_loses_nothing(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """The data stays in the journal, the log says so, and so can the envelope."""
    journal = Journal(kept.database, kept.clock, FullBlobs())
    with caplog.at_level(logging.WARNING):
        journal.append(
            "run_1", [settled(3, note=LARGE)], actor="al", after=kept.journal.head("run_1")
        )
    assert "stay in the journal: no room" in caplog.text
    events = kept.journal.events("run_1")
    assert not events[3].offloaded
    (warning,) = kept_inline(events)
    assert "Event 4 (group_settled)" in warning


def test_a_missing_blob_is_named(kept: Kept) -> None:
    """With run and event, on reading and on verifying; the events before can still be read."""
    (blob,) = [each for each in (kept.folder / "blobs").rglob("*") if each.is_file()]
    blob.unlink()
    with pytest.raises(JournalDamagedError, match="event 3 of run_1"):
        kept.journal.events("run_1")
    assert len(kept.journal.events("run_1", upto=2)) == 2
    (fault,) = kept.faults()
    assert "event 3 of run_1" in fault


def test_a_changed_blob_is_named(kept: Kept) -> None:
    """Its content is held against the hash."""
    (blob,) = [each for each in (kept.folder / "blobs").rglob("*") if each.is_file()]
    blob.write_bytes(b"{}")
    with pytest.raises(JournalDamagedError, match="event 3 of run_1"):
        kept.journal.events("run_1")


def test_the_key_of_references_is_reserved(kept: Kept) -> None:
    """Data cannot pretend to be a reference."""
    head = kept.journal.head("run_1")
    with pytest.raises(ValueError, match="offloaded"):
        kept.journal.append("run_1", [settled(offloaded={})], actor="al", after=head)


def test_the_envelope_warns_of_what_stayed_in_the_journal(
    shared_org: LocalOrg, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the end of the run, and for whoever asks for it later, in another process too."""
    monkeypatch.setattr("actwright.store.offloading.THRESHOLD", 300)
    settings, running = Settings(home=tmp_path, org="local", user="alice"), shared_org._running
    with Actwright(settings=settings, local_org=running) as app:
        app.journal.offloading.blobs = FullBlobs()
        preview, yes = confirmed(app, win(name=deal))
        envelope = app.run(preview, yes)
        assert envelope.success, envelope.errors
        assert any("run_started) is large and stayed" in each for each in envelope.warnings)
    with Actwright(settings=settings, local_org=running) as app:
        assert app.resume(envelope.run_id or "").warnings == envelope.warnings


def test_large_plans_and_previews_go_the_whole_way_outside(
    shared_org: LocalOrg, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are carried out, told and taken back as ever, and a purge of the prompt log takes none of them."""
    monkeypatch.setattr("actwright.store.offloading.THRESHOLD", 300)
    settings = Settings(home=tmp_path, org="local", user="alice", telemetry="full")
    with Actwright(settings=settings, local_org=shared_org._running) as app:
        preview, yes = confirmed(app, win(name=deal))
        held = rows(
            app._database, "SELECT kind, body FROM document WHERE kind IN ('plan', 'preview')"
        )
        assert [text.startswith('{"offloaded":') for _, text in held] == [True, True]
        envelope = app.run(preview, yes)
        assert envelope.success, envelope.errors
        app.purge_telemetry()
        assert app.previews.get(preview.id) == preview
        assert app.fate_of(preview.plan_id).kind == "completed"
        assert app.undo(envelope.run_id or "").actions
        assert app.verify().whole


def test_nothing_is_carried_out_by_a_preview_that_is_lost(
    shared_org: LocalOrg, deal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed blob is named before anything begins: no run, the yes unused; with the blob back, it is carried out."""
    monkeypatch.setattr("actwright.store.offloading.THRESHOLD", 300)
    settings = Settings(home=tmp_path, org="local", user="alice")
    with Actwright(settings=settings, local_org=shared_org._running) as app:
        preview, yes = confirmed(app, win(name=deal))
        ((held,),) = rows(app._database, "SELECT body FROM document WHERE kind = 'preview'")
        (blob,) = (tmp_path / "blobs").rglob(str(json.loads(held)["offloaded"]["sha256"]))
        whole = blob.read_bytes()
        blob.write_bytes(whole.replace(b"Closed Won", b"Closed Lost"))
        with pytest.raises(DocumentLostError, match=f"The preview {preview.id} cannot be read"):
            app.run(preview.id, yes)
        assert rows(app._database, "SELECT run_id FROM run") == []
        blob.write_bytes(whole)
        assert app.run(preview.id, yes).success
