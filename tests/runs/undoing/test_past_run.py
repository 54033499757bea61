"""Past runs: nothing is taken back, and nothing counts as taken back, by a journal that was edited."""

from __future__ import annotations

import pytest
from tests.kept_runs import unguarded
from tests.runs.interventions.staged_run import (
    RECORD,
    RUN,
    StagedRun,
    ended,
    intended,
    sent,
    started,
)

from actwright import Actwright, Settings
from actwright.errors import JournalDamagedError
from actwright.runs.record.journal import Entry
from actwright.runs.undoing.marks import Marks
from actwright.runs.undoing.past_run import PastRuns

UNDO = "run_00000000000000000002"
MADE: Entry = (
    "group_settled",
    {
        "groupId": "g1",
        "stage": 1,
        "outcomes": [{"effectId": "e1", "status": "done", "recordId": RECORD, "created": True}],
    },
)
OTHER, OTHER_UNDO = "run_00000000000000000003", "run_00000000000000000004"


def past(staged: StagedRun) -> PastRuns:
    """Return the runs of the store, each to be read anew."""
    return PastRuns(staged.journal, staged.plans, staged.previews)


def test_an_edited_run_is_not_read(staged: StagedRun) -> None:
    """Else undo would go looking at records the run has never touched."""
    staged.begun(*sent("g1", "done"), ended())
    assert past(staged).run(RUN).state.ended
    staged.edited("six accounts", "no accounts")
    with pytest.raises(JournalDamagedError, match=r"event 1 \(run_started\) was changed") as caught:
        past(staged).run(RUN)
    assert caught.value.hint == f"actwright verify {RUN}"


def test_a_run_that_was_cut_off_is_not_read(staged: StagedRun) -> None:
    """Its end hides what it did; what is left of the chain fits, and only the register knows better."""
    staged.begun(*sent("g1", "done"), ended())
    with unguarded(staged.journal.database) as execute:
        execute("DELETE FROM journal WHERE seq > 2")
    with pytest.raises(JournalDamagedError, match="event 3 is missing, with all that came behind"):
        past(staged).run(RUN)


def test_the_list_names_what_nobody_can_tell(staged: StagedRun) -> None:
    """One edited undo hides no other run from the list of what is left."""
    for undone, by in ((RUN, UNDO), (OTHER, OTHER_UNDO)):
        first, back = started(), started(undoes=undone)
        staged.journal.append(
            undone, [first, intended("g1"), MADE, ended()], actor="alice", after=None
        )
        staged.journal.append(by, [back, ended("failed")], actor="alice", after=None)
    staged.edited("six accounts", "no accounts", run_id=UNDO)
    with Actwright(settings=Settings(home=staged.folder)) as app:
        told = {each.run_id: each for each in app.undoings()}
        assert {run_id: each.outcome for run_id, each in told.items()} == {
            RUN: "unknown",
            OTHER: "none",
        }
        assert f"The journal of {UNDO} is not as it was written: event 1" in told[RUN].fault
        assert [each.status for each in told[OTHER].open] == ["open"]
        with pytest.raises(JournalDamagedError):
            app.undo(RUN)
        with pytest.raises(JournalDamagedError):
            app.undoing(RUN)


def test_an_edited_undo_takes_nothing_back(staged: StagedRun) -> None:
    """The journal of the run that took another back is what says so; edited, it says nothing."""
    staged.begun(*sent("g1", "done"), ended())
    staged.journal.append(UNDO, [started(undoes=RUN), ended()], actor="alice", after=None)
    assert [each.id for each in past(staged).undoing(RUN)] == [UNDO]
    staged.edited("six accounts", "no accounts", run_id=UNDO)
    read_again = past(staged)
    with pytest.raises(JournalDamagedError, match=UNDO):
        read_again.undoing(RUN)
    with pytest.raises(JournalDamagedError, match=UNDO):
        Marks(read_again).of(RUN)
