"""What scenes for pages and terminals are made of: changes, effects, and a preview around them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actwright.blueprints.plan import Plan, PlannerInfo
from actwright.checkpoints.preview import Cost, Preview, PreviewedAction, RowsBound, Undo
from actwright.guardrails.issue import Issue
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser

ORG = OrgIdentity(id="00D000000000001", url="https://acme.my.salesforce.com", name="Acme")
USER = RunningUser(
    id="005000000000001",
    username="alice@acme.example",
    name="Alice",
    zone="America/Los_Angeles",
    locale="en_US",
)
DIGEST = "5f1b" * 16
LONG = (
    "The customer asked on the phone whether the renewal can be signed before the end of the quarter. "
    "Legal has seen the draft and wants the liability cap raised to twelve months of fees. "
)


def stage(before: str = "Negotiation/Review", after: str = "Closed Won") -> FieldChange:
    """Return a change of an opportunity's stage, from the goal's words."""
    return FieldChange(
        field="StageName",
        label="Stage",
        before=before,
        after=after,
        provenance="goal",
        source="close as won",
    )


def amount(before: int | None, after: int) -> FieldChange:
    """Return a change of an amount of money."""
    return FieldChange(
        field="Amount",
        label="Amount",
        family="decimal",
        unit="money",
        before=None if before is None else Decimal(before),
        after=Decimal(after),
        provenance="data",
        source="amount",
    )


def close_date() -> FieldChange:
    """Return a change of a date that a record gave."""
    return FieldChange(
        field="CloseDate",
        label="Close Date",
        family="date",
        before="2026-12-31",
        after="2026-11-24",
        provenance="record",
        source="Acme Renewal: Signed On",
    )


def text_change(before: str | None, after: str, *, provenance: str = "model") -> FieldChange:
    """Return a change of a long text."""
    return FieldChange.model_validate(
        {
            "field": "Description",
            "label": "Description",
            "before": before,
            "after": after,
            "provenance": provenance,
        }
    )


def record_id(number: int) -> str:
    """Return the id of an opportunity."""
    return f"006{number:012d}AAA"


def update(
    number: int, *changes: FieldChange, name: str | None = None, action: str = "a1"
) -> Effect:
    """Return the change of one opportunity."""
    return Effect(
        id=f"{action}.{number}",
        action_id=action,
        operation="UPDATE",
        object="Opportunity",
        object_label="Opportunity",
        record_id=record_id(number),
        record_name=name or f"Contoso Renewal {number}",
        version="2026-11-20T09:00:00Z",
        changes=changes,
    )


def create_task(action: str = "a2", *more: FieldChange) -> Effect:
    """Return the creation of a task for the opportunity."""
    due = FieldChange(
        field="ActivityDate",
        label="Due Date",
        family="date",
        after="2026-11-24",
        provenance="goal",
        source="next Tuesday",
    )
    about = FieldChange(
        field="WhatId",
        label="Related To",
        family="id",
        after=record_id(1),
        after_text="Acme Renewal",
        provenance="lookup",
        source="the Acme Renewal",
    )
    subject = FieldChange(
        field="Subject", label="Subject", after="Follow up with Acme", provenance="model"
    )
    return Effect(
        id=f"{action}.1",
        action_id=action,
        operation="CREATE",
        object="Task",
        object_label="Task",
        ref=action,
        changes=(subject, due, about, *more),
    )


def delete(action: str = "a3") -> Effect:
    """Return the deletion of an account that takes contacts with it."""
    lost = FieldChange(field="Industry", label="Industry", before="Energy", provenance="record")
    return Effect.model_validate(
        {
            "id": f"{action}.1",
            "actionId": action,
            "operation": "DELETE",
            "object": "Account",
            "objectLabel": "Account",
            "recordId": "001000000000007AAA",
            "recordName": "Old Mill Ltd",
            "changes": [lost.model_dump()],
            "alsoDeletes": [
                {"object": "Contact", "label": "Contacts", "count": 14, "records": DIGEST}
            ],
        }
    )


def acting(action: str = "a4", *promises: str) -> Effect:
    """Return what an override that acts by itself promises, and what it is handed."""
    to = FieldChange(
        field="To", label="To", after="jane@example.com", provenance="record", source="Contact Jane"
    )
    return Effect(
        id=f"{action}.1",
        action_id=action,
        kind="opaque",
        operation="CALL",
        object="SendMail",
        object_label="Send a mail",
        changes=(to,),
        promises=promises or ("Sends one mail.",),
    )


def preview(
    effects: Sequence[Effect],
    *,
    goal: str = "Close the Acme Renewal as won and create a follow-up task for next Tuesday",
    question: str = 'Change Opportunity "Acme Renewal": Stage Negotiation/Review -> Closed Won. '
    "Do this as alice@acme.example in Acme?",
    issues: Sequence[Issue] = (),
    rows: Sequence[RowsBound] = (),
    notices: Sequence[str] = (),
    org: OrgIdentity = ORG,
    planner_words: str = "",
) -> Preview:
    """Return a preview of these effects in one group."""
    actions = dict.fromkeys(each.action_id for each in effects)
    groups = (EffectGroup(id="g1", org=org.id, effects=tuple(effects)),) if effects else ()
    return Preview(
        id="prv_0123456789abcdef0123",
        plan_id=plan(goal).id,
        goal=goal,
        at="2026-11-21T12:00:00Z",
        actions=tuple(
            PreviewedAction(
                action_id=each,
                blueprint="UpdateOpportunityStage",
                label="Close",
                implementation="standard.update",
                implementation_kind="standard",
            )
            for each in actions
        ),
        groups=groups,
        question=question,
        planner_words=planner_words,
        issues=tuple(issues),
        cost=Cost(preview_calls=2, apply_calls=3, writes=len(effects)),
        undo=tuple(
            Undo(
                effect_id=each.id,
                possible=each.operation != "DELETE",
                text="Cannot be undone here: a deleted Account comes back only from the org's recycle bin."
                if each.operation == "DELETE"
                else f"Set {each.object_label} {each.record_name or 'it created'} back.",
            )
            for each in effects
        ),
        rows=tuple(rows),
        notices=tuple(notices),
        running_user=USER,
        org=org,
        policy_version="builtin-1",
        digest=DIGEST,
    )


def plan(goal: str, *assumptions: str) -> Plan:
    """Return a plan without actions: what a preview's page takes from it is what it assumes."""
    return Plan(goal=goal, planner=PlannerInfo(kind="offline"), assumptions=assumptions)
