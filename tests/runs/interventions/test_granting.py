"""What an accepted intervention entails: the events behind it, and how the run stands then."""

from __future__ import annotations

from typing import Any

import pytest
from tests.runs.interventions.staged_run import (
    FAILED,
    OTHER_RECORD,
    PLAN,
    RECORD,
    RUN,
    WAITING,
    StagedRun,
    intended,
    paused,
    sent,
    settled,
    wish,
)

from actwright.errors import InterventionError, RecordIdError
from actwright.runs.interventions.granting import Granted
from actwright.runs.interventions.intervention import InterventionAction
from actwright.runs.interventions.scene import Scene
from actwright.runs.record.event import EventKind
from actwright.runs.record.journal import Entry


def kinds(staged: StagedRun, count: int) -> list[str]:
    """Return the kinds of the newest events."""
    return [each.kind for each in staged.events[-count:]]


def refused(staged: StagedRun, action: InterventionAction, **more: Any) -> InterventionError:
    """Return how an intervention is refused, which changes nothing."""
    before = staged.events
    with pytest.raises(InterventionError) as caught:
        staged.step_in(action, **more)
    assert staged.events == before
    return caught.value


def outcome(
    effect: str, told: str, *, kind: EventKind = "group_settled", by: str = "", **more: str
) -> Entry:
    """Return the event of what became of single effects of the third group."""
    statuses = more | {effect: told}
    outcomes = [{"effectId": key, "status": each} for key, each in statuses.items()]
    return (kind, {"groupId": "g3", "stage": 1, "by": by, "outcomes": outcomes})


def left(staged: StagedRun) -> tuple[str, ...]:
    """Return what of the third group may be sent again."""
    step = staged.state.step("g3")
    return step.left if step else ()


def status(staged: StagedRun, group: str) -> str:
    """Return how far a group has come."""
    step = staged.state.step(group)
    assert step is not None
    return step.status


def test_a_retry_lets_the_failed_group_go_again(staged: StagedRun) -> None:
    """The run goes on, and the group is looked at and sent again under the next attempt."""
    staged.at("retry").step_in("retry")
    assert kinds(staged, 2) == ["intervened", "group_retrying"]
    step = staged.state.step("g1")
    assert step is not None
    assert (step.status, step.attempt, staged.state.status) == ("retrying", 2, "running")
    assert staged.events[-1].actor == "Bob"


@pytest.mark.parametrize("target", ["g1", "a1", None])
def test_a_group_is_named_by_itself_or_by_its_action(staged: StagedRun, target: str | None) -> None:
    """Where one group failed, it need not be named at all."""
    staged.at("retry").step_in("retry", target=target)
    assert status(staged, "g1") == "retrying"


def test_only_what_failed_is_tried_again(staged: StagedRun) -> None:
    """What was done, what has not begun and what nobody knows are no groups to try again."""
    staged.begun(*sent("g1", "done"), *sent("g2", "failed"), paused("g2 failed", "retry"))
    for target in ("g1", "g3", "g9"):
        assert "Name one of g2." in (refused(staged, "retry", target=target).hint or "")


def test_of_two_failed_groups_one_has_to_be_named(staged: StagedRun) -> None:
    """Nobody guesses which is meant."""
    staged.begun(*sent("g1", "failed"), *sent("g3", "failed"), paused("both", "retry"))
    assert "g1, g3" in (refused(staged, "retry").hint or "")
    staged.step_in("retry", target="g3")
    assert (status(staged, "g1"), status(staged, "g3")) == ("failed", "retrying")


def test_an_action_in_two_groups_names_neither(staged: StagedRun) -> None:
    """The groups are told, so that one of them can be named."""
    staged.at("retry")
    assert "g2, g4" in (refused(staged, "skip_stage", target="a2").hint or "")


def test_of_what_happened_in_part_the_rest_is_tried_again(staged: StagedRun) -> None:
    """What has happened is no part of the next attempt, however often that fails."""
    staged.begun(intended("g3"), settled("g3", "done", "failed"), paused("half", "retry"))
    for again in (outcome("e4", "failed"), outcome("e4", "not_sent")):
        staged.step_in("retry")
        assert (status(staged, "g3"), left(staged)) == ("retrying", ("e4",))
        staged.add(intended("g3", 2), again, paused("half", "retry"))
        assert (status(staged, "g3"), left(staged)) == ("partial", ("e4",))
    staged.add(outcome("e4", "done"))
    assert (status(staged, "g3"), left(staged)) == ("done", ())


def test_a_lost_answer_to_the_rest_of_a_group_is_about_the_rest_alone(staged: StagedRun) -> None:
    """What had happened before is neither asked after nor overwritten, nor ever sent again."""
    found = outcome("e4", "not_sent", kind="group_reconciled", by="ledger", e3="done")
    lost = (intended("g3", 2), outcome("e4", "unknown"), paused("lost", "clarification"))
    staged.begun(intended("g3"), settled("g3", "unknown"), found, *lost)
    assert (status(staged, "g3"), left(staged)) == ("unknown", ("e4",))
    staged.step_in("provide_clarification", answer="did not happen")
    told = staged.events[-2].data["outcomes"]
    assert [(each["effectId"], each["status"]) for each in told] == [("e4", "not_sent")]
    assert (status(staged, "g3"), left(staged)) == ("retrying", ("e4",))


def test_what_was_turned_down_is_not_tried_again_by_itself(staged: StagedRun) -> None:
    """Of a group found out about in part only what never came to be tried goes on without a person."""
    found = outcome("e4", "failed", kind="group_reconciled", by="job", e3="done")
    staged.begun(intended("g3"), settled("g3", "unknown"), found)
    step = staged.state.step("g3")
    assert step is not None
    assert (step.left, step.is_found_out) == (("e4",), False)


def test_a_run_paused_for_no_group_simply_goes_on(staged: StagedRun) -> None:
    """A person who could not be logged in can be now."""
    staged.begun(paused("nobody could log in", "retry")).step_in("retry")
    assert kinds(staged, 1) == ["intervened"]
    assert staged.state.status == "running"


def test_what_needs_a_skipped_group_has_to_be_named(staged: StagedRun) -> None:
    """Whoever leaves a group out is told what goes with it, by its action and by its links, before anything changes."""
    staged.at("retry")
    assert refused(staged, "skip_stage").message.endswith("cannot be done without it: g2, g4.")
    assert refused(staged, "skip_stage", also=("g2",)).message.endswith("without it: g4.")
    accepted = staged.step_in("skip_stage", also=("a1", "g2", "a6"))
    assert accepted.data["skipped"] == ["g1", "g2", "g4"]
    assert [status(staged, each) for each in ("g1", "g2", "g4")] == ["skipped"] * 3
    assert staged.state.step("g3") is None
    assert staged.state.status == "running"


def test_an_action_of_a_later_wave_goes_with_what_it_needs(staged: StagedRun) -> None:
    """It has no group yet, and is named by its action."""
    staged.begun(*sent("g3", "failed"), paused("g3 failed", "retry"))
    assert refused(staged, "skip_stage").message.endswith("without it: a5.")
    assert staged.step_in("skip_stage", also=("a5",)).data["later"] == ["a5"]


def test_what_is_behind_the_run_is_not_skipped(staged: StagedRun) -> None:
    """It has happened."""
    staged.begun(*sent("g1", "done"), *sent("g2", "failed"), paused("g2 failed", "retry"))
    told = refused(staged, "skip_stage", target="g1")
    assert "g1" not in (told.hint or "")
    staged.step_in("skip_stage", also=("a6",))
    assert (status(staged, "g1"), status(staged, "g2")) == ("done", "skipped")


def test_a_branch_leaves_out_what_stands_before_it(staged: StagedRun) -> None:
    """What is skipped is named in the event, and what needs that has to be named by the person."""
    staged.at("retry")
    assert "g4" in refused(staged, "force_branch", target="g3", also=("g2",)).message
    accepted = staged.step_in("force_branch", target="g3", also=("g2", "g4"))
    assert accepted.data["skipped"] == ["g1", "g2", "g4"]
    assert staged.state.step("g3") is None
    assert staged.state.status == "running"


def test_a_branch_to_what_failed_tries_it_again(staged: StagedRun) -> None:
    """It is the one to go on with."""
    staged.begun(*sent("g3", "failed"), paused("g3 failed", "retry"))
    staged.step_in("force_branch", target="g3", also=("g2", "g4"))
    assert status(staged, "g1") == "skipped"
    assert status(staged, "g3") == "retrying"


@pytest.mark.parametrize(("target", "begins"), [("g2", "a2"), ("a4", "a4"), ("a5", "a5")])
def test_a_branch_that_changes_an_effect_asks_for_a_preview(
    staged: StagedRun, target: str, begins: str
) -> None:
    """Going on without what the target needs, in the middle of a group, or with a later wave is another plan."""
    staged.at("retry")
    seen: list[Granted] = []

    def prepare(_: Scene, granted: Granted) -> dict[str, object]:
        seen.append(granted)
        return {"previewId": "prv_new"}

    accepted = staged.desk.accept(RUN, wish("force_branch", target=target), prepare=prepare)
    assert (seen[0].asks, seen[0].target) == ("branch", begins)
    assert accepted.data["previewId"] == "prv_new"
    assert accepted.state.waiting_for == "retry"


def test_a_branch_goes_somewhere(staged: StagedRun) -> None:
    """A target that is missing, unknown or behind the run is refused by name."""
    staged.begun(*sent("g1", "done"), *sent("g2", "failed"), paused("g2 failed", "retry"))
    assert "what to go on with" in refused(staged, "force_branch").message
    assert "'g9'" in refused(staged, "force_branch", target="g9").message
    assert "is behind the run" in refused(staged, "force_branch", target="g1").message


def test_other_inputs_leave_the_run_as_it_is_until_the_yes(staged: StagedRun) -> None:
    """They are on the record, and nothing goes on."""
    staged.at("retry")
    assert "needs new values" in refused(staged, "retry_with_inputs").message
    accepted = staged.step_in("retry_with_inputs", inputs={"a1.Name": "Other"})
    assert accepted.data["inputs"] == {"a1.Name": "Other"}
    assert (accepted.state.status, accepted.state.waiting_for) == ("paused", "retry")


@pytest.mark.parametrize(("action", "ending"), [("cancel", "cancelled"), ("abort_flow", "aborted")])
def test_an_end_is_noted_and_carried_out_by_the_next_drive(
    staged: StagedRun, action: InterventionAction, ending: str
) -> None:
    """A held run can be driven on then; how and why it ends stands in its state."""
    staged.at("confirmation").step_in(action)
    state = staged.state
    assert (state.status, state.ending, state.ending_why) == ("running", ending, "Bob: because")


def test_a_cancelled_queued_run_stays_queued(staged: StagedRun) -> None:
    """Whoever takes it ends it, without any effect."""
    state = staged.at("queued").step_in("cancel").state
    assert (state.status, state.ending) == ("queued", "cancelled")


def test_a_wave_needs_a_yes_of_its_own(staged: StagedRun) -> None:
    """Without a confirmation nothing goes on; with one it is handed on, and not written twice."""
    staged.at("confirmation")
    assert "--confirmation" in (refused(staged, "confirm_continue").hint or "")
    before = staged.events
    handed: list[Entry] = []
    wanted = wish("confirm_continue", confirmation_id="cnf_2")
    staged.desk.accept(RUN, wanted, hand_over=handed.extend)
    assert [kind for kind, _ in handed] == ["intervened"]
    assert handed[0][1]["by"] == "Bob"
    assert staged.events == before


def test_a_checkpoint_needs_no_confirmation(staged: StagedRun) -> None:
    """Nothing new is to be confirmed there."""
    staged.begun(paused("look at it", "confirmation")).step_in("confirm_continue")
    assert staged.state.status == "running"


def test_what_happened_is_told_with_the_records_it_created(staged: StagedRun) -> None:
    """The group is done by a person's word, with who and why, and the run goes on."""
    staged.at("doubt").step_in(
        "provide_clarification", answer=" Happened ", records={"e1": RECORD[:15]}
    )
    told = staged.events[-1]
    assert (told.kind, told.data["by"], told.data["evidence"]) == (
        "group_reconciled",
        "person",
        ["Bob: because"],
    )
    assert told.data["outcomes"][0]["recordId"] == RECORD
    assert told.data["outcomes"][0]["created"] is True
    assert (status(staged, "g1"), staged.state.status) == ("done", "running")


def test_what_did_not_happen_is_looked_at_and_sent_again(staged: StagedRun) -> None:
    """Under the next attempt; no key is used twice."""
    staged.at("doubt").step_in("provide_clarification", answer="did not happen", target="g1")
    assert kinds(staged, 3) == ["intervened", "group_reconciled", "group_retrying"]
    assert staged.events[-1].data["attempt"] == 2
    assert staged.state.in_doubt == ()


def test_what_was_known_of_a_group_in_doubt_stays_known(staged: StagedRun) -> None:
    """Only what nobody knew is told by the person."""
    doubt = paused("nobody knows", "clarification")
    staged.begun(intended("g3"), settled("g3", "done", "unknown"), doubt)
    staged.step_in("provide_clarification", answer="happened", records={"e4": OTHER_RECORD})
    outcomes = staged.events[-1].data["outcomes"]
    assert [each["recordId"] for each in outcomes] == [RECORD, OTHER_RECORD]
    assert status(staged, "g3") == "done"


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"answer": "maybe"}, "needs an answer"),
        ({}, "needs an answer"),
        ({"answer": "happened"}, "which records e1 created"),
        ({"answer": "happened", "records": {"e1": RECORD, "e9": RECORD}}, "created by e9"),
        ({"answer": "did not happen", "records": {"e1": RECORD}}, "created by e1"),
        (
            {"answer": "happened", "target": "g2", "records": {"e1": RECORD}},
            "none of the groups that are in doubt",
        ),
    ],
)
def test_half_an_answer_is_none(staged: StagedRun, told: dict[str, Any], match: str) -> None:
    """What is missing, unknown or contradicts itself is refused."""
    staged.at("doubt")
    assert match in refused(staged, "provide_clarification", **told).message


def test_two_records_are_two(staged: StagedRun) -> None:
    """The same id for both is a slip."""
    staged.begun(*sent("g3", "unknown"), paused("nobody knows", "clarification"))
    both = {"e3": RECORD, "e4": RECORD[:15]}
    told = refused(staged, "provide_clarification", answer="happened", records=both)
    assert "the same record" in told.message


def test_a_record_has_an_id(staged: StagedRun) -> None:
    """A malformed one is refused before anything is written."""
    before = staged.at("doubt").events
    with pytest.raises(RecordIdError):
        staged.step_in("provide_clarification", answer="happened", records={"e1": "nonsense"})
    assert staged.events == before


def test_the_run_stays_paused_while_another_group_is_in_doubt(staged: StagedRun) -> None:
    """It goes on with the last answer."""
    doubt = paused("nobody knows", "clarification")
    staged.begun(*sent("g1", "unknown"), *sent("g3", "unknown"), doubt)
    held = staged.step_in("provide_clarification", target="g3", answer="did not happen")
    assert held.state.status == "paused"
    going_on = staged.step_in("provide_clarification", answer="did not happen")
    assert going_on.state.status == "running"


def test_an_answer_is_about_a_doubt(staged: StagedRun) -> None:
    """Held by an objection and nothing in doubt: there is nothing to say, and nothing is written."""
    before = staged.at("override").events
    assert "no group is in doubt" in refused(staged, "provide_clarification", answer="blue").message
    assert staged.events == before


def test_a_cancelled_run_does_not_try_again(staged: StagedRun) -> None:
    """What did not happen stays undone where the run is to end anyway."""
    staged.begun(
        *sent("g1", "unknown"),
        ("intervened", {"action": "cancel", "key": "k", "ending": "cancelled"}),
        paused("nobody knows", "clarification"),
    )
    staged.step_in("provide_clarification", answer="did not happen")
    assert kinds(staged, 2) == ["intervened", "group_reconciled"]
    assert (staged.state.status, staged.state.ending) == ("running", "cancelled")


def test_the_second_stage_is_the_one_that_is_stepped_into(staged: StagedRun) -> None:
    """Groups of an earlier stage that bear the same id are left alone."""
    continued = {
        "planId": PLAN.id,
        "previewId": "prv_00000000000000000001",
        "confirmationId": "cnf_2",
        "digest": "d",
        "because": "wave",
    }
    staged.begun(*sent("g1", "done"), WAITING, ("run_continued", continued))
    again = [(kind, {**data, "stage": 2}) for kind, data in sent("g1", "failed")]
    staged.add(*again, FAILED[-1])
    staged.step_in("retry")
    assert [each.status for each in staged.state.steps] == ["done", "retrying"]
    assert staged.events[-1].data["stage"] == 2
