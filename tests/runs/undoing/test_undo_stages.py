"""Undo of runs of several stages, of runs that paused or were ended by a person, and of runs in doubt."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.opaque_scene import ALLOWED, Recalling, mail, step
from tests.scenario import Rest, action, amount, confirmed, lookup

from actwright import Actwright, OrchestratorResult
from actwright.canonical import Json
from actwright.errors import RefusedError
from actwright.runs.interventions.intervention import Intervention
from actwright.testing import LocalOrg


@dataclass(frozen=True)
class Scene:
    """Alice's Actwright, the override it may let act, and an administrator who looks."""

    app: Actwright
    mailer: Recalling
    admin: Rest

    def taken_back(self, run: str) -> OrchestratorResult:
        """Take a run back as far as that goes."""
        preview = self.app.preview(self.app.undo(run), allow_delete=True)
        assert preview.blocked == ()
        return self.app.run(preview, self.app.confirm(preview, approver="Alice Archer"))

    def next_step(self, deal: str) -> object:
        """Return what stands in a deal."""
        return self.admin.field("Opportunity", deal, "NextStep")


@pytest.fixture
def scene(shared_org: LocalOrg, admin: Rest) -> Scene:
    """Give the scene; its mailer sends one mail, and recalls it."""
    app, mailer = shared_org.as_user(settings=ALLOWED), Recalling()
    app.register("SendMail", mailer)
    return Scene(app, mailer, admin)


def _late(deal: str) -> dict[str, Json]:
    record = lookup("Opportunity", "Name", deal)
    text: Json = {"from": "actions.mail.output.messageId"}
    return action("late", "opportunity_set_next_step", Id=record, NextStep=text)


def test_all_stages_are_taken_back_by_one_plan(scene: Scene, deal: str) -> None:
    """What a later stage wrote goes back to what stood there before the first, and before the mail is recalled."""
    preview, yes = confirmed(scene.app, step("early", deal, "first"), mail(), _late(deal))
    run = str(scene.app.run(preview, yes).run_id)
    wave = scene.app.wave(run)
    done = scene.app.go_on(run, scene.app.confirm(wave, approver="Alice Archer"))
    assert done.success, done.errors
    assert scene.next_step(deal) == "m-1"
    assert {each.id for each in scene.app.undoing(run).effects} == {"early.1", "mail.1", "2:late.1"}
    plan = scene.app.undo(run)
    assert [each.blueprint.operation for each in plan.actions] == ["UPDATE", "CALL"]
    assert plan.actions[1].depends_on == ("u1",)
    assert scene.taken_back(run).success
    assert scene.next_step(deal) is None
    assert scene.mailer.recalled == [("jane@example.com", "m-1")]
    assert scene.app.undoing(run).outcome == "completed"


def test_a_run_that_waits_is_taken_back_as_far_as_it_has_come(scene: Scene, deal: str) -> None:
    """The plan says that it has no end, and how to end it."""
    preview, yes = confirmed(scene.app, step("early", deal, "first"), mail(), _late(deal))
    run = str(scene.app.run(preview, yes).run_id)
    plan = scene.app.undo(run)
    assert f"actwright cancel {run}" in plan.assumptions[0]
    assert "it is waiting" in plan.assumptions[0]
    assert scene.taken_back(run).success
    assert scene.next_step(deal) is None


def test_a_run_that_was_cancelled_is_taken_back(scene: Scene, deal: str) -> None:
    """What it had done by then, and nothing else."""
    preview, yes = confirmed(scene.app, step("early", deal, "first"), mail(), _late(deal))
    run = str(scene.app.run(preview, yes).run_id)
    stop = Intervention(action="cancel", actor="Alice Archer", why="Not today.", key="k1")
    scene.app.intervene(run, stop)
    scene.app.resume(run)
    assert scene.app.run_state(run).status == "cancelled"
    assert scene.taken_back(run).success
    assert scene.next_step(deal) is None
    assert scene.app.undoing(run).outcome == "completed"


def test_what_is_in_doubt_is_not_guessed(scene: Scene, deal: str) -> None:
    """Undo takes back what surely happened, and says how to find out about the rest; nobody decides on it before."""

    def lost(_: object) -> object:
        raise OSError("cut")

    scene.mailer.answer = lost
    preview, yes = confirmed(scene.app, step("early", deal, "first"), mail())
    run = str(scene.app.run(preview, yes).run_id)
    assert scene.app.run_state(run).status == "paused"
    told = " ".join(scene.app.undo(run).assumptions)
    assert "Not known whether it happened: Send a mail" in told
    assert f"actwright resume {run}" in told
    with pytest.raises(RefusedError, match="can still be found out"):
        scene.app.decide_undo(run, "mail.1", "ignored", who="Bob", why="Leave it.")
    assert scene.taken_back(run).success
    assert scene.next_step(deal) is None
    undoing = scene.app.undoing(run)
    assert undoing.outcome == "partial"
    assert [(each.id, each.status) for each in undoing.open] == [("mail.1", "in_doubt")]


def test_what_was_found_out_later_is_taken_back(
    shared_org: LocalOrg, scene: Scene, deal: str
) -> None:
    """An answer that was lost after the commit, and settled by the ledger, is as good as one that came."""
    preview, yes = confirmed(scene.app, amount("a1", deal, 99_000))
    with_loss = shared_org.faults.lose_answer()
    done = scene.app.run(preview, yes)
    assert with_loss.happened == 1
    assert done.success, done.errors
    run = str(done.run_id)
    assert "group_reconciled" in {each.kind for each in scene.app.events(run)}
    assert scene.taken_back(run).success
    assert scene.admin.field("Opportunity", deal, "Amount") == 120_000
