"""A call of several transactions that happened in part: what has happened is never sent again, whatever follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runs.interventions.staged_run import wish
from tests.runs.memory_app import memory_app, subjects, task
from tests.scenario import plan_of
from tests.writable_org import Trouble, WritableOrg, writable_org

from actwright import Actwright
from actwright.errors import OrgAuthenticationError
from actwright.org.effect import EffectGroup
from actwright.pages.run import run_page
from actwright.pages.telling import Teller
from actwright.runs.record.envelope import OrchestratorResult


class Halving:
    """Carries the first transaction of a call out and loses the answer to it; then does as it is told, call by call."""

    def __init__(self, app: Actwright, org: WritableOrg, *then: Trouble) -> None:
        self.app, self.org, self.then = app, org, list(then)
        self.calls: list[int] = []
        org.on_send = self

    def __call__(self, group: EffectGroup) -> None:
        """Decide what becomes of a call that is about to reach the org."""
        self.calls.append(len(group.effects))
        if len(self.calls) == 1:
            key = self.app.events(self.app.runs()[0].id)[-1].data["key"]
            self.org._transaction(f"{key}:0", [group.effects[0]])
            self.org.troubles = ["lost before commit"]
        elif self.then:
            self.org.troubles = [self.then.pop(0)]


@pytest.fixture
def org() -> WritableOrg:
    """Give an org in memory, which keeps a ledger."""
    return writable_org()


@pytest.fixture
def app(tmp_path: Path, org: WritableOrg) -> Iterator[Actwright]:
    """Give an Actwright over it."""
    made = memory_app(tmp_path, org)
    yield made
    made.close()


def test_the_answer_to_the_rest_may_be_lost_too(app: Actwright, org: WritableOrg) -> None:
    """Only the rest is asked after, and sent a third time."""
    halving = Halving(app, org, "lost before commit")
    preview = app.preview(plan_of(app, task("a"), task("b")), apart=True)
    envelope = app.run(preview, app.confirm(preview, approver="Alice"))
    assert (envelope.success, envelope.effects_done) == (True, 2)
    assert (halving.calls, subjects(org)) == ([2, 1, 1], ["a", "b"])


def test_a_person_has_the_rest_tried_again(app: Actwright, org: WritableOrg) -> None:
    """The row stays locked until the run gives up; a retry sends what is left, and nothing else."""
    halving = Halving(app, org, "locked", "locked")
    held = held_in_part(app)
    assert (held.effects_done, subjects(org)) == (1, ["a"])
    assert [each.status for each in held.results] == ["done", "failed"]
    app.intervene(held.run_id or "", wish("retry"))
    envelope = app.resume(held.run_id or "")
    assert (envelope.success, envelope.effects_done) == (True, 2)
    assert (halving.calls, subjects(org)) == ([2, 1, 1, 1], ["a", "b"])


def test_the_rest_may_be_left_out_after_all(
    app: Actwright, org: WritableOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A retry that cannot even look sends nothing; what happened before it stands, is told, and can be taken back."""
    Halving(app, org, "locked", "locked")
    run_id = held_in_part(app).run_id or ""
    app.intervene(run_id, wish("retry"))
    monkeypatch.setattr(WritableOrg, "refresh", refuse)
    assert app.resume(run_id).status == "paused"
    app.intervene(run_id, wish("skip_stage"))
    ended = app.resume(run_id)
    assert (ended.status, ended.effects_done) == ("completed", 1)
    assert "was left out: because" in ended.warnings[0]
    (done,) = app.undoing(run_id).effects
    assert done.status == "open"


def test_what_a_person_left_out_wants_nothing_more(app: Actwright, org: WritableOrg) -> None:
    """The end says how much was done, in the envelope, the journal and on the page; what went wrong has no next step."""
    Halving(app, org, "locked", "locked")
    held = held_in_part(app)
    assert [issue.hint for each in held.results for issue in each.issues] != [None]
    run_id = held.run_id or ""
    app.intervene(run_id, wish("skip_stage"))
    ended = app.resume(run_id)
    assert [issue.hint for each in ended.results for issue in each.issues] == [None]
    state, events = app.run_state(run_id), app.events(run_id)
    assert Teller().told(events[-1]) == "ended: 1 of 2 effects; the rest was left out"
    assert "Ended: 1 of 2 effects; the rest was left out" in run_page(state, events, (), ended)


def held_in_part(app: Actwright) -> OrchestratorResult:
    """Carry two transactions of one call out, and return how the run is held."""
    preview = app.preview(plan_of(app, task("a"), task("b")), apart=True)
    held = app.run(preview, app.confirm(preview, approver="Alice"), on_failure="pause")
    assert held.status == "paused"
    return held


def refuse(_: WritableOrg) -> None:
    """Say that the session is over."""
    raise OrgAuthenticationError("The session is over.")
