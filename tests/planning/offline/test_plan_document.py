"""What a plan says beside its actions: rights, assumptions, the schema it rests on, and what it cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.plan import Plan

GOAL = "Close the Acme Renewal as won and create a follow-up task for next Tuesday"


def test_rights_checkpoint_and_planner_are_named(plans: Any) -> None:
    """The plan names the rights it needs, the blueprints' own checkpoint texts, and who planned."""
    plan = plans(GOAL).plan
    assert plan.dependencies == ("Opportunity.edit", "Task.create")
    assert plan.checkpoint == "Close this opportunity as won? Create this task?"
    assert (plan.planner.kind, plan.planner.version) == ("offline", "7")


def test_every_assumption_is_said(plans: Any) -> None:
    """Dates that depend on today, and names taken for records, are said in words."""
    assumptions = plans(GOAL).plan.assumptions
    assert '"next Tuesday" is 2026-11-24 in America/New_York' in assumptions
    assert '"Acme Renewal" is the opportunity of that name' in assumptions


def test_every_value_says_where_it_came_from(plans: Any) -> None:
    """Each literal and each lookup carries the words, the data or the default it came from."""
    for action in plans(GOAL).plan.actions:
        for argument in action.arguments.values():
            assert isinstance(argument, ValueArgument | LookupArgument)
            assert argument.source


def test_the_plan_reads_back_as_it_was(plans: Any) -> None:
    """A plan written as JSON is the same plan, with the same id."""
    plan = plans(GOAL).plan
    assert Plan.model_validate_json(plan.model_dump_json(by_alias=True)) == plan


def test_the_digest_follows_the_schema_that_was_used(plans: Any, memory_org: Any) -> None:
    """Another length of a written field is another digest; another field's is none."""
    before = plans(GOAL).plan.schema_digest
    task = memory_org.schemas["Task"]

    def with_length(name: str) -> dict[str, Any]:
        fields = [replace(each, length=7) if each.name == name else each for each in task.fields]
        return {**memory_org.schemas, "Task": replace(task, fields=tuple(fields))}

    original = memory_org.schemas
    memory_org.schemas = with_length("CallObject")
    assert plans(GOAL).plan.schema_digest == before
    memory_org.schemas = original | with_length("ActivityDate")
    assert plans(GOAL).plan.schema_digest != before


def test_one_call_looks_every_record_up(plans: Any, memory_org: Any) -> None:
    """All lookups of a goal go out as one call, for ids and names only."""
    plans("assign case 00001001 to Billing and assign Acme Renewal to Bob")
    assert memory_org.api_calls == 1
    fields = {path for each in memory_org.asked for path in each.fields}
    assert fields <= {
        "Id", "Name", "CaseNumber", "Subject", "Account.Name"
    }  # fmt: skip


def test_only_objects_the_goal_may_mean_are_described(plans: Any, memory_org: Any) -> None:
    """A goal that names its object leaves the rest of the org alone."""
    plans("create the account Hooli")
    assert set(memory_org.described) == {"Account"}


def test_the_persons_zone_decides_what_tomorrow_is(plans: Any, memory_org: Any) -> None:
    """At noon in UTC it is already tomorrow on Kiritimati."""
    goal = "create a task for Acme Renewal: x, due tomorrow"
    dates = []
    for zone in ("America/New_York", "Pacific/Kiritimati"):
        memory_org.user = memory_org.user.model_copy(update={"zone": zone})
        dates.append(plans(goal).plan.actions[0].arguments["ActivityDate"].value)
    assert dates == ["2026-11-22", "2026-11-23"]


def test_an_unknown_zone_is_said(plans: Any, memory_org: Any) -> None:
    """A zone nobody knows means UTC, and the plan says so."""
    memory_org.user = memory_org.user.model_copy(update={"zone": "Mars/Olympus"})
    plan = plans("create a task for Acme Renewal: x, due tomorrow").plan
    assert any("Mars/Olympus" in each for each in plan.assumptions)
