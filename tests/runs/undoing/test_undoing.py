"""What became of taking runs back: outcomes, what is left and why, what people said of it, and when it is too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from tests.scenario import Rest, amount, carried_out, confirmed, deal_rows, new_deal

from actwright import Actwright, OrchestratorResult
from actwright.errors import InputError, NotFoundError, RefusedError
from actwright.runs.undoing.undoing import Undoing
from actwright.testing import FixedClock, LocalOrg


@dataclass(frozen=True)
class Scene:
    """Alice's Actwright, an administrator who interferes, and the time."""

    app: Actwright
    admin: Rest
    clock: FixedClock

    def run(self) -> tuple[str, list[str]]:
        """Write the next step of two deals, and return the run and their names."""
        names = [new_deal(self.admin) for _ in range(2)]
        done = carried_out(self.app, deal_rows(names, NextStep="Call"))
        assert done.success, done.errors
        return str(done.run_id), names

    def taken_back(self, run: str) -> OrchestratorResult:
        """Take a run back as far as that goes."""
        preview = self.app.preview(self.app.undo(run), allow_delete=True)
        return self.app.run(preview, self.app.confirm(preview, approver="Alice Archer"))

    def statuses(self, run: str) -> list[str]:
        """Return how far each effect of a run is taken back."""
        return [each.status for each in self.app.undoing(run).effects]


@pytest.fixture
def scene(shared_org: LocalOrg, admin: Rest) -> Scene:
    """Give the scene."""
    clock = FixedClock(datetime.now(UTC))
    return Scene(shared_org.as_user(clock=clock), admin, clock)


def test_what_others_moved_is_left_listed_and_taken_back_later(scene: Scene) -> None:
    """Partial, with the reason; once the others have set it back to what the run left, another undo does the rest."""
    run, (first, _) = scene.run()
    assert scene.app.undoing(run).outcome == "none"
    scene.admin.change("Opportunity", first, NextStep="Signed")
    back = scene.taken_back(run)
    undoing = scene.app.undoing(run)
    assert (undoing.outcome, undoing.undone_by) == ("partial", (back.run_id,))
    listed = {each.id: each for each in scene.app.with_rest(scene.app.listed_runs(limit=50))}
    assert listed[run].undone_in_part
    assert not listed[back.run_id or ""].undone_in_part
    (left,) = undoing.open
    assert (left.status, first in left.what) == ("left", True)
    assert "Next Step is Signed" in left.why
    assert undoing in scene.app.undoings()
    scene.admin.change("Opportunity", first, NextStep="Call")
    assert scene.taken_back(run).success
    assert scene.app.undoing(run).outcome == "completed"
    assert run not in {each.run_id for each in scene.app.undoings()}
    assert scene.admin.field("Opportunity", first, "NextStep") is None


def test_what_was_taken_back_once_is_never_taken_back_again(scene: Scene) -> None:
    """Somebody who sets the same value anew has not asked for the old undo."""
    run, (first, second) = scene.run()
    assert scene.taken_back(run).success
    scene.admin.change("Opportunity", first, NextStep="Call")
    with pytest.raises(RefusedError, match="was taken back by run_"):
        scene.app.undo(run, also_moved=True)
    assert scene.admin.field("Opportunity", second, "NextStep") is None


def test_an_undo_that_was_taken_back_counts_no_more(scene: Scene) -> None:
    """The run stands as it did before, and can be taken back again."""
    run, (first, _) = scene.run()
    back = str(scene.taken_back(run).run_id)
    assert scene.taken_back(back).success
    assert scene.statuses(run) == ["open", "open"]
    assert scene.admin.field("Opportunity", first, "NextStep") == "Call"
    assert scene.taken_back(run).success
    assert scene.statuses(run) == ["taken_back", "taken_back"]
    assert scene.admin.field("Opportunity", first, "NextStep") is None


def test_an_undo_that_was_stopped_has_failed_and_says_why(scene: Scene) -> None:
    """Nothing was taken back: failed, never completed, with the error of the run that tried."""
    run, (first, _) = scene.run()
    preview = scene.app.preview(scene.app.undo(run))
    yes = scene.app.confirm(preview, approver="Alice Archer")
    scene.admin.change("Opportunity", first, NextStep="Signed")
    back = scene.app.run(preview, yes)
    assert not back.success
    undoing = scene.app.undoing(run)
    assert undoing.outcome == "failed"
    assert {each.status for each in undoing.effects} == {"failed"}
    assert all(each.by == (back.run_id,) and first in each.why for each in undoing.effects)


def test_a_person_can_say_that_it_is_dealt_with(scene: Scene) -> None:
    """With who and why, on the record for good; no undo touches it from then on."""
    run, (first, _) = scene.run()
    scene.admin.change("Opportunity", first, NextStep="Signed")
    scene.taken_back(run)
    (left,) = scene.app.undoing(run).open
    made = scene.app.decide_undo(run, left.id, "resolved", who="Bob", why="He has signed.")
    undoing = scene.app.undoing(run)
    assert undoing.outcome == "completed"
    (told,) = [each for each in undoing.effects if each.id == left.id]
    assert (told.status, told.decision) == ("resolved", made)
    scene.admin.change("Opportunity", first, NextStep="Call")
    with pytest.raises(RefusedError, match=r'was resolved by Bob: "He has signed\."'):
        scene.app.undo(run, also_moved=True)


def test_the_newest_word_counts_and_the_old_ones_stay(scene: Scene) -> None:
    """Somebody may think better of it; both are kept."""
    run, _ = scene.run()
    first = scene.app.decide_undo(run, "all", "ignored", who="Bob", why="Leave it.")
    with pytest.raises(InputError, match="still to be decided"):
        scene.app.decide_undo(run, "all1", "resolved", who="Ann", why="Done by hand.")
    assert {each.decision for each in scene.app.undoing(run).effects} == {first}
    assert len(first.effects) == 2


def test_a_decision_says_of_what_and_why(scene: Scene) -> None:
    """Else nothing goes on the record."""
    run, _ = scene.run()
    bad: list[tuple[str | list[str], str]] = [
        ("all", " "),
        ("all", "x" * 501),
        ("a9.1", "Leave it."),
        ("\u202e", "Leave it."),
        ([], "Leave it."),
    ]
    for effects, why in bad:
        with pytest.raises(InputError):
            scene.app.decide_undo(run, effects, "ignored", who="Bob", why=why)
    assert scene.statuses(run) == ["open", "open"]


def test_it_is_too_late_after_the_days_that_are_set(scene: Scene) -> None:
    """A person can still say that it is meant; until the last moment nobody has to."""
    run, (first, _) = scene.run()
    scene.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert scene.app.undo(run).actions
    scene.clock.advance(timedelta(seconds=1))
    with pytest.raises(RefusedError, match="more than 30 days ago") as caught:
        scene.app.undo(run)
    assert (caught.value.error_code, "--expired-too" in (caught.value.hint or "")) == ("undo_expired", True)  # fmt: skip
    undoing = scene.app.undoing(run)
    assert (undoing.outcome, undoing.expired) == ("expired", True)
    preview = scene.app.preview(scene.app.undo(run, expired_too=True))
    assert scene.app.run(preview, scene.app.confirm(preview, approver="Alice Archer")).success
    assert scene.app.undoing(run).outcome == "completed"
    assert scene.admin.field("Opportunity", first, "NextStep") is None


def test_a_run_that_changed_nothing_has_nothing_to_take_back(scene: Scene, deal: str) -> None:
    """Neither does one that stopped before its first write."""
    preview, yes = confirmed(scene.app, amount("a1", deal, 99_000))
    scene.admin.change("Opportunity", deal, Amount=1)
    done = scene.app.run(preview, yes)
    undoing = scene.app.undoing(str(done.run_id))
    assert (undoing.outcome, undoing.effects) == ("none", ())
    with pytest.raises(RefusedError, match="It changed nothing"):
        scene.app.undo(str(done.run_id))


def test_an_unknown_run_is_said(scene: Scene) -> None:
    """Nothing became of a run that never was."""
    with pytest.raises(NotFoundError):
        scene.app.undoing("run_nowhere")
    with pytest.raises(NotFoundError):
        scene.app.decide_undo("run_nowhere", "all", "ignored", who="Bob", why="Leave it.")


def test_the_document_reads_back(scene: Scene) -> None:
    """It is a contract like any other: what is written is what is read."""
    run, _ = scene.run()
    scene.taken_back(run)
    undoing = scene.app.undoing(run)
    assert Undoing.model_validate(undoing.model_dump(mode="json")) == undoing
