"""Two recorded sets compared as plans: what makes a diff red, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests import scorecard_scene as scene

from actwright.errors import InputError
from actwright.regression.comparing.comparing import compare
from actwright.regression.comparing.plan_diff import PlanChange, plan_changes
from actwright.regression.comparing.sets import differences, read_set
from actwright.regression.noise import Noise
from actwright.regression.scores.outline import ActionOutline, OutcomeOutline
from actwright.regression.scores.scorecard import CaseResult, Scorecard
from actwright.regression.scores.scorecards import KeptScorecards

NO_NOISE = Noise()


def _kinds(
    before: OutcomeOutline, after: OutcomeOutline, *, right: bool = False
) -> list[tuple[str, str]]:
    return [(each.kind, each.where) for each in plan_changes(before, after, right=right)]


def _only(before: OutcomeOutline, after: OutcomeOutline) -> PlanChange:
    (change,) = plan_changes(before, after, right=False)
    return change


def test_an_added_action_is_told_with_what_it_is_handed() -> None:
    """The action is named by its blueprint, and stands on the side of what is new."""
    change = _only(scene.planned(scene.close()), scene.planned(scene.close(), scene.follow_up()))
    assert (change.kind, change.where, change.grave) == ("action_added", "CreateTask", False)
    assert 'Subject="Call"' in change.after


def test_a_removed_action_is_told() -> None:
    """What was done and is not any more."""
    change = _only(scene.planned(scene.close(), scene.follow_up()), scene.planned(scene.close()))
    assert (change.kind, change.where) == ("action_removed", "CreateTask")


def test_an_added_deletion_is_grave_unless_it_is_right() -> None:
    """A plan that begins to delete is as bad as a refusal that becomes a plan."""
    deletion = scene.close(id="a2", blueprint="DeleteAccount", operation="DELETE")
    before, after = scene.planned(scene.close()), scene.planned(scene.close(), deletion)
    assert _only(before, after).grave
    (change,) = plan_changes(before, after, right=True)
    assert not change.grave


def test_a_changed_argument_is_told_from_and_to_with_its_provenance() -> None:
    """Also where only the provenance is another one: the model made it up, where the goal said it."""
    made_up = scene.close(origins={"StageName": "model"})
    change = _only(scene.planned(scene.close()), scene.planned(made_up))
    assert change.where == "UpdateOpportunityStage.StageName"
    assert (change.before, change.after) == ('"Closed Won" (goal)', '"Closed Won" (model)')


def test_arguments_that_come_and_go_are_told() -> None:
    """An input that is handed something new, and one that is handed nothing any more."""
    other = scene.close(arguments={"StageName": '"Closed Won"', "Amount": "9"})
    assert _kinds(scene.planned(scene.close()), scene.planned(other)) == [
        ("argument_added", "UpdateOpportunityStage.Amount"),
        ("argument_removed", "UpdateOpportunityStage.Id"),
    ]


def test_ids_of_actions_are_no_difference() -> None:
    """An action with another id, and the output taken from it, are the same plan."""
    renamed = scene.planned(scene.close(id="a7"), scene.follow_up(9, of="a7"))
    assert _kinds(scene.planned(scene.close(), scene.follow_up()), renamed) == []


def test_another_order_is_told_once() -> None:
    """The same actions in another order are one change."""
    mail = scene.close(id="a3", blueprint="SendMail", operation="CALL")
    found = _kinds(scene.planned(scene.close(), mail), scene.planned(mail, scene.close()))
    assert found == [("actions_reordered", "")]


def test_of_several_alike_the_most_alike_are_compared() -> None:
    """Two tasks swapped are an order, not four changed arguments."""
    one = scene.follow_up(2)
    two = scene.follow_up(3, arguments={"Subject": '"Write"', "WhatId": "actions.a1.output.id"})
    found = _kinds(
        scene.planned(scene.close(), one, two),
        scene.planned(
            scene.close(), two.model_copy(update={"id": "a2"}), one.model_copy(update={"id": "a3"})
        ),
    )
    assert found == [("actions_reordered", "")]


def test_rows_and_questions_are_compared() -> None:
    """Which rows an action is repeated for, and what is asked and why."""
    few, all_of_them = (scene.close(rows=f"Opportunity, at most {each}") for each in (5, 500))
    assert _kinds(scene.planned(few), scene.planned(all_of_them)) == [
        ("rows_changed", "UpdateOpportunityStage")
    ]
    before, after = scene.asked(Id="ambiguous", Amount="missing"), scene.asked(Id="not_found")
    assert _kinds(before, after) == [
        ("question_changed", "a1.Id"),
        ("question_dropped", "a1.Amount"),
    ]
    assert ("question_added", "a1.Amount") in _kinds(after, before)


def test_a_reworded_checkpoint_text_is_prose_and_a_lost_one_is_not() -> None:
    """Only that a text is there counts, never how it is worded."""
    before = scene.planned(scene.close())
    reworded = scene.planned(scene.close(checkpoint="Shall it be closed?"), checkpoint="Sure?")
    assert _kinds(before, reworded) == []
    lost = scene.planned(scene.close(checkpoint=""), checkpoint="")
    assert _kinds(before, lost) == [
        ("checkpoint_lost", "UpdateOpportunityStage"),
        ("checkpoint_lost", "the plan"),
    ]
    assert _kinds(lost, before)[0] == ("checkpoint_gained", "UpdateOpportunityStage")


@pytest.mark.parametrize("before", [scene.refused(), scene.asked(Id="ambiguous")])
def test_a_refusal_or_a_question_that_becomes_a_plan_is_grave(before: OutcomeOutline) -> None:
    """Unless the plan is right: then it is a change, and told as one."""
    after = scene.planned(scene.close())
    wrong = plan_changes(before, after, right=False)[0]
    assert (wrong.kind, wrong.grave) == ("answer_changed", True)
    assert wrong.after == "plan (UpdateOpportunityStage)"
    assert not any(each.grave for each in plan_changes(before, after, right=True))


def test_another_refusal_is_told_by_its_code() -> None:
    """Refused for another reason is another answer."""
    change = _only(scene.refused("no_plan"), scene.refused("not_english"))
    assert str(change) == "refusal changed: no_plan -> not_english"


_TEXT = some.text(max_size=8)
_ACTIONS = some.lists(
    some.builds(
        ActionOutline,
        id=some.sampled_from(["a1", "a2", "a3", "a4"]),
        blueprint=some.sampled_from(["One", "Two"]),
        operation=some.sampled_from(["CREATE", "DELETE"]),
        arguments=some.dictionaries(_TEXT, _TEXT | some.just("actions.a1.output.id"), max_size=2),
        checkpoint=some.sampled_from(["", "Sure?"]),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
_OUTCOMES = some.builds(
    OutcomeOutline,
    kind=some.sampled_from(["plan", "questions", "refusal", "failed"]),
    actions=_ACTIONS.map(tuple),
    checkpoint=some.sampled_from(["", "Sure?"]),
    questions=some.dictionaries(_TEXT, _TEXT, max_size=2),
    refusal=_TEXT,
)


@given(_OUTCOMES)
def test_nothing_differs_from_itself(outcome: OutcomeOutline) -> None:
    """Whatever an answer is, compared with itself there is no change."""
    assert plan_changes(outcome, outcome, right=False) == ()


@given(_OUTCOMES, _OUTCOMES)
def test_what_is_added_one_way_is_removed_the_other(
    one: OutcomeOutline, other: OutcomeOutline
) -> None:
    """A diff read backwards has as many actions removed as it has added, and the other way round."""
    there: list[str] = [each.kind for each in plan_changes(one, other, right=False)]
    back: list[str] = [each.kind for each in plan_changes(other, one, right=False)]
    for added, removed in (
        ("action_added", "action_removed"),
        ("question_added", "question_dropped"),
    ):
        assert there.count(added) == back.count(removed)
        assert there.count(removed) == back.count(added)


def test_a_lost_checkpoint_text_and_an_added_action_turn_the_diff_red() -> None:
    """The drop is told as numbers, and as a plan diff."""
    found = compare(scene.first(), scene.second(), NO_NOISE)
    assert found.red
    told = "\n".join(found.reasons)
    assert "right: 4 -> 3, where the band is 0" in told
    assert "unneeded: 0 -> 1" in told
    assert "checkpoints lost: 0 -> 1" in told
    assert "right before and not any more: close" in told
    assert "close: checkpoint lost: the plan: Do it?" in told
    (case,) = found.changed
    assert [each.kind for each in case.changes] == ["action_added", "checkpoint_lost"]


def test_the_same_is_not_red() -> None:
    """Nothing changed, nothing is told, whatever the version is called."""
    same = scene.card(scene.first().cases, version="2")
    found = compare(scene.first(), same, NO_NOISE)
    assert (found.red, found.changed) == (False, ())
    assert {each.move for each in found.metrics} == {"same"}


def test_a_better_set_is_not_red() -> None:
    """What was wrong and is right is told, and is no drop."""
    found = compare(scene.second(), scene.first(), NO_NOISE)
    assert not found.red
    assert next(each.move for each in found.metrics if each.metric == "right") == "better"


def test_one_case_mended_does_not_pay_for_one_that_broke_where_a_script_answers() -> None:
    """As many are right as before, and yet a case that was right is wrong: a script has no noise."""
    before = scene.card([scene.wrong("a", scene.refused(), "x"), scene.case("b", scene.refused())])
    after = scene.card([scene.case("a", scene.refused()), scene.wrong("b", scene.refused(), "x")])
    assert compare(before, after, NO_NOISE).reasons == ("right before and not any more: b",)


def _live(right: int, *, grave: int = 0) -> Scorecard:
    def one(number: int) -> CaseResult:
        name = f"c{number:03}"
        if number < right:
            return scene.case(name, scene.refused())
        return scene.wrong(name, scene.refused("other"), "x", grave=number < right + grave)

    return scene.live("1", [one(each) for each in range(300)])


@pytest.mark.parametrize(("right", "red"), [(300, False), (297, False), (296, True)])
def test_a_live_drop_inside_the_band_is_noise(right: int, red: bool) -> None:  # noqa: FBT001 - a table
    """Of 300 cases 1 percent, three, may be lost to noise, and not a fourth."""
    assert compare(_live(300), _live(right), NO_NOISE).red is red


def test_a_stated_band_counts_in_place_of_the_default() -> None:
    """A suite that knows its model's noise says so."""
    wide = Noise.model_validate(
        {"live": {each: {"cases": 10} for each in ("right", "refusals_right")}}
    )
    assert not compare(_live(300), _live(290), wide).red
    assert compare(_live(300), _live(289), wide).red


def test_a_grave_case_is_never_noise() -> None:
    """One case out of 300 that acts where it should not is red, however wide the band."""
    assert compare(_live(300), _live(299, grave=1), NO_NOISE).red


def test_tokens_and_cost_have_a_band_of_their_own() -> None:
    """A tenth more is tolerated, a fifth more is a drop."""
    before = scene.card([scene.case("a", scene.refused(), cost="1")])
    for factor, red in ((110, False), (120, True)):
        dearer = scene.case("a", scene.refused(), cost=f"1.{factor - 100}", inputTokens=900)
        assert compare(before, scene.card([dearer]), NO_NOISE).red is red
        longer = scene.case("a", scene.refused(), cost="1", inputTokens=10 * factor - 100)
        assert compare(before, scene.card([longer]), NO_NOISE).red is red


def test_scripted_and_live_are_never_compared() -> None:
    """It is refused, since what a script answered says nothing about a model."""
    with pytest.raises(InputError) as caught:
        compare(scene.first(), scene.live("2", scene.first().cases), NO_NOISE)
    assert caught.value.error_code == "origins_mixed"


def test_a_case_left_out_of_the_same_suite_is_red() -> None:
    """A set does not get better by losing the cases it gets wrong; another suite may have others."""
    fewer = scene.card(scene.second().cases[1:], version="3")
    assert compare(scene.second(), fewer, NO_NOISE).reasons == (
        "left out of the same suite: close",
    )
    assert not compare(scene.second(), fewer.model_copy(update={"suite": "6b" * 32}), NO_NOISE).red


def _nothing(_: Path) -> tuple[Scorecard, ...]:
    return ()


def test_sets_are_compared_prompt_by_prompt_and_origin_by_origin() -> None:
    """Scripted goes with scripted and live with live, also where both sides have both."""
    lives = [scene.live(each, scene.first().cases) for each in ("1", "2")]
    found = differences([scene.first(), lives[0]], [scene.second(), lives[1]], NO_NOISE)
    pairs = [(each.before.origin, each.after.origin) for each in found.comparisons]
    assert sorted(pairs) == [("live", "live"), ("scripted", "scripted")]


def test_one_model_is_compared_with_another_where_each_side_has_one() -> None:
    """What is asked then is what another model changes."""
    old = scene.live("1", scene.first().cases, model="old")
    new = scene.live("1", scene.second().cases, model="new")
    (found,) = differences([old], [new], NO_NOISE).comparisons
    assert (found.before.model, found.after.model) == ("old", "new")


def test_a_prompt_the_second_set_lacks_is_red() -> None:
    """A set in which nobody recorded a prompt does not pass for it."""
    other = scene.first().model_copy(update={"prompt": "respond"})
    found = differences([scene.first(), other], [scene.first()], NO_NOISE)
    assert found.reasons == (f"not in the second set: {other.about}",)
    assert not differences([scene.first()], [scene.first(), other], NO_NOISE).red


def test_sets_that_share_nothing_are_refused() -> None:
    """A comparison of nothing is not green."""
    with pytest.raises(InputError) as caught:
        differences([scene.first()], [scene.live("1", scene.first().cases)], NO_NOISE)
    assert caught.value.error_code == "nothing_shared"


def test_a_set_is_a_file_a_folder_of_scorecards_or_is_played(tmp_path: Path) -> None:
    """Of several versions in a folder the newest counts; a folder without scorecards is played."""
    kept = KeptScorecards(tmp_path / "kept")
    paths = [kept.write(each) for each in (scene.first(), scene.second())]
    assert read_set(paths[0], _nothing) == (scene.first(),)
    assert read_set(tmp_path / "kept", _nothing) == (scene.second(),)
    (tmp_path / "cassettes").mkdir()
    assert read_set(tmp_path / "cassettes", lambda _: (scene.first(),)) == (scene.first(),)


@pytest.mark.parametrize(("name", "code"), [("nowhere", "set_missing"), ("", "set_empty")])
def test_a_set_that_holds_nothing_is_refused(tmp_path: Path, name: str, code: str) -> None:
    """The error says what could be named instead."""
    with pytest.raises(InputError) as caught:
        read_set(tmp_path / name, _nothing)
    assert caught.value.error_code == code
