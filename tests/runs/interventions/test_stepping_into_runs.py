"""Every intervention, from a run that stopped on a real local org to the record that was written, or was not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.opaque_scene import ALLOWED, Mailer, mail, step
from tests.runs.interventions.staged_run import SetClock, wish
from tests.scenario import Rest, confirmed, lookup, new_deal, task

from actwright.actions.implementation import ActionRequest
from actwright.canonical import Json
from actwright.errors import ActwrightError, InterventionError, PlanError, RefusedError
from actwright.runs.interventions.intervention import InterventionAction
from actwright.runs.record.chain import first_fault
from actwright.runs.record.envelope import OrchestratorResult
from actwright.testing import LocalOrg

WORDS = ("One", "Two", "Three")


class Moody:
    """What a mailer does: as it is told, once for each call, and then what it always does."""

    def __init__(self, *moods: Callable[[], object]) -> None:
        self.moods = list(moods)

    def __call__(self, _: ActionRequest) -> object:
        """Do the next thing it was told."""
        return self.moods.pop(0)() if self.moods else {"messageId": "m-1"}


def refuse() -> object:
    """Say that nothing was sent."""
    raise RefusedError("The mailbox is full.")


def break_down() -> object:
    """Break down after the mail may have gone out."""
    raise OSError("connection reset")


class Trip:
    """A run of three groups: a deal's next step, a mail, and another deal's next step."""

    def __init__(self, org: LocalOrg, admin: Rest, deals: tuple[str, str]) -> None:
        self.org, self.admin, self.deals = org, admin, deals
        self.app = org.as_user(settings=ALLOWED)
        self.run_id = ""
        self.keys: dict[str, str] = {}

    def started(
        self, *moods: Callable[[], object], last: Json = None, deadline: timedelta | None = None
    ) -> OrchestratorResult:
        """Carry it out with a mailer in these moods.

        Args:
            moods: What the mailer does, call by call.
            last: The argument of the last step, where it is not just a text.
            deadline: How long it may take.
        """
        self.mailer = Mailer(Moody(*moods))
        self.app.register("SendMail", self.mailer)
        first, second = self.deals
        third = step("third", second, "Call", dependsOn=["mail"])
        if last is not None:
            third["arguments"] = {"Id": lookup("Opportunity", "Name", second), "NextStep": last}
        preview, yes = confirmed(
            self.app, step("first", first, "Call"), mail(dependsOn=["first"]), third
        )
        result = self.app.run(preview, yes, on_failure="pause", deadline=deadline)
        self.run_id = result.run_id or ""
        return result

    def step_in(self, action: InterventionAction, **more: Any) -> dict[str, Any]:
        """Step into the run, and return what the event tells."""
        signed_by = more.pop("signed_by", None)
        key = self.keys[signed_by] if signed_by else None
        came = self.app.intervene(self.run_id, wish(action, **more), signing_key=key)
        return dict(came.data)

    def resumed(self) -> OrchestratorResult:
        """Drive the run on."""
        return self.app.resume(self.run_id)

    def gone_on(self, preview_id: str) -> OrchestratorResult:
        """Say yes to what comes next by an intervention, and drive the run on."""
        yes = self.app.confirm(preview_id, approver="Alice Archer")
        self.step_in("confirm_continue", confirmation_id=yes.id)
        return self.resumed()

    def objected_to(self) -> None:
        """File an objection that three approvers may decide."""
        for each in ("Ann", "Ben", "Cleo"):
            name = f"{each} {uuid4().hex[:8]}"
            _, self.keys[each] = self.app.approvers.add(name, by="root")
        self.step_in("override")

    def next_steps(self) -> list[str | None]:
        """Return what the two deals say by now."""
        return [self.admin.field("Opportunity", each, "NextStep") for each in self.deals]

    def kinds(self) -> list[str]:
        """Return the kinds of the run's events; its chain is whole, and it has at most one end."""
        events = self.app.events(self.run_id)
        assert first_fault(events) is None
        kinds = [each.kind for each in events]
        assert kinds.count("run_ended") <= 1
        return [str(each) for each in kinds]


@pytest.fixture
def trip(shared_org: LocalOrg, admin: Rest, new_deals: tuple[str, str]) -> Trip:
    """Give a run that has not begun."""
    return Trip(shared_org, admin, new_deals)


@pytest.fixture
def new_deals(admin: Rest, deal: str) -> tuple[str, str]:
    """Give the names of two deals of one's own."""
    return deal, new_deal(admin)


def test_a_group_that_failed_is_tried_again(trip: Trip) -> None:
    """What was done before is not done again; the rest follows."""
    held = trip.started(refuse)
    assert (held.success, held.status) == (False, "paused")
    trip.step_in("retry")
    ended = trip.resumed()
    assert (ended.success, ended.status) == (True, "completed")
    assert trip.next_steps() == ["Call", "Call"]
    assert len(trip.mailer.acted) == 2
    assert trip.kinds().count("group_intended") == 4


def test_a_retry_looks_at_the_records_again(trip: Trip, admin: Rest) -> None:
    """What somebody changed meanwhile is drift, before anything is sent."""
    trip.started(refuse)
    admin.change("Opportunity", trip.deals[1], NextStep="Signed")
    trip.step_in("retry")
    held = trip.resumed()
    assert (held.status, held.stopped_by) == ("paused", "drift")
    assert trip.next_steps() == ["Call", "Signed"]


def test_a_run_goes_on_without_a_group(trip: Trip) -> None:
    """What needs it is named, and left out too; the end says so."""
    trip.started(refuse)
    with pytest.raises(InterventionError, match="cannot be done without it: g3"):
        trip.step_in("skip_stage")
    trip.step_in("skip_stage", also=("third",))
    ended = trip.resumed()
    assert (ended.success, ended.status, ended.stopped_by) == (True, "completed", None)
    assert [each.status for each in ended.results] == ["done", "failed", "not_run"]
    assert trip.next_steps() == ["Call", None]
    assert len(trip.mailer.acted) == 1


def test_a_run_goes_on_with_a_group_that_does_not_need_what_failed(trip: Trip) -> None:
    """The one that failed is left out, on the record, and nothing is previewed anew."""
    trip.mailer = Mailer(Moody(refuse))
    trip.app.register("SendMail", trip.mailer)
    preview, yes = confirmed(trip.app, mail("one"), mail("two"))
    trip.run_id = trip.app.run(preview, yes, on_failure="pause").run_id or ""
    assert trip.step_in("force_branch", target="two")["skipped"] == ["g1"]
    ended = trip.resumed()
    assert (ended.status, [each.status for each in ended.results]) == (
        "completed",
        ["failed", "done"],
    )
    assert "run_continued" not in trip.kinds()


def test_a_branch_past_what_is_needed_asks_again(trip: Trip) -> None:
    """A new preview without the mail, a new yes, a new stage of the same run."""
    trip.started(refuse)
    asked = trip.step_in("force_branch", target="third")
    assert trip.app.run_state(trip.run_id).status == "paused"
    ended = trip.gone_on(asked["previewId"])
    assert (ended.success, ended.status) == (True, "completed")
    assert trip.next_steps() == ["Call", "Call"]
    assert len(trip.mailer.acted) == 1
    assert trip.kinds().count("run_continued") == 1


def test_other_values_are_previewed_and_confirmed_first(trip: Trip) -> None:
    """A literal is replaced; until the yes nothing moves, and afterwards only what was confirmed is done."""
    trip.started(refuse)
    asked = trip.step_in("retry_with_inputs", inputs={"third.NextStep": "Send the offer"})
    assert trip.next_steps() == ["Call", None]
    assert trip.resumed().status == "paused"
    ended = trip.gone_on(asked["previewId"])
    assert ended.success, ended.errors
    assert trip.next_steps() == ["Call", "Send the offer"]


def test_values_nobody_can_preview_change_nothing(trip: Trip) -> None:
    """An input that is not there is named."""
    trip.started(refuse)
    before = trip.kinds()
    with pytest.raises(PlanError, match="Nope"):
        trip.step_in("retry_with_inputs", inputs={"third.Nope": 1})
    assert trip.kinds() == before


@pytest.mark.parametrize(("action", "status"), [("cancel", "cancelled"), ("abort_flow", "aborted")])
def test_a_held_run_is_ended(trip: Trip, action: InterventionAction, status: str) -> None:
    """Nothing more is done, and what was done is told."""
    trip.started(refuse)
    trip.step_in(action)
    ended = trip.resumed()
    assert (ended.success, ended.status, ended.effects_done) == (False, status, 1)
    assert trip.app.run_state(trip.run_id).reason == "Bob: because"
    assert trip.next_steps() == ["Call", None]


def test_an_abort_leaves_a_doubt_on_the_record(trip: Trip) -> None:
    """A cancel would promise that everything is known, and is refused."""
    held = trip.started(break_down)
    assert (held.status, held.stopped_by) == ("paused", "outcome_unknown")
    with pytest.raises(InterventionError, match="cancel does not apply"):
        trip.step_in("cancel")
    trip.step_in("abort_flow")
    ended = trip.resumed()
    assert ended.status == "aborted"
    assert [each.status for each in ended.results] == ["done", "unknown", "not_run"]


@pytest.mark.parametrize(("answer", "mails"), [("happened", 1), ("did not happen", 2)])
def test_a_person_says_what_became_of_a_group(trip: Trip, answer: str, mails: int) -> None:
    """What happened is not done again; what did not is."""
    trip.started(break_down)
    trip.step_in("provide_clarification", answer=answer)
    ended = trip.resumed()
    assert (ended.success, ended.status) == (True, "completed")
    assert len(trip.mailer.acted) == mails
    assert trip.next_steps() == ["Call", "Call"]


def test_what_came_of_an_override_is_told_by_a_person_and_later_waves_use_it(trip: Trip) -> None:
    """Only of an override in doubt; the next wave is previewed with it, and undo is handed it."""
    trip.started(break_down, last={"from": "actions.mail.output.messageId"})
    said: dict[str, Any] = {"answer": "happened"}
    with pytest.raises(InterventionError, match=r"first\.1 put nothing out"):
        trip.step_in("provide_clarification", outputs={"first.1": {"a": "b"}}, **said)
    outputs = {"mail.1": {"messageId": "m-9"}}
    with pytest.raises(InterventionError, match="put nothing out"):
        trip.step_in("provide_clarification", answer="did not happen", outputs=outputs)
    trip.step_in("provide_clarification", outputs=outputs, **said)
    assert trip.resumed().status == "waiting"
    ended = trip.gone_on(trip.app.wave(trip.run_id).id)
    assert ended.success, ended.errors
    assert trip.next_steps() == ["Call", "m-9"]
    assert ended.results[1].outputs == {"messageId": "m-9"}


def test_a_record_created_in_doubt_is_told_by_its_id(shared_org: LocalOrg, admin: Rest) -> None:
    """Carol has no ledger: her lost task is looked up by a person, and the run completed with its id."""
    app = shared_org.as_user("carol")
    subject = f"Lost {uuid4().hex[:8]}"
    preview, yes = confirmed(app, task(subject=subject))
    shared_org.faults.lose_answer()
    held = app.run(preview, yes, on_failure="pause")
    assert (held.status, held.stopped_by) == ("paused", "outcome_unknown")
    run_id = held.run_id or ""
    (found,) = admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")
    effect = preview.effects[0].id
    with pytest.raises(InterventionError, match="has to be told"):
        app.intervene(run_id, wish("provide_clarification", answer="happened"))
    told = wish("provide_clarification", answer="happened", records={effect: found["Id"]})
    shared_org.as_user("admin").intervene(run_id, told)
    ended = app.resume(run_id)
    assert ended.success, ended.errors
    assert ended.results[0].record_ids == (found["Id"],)
    assert admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'") == [found]


def test_a_record_that_cannot_be_the_created_one_is_refused(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """One of another object, one that is not there, and somebody else's: undo would delete it."""
    app = shared_org.as_user("carol")
    preview, yes = confirmed(app, task(subject=f"Lost {uuid4().hex[:8]}"))
    shared_org.faults.lose_answer()
    run_id = app.run(preview, yes).run_id or ""
    before = app.events(run_id)
    admins = admin.call("POST", "/sobjects/Task", {"Subject": "Older"})["id"]
    (deal,) = admin.rows("SELECT Id FROM Opportunity LIMIT 1")
    for wrong, why in (
        (deal["Id"], "another object"),
        ("00T000000000001", "no such record"),
        (admins, "somebody else has created it"),
    ):
        records = {preview.effects[0].id: wrong}
        with pytest.raises(ActwrightError, match=why):
            app.intervene(run_id, wish("provide_clarification", answer="happened", records=records))
    assert app.events(run_id) == before


def test_a_wave_goes_on_with_a_yes_of_its_own(trip: Trip) -> None:
    """The mail's own output is in the preview a person says yes to."""
    waits = trip.started(last={"from": "actions.mail.output.messageId"})
    assert waits.status == "waiting"
    with pytest.raises(InterventionError, match="needs a yes of its own"):
        trip.step_in("confirm_continue")
    ended = trip.gone_on(trip.app.wave(trip.run_id).id)
    assert ended.success, ended.errors
    assert trip.next_steps() == ["Call", "m-1"]


def test_an_objection_that_is_dismissed_lets_the_run_go_on(trip: Trip) -> None:
    """Not before the second signature; what had failed still waits for a person then."""
    trip.started(refuse)
    trip.objected_to()
    assert trip.resumed().status == "paused"
    trip.step_in("dismiss", signed_by="Ann")
    assert trip.resumed().status == "paused"
    trip.step_in("dismiss", signed_by="Ben")
    trip.resumed()
    assert trip.app.run_state(trip.run_id).waiting_for == "retry"
    trip.step_in("retry")
    assert trip.resumed().status == "completed"


def test_an_objection_that_is_upheld_ends_the_run(trip: Trip) -> None:
    """It ends as aborted, and says whose objection it was."""
    trip.started(refuse)
    trip.objected_to()
    trip.step_in("uphold", signed_by="Ann")
    trip.step_in("uphold", signed_by="Cleo")
    ended = trip.resumed()
    assert (ended.success, ended.status) == (False, "aborted")
    assert "Bob was upheld" in trip.app.run_state(trip.run_id).reason
    assert trip.next_steps() == ["Call", None]


def test_values_approvers_agree_on_are_what_is_done(trip: Trip) -> None:
    """A person says yes to exactly those."""
    trip.started(refuse)
    trip.objected_to()
    values = {"third.NextStep": "Ask legal first"}
    for name in ("Ann", "Ben"):
        trip.step_in("modify", signed_by=name, inputs=values)
    ended = trip.gone_on(trip.app.wave(trip.run_id).id)
    assert ended.success, ended.errors
    assert trip.next_steps() == ["Call", "Ask legal first"]


@pytest.mark.parametrize(
    ("action", "status"),
    [("override", "paused"), ("cancel", "cancelled"), ("abort_flow", "aborted")],
)
def test_a_run_is_stopped_while_it_is_carried_out(
    trip: Trip, action: InterventionAction, status: str
) -> None:
    """Somebody else steps in: what is out is finished and written down; nothing is sent behind it."""
    bob = trip.org.as_user("bob")
    for name in WORDS:
        bob.approvers.add(f"{name} {uuid4().hex[:8]}", by="root")

    def meanwhile() -> object:
        (running,) = [each for each in bob.runs(limit=1) if each.status == "running"]
        bob.intervene(running.id, wish(action))
        return {"messageId": "m-1"}

    stopped = trip.started(meanwhile)
    assert stopped.status == status
    assert trip.next_steps() == ["Call", None]
    assert [each.status for each in trip.app.run_state(trip.run_id).steps] == ["done", "done"]


def test_a_run_of_another_org_is_stopped_and_not_let_go_on(
    trip: Trip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records are not here."""
    trip.started(refuse)
    elsewhere = trip.app.org.identity.model_copy(update={"id": "00D000000000009AAA"})
    monkeypatch.setattr(type(trip.app.org), "identity", property(lambda _: elsewhere))
    before = trip.kinds()
    with pytest.raises(InterventionError) as caught:
        trip.step_in("retry")
    assert caught.value.error_code == "run_foreign"
    assert trip.kinds() == before
    assert trip.step_in("cancel")["ending"] == "cancelled"


def test_a_timer_ends_what_nobody_answers(shared_org: LocalOrg, trip: Trip) -> None:
    """It is fired once, and the next drive ends the run by it, truthfully."""
    clock = SetClock(datetime.now(UTC))
    trip.app = shared_org.as_user(settings=ALLOWED, clock=clock)
    trip.started(refuse, deadline=timedelta(hours=1))
    assert trip.app.due(trip.run_id) == ()
    clock.move(hours=1)
    (fired,) = trip.app.fire(trip.run_id)
    assert (fired.timer, fired.ends) == ("deadline", True)
    assert trip.app.fire(trip.run_id) == ()
    ended = trip.resumed()
    assert (ended.success, ended.status, ended.effects_done) == (False, "failed", 1)
    assert trip.app.run_state(trip.run_id).reason.startswith("The deadline ")
    assert trip.kinds().count("timer_fired") == 1
