"""A verdict is about what a plan would do and ask, whatever words and whatever way the planner chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.memory_org import MemoryOrg, demo_org

from actwright.blueprints.derived import create_blueprint, update_blueprint
from actwright.blueprints.library import load_library
from actwright.blueprints.plan import Plan, Question
from actwright.document import validated
from actwright.errors import DocumentError, PlanError
from actwright.planning.planner import PlanningOutcome, Refusal
from actwright.testing.goals import GoalCase
from actwright.testing.judging import Verdict, judge

RENEWAL = {
    "lookup": {"object": "Opportunity", "where": [{"field": "Name", "value": "Acme Renewal"}]}
}
WIN = {"Id": RENEWAL, "StageName": {"value": "Closed Won", "provenance": "goal"}}
WON = {
    "blueprint": "UpdateOpportunityStage",
    "arguments": {"Id": "Opportunity: Acme Renewal", "StageName": "Closed Won"},
}


@pytest.fixture(scope="module")
def org() -> MemoryOrg:
    """The demo org in memory."""
    return demo_org()


def case(**expect: Any) -> GoalCase:
    """Return a case with one right outcome."""
    document = {"id": "x", "goal": "say 5 and 2026-11-24", "kind": "plain", "expect": expect}
    return validated(GoalCase, document, where="the case")


def action(key: str, blueprint: Any, arguments: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a planned action; a blueprint of the library goes by its key."""
    if isinstance(blueprint, str):
        entry = load_library().find(blueprint)
        assert entry is not None
        blueprint = entry.blueprint
    return {"id": key, "blueprint": blueprint, "arguments": dict(arguments), **more}


def planned(*actions: Mapping[str, Any]) -> PlanningOutcome:
    """Return an outcome that can be confirmed as it stands."""
    document = {
        "goal": "say 5 and 2026-11-24 on the Acme Renewal, Closed Won, Call, Acme",
        "actions": list(actions),
        "planner": {"kind": "scripted"},
    }
    return PlanningOutcome(plan=validated(Plan, document, where="the plan", error=PlanError))


def asked(key: str, reason: Any = "missing") -> PlanningOutcome:
    """Return an outcome with one question."""
    one = Question(id=key, action_id="a1", input=key.partition(".")[2], reason=reason, text="?")
    return PlanningOutcome(questions=(one,))


def said(value: Any) -> dict[str, Any]:
    """Return a value the goal said."""
    return {"value": value, "provenance": "goal"}


def test_the_same_record_by_another_lookup_is_right(org: MemoryOrg) -> None:
    """A record is compared by its id, so any lookup that finds it will do."""
    near = {
        "lookup": {
            "object": "Opportunity",
            "where": [
                {"field": "Name", "operator": "LIKE", "value": "Acme Ren%"},
                {"field": "Account.Name", "value": "Acme"},
            ],
        }
    }
    outcome = planned(action("a1", "oppty_closed_won", {**WIN, "Id": near}))
    assert judge(case(actions=[WON]), outcome, org) == Verdict(
        right=True, grave=False, differences=()
    )


def test_another_record_is_wrong(org: MemoryOrg) -> None:
    """The right blueprint on the wrong record is no right plan, and the field is named."""
    other = {
        "lookup": {"object": "Opportunity", "where": [{"field": "Name", "value": "Globex Pilot"}]}
    }
    verdict = judge(
        case(actions=[WON]), planned(action("a1", "oppty_closed_won", {**WIN, "Id": other})), org
    )
    assert not verdict.right
    assert verdict.differences[0].startswith("id is record")


def test_another_blueprint_is_wrong_unless_listed(org: MemoryOrg) -> None:
    """A blueprint counts by its name; where several are fine the case lists them."""
    schema = org.describe("Opportunity")
    derived = update_blueprint(schema, ["StageName"])
    outcome = planned(action("a1", derived, WIN))
    assert judge(case(actions=[WON]), outcome, org).differences == (
        "is UpdateOpportunity, not UpdateOpportunityStage",
    )
    either = {**WON, "blueprint": ["UpdateOpportunityStage", "UpdateOpportunity"]}
    assert judge(case(actions=[either]), outcome, org).right


def test_two_updates_of_one_record_are_one_deed(org: MemoryOrg) -> None:
    """A change said in one expected action may be planned in two, and the other way round."""
    amount = update_blueprint(org.describe("Opportunity"), ["Amount"])
    outcome = planned(
        action("a1", "oppty_closed_won", WIN),
        action("a1b", amount, {"Id": RENEWAL, "Amount": said(5)}),
    )
    both = {**WON, "arguments": {**WON["arguments"], "Amount": 5}}  # type: ignore[dict-item]  # a mapping
    assert judge(case(actions=[both]), outcome, org).right
    assert judge(case(actions=[WON]), outcome, org).differences == ("also sets amount to 5",)


def test_what_else_is_written_is_a_difference(org: MemoryOrg) -> None:
    """A further action nobody asked for is named, and counted as unneeded."""
    task = action("a2", "task_create", {"Subject": said("Call")})
    outcome = planned(action("a1", "oppty_closed_won", WIN), task)
    verdict = judge(case(actions=[WON]), outcome, org)
    (line,) = verdict.differences
    assert line.startswith("also plans CreateTask")
    assert verdict.unneeded == 1


def test_a_reference_is_the_record_it_creates(org: MemoryOrg) -> None:
    """An output is compared by the record it stands for, whatever the ids of the actions."""
    account = action("first", "account_create", {"Name": said("Acme")})
    contact = action(
        "then",
        "contact_create",
        {"LastName": said("Call"), "AccountId": {"from": "actions.first.output.id"}},
    )
    wanted = [
        {"blueprint": "CreateAccount", "arguments": {"Name": "Acme"}},
        {
            "blueprint": "CreateContact",
            "arguments": {"LastName": "Call", "AccountId": "output of a1"},
        },
    ]
    assert judge(case(actions=wanted), planned(account, contact), org).right
    wanted[1]["arguments"] = {"LastName": "Call", "AccountId": "Account: Acme"}
    assert not judge(case(actions=wanted), planned(account, contact), org).right


@pytest.mark.parametrize(
    ("planned_value", "expected", "right"),
    [
        ("Closed Won", "closed  won", True),
        (5, "5", True),
        ("5.0", 5, True),
        ("Call", {"contains": "all"}, True),
        ("Call", {"oneOf": ["Mail", "Call"]}, True),
        ("Call", {"oneOf": ["Mail", None]}, False),
        ("2026-11-24", "2026-11-25", False),
    ],
)
def test_values_are_compared_by_meaning(
    planned_value: Any, expected: Any, *, right: bool, org: MemoryOrg
) -> None:
    """Case, blanks and the way a number is written make no difference; another day does."""
    blueprint = create_blueprint(org.describe("Task"), ["Subject"])
    outcome = planned(action("a1", blueprint, {"Subject": said(planned_value)}))
    wanted = {"object": "Task", "operation": "CREATE", "arguments": {"Subject": expected}}
    assert judge(case(actions=[wanted]), outcome, org).right is right


def test_the_defaults_of_a_named_blueprint_are_its_own_affair(org: MemoryOrg) -> None:
    """A default is no difference where the blueprint is the one named, and one where only the object was."""
    case_id = {
        "lookup": {"object": "Case", "where": [{"field": "CaseNumber", "value": "00001003"}]}
    }
    outcome = planned(action("a1", "case_escalate", {"Id": case_id}))
    values = {"Id": "Case: 00001003", "Status": "Escalated"}
    assert judge(
        case(actions=[{"blueprint": "EscalateCase", "arguments": values}]), outcome, org
    ).right
    plain = {"object": "Case", "operation": "UPDATE", "arguments": values}
    assert judge(case(actions=[plain]), outcome, org).differences == ("also sets priority to high",)


def test_an_action_in_place_of_a_question_is_grave(org: MemoryOrg) -> None:
    """Worse than any other miss: a plan that could be confirmed where the person should have been asked."""
    outcome = planned(action("a1", "oppty_closed_won", WIN))
    for expected in ({"questions": [{"id": "a1.StageName"}]}, {"refusal": "no_fit"}):
        verdict = judge(case(**expected), outcome, org)
        assert (verdict.right, verdict.grave, verdict.unneeded) == (False, True, 1)


def test_a_question_in_place_of_an_action_is_a_miss_and_not_grave(org: MemoryOrg) -> None:
    """To ask too much is wrong and harmless."""
    verdict = judge(case(actions=[WON]), asked("a1.Id"), org)
    assert (verdict.right, verdict.grave) == (False, False)
    assert verdict.differences == ("should plan UpdateOpportunityStage, asks a1.Id (missing)",)


def test_questions_are_compared_by_id_reason_and_candidates(org: MemoryOrg) -> None:
    """The question, why it is asked and what it offers count; how it is put does not."""
    wanted = {"id": ["a1.Id", "a2.Id"], "reason": "missing"}
    assert judge(case(questions=[wanted]), asked("a1.Id"), org).right
    assert not judge(case(questions=[wanted]), asked("a1.Id", "not_found"), org).right
    assert not judge(case(questions=[wanted]), asked("a1.Amount"), org).right
    offered = {"id": "a1.Id", "candidates": ["Acme Renewal"]}
    assert judge(case(questions=[offered]), asked("a1.Id"), org).differences == (
        "a1.Id does not offer 'Acme Renewal'",
    )


def test_any_of_several_outcomes_is_right(org: MemoryOrg) -> None:
    """A case may say that asking and refusing are equally fine; the nearest one is reported."""
    refused = PlanningOutcome(refusal=Refusal(code="no_fit", message="Nothing fits."))
    document = {
        "id": "x", "goal": "x", "kind": "plain",
        "expect": [{"questions": [{"id": "a1.Id"}]}, {"refusal": ["negated", "no_fit"]}],
    }  # fmt: skip
    both = validated(GoalCase, document, where="the case")
    assert judge(both, refused, org).right
    assert judge(both, asked("a1.Id"), org).right


ROWS = {
    "object": "Opportunity",
    "where": [
        {"field": "Account.Name", "value": "Contoso"},
        {"field": "CreatedDate", "operator": "<", "value": "2026-08-23T05:00:00Z"},
    ],
    "limit": 50,
}


@pytest.mark.parametrize(
    ("changed", "difference"),
    [
        ({}, None),
        ({"atMost": 20}, "takes up to 50 rows, not 20"),
        (
            {"conditions": [{"field": "AccountId", "value": "Account: Contoso"}]},
            "has a further condition on CreatedDate",
        ),
        ({"object": "Account"}, "is for each Opportunity, not each Account"),
    ],
)
def test_rows_are_compared_by_their_conditions(
    changed: dict[str, Any], difference: str | None, org: MemoryOrg
) -> None:
    """A parent's name and its id are one condition, a moment is its day, and a higher ceiling is a fault."""
    outcome = planned(
        action("a1", "opportunity_close_lost", {"StageName": said("Closed Lost")}, forEach=ROWS)
    )
    rows = {
        "object": "Opportunity",
        "conditions": [
            {"field": "AccountId", "value": "Account: Contoso"},
            {"field": "CreatedDate", "operator": "<", "value": "2026-08-23"},
        ],
        "also": [{"field": "IsClosed", "value": False}],
    }
    wanted = {"blueprint": "CloseOpportunityLost", "forEach": rows | changed}
    verdict = judge(case(actions=[wanted]), outcome, org)
    assert verdict.differences == ((difference,) if difference else ())


def test_one_record_is_not_many(org: MemoryOrg) -> None:
    """A plan for one record is no plan for all of them, and the other way round."""
    rows = {"object": "Opportunity", "conditions": [{"field": "IsClosed", "value": False}]}
    one = planned(action("a1", "oppty_closed_won", WIN))
    assert (
        "is for one record, not for many"
        in judge(case(actions=[{**WON, "forEach": rows}]), one, org).differences
    )


def test_a_record_the_org_does_not_hold_makes_a_case_unjudgeable(org: MemoryOrg) -> None:
    """A case that expects a record nobody has is broken, and says so instead of failing the planner."""
    wanted = {**WON, "arguments": {"Id": "Opportunity: Wonka Rollout", "StageName": "Closed Won"}}
    with pytest.raises(DocumentError) as error:
        judge(case(actions=[wanted]), planned(action("a1", "oppty_closed_won", WIN)), org)
    assert error.value.error_code == "goal_unjudgeable"
