"""The seed's page on runtime orchestration, section by section, over a real local org."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.scenario import (
    Rest,
    action,
    amount,
    carried_out,
    confirmed,
    lookup,
    plan_of,
    previewed,
    sign_in,
    task,
    texts,
    win,
)

from actwright import ActionRequest, Effect
from actwright.canonical import Json
from actwright.errors import ImplementationError
from actwright.testing import LocalOrg


@pytest.fixture
def admin(local_org: LocalOrg) -> Rest:
    """Give the administrator's own view of the org."""
    return sign_in(local_org.url)


class TestCheckpointVerification:
    """Section 1: only a preview that is exactly confirmed is carried out."""

    def test_an_unconfirmed_preview_is_a_warning_and_changes_nothing(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """Without a confirmation the envelope holds one warning, no error and no success."""
        app = local_org.as_user()
        envelope = app.run(previewed(app, win()))
        assert (envelope.success, envelope.errors) == (False, ())
        assert len(envelope.warnings) == 1
        assert "confirmed" in envelope.warnings[0]
        assert envelope.stopped_by == "confirmation_missing"
        assert [each.status for each in envelope.results] == ["not_run"]
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == "Negotiation/Review"

    def test_a_confirmed_preview_is_carried_out(self, local_org: LocalOrg, admin: Rest) -> None:
        """With the yes to it the preview happens."""
        assert carried_out(local_org.as_user(), win()).success
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == "Closed Won"


class TestActionLoop:
    """Section 2: each action is resolved, carried out, and its lines are gathered."""

    def test_every_action_is_carried_out_in_one_atomic_call(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """Two actions change two records in one call, each with a result of its own."""
        app = local_org.as_user()
        before = admin.count("Task")
        envelope = carried_out(app, win(), task(WhatId=lookup("Account", "Name", "Acme")))
        assert envelope.success
        assert [(each.id, each.status) for each in envelope.results] == [
            ("win", "done"),
            ("task", "done"),
        ]
        assert admin.count("Task") == before + 1
        run_id = envelope.run_id or ""
        assert [each.kind for each in app.events(run_id)] == [
            "run_started",
            "group_checked",
            "group_intended",
            "group_settled",
            "group_observed",
            "run_ended",
        ]

    def test_the_logs_of_all_actions_stand_together(self, local_org: LocalOrg) -> None:
        """The envelope's logs hold a line for each action, and one for each field automation moved."""
        logs = texts(carried_out(local_org.as_user(), win(), task(subject="Ring them")).logs)
        assert 'Changed Opportunity "Acme Renewal": Stage Negotiation/Review -> Closed Won' in logs
        assert 'Created Task "Ring them"' in logs
        assert "Probability (%) 90 -> 100, by automation" in logs


class TestShortCircuit:
    """Section 3: where one action fails, nothing behind it happens, and nothing before it stays."""

    def test_a_validation_failure_stops_everything_before_the_first_write(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """An action that guardrails refuse keeps the action before it from being written."""
        app = local_org.as_user("bob")
        preview = previewed(app, win(name="Initech Upgrade"), amount("amount", "Acme Renewal", 1))
        envelope = app.run(preview)
        assert [(each.id, each.status) for each in envelope.results] == [
            ("win", "not_run"),
            ("amount", "refused"),
        ]
        assert admin.field("Opportunity", "Initech Upgrade", "StageName") != "Closed Won"

    def test_a_failed_write_takes_the_whole_group_back(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """The org refuses the second write, and the first is rolled back with it."""
        app = local_org.as_user()
        entry: Json = {
            "name": "DeleteAccount",
            "operation": "DELETE",
            "targetSObject": "Account",
            "inputs": [{"apiName": "Id", "dataType": "Id", "required": True}],
        }
        doomed = action("gone", entry, Id=lookup("Account", "Name", "Contoso"))
        envelope = carried_out(app, win(), doomed, allow_delete=True)
        assert not envelope.success
        assert [(each.id, each.status) for each in envelope.results] == [
            ("win", "rolled_back"),
            ("gone", "failed"),
        ]
        assert "DELETE_FAILED" in texts(envelope.errors)
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == "Negotiation/Review"


class TestResultEnvelope:
    """Section 4: success, logs, warnings and errors, always lists of text, always all four."""

    def test_the_four_lists_are_on_the_wire(self, local_org: LocalOrg) -> None:
        """The JSON of an envelope has the seed's four names with the seed's types."""
        app = local_org.as_user()
        for envelope in (app.run(previewed(app, win())), carried_out(app, win())):
            document = envelope.model_dump(mode="json")
            assert isinstance(document["success"], bool)
            for name in ("logs", "warnings", "errors"):
                assert all(isinstance(line, str) for line in document[name])

    def test_a_created_record_is_named_in_its_result(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """The result of a create carries the new record's id as its output."""
        result = carried_out(local_org.as_user(), task(subject="Look"))
        made = admin.rows("SELECT Id FROM Task WHERE Subject = 'Look'")[0]["Id"]
        assert result.results[0].outputs == {"id": made}
        assert result.results[0].record_ids == (made,)


class TestPayloadShape:
    """Payload shape: input values keyed by blueprint name."""

    def test_a_payload_keyed_by_blueprint_name_fills_the_action(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """The seed's own example closes the opportunity it names."""
        app = local_org.as_user()
        found = admin.rows("SELECT Id FROM Opportunity WHERE Name = 'Acme Renewal'")[0]["Id"]
        plan = plan_of(app, action("a1", "oppty_closed_won"))
        payload = {"UpdateOpportunityStage": {"Id": found, "StageName": "Closed Won"}}
        preview = app.preview(plan, payload=payload)
        assert preview.plan_id != plan.id
        assert {each.provenance for each in preview.actions[0].arguments} == {"data"}
        assert app.run(preview, app.confirm(preview, approver="Alice")).success
        assert admin.field("Opportunity", "Acme Renewal", "StageName") == "Closed Won"


class Careful:
    """A curated implementation: closes the opportunity, and says so in its next step."""

    def effects(self, request: ActionRequest) -> Sequence[Effect]:
        """Return the update with a note."""
        record, stage = request.arguments["Id"], request.arguments["StageName"]
        values = {"StageName": stage.value, "NextStep": "Closed with care"}
        return (request.update("Opportunity", record, values),)


class TestRegisteringCustomImplementations:
    """Registering: a curated implementation takes the place of the standard one, by name."""

    def test_a_registered_implementation_is_used_and_named(
        self, local_org: LocalOrg, admin: Rest
    ) -> None:
        """Preview and envelope name the override, and its effects are what is written."""
        app = local_org.as_user()
        app.register("UpdateOpportunityStage", Careful())
        preview, yes = confirmed(app, win())
        assert preview.actions[0].implementation_kind == "registered"
        assert preview.actions[0].implementation.endswith(":Careful")
        envelope = app.run(preview, yes)
        assert envelope.results[0].implementation.endswith(":Careful")
        assert admin.field("Opportunity", "Acme Renewal", "NextStep") == "Closed with care"

    def test_a_class_that_is_not_there_is_refused(self, local_org: LocalOrg) -> None:
        """Registering a name nobody can import says so at once."""
        with pytest.raises(ImplementationError, match="cannot be loaded"):
            local_org.as_user().register("CustomAction", "namespace:CustomActionImpl")


class TestClearing:
    """Clearing: overrides are forgotten, so that one test never leaks into the next."""

    def test_after_clear_the_standard_implementation_is_back(self, local_org: LocalOrg) -> None:
        """A cleared override no longer stands in for its blueprint."""
        app = local_org.as_user()
        app.register("UpdateOpportunityStage", Careful())
        app.clear()
        assert previewed(app, win()).actions[0].implementation == "standard.update"


class TestFieldSecurityAsFriendlyMessages:
    """Embedding: guardrail failures such as field-level security read like a sentence to a person."""

    def test_a_field_the_person_may_not_edit_is_named_with_who_could_grant_it(
        self, local_org: LocalOrg
    ) -> None:
        """The issue names field, person, and the permission set that grants the right."""
        preview = previewed(local_org.as_user("bob"), amount("a1", "Acme Renewal", 99000))
        issue = next(each for each in preview.blocked if each.code == "field_not_editable")
        assert issue.field == "Amount"
        assert "Amount" in issue.message
        assert "Sales Amount Editor" in (issue.hint or "")
        assert "Traceback" not in issue.message
