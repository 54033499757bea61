"""The digest: SHA-256 over the canonical JSON of exactly what will run.

Everything that means something is in it: effects with their order, targets, versions, before- and after-values, who
carries them out, the running user, the org, the policy's version and the question asked. Descriptions, labels and
ids made up for tracing stay out, so that a reworded label never costs anybody a confirmation.
"""

from __future__ import annotations

from collections.abc import Sequence

from actwright.canonical import decimal_text, digest
from actwright.checkpoints.preview import Later, Preview, PreviewedAction
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.org.effect import Effect, EffectGroup, FieldChange
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.org.value import digestible

DIGEST_VERSION = 3
"""Raised whenever what is digested, or how, changes."""


def preview_digest(
    *,
    groups: Sequence[EffectGroup],
    actions: Sequence[PreviewedAction],
    question: str,
    user: RunningUser,
    org: OrgIdentity,
    policy_version: str,
    approval: ApprovalNeed | None = None,
    later: Sequence[Later] = (),
    goes_on: tuple[str, int, int] | None = None,
) -> str:
    """Return the digest of what these groups would do.

    Args:
        groups: What goes out together.
        actions: Who carries each action out.
        question: The question asked.
        user: As whom.
        org: Where.
        policy_version: The rules in force.
        approval: Who has to say yes, as those rules ask; one person where left out.
        later: The actions that are asked about when what they wait for is known.
        goes_on: The run it goes on with, the stage it would be, and the event it was made behind; None for a start.
    """
    return digest(
        {
            **({"later": [_later(each) for each in later]} if later else {}),
            **({"goesOn": list(goes_on)} if goes_on else {}),
            "digestVersion": DIGEST_VERSION,
            "org": {"id": org.id, "local": org.local, "url": None if org.local else org.url},
            "user": user.id,
            "enforcedByOrg": user.enforced_by_org,
            "policyVersion": policy_version,
            "approval": _approval(approval or ApprovalNeed()),
            "question": question,
            "implementations": [[each.action_id, each.implementation] for each in actions],
            "groups": [
                {
                    "atomic": group.atomic,
                    "carrier": group.carrier,
                    "parts": _parts(group),
                    "allowDuplicates": group.allow_duplicates,
                    "effects": [_effect(each) for each in group.effects],
                }
                for group in groups
            ],
        }
    )


def digest_of(preview: Preview) -> str:
    """Return the digest a preview must have."""
    goes_on = (preview.run_id, preview.stage, preview.after) if preview.run_id else None
    return preview_digest(
        groups=preview.groups,
        actions=preview.actions,
        question=preview.question,
        user=preview.running_user,
        org=preview.org,
        policy_version=preview.policy_version,
        approval=preview.approval,
        later=preview.later,
        goes_on=goes_on,
    )


def _approval(need: ApprovalNeed) -> list[object]:
    return [need.people, sorted(need.who), need.keys, [each.id for each in need.rules]]


def _later(later: Later) -> list[object]:
    waits = [[each.input, each.action_id, each.output] for each in later.waits_for]
    return [later.action_id, later.blueprint, waits, list(later.after)]


def _parts(group: EffectGroup) -> list[list[int | str]]:
    """Return which effects stand or fall together, by their places: their ids are made up and say nothing."""
    places: dict[str, int | str] = {each.id: place for place, each in enumerate(group.effects)}
    return [[places.get(each, each) for each in part] for part in group.parts]


def _effect(effect: Effect) -> dict[str, object]:
    return {
        "action": effect.action_id,
        "alsoFor": list(effect.also_for),
        "kind": effect.kind,
        "operation": effect.operation,
        "object": effect.object,
        "recordId": effect.record_id,
        "ref": effect.ref,
        "keyField": effect.key_field,
        "version": effect.version,
        "promises": list(effect.promises),
        **({"price": decimal_text(effect.price)} if effect.price is not None else {}),
        "alsoDeletes": [[each.object, each.count, each.records] for each in effect.also_deletes],
        **({"inUse": effect.in_use.records} if effect.in_use else {}),
        "changes": [_change(each) for each in sorted(effect.changes, key=lambda it: it.field)],
    }


def _change(change: FieldChange) -> dict[str, object]:
    return {
        "field": change.field,
        "family": change.family,
        "before": digestible(change.before, change.family),
        "after": digestible(change.after, change.family),
        "linkedTo": change.linked_to,
        "provenance": change.provenance,
        **({"mixed": list(change.mixed)} if change.mixed else {}),
    }
