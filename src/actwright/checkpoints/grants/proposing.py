"""Proposing: the grant that would let just what a preview does happen again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from actwright.blueprints.plan import Plan
from actwright.checkpoints.drawn import amount_of, drawn_by
from actwright.checkpoints.grants.grant import Grant, Subject, Writable, subject_of
from actwright.checkpoints.preview import Preview
from actwright.clock import timestamp
from actwright.document import validated
from actwright.errors import InputError
from actwright.org.effect import Effect, EffectOperation

EXPIRES_AFTER = timedelta(days=30)
"""How long a proposed grant stands unless something else is said."""


def proposed(
    preview: Preview,
    plan: Plan,
    *,
    approver: str,
    now: datetime,
    uses: int = 1,
    expires_after: timedelta = EXPIRES_AFTER,
) -> Grant:
    """Return a grant whose ceilings are what a preview does: nobody has said yes to it yet.

    Args:
        preview: What is to be let happen again.
        plan: The plan it was made of.
        approver: Who would say yes.
        now: The present moment.
        uses: How many runs it may begin.
        expires_after: How long it is to stand.

    Raises:
        InputError: The preview is refused or would do nothing, nobody is named, or the time or the uses are out of bounds.
    """
    if preview.blocked:
        first = preview.blocked[0]
        raise InputError(
            f"{preview.id} is refused as it is, and no grant lets that happen: {first.message}",
            where=preview.id,
            hint=first.hint or "Make the grant from a preview that can be carried out.",
            code="grant_blocked",
        )
    if not preview.effects:
        raise InputError(
            f"{preview.id} would do nothing; there is nothing to grant.", where=preview.id
        )
    made = {
        "subjects": [each.model_dump(by_alias=False) for each in _subjects(preview, plan)],
        "org": preview.org.id,
        "org_url": "" if preview.org.local else preview.org.url,
        "user": preview.running_user.id,
        "username": preview.running_user.username,
        "ceilings": _ceilings(preview, uses, timestamp(now + expires_after)),
        "made_by": approver,
        "at": timestamp(now),
    }
    return validated(Grant, made, where="the grant", error=InputError)


def _ceilings(preview: Preview, uses: int, expires_at: str) -> dict[str, object]:
    """Return the ceilings that are just what a preview does, as often as it may be done."""
    drawn, limited = drawn_by(preview.effects), _limited(preview.effects)
    return {
        "writes": [each.model_dump(by_alias=False) for each in _writes(preview.effects)],
        "rows": drawn.rows,
        "amounts": {name: drawn.amounts[name.lower()] for name in limited},
        "amounts_in_all": {name: drawn.amounts[name.lower()] * uses for name in limited},
        "uses": uses,
        "expires_at": expires_at,
        "allow_duplicates": any(each.allow_duplicates for each in preview.groups),
    }


def _subjects(preview: Preview, plan: Plan) -> Iterable[Subject]:
    found: dict[Subject, None] = {}
    for shown in preview.actions:
        action = plan.action(shown.action_id)
        if action is not None:
            found[subject_of(shown, action.blueprint)] = None
    return found


def _writes(effects: Iterable[Effect]) -> tuple[Writable, ...]:
    fields: dict[tuple[EffectOperation, str], set[str]] = defaultdict(set)
    for effect in effects:
        fields[effect.operation, effect.object].update(each.field for each in effect.changes)
        for child in effect.also_deletes:
            fields["DELETE", child.object].update()
    return tuple(
        Writable(operation=operation, object=name, fields=tuple(sorted(found)))
        for (operation, name), found in fields.items()
    )


def _limited(effects: Iterable[Effect]) -> tuple[str, ...]:
    """Return the fields that need a ceiling of what is written to them, as ``Object.Field``."""
    found: dict[str, Decimal] = {}
    for effect in effects:
        for change in effect.changes:
            amount = amount_of(change)
            if amount is not None and (change.unit == "money" or effect.kind != "record"):
                found.setdefault(f"{effect.object}.{change.field}", amount)
    return tuple(sorted(found))
