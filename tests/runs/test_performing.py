"""Carrying out what acts by itself: once, after the yes, with what was confirmed; its answers kept, its failures told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Event

import pytest
from tests.opaque_scene import ALLOWED, Mailer, mail, step
from tests.scenario import Rest, confirmed, texts

from actwright import ActionRequest, Actwright, OrchestratorResult, Preview
from actwright.actions.opaque import Reconciliation
from actwright.canonical import Json
from actwright.errors import InputError, OrgTimeoutError, RefusedError, exit_code_of
from actwright.testing import LocalOrg


@dataclass(frozen=True)
class Scene:
    """Alice's Actwright, and the override it may let act."""

    app: Actwright
    mailer: Mailer

    def run(self, *actions: Mapping[str, Json]) -> OrchestratorResult:
        """Carry out these actions."""
        preview, yes = confirmed(self.app, *actions)
        return self.app.run(preview, yes)


@pytest.fixture
def scene(shared_org: LocalOrg) -> Scene:
    """Give the scene."""
    app, mailer = shared_org.as_user(settings=ALLOWED), Mailer()
    app.register("SendMail", mailer)
    return Scene(app, mailer)


def raising(error: BaseException) -> Callable[[ActionRequest], object]:
    """Return an answer that is none."""

    def fail(_: ActionRequest) -> object:
        raise error

    return fail


def kinds(app: Actwright, envelope: OrchestratorResult) -> list[str]:
    """Return what the journal of a run holds."""
    return [each.kind for each in app.events(envelope.run_id or "")]


def test_it_acts_once_and_what_came_of_it_is_kept(scene: Scene) -> None:
    """In the envelope and in the journal, with an intent before it."""
    envelope = scene.run(mail())
    assert envelope.success, envelope.errors
    assert scene.mailer.acted == [{"To": "jane@example.com", "Subject": "Hello"}]
    (result,) = envelope.results
    assert (result.status, result.outputs, result.record_ids) == ("done", {"messageId": "m-1"}, ())
    assert envelope.logs == ("Send a mail: acted by itself, and says: messageId m-1.",)
    assert kinds(scene.app, envelope) == [
        "run_started",
        "group_checked",
        "group_intended",
        "group_settled",
        "run_ended",
    ]
    (settled,) = (
        each for each in scene.app.events(envelope.run_id or "") if each.kind == "group_settled"
    )
    assert settled.data["outcomes"][0]["outputs"] == {"messageId": "m-1"}


def test_records_are_written_before_it_unless_they_wait_for_it(
    scene: Scene, admin: Rest, deal: str
) -> None:
    """What can be rolled back is tried first; what waits goes behind."""
    seen: list[object] = []

    def look(_: ActionRequest) -> object:
        seen.append(admin.field("Opportunity", deal, "NextStep"))
        return {}

    scene.mailer.answer = look
    envelope = scene.run(mail(), step("a", deal, "free"))
    assert envelope.success, envelope.errors
    assert seen == ["free"]
    waiting = step("a", deal, "behind", dependsOn=["mail"])
    assert scene.run(mail(), waiting).success
    assert seen == ["free", "free"]
    assert admin.field("Opportunity", deal, "NextStep") == "behind"


@pytest.mark.parametrize(
    "error", [KeyError("x"), OrgTimeoutError("late"), RecursionError(), SystemExit(0)]
)
def test_one_that_breaks_down_leaves_the_outcome_unknown(
    scene: Scene, admin: Rest, deal: str, error: BaseException
) -> None:
    """It may have acted: it is not tried again, nothing behind it is sent, and the run says so."""
    scene.mailer.answer = raising(error)
    envelope = scene.run(mail(), step("a", deal, "behind", dependsOn=["mail"]))
    assert not envelope.success
    assert envelope.stopped_by == "outcome_unknown"
    assert [each.status for each in envelope.results] == ["unknown", "not_run"]
    assert "may have done what it promised" in envelope.errors[0]
    assert type(error).__name__ in texts(envelope.errors)
    assert envelope.status == "paused"
    assert len(scene.mailer.acted) == 1
    assert admin.field("Opportunity", deal, "NextStep") is None


def test_a_run_that_is_broken_off_while_it_acts_is_in_doubt(scene: Scene) -> None:
    """The person stopped the program: nothing is claimed, and nothing tried again before somebody tells."""
    preview, yes = confirmed(scene.app, mail())
    scene.mailer.answer = raising(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        scene.app.run(preview, yes)
    (state, *_) = scene.app.runs()
    assert (state.status, state.in_doubt) == ("running", ("g1",))
    envelope = scene.app.resume(state.id)
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert "no way to tell" in texts(envelope.errors)
    assert not scene.app.run(preview, yes).success
    assert len(scene.mailer.acted) == 1


UNDECIDED = Reconciliation(None)


@dataclass
class Telling(Mailer):
    """A mailer that can tell whether it acted."""

    told: Reconciliation = UNDECIDED
    asked: list[str] = field(default_factory=list)

    def reconcile(self, request: ActionRequest, key: str) -> Reconciliation:
        """Tell it."""
        assert request.key == key
        self.asked.append(key)
        if self.told.happened is False:
            self.answer = lambda _: {"messageId": "second"}
        return self.told


@pytest.mark.parametrize(
    ("told", "status", "acted"),
    [
        (Reconciliation(True, {"messageId": "found"}), "done", 1),  # noqa: FBT003 - it happened
        (Reconciliation(False), "done", 2),  # noqa: FBT003 - it did not
        (Reconciliation(None, evidence=("The mailbox is gone.",)), "unknown", 1),
    ],
)
def test_one_that_can_tell_whether_it_acted_is_asked(
    shared_org: LocalOrg, told: Reconciliation, status: str, acted: int
) -> None:
    """What happened is taken as it says, what did not is done under a new key, and what it cannot tell is a person's."""
    app = shared_org.as_user(settings=ALLOWED)
    mailer = Telling(raising(OSError("broken pipe")), told=told)
    app.register("SendMail", mailer)
    preview, yes = confirmed(app, mail())
    envelope = app.run(preview, yes)
    assert (envelope.results[0].status, len(mailer.acted)) == (status, acted)
    assert len(mailer.asked) == 1
    if told.happened is None:
        assert envelope.status == "paused"
        assert "The mailbox is gone." in envelope.errors
    else:
        word = "found" if told.happened else "second"
        assert envelope.results[0].outputs == {"messageId": word}


@pytest.mark.parametrize(
    "told",
    [
        Reconciliation("no"),  # type: ignore[arg-type]  # an author without a type checker
        Reconciliation(0),  # type: ignore[arg-type]  # likewise
        Reconciliation(True, None),  # type: ignore[arg-type]  # noqa: FBT003 - it happened
        Reconciliation(None, evidence=7),  # type: ignore[arg-type]  # likewise
        True,
    ],
)
def test_what_nobody_can_read_of_one_that_was_asked_is_a_persons(
    shared_org: LocalOrg, told: object
) -> None:
    """It is no yes, no no, and no defect of ours."""
    app = shared_org.as_user(settings=ALLOWED)
    mailer = Telling(raising(OSError("broken pipe")))
    vars(mailer)["reconcile"] = lambda _, __: told
    app.register("SendMail", mailer)
    envelope = app.run(*confirmed(app, mail()))
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert "its answer cannot be read" in texts(envelope.errors)
    assert len(mailer.acted) == 1


def test_one_that_takes_too_long_is_not_waited_for(shared_org: LocalOrg) -> None:
    """It says how long it may take; after that nobody knows whether it has acted."""
    app = shared_org.as_user(settings=ALLOWED)
    let_go = Event()
    mailer = Telling(lambda _: {"late": let_go.wait(5)}, told=Reconciliation(None))
    vars(mailer)["timeout_seconds"] = 0.05
    app.register("SendMail", mailer)
    preview, yes = confirmed(app, mail())
    envelope = app.run(preview, yes)
    let_go.set()
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert "did not come back within" in texts(envelope.errors)


def test_one_that_declines_has_done_nothing(scene: Scene, admin: Rest, deal: str) -> None:
    """A refusal of its own is told as such, and what went before it stands."""
    scene.mailer.answer = raising(RefusedError("No mails on Sundays.", code="sunday"))
    envelope = scene.run(step("a", deal, "before"), mail())
    assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("override_failed", 1)
    assert [each.status for each in envelope.results] == ["done", "failed"]
    (issue,) = envelope.results[1].issues
    assert issue.code == "override_failed"
    assert "sunday: No mails on Sundays." in issue.message
    hint = envelope.hint or ""
    assert f"preview what is left of the plan: actwright fork {envelope.run_id} --at " in hint
    assert "step 1 happened, step 2 not done" in hint
    assert admin.field("Opportunity", deal, "NextStep") == "before"


@pytest.mark.parametrize(
    "error",
    [RefusedError("The service is away.", code="service_not_reached"), InputError("No such city.")],
)
def test_what_it_did_not_do_is_no_refusal_of_ours(scene: Scene, error: Exception) -> None:
    """The run failed (exit code 1), and what to run next is told, held or ended."""
    scene.mailer.answer = raising(error)
    preview, yes = confirmed(scene.app, mail())
    envelope = scene.app.run(preview, yes)
    assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("override_failed", 1)
    again = f"preview the plan again: actwright preview {preview.plan_id}"
    assert (envelope.hint or "").endswith(again)
    held = scene.app.run(*confirmed(scene.app, mail()), on_failure="pause")
    assert (held.status, held.stopped_by) == ("paused", "override_failed")
    assert f"actwright resume {held.run_id} --action retry" in (held.hint or "")


def test_it_does_not_act_where_what_goes_before_it_fails(
    scene: Scene, admin: Rest, deal: str
) -> None:
    """The first group that fails stops the rest."""
    preview, yes = confirmed(scene.app, step("a", deal, "x"), mail())
    admin.change("Opportunity", deal, NextStep="moved")
    envelope = scene.app.run(preview, yes)
    assert envelope.stopped_by == "drift"
    assert [each.status for each in envelope.results] == ["refused", "not_run"]
    assert scene.mailer.acted == []


@pytest.mark.parametrize("answer", [None, 7, "done", [("a", 1), 2]])
def test_an_answer_nobody_can_read_leaves_the_outcome_unknown(scene: Scene, answer: object) -> None:
    """It has acted, and does not say what came of it."""
    scene.mailer.answer = lambda _: answer
    assert scene.run(mail()).stopped_by == "outcome_unknown"


def test_whatever_it_says_came_of_it_can_be_written_down(scene: Scene) -> None:
    """Numbers no JSON holds and odd objects become text; what is too long or too much is cut."""
    said = {
        "nan": float("nan"),
        "long": 2**70,
        "amount": Decimal("1.50"),
        "flag": True,
        "half": 0.5,
        "text\x1b[2J": "a\u202eb\ud800",
        "none": None,
    } | {f"n{each}": each for each in range(100)}
    scene.mailer.answer = lambda _: said
    envelope = scene.run(mail())
    assert envelope.success, envelope.errors
    outputs = envelope.results[0].outputs
    assert len(outputs) == 50
    assert outputs | {"nan": "nan", "long": str(2**70), "amount": "1.50", "flag": True} == outputs
    assert outputs | {"half": 0.5, "text[2J": "ab", "none": None, "n0": 0} == outputs


def test_what_is_too_much_to_be_kept_is_said_to_be_cut(scene: Scene) -> None:
    """A long text is kept whole; of a longer one, and of too many, the envelope warns."""
    scene.mailer.answer = lambda _: {"text": "x" * 99_000}
    envelope = scene.run(mail())
    assert (envelope.results[0].outputs, envelope.warnings) == ({"text": "x" * 99_000}, ())
    more = {"text": "x" * 100_001} | {f"n{each}": each for each in range(51)}
    scene.mailer.answer = lambda _: more
    (warning,) = scene.run(mail()).warnings
    assert "text is cut to 100,000 of its 100,001 characters; 2 more are left out." in warning


def test_another_override_than_shown_does_not_act(scene: Scene) -> None:
    """Neither one of another kind nor an ordinary one takes the place of what was confirmed."""

    class Other(Mailer):
        """Another override."""

    preview, yes = confirmed(scene.app, mail())
    other = Other()
    scene.app.register("SendMail", other, replace=True)
    assert scene.app.run(preview, yes).stopped_by == "drift"
    assert other.acted == scene.mailer.acted == []


def test_one_that_promises_something_else_by_now_does_not_act(scene: Scene) -> None:
    """The yes was to what it promised then; both promises are told."""
    preview, yes = confirmed(scene.app, mail())
    scene.mailer.words = "Sends it to everybody."
    envelope = scene.app.run(preview, yes)
    assert envelope.stopped_by == "drift"
    assert [each.code for each in envelope.results[0].issues] == ["drift_promises"]
    assert "now it promises Sends it to everybody." in envelope.errors[0]
    assert scene.mailer.acted == []


def _undone(app: Actwright, envelope: OrchestratorResult) -> Preview:
    return app.preview(app.undo(envelope.run_id or ""))


def test_undo_names_it_and_takes_back_the_rest(scene: Scene, deal: str) -> None:
    """What acted by itself stands; the records get their old values."""
    envelope = scene.run(step("a", deal, "x"), mail())
    plan = scene.app.undo(envelope.run_id or "")
    assert "Send a mail" in texts(plan.assumptions)
    (effect,) = _undone(scene.app, envelope).effects
    assert (effect.object, effect.changes[0].after) == ("Opportunity", None)


def test_a_run_that_only_acted_by_itself_cannot_be_taken_back(scene: Scene) -> None:
    """And says what stands."""
    envelope = scene.run(mail())
    with pytest.raises(RefusedError, match="Send a mail") as caught:
        scene.app.undo(envelope.run_id or "")
    assert caught.value.error_code == "nothing_to_undo"
