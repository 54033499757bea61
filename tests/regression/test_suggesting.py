"""What people did with plans becomes cases to review, and nothing about a person comes with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from tests.checkpoints.edited_plans import closing, following, plan_made, repeated
from tests.memory_org import FakeClock, demo_org
from tests.scenario import lookup, value
from tests.telemetry.fates.plan_life import PlanLife

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.library import load_library
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.document import validated
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.regression.suggestions.agreed_plan import UnsayableError, expectation_of
from actwright.regression.suggestions.suggested_file import suggestions_text
from actwright.regression.suggestions.suggesting import DecidedPlans, Suggestions, suggested
from actwright.regression.suite.suite_file import SuiteFile
from actwright.store.documents import Documents
from actwright.testing.goals import GoalCase
from actwright.testing.judging import judge
from actwright.yaml_document import parse_yaml

NAMELESS: Json = {
    "lookup": {
        "object": "Opportunity",
        "where": [{"field": "Name", "operator": "LIKE", "value": "Acme%"}],
        "field": "Id",
    }
}


@pytest.fixture
def life(tmp_path: Path) -> Iterator[PlanLife]:
    """Return a store of the test's own, in which plans can live."""
    made = PlanLife.at(tmp_path)
    yield made
    made.database.close()


def looked_at(life: PlanLife, *known: str) -> Suggestions:
    """Return what the plans suggest."""
    store = DecidedPlans(life.plans, life.previews, life.fates, demo_org().describe)
    return suggested(store, limit=100, known=known)


def with_planner(life: PlanLife, kind: str, goal: str) -> Plan:
    """Store a plan of another kind of planner."""
    return life.planned(goal, planner={"kind": kind})


def test_a_confirmed_plan_becomes_a_case_that_expects_it(life: PlanLife) -> None:
    """Blueprints by name, records as cases name them, outputs by place; its status keeps it out of the gate."""
    plan = life.planned()
    life.ran(life.previewed(plan))
    (case,) = looked_at(life).cases
    assert (case.goal, case.status, case.kind) == (plan.goal, "suggested", "multi_step")
    assert case.source.startswith(f"{plan.id}, completed ")
    assert case.expect is not None
    assert case.expect[0].model_dump(mode="json", exclude_defaults=True)["actions"] == [
        {
            "blueprint": ["UpdateOpportunity"],
            "arguments": {
                "Id": "Opportunity: Acme Renewal",
                "StageName": "Closed Won",
                "Amount": 120000,
            },
        },
        {
            "blueprint": ["CreateTask"],
            "arguments": {
                "Subject": "Follow up",
                "ActivityDate": "2026-12-01",
                "WhatId": "output of a1",
            },
        },
    ]


def test_an_edited_plan_expects_what_the_person_made_of_it(life: PlanLife) -> None:
    """The goal is the first plan's, the expectation the confirmed one's, and what was changed is named."""
    plan = life.planned()
    better = life.edited(life.edited(plan, a1_Amount=99000), a2=None)
    life.answered(life.previewed(better))
    (case,) = looked_at(life).cases
    assert case.expect is not None
    assert case.expect[0].actions is not None
    assert [each.arguments.get("Amount") for each in case.expect[0].actions] == [99000]
    assert "a1.Amount" in case.why
    assert "a2 left out" in case.why
    assert f"edited into {better.id}" in case.source
    assert dict(case.data) == {}


def test_a_refused_plan_waits_for_a_person_to_say_what_is_right(life: PlanLife) -> None:
    """What was refused is told beside the goal, in comments: the file has no case that would expect it."""
    plan = life.planned("close it\u2028- id: sneaked-in")
    life.answered(life.previewed(plan), "no")
    found = looked_at(life)
    assert ([each.goal for each in found.refused], found.cases) == ([plan.goal], [])
    text = suggestions_text(found)
    assert yaml.safe_load(text) == {"suite": 1, "cases": []}
    commented = [
        line[2:] for line in text.splitlines() if line.startswith("# - ") or line[:4] == "#   "
    ]
    (case,) = yaml.safe_load("\n".join(commented))
    assert (case["goal"], case["status"], case["expect"]) == (plan.goal, "suggested", [])


@pytest.mark.parametrize(
    ("goal", "more"),
    [
        ("close the Acme Renewal and mail jane.roe@globex.example", {}),
        ("close the Acme Renewal, reach them under +1 415 555 0132", {}),
        ("close the Acme Renewal", {"Id": lookup("Contact", "Name", "Jane Roe")}),
        ("close the Acme Renewal", {"StageName": value("call jane.roe@globex.example")}),
    ],
)
def test_what_holds_personal_data_is_not_suggested_and_that_is_said(
    life: PlanLife, goal: str, more: dict[str, Json]
) -> None:
    """A mail address or a phone number in goal or value, and a record that is a person: no case, and a reason."""
    given = closing()
    arguments = given["arguments"]
    assert isinstance(arguments, dict)
    plan = life.plans.add(plan_made({**given, "arguments": {**arguments, **more}}, goal=goal))
    life.ran(life.previewed(plan))
    found = looked_at(life)
    assert found.cases == []
    assert [(each.plan_id, each.why) for each in found.passed_over] == [
        (plan.id, "it holds personal data")
    ]
    assert "roe" not in suggestions_text(found).casefold()


def test_a_goal_that_may_name_a_person_is_not_suggested(life: PlanLife) -> None:
    """A capitalised word that only a free text holds may be anybody's name; the record a lookup names is none."""
    called = plan_made(
        closing(),
        following(Subject=value("Call Vera")),
        goal="close the Acme Renewal and call Vera",
    )
    life.ran(life.previewed(life.plans.add(called)))
    found = looked_at(life)
    assert found.cases == []
    assert [each.why for each in found.passed_over] == [
        "a word of its goal or its texts may be a person's name"
    ]


@pytest.mark.parametrize(
    ("subject", "suggests"),
    [
        ("Send the offer", True),
        ("Discuss prices on Tuesday", True),
        ("ask Peter Krause about it", False),
        ("Vera called", False),
        ("ring 0171 2345678", False),
        ("ring 020 7946 0958", False),
    ],
)
def test_a_free_text_is_suggested_unless_it_may_name_somebody(
    life: PlanLife, subject: str, *, suggests: bool
) -> None:
    """The first word of a sentence has a capital without being a name; a number goes in any country's form."""
    named = plan_made(following(Subject=value(subject), about=None), goal=f"task '{subject}'")
    life.ran(life.previewed(life.plans.add(named)))
    found = looked_at(life)
    assert bool(found.cases) is suggests
    assert len(found.passed_over) == (not suggests)


def test_a_plan_with_a_damaged_answer_is_passed_over(life: PlanLife) -> None:
    """Who said yes to it nobody can tell any more; the others are looked at."""
    plan = life.planned()
    answer = life.answered(life.previewed(plan))
    with life.database.write() as transaction:
        transaction.execute("DROP TRIGGER document_no_update", ())
        transaction.execute("UPDATE document SET body = '{' WHERE id = ?", (answer.id,))
    found = looked_at(life)
    assert [(each.plan_id, each.why) for each in found.passed_over] == [
        (plan.id, "an answer to it is damaged in the store")
    ]


def test_what_people_regretted_or_never_decided_on_is_no_case(life: PlanLife) -> None:
    """An undone and a failed plan are passed over with the reason; an unanswered, an unused and an undo's are nothing."""
    undone = life.planned("first")
    run_id = life.ran(life.previewed(undone))
    life.ran(life.previewed(with_planner(life, "undo", "undo it")), undoes=run_id)
    life.ran(life.previewed(life.planned("second")), "failed", done=0)
    life.previewed(life.planned("third"))
    life.answered(life.previewed(life.planned("fourth")))
    life.clock.moment += timedelta(hours=1)
    found = looked_at(life)
    assert (found.cases, found.refused) == ([], [])
    assert [each.why for each in found.passed_over] == ["its run failed", "it was taken back"]


def test_a_goal_is_suggested_once_and_not_where_the_suite_has_it(life: PlanLife) -> None:
    """Of two plans for one goal the newest counts; a goal of the suite's is passed over."""
    for number in (1, 2):
        made = plan_made(closing(Amount=value(number)), goal="Close it")
        life.ran(life.previewed(life.plans.add(made)))
    (case,) = looked_at(life).cases
    assert case.expect is not None
    assert case.expect[0].actions is not None
    assert case.expect[0].actions[0].arguments["Amount"] == 2
    assert looked_at(life, "close it").cases == []


def test_the_file_is_in_the_suites_form_whatever_the_goal_says(life: PlanLife) -> None:
    """Goals with quotes, line ends and YAML in them come back as they were; nothing of them becomes another case."""
    goals = ["it's: [odd]", 'say "x"\n  - id: sneaked-in', "# status: reviewed", "\u202e no"]
    for goal in goals:
        life.ran(life.previewed(life.planned(goal)))
    text = suggestions_text(looked_at(life))
    document = validated(
        SuiteFile, parse_yaml(text, where="suggested.yaml"), where="suggested.yaml"
    )
    assert {each.goal for each in document.cases} == set(goals)
    assert {each.status for each in document.cases} == {"suggested"}
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "goal",
    [
        "close the Acme Renewal as won and create a follow-up task for next Tuesday",
        "set the amount of Globex Pilot to 45k",
        "move Northwind Platform to Negotiation and set its probability to 75 percent",
        "close every open Globex opportunity as lost",
        "create an account called Initech with 40 employees",
    ],
)
def test_the_suite_judges_what_people_agreed_to_right(goal: str) -> None:
    """The plan that a case was made of is what the case expects, and no other plan is."""
    org, library = demo_org(), load_library()
    request = PlanningRequest(goal, library, org, FakeClock())
    outcome = OfflinePlanner().plan(request)
    assert outcome.plan is not None
    expected = expectation_of(outcome.plan, None)
    case = GoalCase(id="used-1", goal=goal, kind="plain", expect=(expected,))
    verdict = judge(case, outcome, org)
    assert verdict.right, verdict.differences
    fewer = outcome.model_copy(update={"plan": with_less_said(outcome.plan)})
    assert not judge(case, fewer, org).right


def with_less_said(plan: Plan) -> Plan:
    """Return a plan whose last action lacks its rows, and the first value that is no default."""
    *before, last = plan.actions
    defaults = [
        name
        for name, each in last.arguments.items()
        if isinstance(each, ValueArgument) and each.provenance == "default"
    ]
    said = [name for name in last.arguments if name not in defaults][1:]
    arguments = {name: last.arguments[name] for name in (*said, *defaults)}
    changed = last.model_copy(update={"arguments": arguments, "for_each": None})
    return plan.model_copy(update={"actions": (*before, changed)})


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (closing(), None),
        (repeated(), None),
        (repeated(rows=[{"Id": "006000000000001AAA"}]), "handed in"),
        (
            {**closing(), "arguments": {"Id": lookup("Task", "Subject", "x", take="WhatId")}},
            "WhatId",
        ),
        (
            {
                **following(about=None),
                "arguments": {
                    "WhatId": NAMELESS,
                },
            },
            "what people call",
        ),
    ],
)
def test_what_no_case_can_say_is_told(action: dict[str, Json], why: str | None) -> None:
    """Rows of a query are conditions of the case; rows handed in, other fields and nameless records cannot be said."""
    plan = plan_made(action)
    if why is None:
        assert expectation_of(plan, None).actions
        return
    with pytest.raises(UnsayableError, match=why):
        expectation_of(plan, None)


@pytest.mark.parametrize("approver", ["unattended", "grant:grant_0123456789abcdef0123"])
def test_what_no_person_said_yes_to_is_passed_over(life: PlanLife, approver: str) -> None:
    """A grant, or nobody at all, agrees to whatever comes: that tells nothing of what is right."""
    preview = life.previewed(life.planned())
    yes = life.confirmations.record(preview, approver="Alice Archer")
    made = yes.model_copy(update={"id": f"cnf_{'1' * 20}", "approver": approver})
    Documents(life.database, "confirmation").add(made.id, made, at=made.at, parent=preview.id)
    found = looked_at(life)
    assert (found.cases, [each.why for each in found.passed_over]) == (
        [],
        ["no person said yes to it"],
    )


def test_one_yes_of_several_that_are_needed_suggests_nothing(life: PlanLife) -> None:
    """As long as the others have not said yes, nobody knows whether people agree."""
    preview = life.previewed(life.planned())
    needed = preview.model_copy(
        update={"id": preview.id[:-4] + "0000", "approval": ApprovalNeed(people=2)}
    )
    life.previews.add(needed)
    yes = life.answered(preview)
    first = yes.model_copy(update={"id": f"cnf_{'2' * 20}", "preview_id": needed.id})
    Documents(life.database, "confirmation").add(first.id, first, at=first.at, parent=needed.id)
    (passed,) = looked_at(life).passed_over
    assert "more than one person" in passed.why
