"""An org that does not answer, or not any more: nothing is guessed, and nothing done twice."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scenario import (
    Rest,
    action,
    amount,
    blueprint,
    confirmed,
    new_deal,
    task,
    texts,
    value,
)

from actwright import Actwright
from actwright.errors import (
    exit_code_of,
)
from actwright.runs.record.appending import Also
from actwright.runs.record.folding import fold
from actwright.runs.record.head import Head
from actwright.runs.record.journal import Entry, Journal
from actwright.testing import LocalOrg


class Saboteur(Journal):
    """A journal that breaks the org as soon as an event that is waited for is written."""

    def __init__(self, app: Actwright, admin: Rest, kind: str, group: str = "g1") -> None:
        super().__init__(app._database, app.clock)
        self.admin = admin
        self.awaited = (kind, group)

    def append(
        self,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: Head | None,
        also: Also | None = None,
        at: str | None = None,
    ) -> Head:
        """Append, then let every further call fail."""
        head = super().append(run_id, entries, actor=actor, after=after, also=also, at=at)
        if self.awaited in {(kind, data.get("groupId")) for kind, data in entries}:
            body = [{"errorCode": "API_DISABLED_FOR_ORG", "message": "no more"}]
            fault = {"match": {"pathContains": "/services/data"}, "status": 403, "body": body}
            self.admin.call("POST", "/localorg/faults", fault | {"times": 50})
        return head


class TestLostAnswers:
    """What the org did not say is not guessed, and not done twice."""

    def test_a_lost_answer_is_asked_after_and_never_sent_again(
        self, app: Actwright, admin: Rest
    ) -> None:
        """The connection drops after the commit: the org's ledger tells that it was done, and one record is written."""
        subject = f"Lost {new_deal(admin)}"
        preview, yes = confirmed(app, task(subject=subject))
        admin.fault(drop=True, after="commit")
        envelope = app.run(preview, yes)
        assert (envelope.success, envelope.status) == (True, "completed")
        assert envelope.results[0].status == "done"
        (written,) = admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")
        assert envelope.results[0].record_ids == (written["Id"],)
        settled, reconciled, ended = app.events(envelope.run_id or "")[-3:]
        assert settled.data["outcomes"][0]["status"] == "unknown"
        assert (reconciled.kind, reconciled.data["by"]) == ("group_reconciled", "ledger")
        assert ended.kind == "run_ended"
        assert "was not looked at" in texts(envelope.warnings)

    def test_a_lost_answer_to_what_was_not_done_is_sent_under_another_key(
        self, app: Actwright, admin: Rest
    ) -> None:
        """The connection drops before the commit: the ledger says so, the records are looked at again, and it is sent."""
        subject = f"Dropped {new_deal(admin)}"
        preview, yes = confirmed(app, task(subject=subject))
        admin.fault(drop=True)
        envelope = app.run(preview, yes)
        assert envelope.success
        assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = '{subject}'")) == 1
        events = app.events(envelope.run_id or "")
        keys = [each.data["key"] for each in events if each.kind == "group_intended"]
        assert [each.rpartition(":")[2] for each in keys] == ["1", "2"]

    def test_an_org_that_is_busy_once_is_asked_again(self, app: Actwright, admin: Rest, deal: str) -> None:  # fmt: skip
        """A refused call has done nothing; a moment later it goes through."""
        preview, yes = confirmed(app, task(subject=f"Busy {deal}"))
        body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
        admin.fault(status=403, body=body)
        envelope = app.run(preview, yes)
        assert envelope.success
        assert len(admin.rows(f"SELECT Id FROM Task WHERE Subject = 'Busy {deal}'")) == 1
        kinds = [each.kind for each in app.events(envelope.run_id or "")]
        assert kinds.count("group_retrying") == 1

    def test_an_org_that_stays_busy_has_done_nothing(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """Calls that are refused three times are told as the org's error, and the state is as before."""
        preview, yes = confirmed(app, task(subject=f"Busy {deal}"))
        body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
        fault = {"match": {"pathContains": "/composite"}, "status": 403, "body": body, "times": 50}
        admin.call("POST", "/localorg/faults", fault)
        envelope = app.run(preview, yes)
        admin.call("DELETE", "/localorg/faults")
        assert envelope.stopped_by == "org_busy"
        assert envelope.results[0].status in {"refused", "not_run"}
        assert admin.rows(f"SELECT Id FROM Task WHERE Subject = 'Busy {deal}'") == []
        events = app.events(envelope.run_id or "")
        assert [each.kind for each in events].count("group_retrying") == 2
        assert fold(events).in_doubt == ()

    def test_a_failed_look_afterwards_is_a_warning_only(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """The change is made; that it could not be read again does not undo the success."""
        preview, yes = confirmed(app, amount("a", deal, 5))
        app.journal = Saboteur(app, admin, "group_settled")
        envelope = app.run(preview, yes)
        admin.call("DELETE", "/localorg/faults")
        assert envelope.success
        assert "could not be read again" in texts(envelope.warnings)
        assert admin.field("Opportunity", deal, "Amount") == 5


class TestBrokenSessions:
    """A session that ends, and an org that goes away, stop the run before it writes."""

    def test_a_refused_session_that_stays_refused_stops_the_run(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """A 401 that persists is told as such, and nothing is written."""
        preview, yes = confirmed(app, amount("a", deal, 5))
        body = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
        fault = {"match": {"pathContains": "/services/data"}, "status": 401, "body": body}
        admin.call("POST", "/localorg/faults", fault | {"times": 50})
        envelope = app.run(preview, yes)
        admin.call("DELETE", "/localorg/faults")
        assert envelope.stopped_by == "org_authentication"
        assert exit_code_of(envelope.stopped_by) == 1
        assert admin.field("Opportunity", deal, "Amount") == 120000
        kinds = [each.kind for each in app.events(envelope.run_id or "")]
        assert kinds == ["run_started", "group_refused", "run_ended"]

    def test_a_session_that_expired_once_is_renewed(
        self, app: Actwright, admin: Rest, deal: str
    ) -> None:
        """One 401 is answered by a new login, and the run goes on."""
        preview, yes = confirmed(app, amount("a", deal, 5))
        body = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
        fault = {"match": {"pathContains": "/services/data"}, "status": 401, "body": body}
        admin.call("POST", "/localorg/faults", fault)
        assert app.run(preview, yes).success
        assert admin.field("Opportunity", deal, "Amount") == 5


def test_what_an_earlier_group_did_is_told_where_a_later_one_fails(
    shared_org: LocalOrg, admin: Rest
) -> None:
    """Data and setup go out apart: the first stands, the second does not, and both are said."""
    app = shared_org.as_user("admin")
    name = f"Half {new_deal(admin)}"
    group = blueprint("CREATE", "Group", "Name", "DeveloperName", "Type")
    preview, yes = confirmed(
        app,
        action(
            "queue",
            group,
            Name=value(name),
            DeveloperName=value("Half_queue"),
            Type=value("Queue"),
        ),
        action("account", "account_create", Name=value(name)),
    )
    assert {each.code for each in preview.issues} == {"setup_mixed_with_data", "setup_object"}
    app.journal = Saboteur(app, admin, "group_intended", "g2")
    envelope = app.run(preview, yes)
    admin.call("DELETE", "/localorg/faults")
    assert not envelope.success
    assert {each.id: each.status for each in envelope.results} == {
        "queue": "not_run",
        "account": "done",
    }
    assert f'Created Account "{name}"' in texts(envelope.logs)
    assert envelope.errors
    assert admin.rows(f"SELECT Id FROM Group WHERE Name = '{name}'") == []
