"""Starting an undo: of two that begin at once, one is told to wait; one that died is gone on with first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.scenario import Rest, amount, carried_out

from actwright import Actwright, Plan, Preview
from actwright.checkpoints.archive import Archive
from actwright.clock import SystemClock
from actwright.errors import RunBusyError
from actwright.runs.carrying.undo_claim import claim_undo
from actwright.runs.record.journal import Journal
from actwright.runs.undoing.decision import UndoDecisions
from actwright.runs.undoing.finding import Finding, FindingsArchive
from actwright.runs.undoing.past_run import PastRuns
from actwright.store.database import Database

_FIRST: dict[str, Any] = {
    "goal": "g",
    "planId": "plan_1",
    "previewId": "prv_1",
    "confirmationId": "cnf_1",
    "digest": "d",
    "user": "alice",
    "org": "00D",
    "undoes": "run_0",
}
_END = {"envelope": {"success": True}, "status": "completed"}


def _begin(journal: Journal, run_id: str, *, undoes: str = "run_0") -> None:
    journal.append(
        run_id,
        [("run_started", _FIRST | {"undoes": undoes})],
        actor="Alice",
        after=None,
        also=lambda transaction: claim_undo(transaction, undoes, run_id=run_id, at="2026-11-21"),
    )


def test_one_at_a_time_takes_a_run_back(database: Database) -> None:
    """The next can begin when the one before it has ended; other runs have nothing to do with it."""
    journal = Journal(database, SystemClock())
    _begin(journal, "run_1")
    with pytest.raises(RunBusyError, match="being taken back by run_1") as caught:
        _begin(journal, "run_2")
    assert (caught.value.error_code, "resume run_1" in (caught.value.hint or "")) == ("undo_running", True)  # fmt: skip
    _begin(journal, "run_3", undoes="run_9")
    journal.append("run_1", [("run_ended", _END)], actor="Alice", after=journal.head("run_1"))
    _begin(journal, "run_2")
    assert journal.runs_undoing(["run_0"])["run_0"] == ("run_1", "run_2")


def test_of_many_at_once_one_begins(database: Database) -> None:
    """Whoever comes second has written nothing."""
    journal = Journal(database, SystemClock())

    def begun(number: int) -> bool:
        try:
            _begin(journal, f"run_{number}")
        except RunBusyError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(begun, range(1, 9)))
    assert sum(answers) == 1
    assert len(journal.runs_undoing(["run_0"])["run_0"]) == 1


def test_an_undo_that_died_is_gone_on_with(
    app: Actwright, admin: Rest, deal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then no other can be planned or decided on; afterwards everything is taken back, once."""
    run = str(carried_out(app, amount("a1", deal, 99_000)).run_id)
    preview = app.preview(app.undo(run))
    yes = app.confirm(preview, approver="Alice Archer")
    with monkeypatch.context() as broken:
        broken.setattr(type(app.org), "send", _die)
        with pytest.raises(_DeathError):
            app.run(preview, yes)
    (back,) = app.undoing(run).under_way
    assert [each.status for each in app.undoing(run).effects] == ["in_doubt"]
    with pytest.raises(RunBusyError, match=back):
        app.undo(run)
    with pytest.raises(RunBusyError, match=back):
        app.decide_undo(run, "all", "ignored", who="Bob", why="Leave it.")
    assert app.resume(back).success
    assert app.undoing(run).outcome == "completed"
    assert admin.field("Opportunity", deal, "Amount") == 120_000


class _DeathError(BaseException):
    """The process dies."""


def _die(*_: object, **__: object) -> None:
    raise _DeathError


def test_what_is_kept_beside_the_journal_is_kept_on_both_stores(database: Database) -> None:
    """Which runs were to be taken back, what was found, and what people said: the newest word on each effect."""
    journal = Journal(database, SystemClock())
    _begin(journal, "run_1")
    _begin(journal, "run_3", undoes="run_9")
    past = PastRuns(
        journal,
        Archive(database, Plan, SystemClock()),
        Archive(database, Preview, SystemClock()),
    )
    assert past.undone(10) == ()
    journal.append("run_9", [("run_started", _FIRST | {"undoes": None})], actor="Alice", after=None)
    assert past.undone(10) == ("run_9",)
    assert past.undone(0) == ()
    decisions = UndoDecisions(database, SystemClock())
    first = decisions.record("run_0", ["a1.1", "a2.1"], "ignored", who="Bob", why="Leave it.")
    second = decisions.record("run_0", ["a2.1"], "resolved", who="Ann", why="Done by hand.")
    assert decisions.of("run_0") == {"a1.1": first, "a2.1": second}
    assert decisions.of("run_9") == {}
    findings = FindingsArchive(database, SystemClock())
    assert findings.newest("run_0") == {}
    findings.add("run_0", {"a1.1": Finding(obstacle="left", why="old")})
    newest = {"a1.1": Finding(obstacle="expired", why="new")}
    findings.add("run_0", newest)
    assert findings.newest("run_0") == newest
