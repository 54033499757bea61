"""Whatever breaks while a group is out, the run says what is true, and can be carried on to its one end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import pytest
from tests.runs.conftest import at_once
from tests.scenario import Rest, action, blueprint, confirmed, previewed, task, value, win

from actwright import Actwright, Confirmation, OrchestratorResult, Preview
from actwright.connectors.salesforce.limits import Patience
from actwright.errors import OrgRefusedError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import Org, RecordRead, RecordSnapshot, SendProgress, Submitted
from actwright.org.settlement import Settlement, same_for_all
from actwright.runs.carrying.orchestrator import Orchestrator
from actwright.runs.carrying.readiness import LastLook
from actwright.runs.engine.engine import Engine
from actwright.runs.engine.pool import Pool
from actwright.runs.engine.retry import Retrying
from actwright.runs.record.folding import fold
from actwright.runs.record.register import Register
from actwright.testing import LocalOrg


class Wrapped:
    """An org that can be told to break around a send; everything else is the real one's."""

    def __init__(self, org: Org, breakage: BaseException | None = None) -> None:
        self._org = org
        self._breakage = breakage

    def __getattr__(self, name: str) -> object:
        return getattr(self._org, name)

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Send for real, then break."""
        outcome = self._org.send(group, progress, submitted, key)
        if self._breakage:
            raise self._breakage
        return outcome


class Speechless(Wrapped):
    """An org that breaks around a send, and cannot tell afterwards what became of it."""

    def settle(
        self,
        group: EffectGroup,
        key: str | None = None,
        job_id: str | None = None,
        *,
        since: datetime | None = None,
        resend: bool = True,
    ) -> Settlement:
        """Leave it to a person."""
        del key, job_id, since, resend
        lost = same_for_all(group, "unknown")
        return Settlement(outcome=lost, by="nobody", evidence=("The task is there.",))


class Cut(Wrapped):
    """An org in which somebody cut a text in the middle of an emoji."""

    def read(self, reads: Sequence[RecordRead]) -> Mapping[str, RecordSnapshot]:
        """Read for real, and put half an emoji into every subject."""
        found = self._org.read(reads)
        for each in found.values():
            cast("dict[str, object]", each.values)["CallObject"] = "cut \ud83d"
        return found


class OnlyTasks(Wrapped):
    """An org that refuses every group but those of tasks."""

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Refuse, or send for real."""
        if group.effects[0].object != "Task":
            raise OrgRefusedError("No.")
        return super().send(group, progress, submitted, key)


def orchestrator(app: Actwright, org: Wrapped) -> Orchestrator:
    """Return an orchestrator over that org."""
    look = LastLook(cast("Org", org), app._factory, app.clock, app.explainer)
    engine = Engine(app.journal, Register(app._database), app.clock, sleep=at_once)
    return Orchestrator(look, engine, Pool(2), app.confirmations, app.plans, app.previews)


def carried_out(
    app: Actwright, org: Wrapped, preview: Preview, yes: Confirmation
) -> OrchestratorResult:
    """Return the envelope of a preview that is carried out on that org."""
    return asyncio.run(orchestrator(app, org).run(app.plans.get(preview.plan_id), preview, yes))


def test_an_unforeseen_error_after_the_send_is_asked_after(app: Actwright, admin: Rest) -> None:
    """The change may have been made: the org's ledger says that it was, and nothing is sent again."""
    preview, yes = confirmed(app, task(subject="Unforeseen"))
    envelope = carried_out(app, Wrapped(app.org, ArithmeticError("1e99999")), preview, yes)
    assert (envelope.status, envelope.results[0].status) == ("completed", "done")
    kinds = [each.kind for each in app.events(envelope.run_id or "")]
    assert kinds[-3:] == ["group_settled", "group_reconciled", "run_ended"]
    assert len(admin.rows("SELECT Id FROM Task WHERE Subject = 'Unforeseen'")) == 1


def test_what_nobody_can_tell_holds_the_run_for_a_person(app: Actwright) -> None:
    """The envelope says what was found and how it goes on; resuming asks again, and the run gets its end."""
    preview, yes = confirmed(app, task(subject="Nobody knows"))
    org = Speechless(app.org, ArithmeticError("1e99999"))
    envelope = carried_out(app, org, preview, yes)
    assert (envelope.status, envelope.stopped_by) == ("paused", "outcome_unknown")
    assert envelope.results[0].status == "unknown"
    assert "The task is there." in envelope.errors
    run_id = envelope.run_id or ""
    assert f"actwright resume {run_id}" in (envelope.hint or "")
    assert app.run_state(run_id).in_doubt == ("g1",)
    assert app.resume(run_id).status == "completed"


def test_an_interrupt_during_the_send_leaves_the_run_to_be_resumed(
    app: Actwright, admin: Rest
) -> None:
    """A person who stops the program at once gets no false end: the run is in doubt, and resuming it settles that."""
    preview, yes = confirmed(app, task(subject="Interrupted"))
    with pytest.raises(KeyboardInterrupt):
        carried_out(app, Wrapped(app.org, KeyboardInterrupt()), preview, yes)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    assert (run.status, run.in_doubt) == ("running", ("g1",))
    envelope = app.resume(run.id)
    assert (envelope.status, envelope.effects_done) == ("completed", 1)
    assert len(admin.rows("SELECT Id FROM Task WHERE Subject = 'Interrupted'")) == 1


def test_a_defect_of_ours_holds_the_run_and_is_raised(
    app: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody takes such a run up again and again by itself; what was done stands, and is told."""
    preview, yes = confirmed(app, task(subject="Defect"))

    def broken(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("actwright.runs.carrying.plan_work.observe", broken)
    with pytest.raises(AssertionError):
        app.run(preview, yes)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    assert (run.status, run.waiting_for, run.is_behind("g1")) == ("paused", "retry", True)
    assert "AssertionError" in run.reason


def test_half_an_emoji_beside_the_plan_does_not_cost_the_run_its_end(app: Actwright) -> None:
    """A text that cannot be written down is left out of the end event, not the end event itself."""
    preview, yes = confirmed(app, task(subject="Emoji"))
    envelope = carried_out(app, Cut(app.org), preview, yes)
    state = fold(app.events(envelope.run_id or ""))
    assert envelope.results[0].status == "done"
    assert state.ended_at is not None
    assert state.envelope is not None
    assert state.envelope.results[0].record_ids == envelope.results[0].record_ids


def test_what_an_earlier_group_did_is_never_called_nothing(shared_org: LocalOrg) -> None:
    """The first group stands although the second failed, and the hint says so."""
    app = shared_org.as_user("admin")
    entry = blueprint("CREATE", "Group", "Name", "DeveloperName", "Type")
    queue = action("queue", entry, Name=value("Q"), DeveloperName=value("Q"), Type=value("Queue"))
    preview, yes = confirmed(app, task(subject="Stands"), queue)
    org = OnlyTasks(app.org)
    envelope = carried_out(app, org, preview, yes)
    assert [each.status for each in envelope.results] == ["done", "not_run"]
    assert "1 effect has been carried out and stands" in (envelope.hint or "")


def test_a_dead_org_gives_an_envelope(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An org that cannot be reached any more is told in the envelope, and nothing is raised."""
    monkeypatch.setattr(Patience, "_backoff", lambda *_: 0.0)
    monkeypatch.setattr(Retrying, "wait", lambda *_: 0.0)
    home = tmp_path_factory.mktemp("dead")
    with LocalOrg(home) as org:
        app = org.as_user()
        preview = previewed(app, task(subject="Too late"))
        yes = app.confirm(preview, approver="Alice")
        org._running.stop()
        envelope = app.run(preview, yes)
    assert not envelope.success
    assert envelope.stopped_by in {"org_unreachable", "org_failed"}


class Edited(Wrapped):
    """An org in which an administrator writes to the record between the commit and the look after it."""

    def __init__(self, org: Org, admin: Rest, name: str) -> None:
        super().__init__(org)
        self._admin = admin
        self._name = name

    def send(
        self,
        group: EffectGroup,
        progress: SendProgress | None = None,
        submitted: Submitted | None = None,
        key: str | None = None,
    ) -> GroupOutcome:
        """Send for real, then let the administrator write."""
        outcome = super().send(group, progress, submitted, key)
        self._admin.change("Opportunity", self._name, NextStep="by the administrator")
        return outcome


def test_what_somebody_else_wrote_is_not_called_automation(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """A field another user changed after the commit is told as that user's."""
    preview, yes = confirmed(app, win(name=deal))
    org = Edited(app.org, admin, deal)
    envelope = carried_out(app, org, preview, yes)
    changes = {each.field: each.cause for each in envelope.results[0].side_changes}
    assert changes["NextStep"] == "another user"
