"""Words for policies: effects as guardrails see them, and what a policy written on a few lines says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from actwright.blueprints.blueprint import ActionBlueprint
from actwright.guardrails.context import EffectContext
from actwright.guardrails.policy.decision import PolicyVerdict
from actwright.guardrails.policy.facts import Facts, Person, PolicyAsk
from actwright.guardrails.policy.gathering import facts_of
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.rule import ImplementationKind
from actwright.org.effect import Effect, EffectOperation, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.ports import RecordSnapshot
from actwright.org.provenance import Provenance
from actwright.org.schema import FieldSchema, ObjectSchema
from actwright.org.value import Family, FieldValue

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""

ORG = OrgIdentity(id="00D000000000001", url="memory", local=True)
USER = RunningUser(id="005000000000001AAA", username="bob@acme.example", name="Bob")
BOB = Person(USER.username, USER.id, USER.name, role="Rep", profile="Sales", permission_sets=("A",))
DEAL = "006000000000001AAA"

_TYPES: Mapping[str, str] = {
    "Name": "string",
    "StageName": "picklist",
    "Amount": "currency",
    "Discount__c": "double",
    "CloseDate": "date",
    "Description": "textarea",
    "OwnerId": "reference",
    "AccountId": "reference",
    "Email": "email",
    "Website": "url",
    "Phone": "phone",
    "IBAN__c": "string",
    "IsPrivate": "boolean",
    "Key__c": "string",
}
_FAMILIES: Mapping[str, Family] = {
    "currency": "decimal",
    "double": "decimal",
    "date": "date",
    "reference": "id",
    "boolean": "boolean",
}


def schema(name: str) -> ObjectSchema:
    """Return an object that has every field of the scene."""
    fields = tuple(FieldSchema(each, each, kind) for each, kind in _TYPES.items())
    return ObjectSchema(
        name, name, f"{name}s", "006", fields, createable=True, updateable=True, deletable=True
    )


def change(
    field: str,
    after: FieldValue = None,
    *,
    before: FieldValue = None,
    provenance: Provenance = "goal",
    linked_to: str | None = None,
    family: Family | None = None,
) -> FieldChange:
    """Return one field's change, in the family of its type."""
    known = next((kind for each, kind in _TYPES.items() if each.lower() == field.lower()), "string")
    return FieldChange(
        field=field,
        label=field,
        family=family or _FAMILIES.get(known, "string"),
        before=before,
        after=after,
        linked_to=linked_to,
        provenance=provenance,
    )


def context(
    *changes: FieldChange,
    operation: EffectOperation = "UPDATE",
    on: str = "Opportunity",
    key: str = "a",
    number: int = 1,
    kind: str = "record",
    blueprint: str = "CloseDeal",
    also_for: Sequence[str] = (),
    standing: Mapping[str, FieldValue] | None = None,
    hidden: bool = False,
    cascade: tuple[str, int] | None = None,
) -> EffectContext:
    """Return one effect of one action, on a record of its own where it is no create."""
    record = f"006{number:012d}AAA" if operation != "CREATE" and kind == "record" else None
    effect = Effect.model_validate(
        {
            "id": f"{key}.{number}",
            "action_id": key,
            "also_for": tuple(also_for),
            "kind": kind,
            "operation": "CALL" if kind != "record" else operation,
            "object": on,
            "record_id": record,
            "changes": changes,
            "also_deletes": [
                {"object": cascade[0], "label": cascade[0], "count": cascade[1], "records": "r"}
            ]
            if cascade
            else [],
            "promises": ("Does something.",) if kind == "opaque" else (),
        }
    )
    snapshot = (
        RecordSnapshot(on, record, "v", "Deal", standing or {}, editable=True, deletable=True)
        if record
        else None
    )
    return EffectContext(
        action_id=key,
        blueprint=ActionBlueprint.model_construct(
            name=blueprint, label=blueprint, operation=operation, target_s_object=on
        ),
        guardrails=(),
        effect=effect,
        schema=None if hidden else schema(on[:1].upper() + on[1:]),
        snapshot=snapshot,
        inputs={},
        user=USER,
        today=date(2026, 11, 23),
    )


def facts(
    *contexts: EffectContext,
    implementation: ImplementationKind = "standard",
    taking_back: bool = False,
) -> tuple[Facts, ...]:
    """Return what a policy gets to see of effects."""
    known = {each.action_id: implementation for each in contexts}
    return tuple(facts_of(contexts, known, taking_back=taking_back))


def policy(*rules: str, head: str = "", source: str = "policy.yaml") -> Policy:
    """Return the policy of rules on one line each, without the ids and descriptions that are not given."""
    lines = [
        f"  - {{{each if 'id:' in each else f'id: r{place}, {each}'}, description: Rule {place} says so.}}"
        for place, each in enumerate(rules, start=1)
    ]
    body = "\n".join(["rules:", *lines]) if lines else ""
    return Policy.parse(f"version: 1\n{head}\n{body}\n", source=source)


def said(
    chosen: Policy,
    *contexts: EffectContext,
    person: Person = BOB,
    now: datetime = NOON,
    calls: int = 1,
    implementation: ImplementationKind = "standard",
) -> PolicyVerdict:
    """Return what a policy says of effects."""
    seen = facts(*contexts, implementation=implementation)
    return chosen.judge(PolicyAsk(seen, person, ORG, now, calls))


def without_role() -> Person:
    """Return a person of whom the org tells no more than the name."""
    return replace(BOB, role=None, profile=None, permission_sets=None)
