"""Whatever breaks while a group is out, the run ends, and says what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from tests.scenario import Rest, action, blueprint, confirmed, previewed, task, value, win

from actwright import Actwright
from actwright.errors import ActwrightError, OrgRefusedError
from actwright.org.effect import EffectGroup
from actwright.org.outcome import GroupOutcome
from actwright.org.ports import Org, RecordRead, RecordSnapshot, SendProgress
from actwright.runs.carrying import Carrying
from actwright.runs.orchestrator import Orchestrator
from actwright.runs.readiness import LastLook
from actwright.runs.state import fold
from actwright.testing import LocalOrg


class Wrapped:
    """An org that can be told to break around a send; everything else is the real one's."""

    def __init__(self, org: Org, breakage: BaseException | None = None) -> None:
        self._org = org
        self._breakage = breakage

    def __getattr__(self, name: str) -> object:
        return getattr(self._org, name)

    def send(self, group: EffectGroup, progress: SendProgress | None = None) -> GroupOutcome:
        """Send for real, then break."""
        outcome = self._org.send(group, progress)
        if self._breakage:
            raise self._breakage
        return outcome


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

    def send(self, group: EffectGroup, progress: SendProgress | None = None) -> GroupOutcome:
        """Refuse, or send for real."""
        if group.effects[0].object != "Task":
            raise OrgRefusedError("No.")
        return super().send(group, progress)


def orchestrator(app: Actwright, org: Wrapped) -> Orchestrator:
    """Return an orchestrator over that org."""
    look = LastLook(cast("Org", org), app._factory, app.clock, app.explainer)
    return Orchestrator(look, app._database, app.journal, app.confirmations)


def test_an_unforeseen_error_after_the_send_is_an_unknown_outcome(app: Actwright) -> None:
    """The change may have been made, so the envelope says unknown, and the run has its end."""
    preview, yes = confirmed(app, task(subject="Unforeseen"))
    org = Wrapped(app.org, ArithmeticError("1e99999"))
    envelope = orchestrator(app, org).run(app.plans.get(preview.plan_id), preview, yes)
    assert (envelope.stopped_by, envelope.results[0].status) == ("outcome_unknown", "unknown")
    assert fold(app.events(envelope.run_id or "")).status == "failed"


def test_an_interrupt_during_the_send_is_written_down(app: Actwright) -> None:
    """Ctrl-C goes through, and the journal says that the outcome is unknown."""
    preview, yes = confirmed(app, task(subject="Interrupted"))
    org = Wrapped(app.org, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        orchestrator(app, org).run(app.plans.get(preview.plan_id), preview, yes)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    settled, ended = app.events(run.id)[-2:]
    assert (settled.kind, ended.kind) == ("group_settled", "run_ended")
    assert {each["status"] for each in settled.data["outcomes"]} == {"unknown"}
    assert (run.status, run.in_doubt) == ("failed", ("g1",))


class Torn(Carrying):
    """A run whose person stops the program between the answer and its being written down, or right after that."""

    after = False

    def _settle(
        self, outcome: GroupOutcome, duration_ms: float, failure: ActwrightError | None
    ) -> None:
        """Be interrupted once."""
        if self.after:
            super()._settle(outcome, duration_ms, failure)
        stale = self.last
        if not self.warnings:
            self.warnings.append("interrupted")
            if self.after:
                self.last = self.journal.events(self.run_id)[0]
            raise KeyboardInterrupt(stale)
        super()._settle(outcome, duration_ms, failure)


@pytest.mark.parametrize(("after", "status"), [(False, "unknown"), (True, "done")])
def test_an_interrupt_around_the_writing_down_of_an_answer_costs_no_truth(
    app: Actwright, monkeypatch: pytest.MonkeyPatch, status: str, *, after: bool
) -> None:
    """What the journal does not hold is unknown and never called not run; what it holds stands; the run has its end."""
    preview, yes = confirmed(app, task(subject="Torn"))
    monkeypatch.setattr("actwright.runs.orchestrator.Carrying", Torn)
    monkeypatch.setattr(Torn, "after", after)
    with pytest.raises(KeyboardInterrupt):
        app.run(preview, yes)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    assert run.envelope is not None
    assert [each.status for each in run.envelope.results] == [status]
    assert run.in_doubt == (() if after else ("g1",))


def test_an_interrupt_between_two_steps_is_no_doubt(
    app: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was out when the person stopped the program: what was done stands, and nothing may have happened."""
    preview, yes = confirmed(app, task(subject="Between"))

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Carrying, "_observe", stopped)
    with pytest.raises(KeyboardInterrupt):
        app.run(preview, yes)
    run = next(each for each in app.runs() if each.preview_id == preview.id)
    assert run.envelope is not None
    assert (run.envelope.stopped_by, run.envelope.results[0].status) == ("broken_off", "done")
    assert "1 effect has been carried out and stands" in (run.envelope.hint or "")


def test_half_an_emoji_beside_the_plan_does_not_cost_the_run_its_end(app: Actwright) -> None:
    """A text that cannot be written down is left out of the end event, not the end event itself."""
    preview, yes = confirmed(app, task(subject="Emoji"))
    envelope = orchestrator(app, Cut(app.org)).run(app.plans.get(preview.plan_id), preview, yes)
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
    envelope = orchestrator(app, org).run(app.plans.get(preview.plan_id), preview, yes)
    assert [each.status for each in envelope.results] == ["done", "not_run"]
    assert "1 effect has been carried out and stands" in (envelope.hint or "")


def test_a_dead_org_gives_an_envelope(tmp_path_factory: pytest.TempPathFactory) -> None:
    """An org that cannot be reached any more is told in the envelope, and nothing is raised."""
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

    def send(self, group: EffectGroup, progress: SendProgress | None = None) -> GroupOutcome:
        """Send for real, then let the administrator write."""
        outcome = super().send(group, progress)
        self._admin.change("Opportunity", self._name, NextStep="by the administrator")
        return outcome


def test_what_somebody_else_wrote_is_not_called_automation(
    app: Actwright, admin: Rest, deal: str
) -> None:
    """A field another user changed after the commit is told as that user's."""
    preview, yes = confirmed(app, win(name=deal))
    org = Edited(app.org, admin, deal)
    envelope = orchestrator(app, org).run(app.plans.get(preview.plan_id), preview, yes)
    changes = {each.field: each.cause for each in envelope.results[0].side_changes}
    assert changes["NextStep"] == "another user"
