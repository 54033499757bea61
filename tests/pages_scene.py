"""Previews of every kind for pages and terminals: a few changes, many, right to left, very long, refused."""

from __future__ import annotations

from decimal import Decimal

from tests.generated_scene import open_total
from tests.page_parts import (
    DIGEST,
    LONG,
    ORG,
    USER,
    acting,
    amount,
    close_date,
    create_task,
    delete,
    plan,
    preview,
    record_id,
    stage,
    text_change,
    update,
)

from actwright.checkpoints.preview import Extreme, Preview, RowsBound
from actwright.guardrails.issue import Issue
from actwright.guardrails.policy.approval import ApprovalNeed, RuleRef
from actwright.guardrails.policy.decision import PolicyDecision
from actwright.guardrails.policy.policy import ONLY_LOGS
from actwright.org.outcome import DuplicateMatch

__all__ = [
    "DIGEST",
    "LONG",
    "ORG",
    "USER",
    "acting",
    "amount",
    "bound",
    "close_date",
    "create_task",
    "delete",
    "few",
    "guarded",
    "lengthy",
    "many",
    "plan",
    "preview",
    "record_id",
    "refused",
    "right_to_left",
    "stage",
    "text_change",
    "update",
]


def few() -> Preview:
    """Return a preview with a change, a create and a delete, and a value of every doubtful kind."""
    note = text_change(
        LONG * 2,
        (LONG * 2).replace("twelve months", "eighteen months").replace("Legal", "Our counsel"),
    )
    effects = (
        update(1, stage(), amount(120_000, 125_000), close_date(), note, name="Acme Renewal"),
        create_task(),
        delete(),
    )
    return preview(effects, planner_words="Shall I close the deal and remind you?")


def bound(found: int, unchanged: int = 0) -> RowsBound:
    """Return what an action was bound to, with its extremes."""
    money = Extreme(
        field="Amount",
        label="Amount",
        family="decimal",
        least=Decimal(1_200),
        least_record="Contoso Pilot",
        greatest=Decimal(480_000),
        greatest_record="Contoso Global Rollout",
        total=Decimal(2_345_000),
    )
    created = Extreme(
        field="CreatedDate",
        label="Created Date",
        family="datetime",
        least="2025-03-01T08:00:00Z",
        least_record="Contoso Pilot",
        greatest="2026-08-20T08:00:00Z",
        greatest_record="Contoso Renewal 4",
    )
    return RowsBound(
        action_id="a1",
        object="Opportunity",
        label="Opportunity",
        label_plural="Opportunities",
        query="Account is Contoso, Closed is no, Created Date before August 23, 2026",
        ceiling=1_000,
        found=found,
        unchanged=unchanged,
        extremes=(money, created),
    )


def many(count: int) -> Preview:
    """Return a preview of that many opportunities, found by one query."""
    stages = ("Prospecting", "Proposal/Price Quote", "Negotiation/Review")
    effects = tuple(
        update(
            number, stage(stages[number % 3], "Closed Lost"), amount(number * 1_000, number * 900)
        )
        for number in range(1, count + 1)
    )
    goal = "Close every Contoso opportunity older than 90 days as lost"
    asked = f"Change {count} Opportunities. Do this as alice@acme.example in Acme?"
    notices = ("Between the last look and the write lies one round trip.",)
    return preview(effects, goal=goal, question=asked, rows=(bound(count + 2, 2),), notices=notices)


def right_to_left() -> Preview:
    """Return a preview in Arabic and Hebrew, with words that run the other way inside values."""
    effects = (
        update(
            1,
            stage("قيد التفاوض", "مغلق - ربح"),
            text_change("ملاحظات العميل حول التجديد", "تمت الموافقة على التجديد (ACME-2026) اليوم"),
            name="تجديد عقد شركة أكمي",
        ),
        update(2, stage("משא ומתן", "נסגר בהצלחה"), name="חידוש Acme"),
    )
    goal = "أغلق صفقة شركة Acme كصفقة رابحة وأنشئ مهمة متابعة يوم الثلاثاء"
    asked = 'Change Opportunity "تجديد عقد شركة أكمي": Stage قيد التفاوض -> مغلق - ربح. Do this as alice@acme.example in Acme?'
    return preview(effects, goal=goal, question=asked)


def lengthy() -> Preview:
    """Return a preview with a goal, a name and values longer than any screen."""
    word = "Donaudampfschifffahrtsgesellschaftskapitän" * 4
    old = "".join(f"On call {number} we agreed: {LONG}\n" for number in range(1, 61))
    new = old.replace("signed before", "countersigned before", 3) + "One more sentence."
    effects = (
        update(1, stage(), text_change(old, new), name=word),
        create_task(
            "a2", text_change(None, "https://example.com/" + "x" * 900, provenance="extract")
        ),
        update(
            2,
            text_change("first\nsecond\nthird", "erste Zeile\nzweite\tZeile\n\nvierte"),
            name="n" * 255,
            action="a3",
        ),
    )
    return preview(effects, goal="Please " + LONG * 20)


def refused() -> Preview:
    """Return a preview that a duplicate rule and a guardrail stop."""
    match = DuplicateMatch(
        object="Contact",
        record_id="003000000000001AAA",
        name="Ada Byron",
        rule="Same email",
        confidence=98,
    )
    issues = (
        Issue(code="mass_change", message="It changes 2 records.", severity="warning"),
        Issue(
            code="duplicate_found",
            object="Contact",
            field="Email",
            message="Use one of these records?",
            hint="Change that contact instead, or add --allow-duplicates.",
            duplicates=(match,),
        ),
        Issue(
            code="org_would_refuse",
            guardrail="BASELINE",
            object="Opportunity",
            field="Amount",
            message="An amount may not exceed 10,000,000.",
            record_id=record_id(1),
        ),
    )
    return preview((update(1, stage(), name="Acme Renewal"),), issues=issues)


def guarded() -> Preview:
    """Return a preview that takes two people's keys, under a policy that only logs, carried out by generated code."""
    big = RuleRef(id="big-deals", source="policy.yaml:6")
    lets = RuleRef(id="own-tasks-may-go", source="policy.yaml:28")
    worked_out = {
        "provenance": "model",
        "mixed": ("record",),
        "source": "worked out by CloseDeal from Account, Opportunity",
    }
    mixed = stage().model_copy(update=worked_out)
    document = preview(
        (update(1, mixed, amount(60_000, 65_000), name="Acme Renewal"),),
        issues=(
            Issue(
                code="policy_requires",
                guardrail="POLICY",
                severity="warning",
                rule=f"{big.id}, {big.source}",
                message="Closing an opportunity over 50,000 needs two people. 2 people say yes.",
            ),
        ),
        notices=(
            f"{ONLY_LOGS}: policy.yaml is in log-only mode, and stops nothing that it would refuse.",
            "Between the last look and the write lies one round trip.",
        ),
    )
    needs = PolicyDecision(rule=big, effect="require", why=f"Two people, says {big}.")
    allows = PolicyDecision(
        rule=lets,
        effect="allow",
        enforced=False,
        why=f"Tasks may be deleted: {lets}.",
        about="Task",
    )
    told = {"implementation_kind": "generated", "implementation": open_total().id}
    more = {
        "actions": (document.actions[0].model_copy(update=told),),
        "approval": ApprovalNeed(people=2, who=("Ann Archer", "finance"), keys=True, rules=(big,)),
        "decisions": (needs, allows),
        "cost": document.cost.model_copy(update={"price": Decimal("1.50")}),
    }
    return document.model_copy(update=more)
