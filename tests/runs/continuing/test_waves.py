"""Waves: what another action puts out at run time is previewed and confirmed when it is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from tests.opaque_scene import step
from tests.runs.continuing.wave_scene import (
    ALLOWED,
    Service,
    allowing,
    asking,
    late_task,
    waving,
)
from tests.scenario import Rest, plan_of, task

from actwright import ActionRequest, Actwright, Confirmation, OrchestratorResult, Preview
from actwright.cli.apply import carried_out, queued
from actwright.cli.show import show
from actwright.cli.terminal import Terminal
from actwright.cli.terms import Terms
from actwright.cli.waves import standing_yes, through_waves
from actwright.errors import (
    ConfirmationForeignError,
    ConfirmationUsedError,
    InputError,
    JournalDamagedError,
    PlanError,
    RefusedError,
    RunError,
)
from actwright.locales import PersonLocale
from actwright.org.query import JsonScalar
from actwright.pages.preview import preview_page
from actwright.pages.run import run_page
from actwright.runs.carrying.readiness import LastLook
from actwright.testing import FixedClock, LocalOrg


@pytest.fixture
def service() -> Service:
    """Give a service that hands a number out."""
    return Service()


@pytest.fixture
def calls(shared_org: LocalOrg, service: Service) -> Actwright:
    """Give Alice's Actwright, whose settings allow the service."""
    return allowing(shared_org, service)


def started(calls: Actwright, preview: Preview) -> tuple[str, OrchestratorResult]:
    """Confirm and carry out a preview; return the run and what was told."""
    result = calls.run(preview, calls.confirm(preview, approver="alice"))
    assert result.run_id is not None
    return result.run_id, result


def test_a_late_action_is_named_and_not_previewed(calls: Actwright, deal: str) -> None:
    """The preview holds what can be known; the rest stands in it with what it waits for, in the question too."""
    preview = calls.preview(waving(calls, deal))
    (later,) = preview.later
    assert {each.action_id for each in preview.actions} == {"first", "ask"}
    assert (later.action_id, later.waits_for[0].action_id) == ("note", "ask")
    told = "Then, when number of ask is known: Create Task (note); you are asked again."
    assert told in preview.question
    assert preview.blocked == ()


def test_a_run_waits_and_goes_on_after_a_second_yes(
    calls: Actwright, service: Service, deal: str
) -> None:
    """The value is resolved with its provenance, shown, confirmed, and written by the same run."""
    run_id, held = started(calls, calls.preview(waving(calls, deal)))
    assert (held.status, held.stopped_by is not None) == ("waiting", True)
    preview = calls.wave(run_id)
    (change,) = [each for each in preview.effects[0].changes if each.field == "Subject"]
    assert (change.after, change.provenance, change.source) == (
        "N-7",
        "output",
        "what ask put out as number",
    )
    assert (preview.run_id, preview.stage, preview.because) == (run_id, 2, "wave")
    assert any("Done already by" in each for each in preview.notices)
    result = calls.go_on(run_id, calls.confirm(preview, approver="bob"))
    assert (result.success, result.status, result.run_id) == (True, "completed", run_id)
    assert {each.id: each.status for each in result.results} == {
        "first": "done",
        "ask": "done",
        "note": "done",
    }
    state = calls.run_state(run_id)
    assert [(each.because, each.approver) for each in state.stages] == [
        ("start", "alice"),
        ("wave", "bob"),
    ]
    assert service.asked == ["Acme"]


def test_a_preview_of_a_wave_starts_no_run_and_carries_no_other_on(
    calls: Actwright, deal: str
) -> None:
    """It belongs to its run alone, which is told."""
    run_id, _ = started(calls, calls.preview(waving(calls, deal)))
    other, _ = started(calls, calls.preview(waving(calls, deal)))
    yes = calls.confirm(calls.wave(run_id), approver="alice")
    refused = calls.run(yes.preview_id, yes)
    assert not refused.success
    assert f"goes on with {run_id}" in refused.warnings[0]
    with pytest.raises(ConfirmationForeignError, match=f"goes on with {run_id}"):
        calls.go_on(other, yes)


def test_a_yes_carries_a_run_on_once(calls: Actwright, deal: str) -> None:
    """A second time it is used, or the run has ended; nothing happens twice."""
    run_id, _ = started(calls, calls.preview(waving(calls, deal)))
    yes = calls.confirm(calls.wave(run_id), approver="alice")
    calls.confirm_continued(run_id, yes)
    with pytest.raises((ConfirmationUsedError, RunError)):
        calls.go_on(run_id, yes)
    assert calls.resume(run_id).success
    with pytest.raises(RunError, match="has ended"):
        calls.go_on(run_id, yes)


def test_a_yes_to_the_very_same_part_is_not_asked_for_again(calls: Actwright, deal: str) -> None:
    """Previewed anew it has the same digest, so the recorded yes carries the run on; once, and no other run."""
    run_id, _ = started(calls, calls.preview(waving(calls, deal)))
    yes = calls.confirm(calls.wave(run_id), approver="alice")
    again = calls.wave(run_id)
    assert standing_yes(calls, again) == yes
    calls.confirm_continued(run_id, yes)
    assert standing_yes(calls, again) is None


def test_an_output_that_did_not_come_is_named(
    calls: Actwright, service: Service, deal: str
) -> None:
    """What it put out instead is told; the person may give the value themselves, and the run goes on with that."""
    service.gives = {"other": 1}
    run_id, held = started(calls, calls.preview(waving(calls, deal)))
    with pytest.raises(RefusedError, match="did not put it out; it put out: other") as caught:
        calls.wave(run_id)
    assert (caught.value.error_code, caught.value.where) == ("output_missing", "note.Subject")
    given = '{"note.Subject": "..."}'
    assert (caught.value.hint or "").endswith(
        f"actwright resume {run_id} --action retry_with_inputs --inputs '{given}' --why REASON"
    )
    terminal = Asked(person=True)
    with pytest.raises(RefusedError):
        through_waves(calls, terminal, held)
    assert terminal.hints == [
        f"What was done stands, and is on the record: actwright inspect {run_id}"
    ]
    preview = calls.continuation_preview(run_id, inputs={"note.Subject": "By hand"})
    assert [each.action_id for each in preview.effects] == ["note"]
    assert calls.go_on(run_id, calls.confirm(preview, approver="alice")).success
    assert service.asked == ["Acme"]


def test_an_output_is_hostile_text(calls: Actwright, service: Service, deal: str) -> None:
    """It is typed as its input wants it, and shown without what could act on a terminal."""
    service.gives = {"number": "\x1b[31mDo this?\u202e yes"}
    run_id, _ = started(calls, calls.preview(waving(calls, deal)))
    preview = calls.wave(run_id)
    assert "\x1b" not in preview.question
    assert "\u202e" not in preview.question
    result = calls.go_on(run_id, calls.confirm(preview, approver="alice"))
    assert not any("\x1b" in each for each in result.logs)


def test_an_output_of_the_wrong_type_is_an_issue(
    calls: Actwright, service: Service, deal: str
) -> None:
    """A text is no date: the wave is refused like any preview, and the run still waits."""
    dated = task("note", ActivityDate={"from": "actions.ask.output.number"})
    run_id, _ = started(calls, calls.preview(plan_of(calls, asking(), dated)))
    preview = calls.wave(run_id)
    assert [each.field for each in preview.blocked] == ["ActivityDate"]
    assert calls.run_state(run_id).status == "waiting"
    del deal, service


def test_an_edited_wave_goes_on_with_the_same_run(calls: Actwright, deal: str) -> None:
    """What is left may be edited; what is done may not."""
    run_id, _ = started(calls, calls.preview(waving(calls, deal)))
    wave = calls.wave(run_id)
    edited = calls.edit(wave, values={"note.Subject": "Mine"})
    assert (edited.run_id, edited.stage, edited.edited_from) == (run_id, 2, wave.id)
    assert [each.action_id for each in edited.effects] == ["note"]
    with pytest.raises(PlanError, match="first is behind") as caught:
        calls.edit(wave, values={"first.NextStep": "Other"})
    assert caught.value.error_code == "action_behind"
    assert calls.go_on(run_id, calls.confirm(edited, approver="alice")).success


def test_three_waves_follow_each_other(calls: Actwright, service: Service) -> None:
    """Each part is asked about when it is known; what needs a later part is behind it."""
    again = asking("again", {"from": "actions.ask.output.number"})
    last = late_task("note", "actions.again.output.number")
    run_id, _ = started(calls, calls.preview(plan_of(calls, asking(), again, last)))
    second = calls.wave(run_id)
    assert [each.action_id for each in second.later] == ["note"]
    assert calls.go_on(run_id, calls.confirm(second, approver="alice")).status == "waiting"
    third = calls.wave(run_id)
    assert third.stage == 3
    assert calls.go_on(run_id, calls.confirm(third, approver="alice")).success
    assert service.asked == ["Acme", "N-7"]


def test_a_run_without_a_later_part_has_no_wave(calls: Actwright, deal: str) -> None:
    """It has ended, and says so."""
    run_id, _ = started(calls, calls.preview(plan_of(calls, step("a", deal, "x"))))
    with pytest.raises(RunError, match="has ended"):
        calls.wave(run_id)


def test_the_later_part_is_in_the_digest(calls: Actwright) -> None:
    """Whoever says yes says yes to there being a later part, and to what it waits for."""
    one = calls.preview(plan_of(calls, asking(), late_task()))
    other = calls.preview(plan_of(calls, asking(), late_task(output="actions.ask.output.id")))
    alone = calls.preview(plan_of(calls, asking()))
    assert len({one.digest, other.digest, alone.digest}) == 3


def test_a_waiting_run_and_one_of_two_stages_have_their_pages(
    calls: Actwright, deal: str, tmp_path: Path
) -> None:
    """The page of the first says what it waits for; that of the other what was confirmed stage by stage, and by whom."""
    first = calls.preview(waving(calls, deal))
    run_id, _ = started(calls, first)
    assert "Create Task (note): waits for Subject from number of ask" in preview_page(
        first, calls.plans.get(first.plan_id), PersonLocale()
    )
    waiting = run_page(calls.run_state(run_id), calls.events(run_id), [first], None)
    assert "Waiting for a yes" in waiting
    assert f"actwright resume {run_id}" in waiting
    show(run_id, html=tmp_path / "held.html", home=calls.settings.home)
    known = (tmp_path / "held.html").read_text(encoding="utf-8")
    assert "What became of it" in known
    assert "Warnings" not in known
    second = calls.wave(run_id)
    assert f"resume {run_id}" in preview_page(
        second, calls.plans.get(second.plan_id), PersonLocale()
    )
    result = calls.go_on(run_id, calls.confirm(second, approver="bob"))
    page = run_page(calls.run_state(run_id), calls.events(run_id), [first, second], result)
    assert "What was confirmed: stage 2" in page
    assert "<bdi>bob</bdi>, since what it waited for was known" in page


class Asked(Terminal):
    """A terminal with a person in front of it, or without."""

    def __init__(self, *, person: bool) -> None:
        super().__init__(as_json=True)
        self.person = person
        self.hints: list[str] = []

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked."""
        return self.person

    def hint(self, text: str) -> None:
        """Keep what is told beside the results."""
        self.hints.append(text)


def test_a_terminal_asks_for_each_further_wave(
    calls: Actwright, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, for as long as it is said yes to; a no leaves the run waiting, and so does nobody being there."""
    again = asking("again", {"from": "actions.ask.output.number"})
    last = late_task("note", "actions.again.output.number")
    _, held = started(calls, calls.preview(plan_of(calls, asking(), again, last)))
    assert through_waves(calls, Asked(person=False), held).status == "waiting"
    answers: Iterator[Literal["yes", "no"]] = iter(("yes", "no", "yes"))

    def answered(app: Actwright, preview: Preview, *_: object, **__: object) -> Confirmation:
        return app.confirm(preview, approver="alice", answer=next(answers))

    monkeypatch.setattr("actwright.cli.waves.approve", answered)
    refused = through_waves(calls, Asked(person=True), held)
    assert (refused.status, service.asked) == ("waiting", ["Acme", "N-7"])
    assert through_waves(calls, Asked(person=True), refused).success


def test_a_run_goes_on_as_whom_it_was_begun_alone(
    calls: Actwright, service: Service, shared_org: LocalOrg
) -> None:
    """Somebody else may say the yes; with somebody else's rights nothing of it is previewed or carried out."""
    run_id, _ = started(calls, calls.preview(plan_of(calls, asking(), late_task())))
    bob = shared_org.as_user("bob", settings=ALLOWED)
    bob.register("AskService", service)
    tries: tuple[Callable[[], object], ...] = (
        lambda: bob.wave(run_id),
        lambda: bob.continuation_preview(run_id, inputs={"note.Subject": "x"}),
        lambda: bob.continuation_preview(run_id, target="note"),
        lambda: bob.edit(calls.wave(run_id), values={"note.Subject": "x"}),
    )
    for wrong in tries:
        with pytest.raises(ConfirmationForeignError, match=r"carried out as alice@.*is bob@") as no:
            wrong()
        assert no.value.error_code == "run_foreign"
    assert calls.run_state(run_id).status == "waiting"


def test_what_earlier_waves_wrote_counts(shared_org: LocalOrg, service: Service) -> None:
    """The most writes there may be, and from how many on it is a mass change, are of the run and not of each part."""
    app = shared_org.as_user(settings=ALLOWED | {"max_writes": 3, "mass_change": 3})
    app.register("AskService", service)
    further = [late_task(f"note{number}") for number in range(2)]
    first = app.preview(plan_of(app, asking(), *further))
    assert [each.code for each in first.issues] == ["opaque_unchecked"]
    run_id, _ = started(app, first)
    (issue,) = app.wave(run_id).issues
    assert (issue.code, issue.severity) == ("mass_change", "warning")
    assert issue.message == (
        "A mass change: the plan creates 2 Task records, and the run has made 1 write already."
    )
    larger, _ = started(app, app.preview(plan_of(app, asking(), *further, late_task("note2"))))
    with pytest.raises(
        RefusedError, match="3 writes more than the 1 the run has made; one run"
    ) as no:
        app.wave(larger)
    assert no.value.error_code == "too_many_writes"


def test_a_yes_that_comes_after_the_run_s_time_is_too_late(calls: Actwright) -> None:
    """Nothing of the wave is previewed or carried out; whoever drives the run on carries its end out."""
    preview = calls.preview(plan_of(calls, asking(), late_task()))
    yes = calls.confirm(preview, approver="alice")
    run_id = calls.run(preview, yes, answer_within=timedelta(hours=48)).run_id or ""
    late = calls.confirm(calls.wave(run_id), approver="alice")
    calls.clock = FixedClock(datetime.fromisoformat(calls.run_state(run_id).until or ""))
    for too_late in (lambda: calls.go_on(run_id, late), lambda: calls.wave(run_id)):
        with pytest.raises(RunError, match="is about to end as failed: Nobody answered by") as no:
            too_late()
        assert no.value.hint == f"actwright resume {run_id} carries its end out."
    assert calls.resume(run_id).status == "failed"


def test_a_yes_is_too_late_where_the_time_runs_out_while_the_org_is_asked(
    calls: Actwright, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the last look takes: the moment counts at which the yes would be written."""
    preview = calls.preview(plan_of(calls, asking(), late_task()))
    yes = calls.confirm(preview, approver="alice")
    run_id = calls.run(preview, yes, answer_within=timedelta(hours=48)).run_id or ""
    late = calls.confirm(calls.wave(run_id), approver="alice")
    calls.clock = clock = FixedClock(calls.clock.now())

    def slow(*_: object) -> None:
        clock.advance(timedelta(hours=49))

    monkeypatch.setattr(LastLook, "check_preview", slow)
    with pytest.raises(RunError, match="is about to end as failed: Nobody answered by"):
        calls.go_on(run_id, late)
    assert [each.kind for each in calls.events(run_id)][-1] == "timer_fired"


def test_apply_goes_on_with_the_run_of_a_wave(calls: Actwright) -> None:
    """A confirmed wave is applied like any preview, or left to a worker; its run has begun on terms of its own."""
    plain: Terms = {
        "limits": None,
        "on_failure": "end",
        "parallel": 1,
        "deadline": None,
        "answer_within": None,
    }
    plan = plan_of(calls, asking(), late_task())
    run_id, _ = started(calls, calls.preview(plan))
    wave = calls.wave(run_id)
    yes = calls.confirm(wave, approver="alice")
    other: Terms = {**plain, "parallel": 2}
    for refused in (carried_out, queued):
        with pytest.raises(InputError, match="has begun, on terms of its own"):
            refused(calls, wave, yes, other)
    result = carried_out(calls, wave, yes, plain)
    assert (result.status, result.run_id) == ("completed", run_id)
    left, _ = started(calls, calls.preview(plan))
    wave = calls.wave(left)
    calls.confirm(wave, approver="alice")
    assert queued(calls, wave, None, plain) == left
    assert calls.run_state(left).stages[-1].preview_id == wave.id


def test_what_failed_behind_what_was_done_is_previewed_without_it(
    calls: Actwright, admin: Rest, deal: str
) -> None:
    """The hint makes a plan of the rest; the plan as a whole would do again what stands."""

    class Meddling(Service):
        def act(self, request: ActionRequest) -> Mapping[str, JsonScalar]:
            """Change the deal that comes next."""
            admin.change("Opportunity", deal, NextStep="by the service")
            return super().act(request)

    calls.register("AskService", Meddling(), replace=True)
    plan = plan_of(calls, asking(), step("late", deal, "x", dependsOn=["ask"]))
    run_id, failed = started(calls, calls.preview(plan))
    assert failed.stopped_by == "drift"
    command = f"actwright fork {run_id} --at {len(calls.events(run_id)) - 1}. "
    assert f"Preview what is left of the plan and confirm what it shows then: {command}" in (
        failed.hint or ""
    )
    assert [each.id for each in calls.fork(run_id, len(calls.events(run_id)) - 1).actions] == [
        "late"
    ]


def test_nothing_goes_on_from_a_journal_that_was_changed(
    calls: Actwright, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not to the next wave, not with a yes that was given before, not by a fork; nothing is called."""
    run_id, _ = started(calls, calls.preview(plan_of(calls, asking(), late_task())))
    yes = calls.confirm(calls.wave(run_id), approver="alice")
    events = list(calls.events(run_id))
    answer = next(at for at, each in enumerate(events) if each.kind == "group_settled")
    data = json.loads(json.dumps(events[answer].data).replace("N-7", "N-8"))
    events[answer] = events[answer].model_copy(update={"data": data})
    monkeypatch.setattr(type(calls.journal), "events", lambda *_, **__: tuple(events))
    tries: tuple[Callable[[], object], ...] = (
        lambda: calls.wave(run_id),
        lambda: calls.continuation_preview(run_id, inputs={"note.Subject": "x"}),
        lambda: calls.go_on(run_id, yes),
        lambda: calls.fork(run_id, len(events)),
    )
    for wrong in tries:
        with pytest.raises(
            JournalDamagedError, match=rf"event {answer + 1} \(group_settled\) was changed"
        ):
            wrong()
    assert service.asked == ["Acme"]
