"""Rows by name: what an undo asks about, whose ids conditions hold, and what all of that costs."""

from __future__ import annotations

from tests.checkpoints.row_scene import (
    STAGE,
    DealOrg,
    deal_org,
    handed,
    lost,
    open_deals,
    plan_for,
    repeated,
)
from tests.memory_org import FakeClock

from actwright.actions.factory import Factory
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.spared_rows import sparing
from actwright.checkpoints.preview import Preview
from actwright.checkpoints.previewer import Previewer


def previewed(org: DealOrg, plan: Plan) -> Preview:
    """Return the preview of a plan."""
    return Previewer(org, Factory(), FakeClock()).preview(plan)


def undo(org: DealOrg, count: int) -> Preview:
    """Return the preview of the undo of a run that changed some deals."""
    rows: list[Json] = [{"Id": each, "StageName": f"Stage {each}"} for each in org.add(count)]
    back = repeated(
        handed(*rows, limit=count, source="as it was before run_1"),
        STAGE,
        StageName={"from": "row.StageName"},
    )
    planner: Json = {"kind": "undo", "undoes": "run_1"}
    return previewed(org, plan_for(back, planner=planner))


def test_an_undo_of_a_few_records_names_each_with_its_values() -> None:
    """As the preview of one record does; nothing of a run's id, and nothing of how many rows were allowed."""
    org = deal_org()
    preview = undo(org, 5)
    for number, each in enumerate(preview.effects, start=1):
        said = f'Change Opportunity "Deal {number}": Stage Prospecting -> Stage {each.record_id}.'
        assert said in preview.question
    assert "run_1" not in preview.question


def test_an_undo_of_many_records_counts_them() -> None:
    """Six are told together."""
    question = undo(deal_org(), 6).question
    assert question.startswith(
        "Change 6 Opportunities (as it was before run_1): Stage Prospecting -> "
    )
    assert "6 different values" in question or question.count("1 \u00d7 ") == 6


def test_rows_of_other_plans_are_counted_however_few() -> None:
    """What a query found today is asked about by its conditions."""
    org = deal_org()
    org.add(2)
    asked = previewed(org, plan_for(lost(open_deals()))).question
    assert asked.startswith("Change 2 Opportunities (open): Stage")


def test_ids_in_conditions_are_told_by_name_and_cost_no_call() -> None:
    """The person's own, another's, and those of the records left out one by one."""
    org = deal_org()
    bob = next(each for each in org.rows["User"] if each["Id"] != org.user.id)
    ids = org.add(4, OwnerId=str(bob["Id"]))
    mine: Json = [{"field": "OwnerId", "value": org.user.id}]
    his: Json = [{"field": "OwnerId", "value": str(bob["Id"])}]
    plain = previewed(org, plan_for(lost(open_deals()))).cost.preview_calls
    plan = plan_for(lost({"object": "Opportunity", "where": his, "limit": 9}))
    spared = plan.model_copy(update={"actions": (sparing(plan.actions[0], ids[:2]),)})
    preview = previewed(org, spared)
    assert preview.question.startswith(
        f'Change 2 Opportunities (owned by {bob["Name"]}, without "Deal 1" and "Deal 2"): '
    )
    assert preview.cost.preview_calls == plain <= 3
    none = previewed(org, plan_for(lost({"object": "Opportunity", "where": mine, "limit": 9})))
    assert f"owned by {org.user.name} (you)" in none.blocked[0].message


def test_the_planners_words_for_one_record_are_left_out_where_there_are_many() -> None:
    """A blueprint asks about one record; words of the planner's own stay."""
    org = deal_org()
    org.add(2)
    action = lost(open_deals())
    entry = action["blueprint"]
    assert isinstance(entry, dict)
    action["blueprint"] = {**entry, "checkpoint": "Close this opportunity?"}
    own = previewed(org, plan_for(action, checkpoint="Close this opportunity?"))
    assert own.planner_words == ""
    other = previewed(org, plan_for(action, checkpoint="These have been quiet for long."))
    assert other.planner_words == "These have been quiet for long."
