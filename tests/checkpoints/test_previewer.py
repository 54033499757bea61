"""The previewer: what the person's terms change, and when the org is let try a plan."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.checkpoints.row_scene import (
    DealOrg,
    codes,
    deal_org,
    lost,
    open_deals,
    plan_for,
    preview_on,
    repeated,
)
from tests.memory_org import FakeClock
from tests.scenario import action, blueprint, lookup, value

from actwright.actions.factory import Factory
from actwright.checkpoints.preview import Terms
from actwright.checkpoints.previewer import Previewer
from actwright.org.effect import EffectGroup
from actwright.org.outcome import EffectOutcome, GroupOutcome


@dataclass
class Rehearsing:
    """Lets every group pass, and keeps what it was given."""

    tried: list[EffectGroup] = field(default_factory=list)

    def rehearse(self, group: EffectGroup) -> GroupOutcome:
        """Return that all of it would work."""
        self.tried.append(group)
        outcomes = tuple(
            EffectOutcome(effect_id=each.id, status="rolled_back") for each in group.effects
        )
        return GroupOutcome(group_id=group.id, outcomes=outcomes, api_calls=1)


@pytest.fixture
def org() -> DealOrg:
    """Give an org of thirty deals."""
    found = deal_org()
    found.add(30)
    return found


def test_many_rows_are_one_transaction_and_said_to_be(org: DealOrg) -> None:
    """The carrier is chosen, its calls are counted, and what it means is a notice."""
    preview = preview_on(org, lost(open_deals()))
    (group,) = preview.groups
    assert (group.carrier, group.atomic) == ("collections", True)
    assert (preview.cost.writes, preview.cost.transactions, preview.cost.apply_calls) == (30, 1, 3)
    assert any("one transaction" in each for each in preview.notices)
    assert "All of it happens, or none." in preview.question


def test_apart_the_rows_stand_or_fall_each_for_itself(org: DealOrg) -> None:
    """The question, the notices and the digest say so."""
    whole = preview_on(org, lost(open_deals()))
    apart = preview_on(org, lost(open_deals()), terms=Terms(apart=True))
    assert apart.terms.apart
    assert not apart.groups[0].atomic
    assert len(apart.groups[0].parts) == 30
    assert "30 parts of it (30 writes) stand or fall each for itself." in apart.question
    assert apart.digest != whole.digest


def test_leave_to_save_duplicates_is_in_the_group_and_the_digest(org: DealOrg) -> None:
    """Whoever says yes says yes to that."""
    given = preview_on(org, lost(open_deals()), terms=Terms(allow_duplicates=True))
    assert all(each.allow_duplicates for each in given.groups)
    assert "Duplicates the org merely warns of are saved all the same." in given.question
    assert given.digest != preview_on(org, lost(open_deals())).digest


def test_the_same_plan_on_the_same_records_has_the_same_digest(org: DealOrg) -> None:
    """A moved record, or another row, has another."""
    first = preview_on(org, lost(open_deals()))
    assert preview_on(org, lost(open_deals())).digest == first.digest
    org.rows["Opportunity"][3]["StageName"] = "Qualification"
    moved = preview_on(org, lost(open_deals()))
    assert moved.digest != first.digest
    org.rows["Opportunity"][3]["StageName"] = "Prospecting"
    org.add(1)
    assert preview_on(org, lost(open_deals())).digest not in {first.digest, moved.digest}


def test_lookups_are_asked_together_with_the_rows(org: DealOrg) -> None:
    """Rows, lookups, records and names: three calls, however many rows."""
    owner = {"apiName": "OwnerId", "dataType": "Reference"}
    org.rows["User"] = [each | {"Name": each.get("Name")} for each in org.rows["User"]]
    moved = repeated(open_deals(), owner, OwnerId=lookup("User", "Alias", "bob"))
    preview = preview_on(org, moved)
    assert len(preview.effects) == 30
    assert preview.cost.preview_calls == 3


def test_a_lookup_in_a_hidden_object_does_not_keep_the_rows_back(org: DealOrg) -> None:
    """It is an issue of its own action."""
    entry = blueprint("CREATE", "Task", {"apiName": "WhatId", "dataType": "Reference"})
    hidden = action("t", entry, WhatId=lookup("Nowhere__c", "Name", "x"))
    preview = preview_on(org, lost(open_deals()), hidden)
    assert [(each.action_id, each.code) for each in preview.blocked] == [
        ("t", "object_not_visible")
    ]
    assert preview.rows[0].found == 30


def test_the_org_tries_what_would_go_out_only_where_a_person_asked(org: DealOrg) -> None:
    """Every group is tried, and the check stands in the preview."""
    plan = plan_for(lost(open_deals()))
    previewer = Previewer(org, Factory(), FakeClock())
    assert previewer.preview(plan).deep is None
    rehearsing = Rehearsing()
    deep = previewer.preview(plan, Terms(deep=True), rehearsal=rehearsing)
    assert tuple(rehearsing.tried) == deep.groups
    assert deep.deep is not None
    assert (deep.deep.complete, deep.deep.rounds) == (True, 1)


def test_what_is_refused_here_is_not_sent_anywhere(org: DealOrg) -> None:
    """A plan that is blocked already is not tried in the org, and the check says so."""
    gone = action("d", blueprint("DELETE", "Opportunity", "Id")) | {"forEach": open_deals()}
    rehearsing = Rehearsing()
    previewer = Previewer(org, Factory(), FakeClock())
    preview = previewer.preview(plan_for(gone), Terms(deep=True), rehearsal=rehearsing)
    assert codes(preview) == ["delete_not_allowed"]
    assert rehearsing.tried == []
    assert preview.deep is not None
    assert (preview.deep.complete, preview.deep.api_calls) == (False, 0)


def test_personal_data_is_taken_out_before_the_question_and_the_digest(org: DealOrg) -> None:
    """What a guardrail redacts is in no part of the preview."""
    entry = blueprint(
        "UPDATE",
        "Opportunity",
        "Id",
        {"apiName": "NextStep"},
        guardrails=[{"type": "PII_REDACT", "params": {"fields": ["NextStep"], "mode": "redact"}}],
    )
    mail = "write to jane.doe@example.com"
    planned = action("a", entry, NextStep=value(mail)) | {"forEach": open_deals()}
    preview = preview_on(org, planned)
    assert "jane.doe" not in preview.model_dump_json()
    assert preview.blocked == ()
    assert preview.effects[0].changes[0].taken_out
    shown = preview.actions[0].arguments[0]
    assert shown.value == preview.effects[0].changes[0].after


def test_an_issue_of_one_row_names_its_record(org: DealOrg) -> None:
    """One that all rows share names none."""
    entry = blueprint("UPDATE", "Opportunity", "Id", {"apiName": "NextStep"})
    long = action("a", entry, NextStep={"from": "row.Description"}) | {"forEach": open_deals()}
    for row in org.rows["Opportunity"]:
        row["Description"] = "fine"
    org.rows["Opportunity"][4]["Description"] = "x" * 300
    (alone,) = preview_on(org, long).blocked
    assert (alone.code, alone.record_id) == ("value_too_long", org.rows["Opportunity"][4]["Id"])
    org.rows["Opportunity"][5]["Description"] = "y" * 300
    (shared,) = preview_on(org, long).blocked
    assert shared.record_id is None
