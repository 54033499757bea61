"""Forms of events: older ones are read as the newest, newer ones are refused, none is written anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.kept_runs import Kept, SteppingClock, intended

from actwright.errors import JournalUnknownError
from actwright.runs.record.envelope import OrchestratorResult
from actwright.runs.record.event import GENESIS, JournalEvent
from actwright.runs.record.folding import fold
from actwright.runs.record.migrations import newest_form
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Give a store with one run."""
    made = Kept(SqliteDatabase(tmp_path / "a.db"), tmp_path, SteppingClock())
    made.run("run_1", intended())
    return made


@pytest.mark.parametrize(
    ("change", "named"),
    [("kind = 'run_flew'", "'run_flew' in form 1"), ("version = 7", "'group_intended' in form 7")],
)
def test_what_a_newer_program_wrote_is_refused(kept: Kept, change: str, named: str) -> None:
    """With run, event, kind and form, and the way out."""
    kept.tamper(f"UPDATE journal SET {change} WHERE seq = 2")
    with pytest.raises(JournalUnknownError, match=f"Event 2 of run_1 is {named}") as refused:
        kept.journal.events("run_1")
    assert "Upgrade" in str(refused.value.hint)


@pytest.mark.parametrize(("success", "status"), [(True, "completed"), (False, "failed")])
def test_an_end_in_the_first_form_tells_its_status(*, success: bool, status: str) -> None:
    """It had none: the envelope says it. The event itself stays as it was written."""
    envelope = OrchestratorResult(success=success).model_dump(mode="json")
    end = JournalEvent(
        run_id="run_1",
        seq=1,
        at="2026-11-20T09:00:00.000Z",
        kind="run_ended",
        actor="al",
        data={"envelope": envelope},
        prev_hash=GENESIS,
        hash=GENESIS,
    )
    newest = newest_form(end)
    assert (newest.version, newest.data["status"]) == (2, status)
    assert newest_form(newest) is newest
    assert (end.version, "status" in end.data) == (1, False)
    assert fold([end]).status == status
