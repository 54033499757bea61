"""Plans and previews to edit, made without an org."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.scenario import action, blueprint, lookup, value

from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.preview import Cost, Preview
from actwright.document import validated
from actwright.errors import PlanError
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser

DEAL, OTHER = "006000000000001AAA", "006000000000002AAA"

MONEY: Json = {"apiName": "Amount", "dataType": "Currency", "label": "Amount"}
DAY: Json = {"apiName": "ActivityDate", "dataType": "Date", "label": "Due Date"}
SUBJECT: Json = {"apiName": "Subject", "required": True}
ABOUT: Json = {"apiName": "WhatId", "dataType": "Reference", "label": "Related To"}


def plan_made(*actions: Mapping[str, object], **more: object) -> Plan:
    """Return a plan of these actions, held to its contract."""
    document = {
        "goal": "close the Acme Renewal for 120k and follow up",
        "actions": list(actions),
        "planner": {"kind": "scripted"},
        "checkpoint": "Close it for 120k and follow up?",
        "confidence": 0.9,
        **more,
    }
    return validated(Plan, document, where="the plan", error=PlanError)


def closing(key: str = "a1", **more: Json) -> dict[str, Json]:
    """Return the action that sets an opportunity's stage and amount."""
    entry = blueprint("UPDATE", "Opportunity", "Id", "StageName", dict(_object(MONEY)))
    given = {"StageName": value("Closed Won"), "Amount": value(120000), **more}
    return action(key, entry, Id=lookup("Opportunity", "Name", "Acme Renewal"), **given)


def following(key: str = "a2", about: str | None = "a1", **more: Json) -> dict[str, Json]:
    """Return the action that creates a task about what another action changes."""
    entry = blueprint("CREATE", "Task", *(dict(_object(each)) for each in (SUBJECT, DAY, ABOUT)))
    link: dict[str, Json] = {"WhatId": {"from": f"actions.{about}.output.id"}} if about else {}
    given = {"Subject": value("Follow up"), "ActivityDate": value("2026-12-01"), **link, **more}
    return action(key, entry, **given)


def repeated(key: str = "a1", **for_each: Json) -> dict[str, Json]:
    """Return the action that closes every opportunity of a query, or of rows handed in."""
    entry = blueprint("UPDATE", "Opportunity", "Id", "StageName")
    asked: Json = {"where": [{"field": "IsClosed", "value": False}]}
    rows = {"object": "Opportunity", "limit": 100, **(for_each or dict(_object(asked)))}
    return {**action(key, entry, StageName=value("Closed Lost")), "forEach": rows}


def task(plan: Plan) -> Mapping[str, object]:
    """Return the arguments of the plan's last action."""
    return plan.actions[-1].arguments


def effect(
    key: str = "a1.1", record: str | None = DEAL, *, field: str = "Amount", **values: object
) -> Effect:
    """Return the effect that writes one field."""
    change = {"field": field, "label": field, "provenance": "goal", **values}
    return Effect(
        id=key,
        action_id=key.partition(".")[0],
        operation="UPDATE" if record else "CREATE",
        object="Opportunity",
        record_id=record,
        changes=(FieldChange.model_validate(change),),
    )


def preview_made(
    *effects: Effect,
    key: str = "0" * 20,
    issues: Iterable[Issue] = (),
    question: str = "Do it?",
) -> Preview:
    """Return a preview of these effects, which an org never saw."""
    return Preview(
        id=f"prv_{key}",
        plan_id="plan_0",
        goal="g",
        at="2026-11-21T12:00:00Z",
        actions=(),
        groups=(EffectGroup(id="g1", org="00D", effects=effects),) if effects else (),
        question=question,
        issues=tuple(issues),
        cost=Cost(preview_calls=1, apply_calls=1, writes=len(effects)),
        running_user=RunningUser(id="005", username="alice", name="Alice"),
        org=OrgIdentity(id="00D", url="memory", local=True),
        policy_version="built-in-1",
        digest=key * 3,
    )


def _object(entry: Json) -> dict[str, Json]:
    assert isinstance(entry, dict)
    return entry
