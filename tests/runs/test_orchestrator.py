"""The orchestrator's order: what keeps a run from starting, and what becomes of one that does."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from tests.scenario import (
    Rest,
    action,
    amount,
    blueprint,
    confirmed,
    lookup,
    new_deal,
    plan_of,
    previewed,
    sign_in,
    task,
    texts,
    value,
    win,
)

from actwright import Actwright, Confirmation
from actwright.errors import (
    DocumentEditedError,
    InputError,
    PlanError,
    RefusedError,
    exit_code_of,
)
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal
from actwright.runs.state import fold
from actwright.testing import FixedClock, LocalOrg

STAGE = "Negotiation/Review"


def test_an_empty_plan_is_an_error_even_before_anybody_is_asked(app: Actwright) -> None:
    """A plan without actions has no preview."""
    with pytest.raises(PlanError) as caught:
        app.preview(plan_of(app))
    assert caught.value.error_code == "plan_empty"


def test_a_blocked_preview_that_nobody_confirmed_tells_its_issues(
    app: Actwright, deal: str
) -> None:
    """The envelope of a blocked preview holds each action's issues, not that nobody said yes."""
    preview = previewed(app, win(name=deal), amount("no", "No Such Deal", 5))
    envelope = app.run(preview)
    assert envelope.stopped_by == InputError.code
    assert [each.status for each in envelope.results] == ["not_run", "refused"]
    assert [each.code for each in envelope.results[1].issues] == ["lookup_not_found"]
    assert "No Such Deal" in texts(envelope.errors)
    assert "no actions" not in texts(envelope.errors)


class TestConfirmations:
    """A yes that is not exactly to this, now and for the first time, starts nothing."""

    def test_a_no_is_a_warning_and_writes_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """The person who said no is named."""
        preview = previewed(app, win(name=deal))
        envelope = app.run(preview, app.confirm(preview, approver="Bo", answer="no"))
        assert envelope.stopped_by == "confirmation_refused"
        assert "Bo said no" in texts(envelope.warnings)
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    def test_an_expired_yes_writes_nothing(
        self, shared_org: LocalOrg, admin: Rest, deal: str
    ) -> None:
        """A yes is too old at the very moment it expires, and good a millisecond before."""
        clock = FixedClock()
        app = shared_org.as_user(clock=clock)
        preview, yes = confirmed(app, win(name=deal))
        clock.advance(timedelta(minutes=30))
        late = app.run(preview, yes)
        assert late.stopped_by == "confirmation_expired"
        assert yes.expires_at in texts(late.warnings)
        assert admin.field("Opportunity", deal, "StageName") == STAGE
        clock.advance(timedelta(milliseconds=-1))
        assert app.run(preview, yes).success

    def test_a_used_yes_writes_nothing_again(self, app: Actwright, deal: str) -> None:
        """The second run names the first."""
        preview, yes = confirmed(app, win(name=deal))
        first = app.run(preview, yes)
        second = app.run(preview, yes)
        assert first.success
        assert second.stopped_by == "confirmation_used"
        assert first.run_id is not None
        assert first.run_id in texts(second.warnings)
        assert second.run_id is None

    def test_a_yes_to_another_preview_writes_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """Even a second preview of the same plan needs its own yes."""
        other, yes = confirmed(app, win(name=deal))
        again = app.preview(other.plan_id)
        envelope = app.run(again, yes)
        assert envelope.stopped_by == "confirmation_foreign"
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    @pytest.mark.parametrize("field", ["digest", "expires_at", "approver", "answer", "preview_id"])
    def test_a_yes_edited_in_memory_is_foreign(self, app: Actwright, deal: str, field: str) -> None:
        """Whatever is changed in a confirmation, it is no longer the one in the store."""
        preview, yes = confirmed(app, win(name=deal))
        edited = yes.model_copy(update={field: "2999-01-01T00:00:00.000Z"})
        assert app.run(preview, edited).stopped_by == "confirmation_foreign"

    def test_a_yes_made_up_in_memory_is_missing(self, app: Actwright, deal: str) -> None:
        """A confirmation the store does not hold confirms nothing."""
        preview = previewed(app, win(name=deal))
        forged = Confirmation(
            id="cnf_" + "0" * 20,
            preview_id=preview.id,
            digest=preview.digest,
            approver="Mallory",
            answer="yes",
            at=preview.at,
            expires_at="2999-01-01T00:00:00.000Z",
        )
        assert app.run(preview, forged).stopped_by == "confirmation_missing"

    def test_an_edited_preview_is_refused(self, app: Actwright, admin: Rest, deal: str) -> None:
        """A preview changed after it was confirmed is no longer the stored one."""
        preview, yes = confirmed(app, win(name=deal))
        effect = preview.groups[0].effects[0]
        change = effect.changes[0].model_copy(update={"after": "Closed Lost"})
        group = preview.groups[0].model_copy(
            update={"effects": (effect.model_copy(update={"changes": (change,)}),)}
        )
        with pytest.raises(DocumentEditedError):
            app.run(preview.model_copy(update={"groups": (group,)}), yes)
        assert admin.field("Opportunity", deal, "StageName") == STAGE

    def test_issues_cannot_be_taken_out_of_a_preview(self, app: Actwright) -> None:
        """A blocked preview stripped of its issues is another document."""
        preview = previewed(app, amount("a1", "No Such Deal", 5))
        with pytest.raises(DocumentEditedError):
            app.confirm(preview.model_copy(update={"issues": ()}), approver="Alice")
        with pytest.raises(RefusedError):
            app.confirm(preview, approver="Alice")

    def test_another_persons_preview_is_foreign(
        self, shared_org: LocalOrg, admin: Rest, deal: str
    ) -> None:
        """A preview made with Alice's rights is not carried out with the administrator's."""
        preview, yes = confirmed(shared_org.as_user(), win(name=deal))
        envelope = shared_org.as_user("admin").run(preview, yes)
        assert envelope.stopped_by == "confirmation_foreign"
        assert admin.field("Opportunity", deal, "StageName") == STAGE


def test_of_two_runs_of_one_yes_exactly_one_writes(
    shared_org: LocalOrg, admin: Rest, deal: str
) -> None:
    """Two processes' worth of Actwright start the same confirmation at once, and one of them is turned away."""
    apps = [shared_org.as_user(), shared_org.as_user()]
    subject = f"Once for {deal}"
    preview, yes = confirmed(apps[0], task(subject=subject))
    gate = Barrier(2)

    def start(app: Actwright) -> str | None:
        assert app.org.user
        gate.wait()
        return app.run(preview, yes).stopped_by

    with ThreadPoolExecutor(2) as pool:
        stopped = sorted(pool.map(start, apps), key=str)
    assert stopped == [None, "confirmation_used"]
    assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1


class TestDrift:
    """The org moved on: nothing is written, and what moved is named."""

    def test_each_changed_field_is_named_with_both_values(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """Drift names record, field, the value at the preview and the value now."""
        other = new_deal(admin)
        preview, yes = confirmed(app, amount("a", deal, 5), amount("b", other, 6))
        admin.change("Opportunity", deal, Amount=111)
        admin.change("Opportunity", other, Amount=222)
        envelope = app.run(preview, yes)
        assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("drift", 4)
        assert f"Opportunity {deal}: Amount was 120000 at the preview and is 111 now" in texts(
            envelope.errors
        )
        assert f"Opportunity {other}: Amount was 120000 at the preview and is 222 now" in texts(
            envelope.errors
        )
        assert [each.status for each in envelope.results] == ["refused", "refused"]
        assert [each.issues[0].field for each in envelope.results] == ["Amount", "Amount"]
        assert "Preview the plan again" in (envelope.hint or "")
        assert admin.field("Opportunity", deal, "Amount") == 111

    def test_a_touch_of_another_field_is_drift_by_version(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """A record whose other fields changed is stale too."""
        preview, yes = confirmed(app, amount("a", deal, 5))
        admin.change("Opportunity", deal, NextStep="somebody was here")
        envelope = app.run(preview, yes)
        assert envelope.results[0].issues[0].code == "drift_version"
        assert envelope.stopped_by == "drift"
        assert admin.field("Opportunity", deal, "Amount") == 120000

    def test_a_deleted_record_is_gone(self, app: Actwright, admin: Rest, deal: str) -> None:
        """A record deleted since the preview is named as gone, and the other effect is not sent."""
        preview, yes = confirmed(app, amount("a", deal, 5), task(subject=f"With {deal}"))
        found = admin.rows(f"SELECT Id FROM Opportunity WHERE Name = '{deal}'")[0]["Id"]
        admin.call("DELETE", f"/sobjects/Opportunity/{found}")
        envelope = app.run(preview, yes)
        assert [each.code for each in envelope.results[0].issues] == ["drift_gone"]
        assert exit_code_of(envelope.stopped_by) == 4
        assert admin.rows(f"SELECT Id FROM Task WHERE Subject = 'With {deal}'") == []

    def test_another_implementation_than_the_one_shown_is_drift(
        self, app: Actwright, deal: str
    ) -> None:
        """An override registered after the preview does not get to act on its confirmation."""
        preview, yes = confirmed(app, win(name=deal))
        app.register("UpdateOpportunityStage", "actwright.actions.standard:StandardCreate")
        envelope = app.run(preview, yes)
        assert envelope.stopped_by == "drift"
        assert "was previewed with standard.update" in texts(envelope.errors)

    def test_an_upsert_whose_key_matches_a_record_by_now_is_drift(
        self, app: Actwright, admin: Rest
    ) -> None:
        """What was shown as a create never changes a record that appeared meanwhile."""
        entry = blueprint(
            "UPSERT",
            "Contact",
            {"apiName": "Email", "required": True},
            {"apiName": "LastName"},
            keyFields=["Email"],
        )
        who = "new.person@late.example"
        preview, yes = confirmed(
            app, action("up", entry, Email=value(who), LastName=value("Person"))
        )
        assert preview.effects[0].record_id is None
        owner = app.org.user.id
        fields = {"LastName": "Earlier", "Email": who, "OwnerId": owner}
        admin.call("POST", "/sobjects/Contact", fields)
        envelope = app.run(preview, yes)
        assert (envelope.stopped_by, envelope.results[0].issues[0].code) == ("drift", "drift_key")
        found = admin.rows(f"SELECT LastName FROM Contact WHERE Email = '{who}'")
        assert [each["LastName"] for each in found] == ["Earlier"]


class TestPermissions:
    """A right that vanished between the preview and the run refuses the run."""

    def test_a_field_right_taken_away_refuses_the_run(
        self, local_org: LocalOrg, fixed_clock: FixedClock
    ) -> None:
        """An administrator takes edit on Amount from Alice, and her confirmed change is refused."""
        admin = _admin(local_org)
        app = local_org.as_user(clock=fixed_clock)
        preview, yes = confirmed(app, win(), amount("a", "Acme Expansion", 5))
        for row in admin.rows("SELECT Id FROM FieldPermissions WHERE Field = 'Opportunity.Amount'"):
            changed = {"PermissionsEdit": False}
            admin.call("PATCH", f"/sobjects/FieldPermissions/{row['Id']}", changed)
        envelope = app.run(preview, yes)
        assert (envelope.stopped_by, exit_code_of(envelope.stopped_by)) == ("refused", 5)
        issue = envelope.results[1].issues[0]
        assert (issue.code, issue.field) == ("field_not_editable", "Amount")
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == STAGE
        kinds = [each.kind for each in app.events(envelope.run_id or "")]
        assert kinds == ["run_started", "group_refused", "run_ended"]

    def test_an_object_right_taken_away_is_a_refusal_and_no_drift(
        self, local_org: LocalOrg
    ) -> None:
        """A person who may no longer see opportunities at all is refused, rather than told the record is gone."""
        admin = _admin(local_org)
        app = local_org.as_user()
        preview, yes = confirmed(app, win())
        kept = (
            "SELECT Id FROM ObjectPermissions WHERE SobjectType = 'Opportunity' "
            "AND Parent.Name = 'Sales_Manager_Profile'"
        )
        for row in admin.rows(kept):
            admin.call("DELETE", f"/sobjects/ObjectPermissions/{row['Id']}")
        envelope = app.run(preview, yes)
        assert exit_code_of(envelope.stopped_by) == 5, envelope
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == STAGE


def _admin(org: LocalOrg) -> Rest:
    """Give the administrator of an org that a test has for itself, because it takes rights away."""
    return sign_in(org.url)


class TestLostAnswers:
    """What the org did not say is not guessed, and not tried again."""

    def test_a_lost_answer_is_unknown_and_never_retried(self, app: Actwright, admin: Rest) -> None:
        """The connection drops after the commit: the action is unknown, the run failed, one record written."""
        subject = f"Lost {new_deal(admin)}"
        preview, yes = confirmed(app, task(subject=subject))
        admin.fault(drop=True, after="commit")
        envelope = app.run(preview, yes)
        assert (envelope.success, envelope.stopped_by) == (False, "outcome_unknown")
        assert exit_code_of(envelope.stopped_by) == 1
        assert envelope.results[0].status == "unknown"
        assert "answer was lost" in texts(envelope.errors)
        assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1
        settled = app.events(envelope.run_id or "")[-2]
        assert settled.kind == "group_settled"
        assert settled.data["outcomes"][0]["status"] == "unknown"
        assert fold(app.events(envelope.run_id or "")).status == "failed"

    def test_an_org_that_answers_busy_has_done_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """A refused call is told as the org's error, and the state is as before."""
        preview, yes = confirmed(app, task(subject=f"Busy {deal}"))
        body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
        admin.fault(status=403, body=body)
        envelope = app.run(preview, yes)
        assert envelope.stopped_by == "org_busy"
        assert envelope.results[0].status == "not_run"
        assert admin.rows(f"SELECT Id FROM Task WHERE Subject = 'Busy {deal}'") == []
        assert fold(app.events(envelope.run_id or "")).in_doubt == ()

    def test_a_failed_look_afterwards_is_a_warning_only(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """The change is made; that it could not be read again does not undo the success."""
        preview, yes = confirmed(app, amount("a", deal, 5))
        app.journal = Saboteur(app, admin)
        envelope = app.run(preview, yes)
        admin.call("DELETE", "/localorg/faults")
        assert envelope.success
        assert "could not be read again" in texts(envelope.warnings)
        assert admin.field("Opportunity", deal, "Amount") == 5


class Saboteur(Journal):
    """A journal that breaks the org as soon as a group is settled."""

    def __init__(self, app: Actwright, admin: Rest) -> None:
        super().__init__(app._database, app.clock)
        self.admin = admin

    def append_within(
        self,
        connection: sqlite3.Connection,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: JournalEvent | None,
    ) -> JournalEvent:
        """Append, then let every further call fail."""
        last = super().append_within(connection, run_id, entries, actor=actor, after=after)
        if last.kind == "group_settled":
            fault = {"match": {"pathContains": "/services/data"}, "status": 500, "times": 50}
            self.admin.call("POST", "/localorg/faults", fault)
        return last


def test_side_changes_are_told_apart_from_planned_ones(app: Actwright, deal: str) -> None:
    """What automation moved stands in the result, and the planned field does not."""
    preview, yes = confirmed(app, win(name=deal))
    result = app.run(preview, yes).results[0]
    moved = {each.field: (each.before, each.after) for each in result.side_changes}
    assert moved["Probability"] == (90, 100)
    assert "StageName" not in moved


def test_a_record_written_by_two_actions_gives_both_a_result(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """Two agreeing writes become one, and a failure of it is told to both actions."""
    preview, yes = confirmed(app, win(name=deal), amount("a", deal, 7))
    assert preview.cost.writes == 1
    envelope = app.run(preview, yes)
    assert [each.status for each in envelope.results] == ["done", "done"]
    assert admin.field("Opportunity", deal, "Amount") == 7


async def _trip(app: Actwright, deal: str) -> str | None:
    preview = await app.apreview(plan_of(app, win(name=deal)))
    yes = await app.aconfirm(preview, approver="Alice")
    return (await app.arun(preview, yes)).stopped_by


def test_the_async_twins_do_the_same(app: Actwright, deal: str) -> None:
    """A whole trip works without blocking an event loop."""
    assert asyncio.run(_trip(app, deal)) is None
