"""Taking back what overrides did by themselves: shown, confirmed, done once, in time, and never claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from tests.opaque_scene import ALLOWED, Recalling, mail, step
from tests.scenario import Rest, confirmed, texts

from actwright import ActionRequest, Actwright, OrchestratorResult, Plan, Preview
from actwright.actions.opaque import Reconciliation
from actwright.canonical import Json
from actwright.errors import RefusedError
from actwright.runs.interventions.intervention import Intervention
from actwright.testing import FixedClock, LocalOrg


@dataclass(frozen=True)
class Scene:
    """Alice's Actwright, the override it may let act, and the time."""

    app: Actwright
    mailer: Recalling
    clock: FixedClock

    def sent(self, *actions: Mapping[str, Json]) -> str:
        """Carry out these actions, and return the run."""
        preview, yes = confirmed(self.app, *actions)
        done = self.app.run(preview, yes)
        assert done.success, done.errors
        return str(done.run_id)

    def preview(self, plan: Plan) -> Preview:
        """Preview an undo."""
        return self.app.preview(plan, allow_delete=True)

    def taken_back(self, run: str) -> OrchestratorResult:
        """Take a run back as far as that goes."""
        preview = self.preview(self.app.undo(run))
        assert preview.blocked == ()
        return self.app.run(preview, self.app.confirm(preview, approver="Alice Archer"))

    def status(self, run: str) -> dict[str, str]:
        """Return how far each effect of a run is taken back."""
        return {each.id: each.status for each in self.app.undoing(run).effects}


@pytest.fixture
def scene(shared_org: LocalOrg) -> Scene:
    """Give the scene; its mailer sends one mail, and recalls it."""
    clock = FixedClock(datetime.now(UTC))
    app, mailer = shared_org.as_user(settings=ALLOWED, clock=clock), Recalling()
    app.register("SendMail", mailer)
    return Scene(app, mailer, clock)


def test_a_mail_is_recalled_after_a_yes_to_what_that_means(
    scene: Scene, admin: Rest, deal: str
) -> None:
    """The promise stands in the question; records and services are taken back by one plan, and told so."""
    run = scene.sent(step("a", deal, "x"), mail())
    preview = scene.preview(scene.app.undo(run))
    assert "Recalls m-1 to jane@example.com" in preview.question
    assert [each.operation for each in preview.effects] == ["UPDATE", "CALL"]
    assert scene.mailer.recalled == []
    assert scene.app.undoing(run).outcome == "none"
    done = scene.app.run(preview, scene.app.confirm(preview, approver="Alice Archer"))
    assert done.success, done.errors
    assert scene.mailer.recalled == [("jane@example.com", "m-1")]
    assert admin.field("Opportunity", deal, "NextStep") is None
    undoing = scene.app.undoing(run)
    assert (undoing.outcome, undoing.undone_by) == ("completed", (done.run_id,))
    with pytest.raises(RefusedError, match=f"was taken back by {done.run_id}"):
        scene.app.undo(run)


def test_the_preview_of_the_mail_says_that_there_is_a_way_back(scene: Scene) -> None:
    """Whoever says yes knows beforehand."""
    preview, _ = confirmed(scene.app, mail())
    (undo,) = preview.undo
    assert undo.possible
    assert "can take it back" in undo.text
    assert "cannot be checked; it says that it can take it back" in preview.question


def test_a_no_is_never_taken_for_a_yes(scene: Scene, admin: Rest, deal: str) -> None:
    """The mail stays on the list with the error, the record is taken back all the same, and a second try does the rest."""
    run = scene.sent(step("a", deal, "x"), mail())
    scene.mailer.said = {"status": "failed"}
    done = scene.taken_back(run)
    assert not done.success
    assert admin.field("Opportunity", deal, "NextStep") is None
    undoing = scene.app.undoing(run)
    assert undoing.outcome == "partial"
    (left,) = undoing.open
    assert (left.id, left.status, left.by) == ("mail.1", "failed", (done.run_id,))
    assert "compensation_failed" in left.why
    scene.mailer.said = {"status": "completed"}
    plan = scene.app.undo(run)
    assert [each.blueprint.operation for each in plan.actions] == ["CALL"]
    assert scene.taken_back(run).success
    assert scene.app.undoing(run).outcome == "completed"


def test_an_answer_nobody_can_read_is_in_doubt(scene: Scene) -> None:
    """Neither taken back nor not, until a person has looked; it is not tried again."""
    run = scene.sent(mail())
    scene.mailer.said = {"status": "who knows"}
    back = scene.taken_back(run)
    assert not back.success
    assert scene.status(run) == {"mail.1": "in_doubt"}
    answer = Intervention(
        action="provide_clarification",
        actor="Alice Archer",
        why="I looked.",
        key="k1",
        answer="happened",
    )
    scene.app.intervene(str(back.run_id), answer)
    assert scene.app.resume(str(back.run_id)).success
    assert scene.app.undoing(run).outcome == "completed"
    assert len(scene.mailer.recalled) == 1


def test_it_is_too_late_after_the_period_of_the_override(scene: Scene) -> None:
    """At planning, and also where the plan was made in time and is carried out later."""
    scene.mailer.expires_after = timedelta(hours=1)
    run = scene.sent(mail())
    preview = scene.preview(scene.app.undo(run))
    yes = scene.app.confirm(preview, approver="Alice Archer", lifetime=timedelta(hours=3))
    scene.clock.advance(timedelta(hours=2))
    done = scene.app.run(preview, yes)
    assert not done.success
    assert "could be taken back for 1 hour" in texts(done.errors)
    with pytest.raises(RefusedError, match="Too late"):
        scene.app.undo(run)
    assert scene.mailer.recalled == []


def test_the_period_begins_when_it_acted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when a person found out, days later, that it had."""
    scene.mailer.expires_after = timedelta(hours=1)
    preview, yes = confirmed(scene.app, mail())
    with monkeypatch.context() as broken:
        broken.setattr(Recalling, "act", lambda *_: 1 / 0)
        run = str(scene.app.run(preview, yes).run_id)
    scene.clock.advance(timedelta(hours=2))
    said = Intervention(
        action="provide_clarification", actor="Alice Archer", why="I looked.", answer="happened"
    )
    scene.app.intervene(run, said)
    assert scene.app.resume(run).success
    with pytest.raises(RefusedError, match="Too late"):
        scene.app.undo(run)


def test_two_plans_recall_it_once(scene: Scene) -> None:
    """The second yes, to a plan made before the first was carried out, does nothing."""
    run = scene.sent(mail())
    first, second = (scene.preview(scene.app.undo(run)) for _ in range(2))
    answers = [scene.app.confirm(each, approver="Alice Archer") for each in (first, second)]
    assert scene.app.run(first, answers[0]).success
    again = scene.app.run(second, answers[1])
    assert not again.success
    assert "was taken back by" in texts(again.errors)
    assert len(scene.mailer.recalled) == 1


def test_it_needs_the_same_allowance(scene: Scene, shared_org: LocalOrg) -> None:
    """Where the override may not act by itself, it may not take back by itself either."""
    run = scene.sent(mail())
    bare = shared_org.as_user(clock=scene.clock)
    bare.register("SendMail", scene.mailer)
    preview = bare.preview(bare.undo(run))
    assert [each.code for each in preview.blocked] == ["opaque_not_allowed"]


@pytest.mark.parametrize("undoes", [None, "run_00000000000000000001"])
def test_only_the_undo_of_its_run_takes_something_back(scene: Scene, undoes: str | None) -> None:
    """A plan of another kind, or the undo of another run, would not be counted, and could recall it twice."""
    run = scene.sent(mail())
    plan = scene.app.undo(run)
    planner = plan.planner.model_copy(update={"undoes": undoes})
    other = scene.app.plans.add(plan.model_copy(update={"planner": planner}))
    (issue,) = scene.preview(other).blocked
    assert (issue.code, issue.hint) == (
        "opaque_not_allowed",
        "Make the plan that takes it back with: actwright undo RUN",
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"success": "false"}, "failed"),
        ({"ok": 0}, "failed"),
        ({"success": None}, "failed"),
        ({"ok": "perhaps"}, "in_doubt"),
        ({"success": True, "status": "maybe"}, "in_doubt"),
        ({"success": "yes"}, "taken_back"),
        ({"status": "completed", "ok": 1}, "taken_back"),
    ],
)
def test_only_a_yes_is_one(scene: Scene, said: dict[str, Json], status: str) -> None:
    """Whatever its type: a service that writes its no as text has said no."""
    run = scene.sent(mail())
    scene.mailer.said = said
    scene.taken_back(run)
    assert scene.status(run) == {"mail.1": status}


def test_an_undo_of_a_recall_is_none(scene: Scene) -> None:
    """What was taken back by an override is not done again by anybody."""
    run = scene.sent(mail())
    back = str(scene.taken_back(run).run_id)
    with pytest.raises(RefusedError, match="only the override knows"):
        scene.app.undo(back)


def test_one_that_fails_does_not_keep_the_others_from_being_tried(scene: Scene) -> None:
    """Each compensation stands for itself; only the one that failed is tried again."""
    run = scene.sent(mail("m1", to="a@example.com"), mail("m2", to="b@example.com"))
    answers = iter([{"status": "failed"}, {}])
    scene.mailer.said_next = lambda: next(answers)
    assert not scene.taken_back(run).success
    assert sorted(scene.status(run).values()) == ["failed", "taken_back"]
    assert len(scene.mailer.recalled) == 2
    scene.mailer.said_next = None
    assert scene.taken_back(run).success
    assert len(scene.mailer.recalled) == 3
    assert scene.app.undoing(run).outcome == "completed"


@pytest.mark.parametrize(("happened", "status"), [(True, "taken_back"), (None, "in_doubt")])
def test_an_override_that_can_is_asked_what_became_of_it(
    scene: Scene, *, happened: bool | None, status: str
) -> None:
    """Where its answer was lost, it is asked under the very key; where it cannot tell either, nobody guesses."""
    asked: list[tuple[object, str]] = []

    class Asked(Recalling):
        """One that can be asked."""

        def reconcile_compensation(self, request: ActionRequest, key: str) -> Reconciliation:
            """Note the question, and answer."""
            asked.append((request.arguments["To"].value, key))
            return Reconciliation(happened)

    scene.app.register("SendMail", Asked(said=None), replace=True)
    run = scene.sent(mail())
    back = str(scene.taken_back(run).run_id)
    assert scene.status(run) == {"mail.1": status}
    assert {to for to, _ in asked} == {"jane@example.com"}
    assert all(key.startswith(f"{back}:") for _, key in asked)


def test_what_the_plan_says_of_the_deed_is_not_believed(scene: Scene) -> None:
    """An effect that never happened, or another run's, is refused before anything is asked of the override."""
    run = scene.sent(mail())
    plan = scene.app.undo(run)
    for forged in ("run_nowhere/mail.1", f"{run}/mail.2", f"{run}/", "", "\u202e"):
        other = scene.app.plans.add(plan.model_copy(update={"data": {"u1": forged}}))
        try:
            blocked = scene.preview(other).blocked
        except RefusedError as error:
            assert error.error_code == "nothing_to_undo"  # noqa: PT017 - both ways are refusals
        else:
            assert blocked
    assert scene.mailer.recalled == []
