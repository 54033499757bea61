"""Rows: what a repeated action is bound to, found by a query or handed in, and what is refused of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.checkpoints.row_scene import (
    AMOUNT,
    STAGE,
    DealOrg,
    codes,
    deal_org,
    handed,
    lost,
    open_deals,
    plan_for,
    preview_on,
    repeated,
)
from tests.scenario import action, blueprint, value

from actwright.canonical import Json
from actwright.checkpoints.limits import Limits
from actwright.checkpoints.preview import Terms
from actwright.checkpoints.resolving.rows import with_ceiling
from actwright.errors import PlanError, RefusedError


@pytest.fixture
def org() -> DealOrg:
    """Give an org of three deals."""
    found = deal_org()
    found.add(3)
    return found


def test_every_row_becomes_one_numbered_effect(org: DealOrg) -> None:
    """Ids, names, versions and before-values are those of each row's own record."""
    preview = preview_on(org, lost(open_deals()))
    assert preview.blocked == ()
    assert [each.id for each in preview.effects] == ["a.1", "a.2", "a.3"]
    assert [each.record_name for each in preview.effects] == ["Deal 1", "Deal 2", "Deal 3"]
    assert {each.changes[0].before for each in preview.effects} == {"Prospecting"}
    (bound,) = preview.rows
    assert (bound.found, bound.unchanged, bound.ceiling) == (3, 0, 1_000)
    assert bound.query == "open"


def test_rows_cost_two_calls_however_many_they_are(org: DealOrg) -> None:
    """One query finds them, one read takes their before-values; what has nothing to do with rows costs no more."""
    org.add(197)
    preview = preview_on(org, lost(open_deals()))
    assert len(preview.effects) == 200
    assert preview.cost.preview_calls == 2


def test_rows_that_hold_the_values_already_are_left_alone(org: DealOrg) -> None:
    """They are counted, and the question says so."""
    org.add(2, StageName="Closed Lost")
    preview = preview_on(org, lost(open_deals()))
    assert len(preview.effects) == 3
    assert (preview.rows[0].found, preview.rows[0].unchanged) == (5, 2)
    assert "2 more rows hold the new values already." in preview.question


def test_rows_that_all_hold_the_values_already_are_an_issue() -> None:
    """A person who expects a change is told that there is none."""
    org = deal_org()
    org.add(2, StageName="Closed Lost")
    preview = preview_on(org, lost(open_deals()))
    assert codes(preview) == ["rows_unchanged"]
    assert preview.groups == ()


def test_no_row_is_an_issue_that_repeats_the_conditions() -> None:
    """Nobody confirms a plan that finds nothing."""
    preview = preview_on(deal_org(), lost(open_deals()))
    assert codes(preview) == ["rows_none"]
    assert "fits: open." in preview.blocked[0].message


def test_more_rows_than_the_ceiling_are_counted_and_not_read() -> None:
    """One row more than the ceiling is asked for; then the org counts, and no record is read."""
    org = deal_org()
    org.add(2_318)
    preview = preview_on(org, lost(open_deals(limit=1_000)))
    assert codes(preview) == ["too_many_rows"]
    assert "2,318 Opportunities match" in preview.blocked[0].message
    assert "at most 1,000" in preview.blocked[0].message
    assert [each.limit for each in org.asked] == [1_001]
    assert org.reads == []


def test_exactly_as_many_rows_as_the_ceiling_are_bound(org: DealOrg) -> None:
    """The ceiling itself is allowed."""
    assert len(preview_on(org, lost(open_deals(limit=3))).effects) == 3
    assert codes(preview_on(org, lost(open_deals(limit=2)))) == ["too_many_rows"]


def test_more_rows_than_a_preview_holds_are_refused_unread(org: DealOrg) -> None:
    """The hard ceiling of writes holds whatever the plan allows itself."""
    with pytest.raises(RefusedError, match=r"3 writes.*at most 2") as caught:
        preview_on(org, lost(open_deals()), limits=Limits(most_writes=2))
    assert caught.value.error_code == "too_many_writes"
    assert org.asked[0].limit == 3
    assert org.reads == []


def test_many_writes_are_a_mass_change(org: DealOrg) -> None:
    """From the threshold on a warning names how many of what; below it there is none."""
    preview = preview_on(org, lost(open_deals()), limits=Limits(mass_change=3))
    (warning,) = [each for each in preview.issues if each.code == "mass_change"]
    assert (warning.severity, warning.object, warning.action_id) == ("warning", "Opportunity", "a")
    assert "changes 3 Opportunity records" in warning.message
    below = preview_on(org, lost(open_deals()), limits=Limits(mass_change=4))
    assert "mass_change" not in {each.code for each in below.issues}


def test_a_value_may_come_from_the_row_itself(org: DealOrg) -> None:
    """What is read from the row has the provenance of a record, and each row its own."""
    inputs: list[Mapping[str, Json]] = [{"apiName": "NextStep"}]
    preview = preview_on(org, repeated(open_deals(), *inputs, NextStep={"from": "row.name"}))
    assert [each.changes[0].after for each in preview.effects] == ["Deal 1", "Deal 2", "Deal 3"]
    change = preview.effects[0].changes[0]
    assert (change.provenance, change.source) == ("record", "Opportunity: open")


def test_records_are_created_for_rows_without_a_name_to_link_to(org: DealOrg) -> None:
    """Each new record points to its own row; nobody can link to one of many."""
    entry = blueprint(
        "CREATE", "Task", {"apiName": "WhatId", "dataType": "Reference"}, {"apiName": "Subject"}
    )
    made = action("t", entry, WhatId={"from": "row.Id"}, Subject=value("Call"))
    preview = preview_on(org, made | {"forEach": open_deals()})
    assert [each.ref for each in preview.effects] == [None] * 3
    link = preview.effects[1].change("WhatId")
    assert link is not None
    assert (link.after, link.provenance) == (org.rows["Opportunity"][1]["Id"], "lookup")
    assert "Create 3 Task records for 3 Opportunities (open): " in preview.question


def test_the_output_of_a_repeated_action_is_refused(org: DealOrg) -> None:
    """It has as many outputs as rows."""
    entry = blueprint("CREATE", "Task", {"apiName": "WhatId", "dataType": "Reference"})
    after = action("t", entry, WhatId={"from": "actions.a.output.id"})
    with pytest.raises(PlanError) as caught:
        preview_on(org, lost(open_deals()), after)
    assert (caught.value.error_code, caught.value.where) == ("output_of_rows", "t.WhatId")


def test_two_actions_on_the_same_rows_share_the_query_and_the_writes(org: DealOrg) -> None:
    """Each record is written once, with the fields of both."""
    raised = repeated(open_deals(), AMOUNT, key="b", Amount=value(5))
    preview = preview_on(org, lost(open_deals()), raised)
    assert preview.cost.preview_calls == 2
    assert [(each.action_id, each.also_for) for each in preview.effects] == [("a", ("b",))] * 3
    assert len(org.asked) == 1


def test_rows_left_alone_by_one_action_are_still_changed_by_the_other(org: DealOrg) -> None:
    """A row counts as unchanged where nothing at all would be written to it."""
    org.add(1, StageName="Closed Lost", Amount=5)
    org.add(1, StageName="Closed Lost")
    raised = repeated(open_deals(), AMOUNT, key="b", Amount=value(5))
    preview = preview_on(org, lost(open_deals()), raised)
    assert len(preview.effects) == 4
    assert [each.unchanged for each in preview.rows] == [1, 1]


def test_a_condition_that_cannot_be_asked_keeps_back_its_own_action_only(
    org: DealOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other action's rows are found all the same."""
    whole = org.query

    def query(queries: object) -> object:
        from actwright.errors import InputError  # noqa: PLC0415 - the org's own refusal

        if any("Bogus" in each.model_dump_json() for each in queries):  # type: ignore[attr-defined]  # queries
            raise InputError("The field 'Bogus' does not exist.", where="Opportunity.Bogus")
        return whole(queries)  # type: ignore[arg-type]  # queries

    monkeypatch.setattr(org, "query", query)
    where: Json = [{"field": "Bogus", "value": 1}]
    wrong = lost({"object": "Opportunity", "where": where, "limit": 5}, key="b")
    preview = preview_on(org, lost(open_deals()), wrong)
    assert [(each.action_id, each.code) for each in preview.blocked] == [("b", "rows_invalid")]
    assert "Opportunity.Bogus" in preview.blocked[0].message
    assert len(preview.effects) == 3


def test_rows_of_a_hidden_object_are_an_issue(org: DealOrg) -> None:
    """It is said as for any other object nobody sees."""
    where: Json = [{"field": "Name", "value": "x"}]
    entry = blueprint("CREATE", "Task", {"apiName": "Subject"})
    made = action("t", entry, Subject={"from": "row.Name"})
    rows: Json = {"object": "Nowhere__c", "where": where, "limit": 5}
    preview = preview_on(org, made | {"forEach": rows})
    assert codes(preview) == ["object_not_visible"]


def test_a_row_that_gives_what_does_not_fit_is_named_and_the_others_counted(org: DealOrg) -> None:
    """All of the action is kept back; the first row is named, and how many more there are."""
    day: Mapping[str, Json] = {"apiName": "CloseDate", "dataType": "Date"}
    preview = preview_on(org, repeated(open_deals(), day, CloseDate={"from": "row.Name"}))
    (issue,) = preview.blocked
    assert (issue.code, issue.field) == ("value_invalid", "CloseDate")
    assert issue.record_id == org.rows["Opportunity"][0]["Id"]
    assert issue.message.startswith("Deal 1: ")
    assert issue.message.endswith("And 2 more rows have the same fault.")
    assert preview.groups == ()


def test_a_required_input_that_a_row_leaves_empty_is_an_issue(org: DealOrg) -> None:
    """What is required may not be emptied by a row that has nothing to give."""
    org.add(1, NextStep=None)
    needed: Mapping[str, Json] = {"apiName": "StageName", "dataType": "Picklist", "required": True}
    preview = preview_on(org, repeated(open_deals(), needed, StageName={"from": "row.NextStep"}))
    assert codes(preview) == ["required_missing"]


def test_deletes_of_rows_need_leave_once(org: DealOrg) -> None:
    """One issue for all of them, and none where the person allows it."""
    gone = action("d", blueprint("DELETE", "Opportunity", "Id")) | {"forEach": open_deals()}
    assert codes(preview_on(org, gone)) == ["delete_not_allowed"]
    allowed = preview_on(org, gone, terms=Terms(allow_delete=True))
    assert allowed.blocked == ()
    assert allowed.question.startswith("DELETE 3 Opportunities (open).")
    assert not any(each.possible for each in allowed.undo)


def test_guardrails_judge_what_each_row_gives(org: DealOrg) -> None:
    """A parameter that only the row gives is under its guardrail too."""
    entry = blueprint(
        "UPDATE",
        "Opportunity",
        "Id",
        {"apiName": "NextStep"},
        {"apiName": "Discount", "usage": "PARAMETER", "dataType": "Number"},
        guardrails=[{"type": "NUMERIC_RANGE", "params": {"field": "Discount", "max": 250}}],
    )
    changed = action("a", entry, NextStep=value("call"), Discount={"from": "row.Amount"})
    preview = preview_on(org, changed | {"forEach": open_deals()})
    assert codes(preview) == ["numeric_out_of_range"]
    assert "300" in preview.blocked[0].message


def test_handed_in_rows_give_ids_and_values(org: DealOrg) -> None:
    """Their provenance is data, and their source what the plan says of them; null empties a field."""
    ids = [str(each["Id"]) for each in org.rows["Opportunity"]]
    rows = handed(
        {"Id": ids[0][:15], "StageName": "Qualification"},
        {"Id": ids[1], "stagename": "Closed Lost"},
        source="as it was before run_1",
    )
    preview = preview_on(org, repeated(rows, STAGE, StageName={"from": "row.StageName"}))
    assert [each.record_id for each in preview.effects] == ids[:2]
    change = preview.effects[0].changes[0]
    assert (change.after, change.provenance) == ("Qualification", "data")
    assert change.source == "as it was before run_1"
    assert preview.rows[0].query == "as it was before run_1"
    assert org.asked == []
    empty = handed({"Id": ids[0], "StageName": None})
    emptied = preview_on(org, repeated(empty, STAGE, StageName={"from": "row.StageName"}))
    assert emptied.effects[0].changes[0].after is None


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"StageName": "x"}, "no Id"),
        ({"Id": "001000000000001AAA"}, "another object"),
        ({"Id": "nonsense"}, "not a record id"),
        ({"Id": "006000000000001AAA", "ID": "006000000000002AAA"}, "two spellings"),
    ],
)
def test_a_row_that_cannot_be_meant_is_an_issue_with_its_place(
    org: DealOrg, row: Json, says: str
) -> None:
    """No row is skipped in silence."""
    preview = preview_on(org, lost(handed(row)))
    assert codes(preview) == ["rows_invalid"]
    assert says in preview.blocked[0].message
    assert "a.forEach.rows[0]" in preview.blocked[0].message


def test_a_record_handed_in_twice_is_an_issue(org: DealOrg) -> None:
    """With 15 or 18 characters, it is one record."""
    long = str(org.rows["Opportunity"][0]["Id"])
    preview = preview_on(org, lost(handed({"Id": long}, {"Id": long[:15]})))
    assert codes(preview) == ["rows_invalid"]
    assert "given twice" in preview.blocked[0].message


def test_a_field_no_row_was_given_is_an_issue(org: DealOrg) -> None:
    """Left out is not the same as null."""
    rows = handed({"Id": org.rows["Opportunity"][0]["Id"]})  # type: ignore[dict-item]  # seed rows hold scalars
    preview = preview_on(org, repeated(rows, STAGE, StageName={"from": "row.StageName"}))
    assert codes(preview) == ["row_value_missing"]


def test_more_rows_handed_in_than_the_ceiling_are_refused(org: DealOrg) -> None:
    """The ceiling holds for them too, and so does the hard one."""
    ids = [str(each["Id"]) for each in org.rows["Opportunity"]]
    rows: list[Json] = [{"Id": each} for each in ids]
    assert codes(preview_on(org, lost(handed(*rows, limit=2)))) == ["too_many_rows"]
    with pytest.raises(RefusedError, match="at most 2"):
        preview_on(org, lost(handed(*rows)), limits=Limits(most_writes=2))
    assert codes(preview_on(org, lost(handed()))) == ["rows_none"]


def test_a_record_that_is_gone_is_named(org: DealOrg) -> None:
    """One row of many whose record nobody can see is an issue of its own."""
    ids = [str(each["Id"]) for each in org.rows["Opportunity"]]
    rows: list[Json] = [{"Id": ids[0]}, {"Id": "006000000000999"}]
    preview = preview_on(org, lost(handed(*rows)))
    assert codes(preview) == ["record_not_found"]
    assert "006000000000999" in preview.blocked[0].message


def test_a_ceiling_can_be_set_for_the_whole_plan() -> None:
    """It makes another plan; what is no ceiling is refused."""
    plan = plan_for(lost(open_deals(limit=10)))
    other = with_ceiling(plan, 20)
    assert other.actions[0].for_each is not None
    assert other.actions[0].for_each.limit == 20
    assert other.id != plan.id
    for wrong in (0, 50_001):
        with pytest.raises(PlanError) as caught:
            with_ceiling(plan, wrong)
        assert caught.value.where == "a.forEach.limit"
    single = plan_for(action("t", blueprint("CREATE", "Task", "Subject"), Subject=value("x")))
    assert with_ceiling(single, 5).id == single.id
