"""An org that does not answer, or not any more: nothing is guessed, and nothing tried again."""

from __future__ import annotations

import sqlite3
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
from actwright.runs.event import JournalEvent
from actwright.runs.journal import Entry, Journal
from actwright.runs.state import fold
from actwright.testing import LocalOrg


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
        assert kinds == ["run_started", "run_ended"]

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


class Breaker(Saboteur):
    """A journal that lets the next write fail as soon as the second group is about to be sent."""

    def append_within(
        self,
        connection: sqlite3.Connection,
        run_id: str,
        entries: Sequence[Entry],
        *,
        actor: str,
        after: JournalEvent | None,
    ) -> JournalEvent:
        """Append, then break the write of the second group."""
        last = Journal.append_within(self, connection, run_id, entries, actor=actor, after=after)
        if last.kind == "group_intended" and last.data["groupId"] == "g2":
            body = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "no more"}]
            self.admin.fault(status=403, body=body)
        return last


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
    app.journal = Breaker(app, admin)
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
