"""The org moved on since the preview: records, fields, keys, implementations, rights. Nothing is written."""

from __future__ import annotations

from tests.scenario import (
    Rest,
    action,
    amount,
    blueprint,
    confirmed,
    new_deal,
    sign_in,
    task,
    texts,
    value,
    win,
)

from actwright import Actwright
from actwright.errors import (
    exit_code_of,
)
from actwright.testing import FixedClock, LocalOrg

STAGE = "Negotiation/Review"


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
        assert f"Opportunity {deal}: Amount was 120,000 at the preview and is 111 now" in texts(
            envelope.errors
        )
        assert f"Opportunity {other}: Amount was 120,000 at the preview and is 222 now" in texts(
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
            "Account",
            {"apiName": "External_Key__c", "required": True},
            {"apiName": "Name"},
            keyFields=["External_Key__c"],
        )
        key = "LATE-1"
        preview, yes = confirmed(
            app, action("up", entry, External_Key__c=value(key), Name=value("Mine"))
        )
        assert preview.effects[0].record_id is None
        admin.call("POST", "/sobjects/Account", {"Name": "Earlier", "External_Key__c": key})
        envelope = app.run(preview, yes)
        assert (envelope.stopped_by, envelope.results[0].issues[0].code) == ("drift", "drift_key")
        found = admin.rows(f"SELECT Name FROM Account WHERE External_Key__c = '{key}'")
        assert [each["Name"] for each in found] == ["Earlier"]


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
