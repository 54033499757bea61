"""Covering: whether a grant says yes to a preview, or which of its ceilings the preview exceeds, by which effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from actwright.actions.implementation import ResolvedArgument
from actwright.blueprints.plan import Plan
from actwright.canonical import decimal_text
from actwright.checkpoints.credentials.approvers import Approver
from actwright.checkpoints.credentials.signing import enough
from actwright.checkpoints.drawn import Drawn, added, amount_of, drawn_by, path_of
from actwright.checkpoints.grants.grant import Ceilings, Grant, Writable, subject_of
from actwright.checkpoints.grants.outside import Outside, together
from actwright.checkpoints.preview import Preview
from actwright.clock import CLOCKS_APART
from actwright.org.effect import Effect, FieldChange
from actwright.org.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Used:
    """What of a grant was used, and when one asks.

    Attributes:
        now: The present moment.
        uses: How many runs it has begun.
        today: How many of them within the last 24 hours.
        drawn: What those runs have drawn.
        run: What the run that goes on has drawn itself; None for a run that is to begin.
        signers: The people whose keys the grant was made with, as far as they count.
    """

    now: datetime
    uses: int = 0
    today: int = 0
    drawn: Mapping[str, Decimal] = field(default_factory=dict)
    run: Drawn | None = None
    signers: tuple[Approver, ...] = ()


def outside(grant: Grant, preview: Preview, plan: Plan, used: Used) -> tuple[Outside, ...]:
    """Return every ceiling of a grant that a preview exceeds; none where the grant covers it.

    The same for the same arguments, whatever the order of the effects.

    Args:
        grant: The grant.
        preview: What is to be carried out.
        plan: The plan the preview was made of.
        used: What of the grant was used so far, the run's own earlier waves among it.
    """
    found = (
        *_elsewhere(grant, preview),
        *_other_versions(grant, preview, plan),
        *_effects_outside(grant.ceilings, preview),
        *_beyond(grant.ceilings, preview, used),
        *_over(grant, used),
        *_under_approved(preview, used),
    )
    return together(found)


def _elsewhere(grant: Grant, preview: Preview) -> Iterator[Outside]:
    org, url = preview.org, "" if preview.org.local else preview.org.url
    if (grant.org, grant.org_url) != (org.id, url):
        here = f"{org.id} {url}".strip()
        yield Outside(ceiling="org", found=here, allowed=f"{grant.org} {grant.org_url}".strip())
    if grant.user != preview.running_user.id:
        yield Outside(ceiling="user", found=preview.running_user.username, allowed=grant.username)


def _other_versions(grant: Grant, preview: Preview, plan: Plan) -> Iterator[Outside]:
    known = set(grant.subjects)
    if plan.id != preview.plan_id or not preview.actions:
        yield Outside(ceiling="subject", found=plan.id, allowed=preview.plan_id)
        return
    allowed = ", ".join(
        f"{each.name} {each.version[:12]} by {each.implementation}" for each in grant.subjects
    )
    shown_ids = {each.action_id for each in preview.actions}
    for effect in preview.effects:
        if not shown_ids.issuperset((effect.action_id, *effect.also_for)):
            found = f"an effect of {effect.action_id}, which nobody is shown for"
            yield Outside(ceiling="subject", found=found, allowed=allowed, effects=(effect.id,))
    for shown in preview.actions:
        action = plan.action(shown.action_id)
        subject = subject_of(shown, action.blueprint) if action else None
        if subject in known:
            continue
        yield Outside(
            ceiling="subject",
            found=f"{shown.blueprint} {subject.version[:12] if subject else '?'} by {shown.implementation}",
            allowed=allowed,
            effects=_ids(each for each in preview.effects if each.action_id == shown.action_id),
        )


def _effects_outside(ceilings: Ceilings, preview: Preview) -> Iterator[Outside]:
    refused = frozenset(ceilings.refused_provenance)
    for effect in preview.effects:
        yield from _writes_outside(ceilings, effect)
        yield from _from_elsewhere(effect, refused)
        yield from _unlimited(ceilings, effect)
    for shown in preview.actions:
        for argument in shown.arguments:
            about = (each for each in preview.effects if each.action_id == shown.action_id)
            for source in _refused(argument, refused):
                yield _refused_source(argument.input, source, refused, _ids(about))
    if any(each.allow_duplicates for each in preview.groups) and not ceilings.allow_duplicates:
        yield Outside(ceiling="duplicates", found="duplicates saved", allowed="none")


def _writes_outside(ceilings: Ceilings, effect: Effect) -> Iterator[Outside]:
    allowed = ceilings.write(effect.operation, effect.object)
    for name in (effect.object, *(each.object for each in effect.also_deletes)):
        if ceilings.write(effect.operation, name) is None:
            yield Outside(
                ceiling="operation",
                found=f"{effect.operation} {name}",
                allowed=_spoken(ceilings.writes),
                effects=(effect.id,),
            )
    if allowed is None:
        return
    names = {each.lower() for each in allowed.fields}
    for change in effect.changes:
        if change.field.lower() not in names:
            yield Outside(
                ceiling="fields",
                found=f"{effect.object}.{change.field}",
                allowed=", ".join(allowed.fields) or "no field",
                effects=(effect.id,),
            )


def _from_elsewhere(effect: Effect, refused: frozenset[Provenance]) -> Iterator[Outside]:
    for change in effect.changes:
        for source in _refused(change, refused):
            path = f"{effect.object}.{change.field}"
            yield _refused_source(path, source, refused, (effect.id,))


def _refused(
    value: FieldChange | ResolvedArgument, refused: frozenset[Provenance]
) -> tuple[Provenance, ...]:
    """Return where a value, or anything that went into it, comes from and may not."""
    return tuple(sorted(refused & {value.provenance, *value.mixed}))


def _refused_source(
    name: str, provenance: Provenance, refused: frozenset[Provenance], effects: tuple[str, ...]
) -> Outside:
    return Outside(
        ceiling="provenance",
        found=f"{name} from {provenance}",
        allowed=f"none from {', '.join(sorted(refused))}",
        effects=effects,
    )


def _unlimited(ceilings: Ceilings, effect: Effect) -> Iterator[Outside]:
    """Yield the amounts nobody has set a ceiling for: money, and whatever number an override is handed."""
    limited = {each.lower() for each in ceilings.amounts}
    for change in effect.changes:
        counts = change.unit == "money" or effect.kind != "record"
        amount = amount_of(change)
        if counts and amount is not None and path_of(effect, change) not in limited:
            yield Outside(
                ceiling="amount",
                found=f"{decimal_text(amount)} to {effect.object}.{change.field}",
                allowed="no amount there",
                effects=(effect.id,),
            )


def _beyond(ceilings: Ceilings, preview: Preview, used: Used) -> Iterator[Outside]:
    here = drawn_by(preview.effects)
    run = here + used.run if used.run else here
    if run.rows > ceilings.rows:
        yield Outside(
            ceiling="rows", found=f"{run.rows:,} effects", allowed=f"{ceilings.rows:,} a run"
        )
    yield from _amounts_beyond("amount", ceilings.amounts, run.amounts, preview.effects, "a run")
    in_all = added(here.amounts, used.drawn)
    yield from _amounts_beyond(
        "amount_in_all", ceilings.amounts_in_all, in_all, preview.effects, "in all"
    )


def _amounts_beyond(
    ceiling: Literal["amount", "amount_in_all"],
    allowed: Mapping[str, Decimal],
    found: Mapping[str, Decimal],
    effects: Iterable[Effect],
    per: str,
) -> Iterator[Outside]:
    written = {(path_of(each, one), each.id) for each in effects for one in each.changes}
    for path, most in allowed.items():
        total = found.get(path.lower(), Decimal(0))
        if total > most:
            yield Outside(
                ceiling=ceiling,
                found=f"{decimal_text(total)} to {path}",
                allowed=f"{decimal_text(most)} {per}",
                effects=tuple(sorted(key for at, key in written if at == path.lower())),
            )


def _over(grant: Grant, used: Used) -> Iterator[Outside]:
    ceilings = grant.ceilings
    if used.now >= datetime.fromisoformat(ceilings.expires_at):
        yield Outside(
            ceiling="expiry", found=used.now.isoformat(), allowed=f"until {ceilings.expires_at}"
        )
    if used.now < datetime.fromisoformat(grant.at) - CLOCKS_APART:
        yield Outside(ceiling="expiry", found=used.now.isoformat(), allowed=f"from {grant.at} on")
    if used.run is not None:
        return
    if used.uses >= ceilings.uses:
        yield Outside(ceiling="uses", found=f"{used.uses} used", allowed=f"{ceilings.uses}")
    if ceilings.uses_per_day is not None and used.today >= ceilings.uses_per_day:
        yield Outside(
            ceiling="uses_per_day",
            found=f"{used.today} within 24 hours",
            allowed=f"{ceilings.uses_per_day}",
        )


def _under_approved(preview: Preview, used: Used) -> Iterator[Outside]:
    if not enough(preview.approval, used.signers):
        people = preview.approval.people
        whom = f" of {', '.join(preview.approval.who)}" if preview.approval.who else ""
        yield Outside(
            ceiling="approval",
            found=f"the policy asks for the keys of {people}{whom}",
            allowed=f"what {len(used.signers)} signed: "
            + (", ".join(each.name for each in used.signers) or "nobody"),
        )


def _ids(effects: Iterable[Effect]) -> tuple[str, ...]:
    return tuple(each.id for each in effects)


def _spoken(writes: Iterable[Writable]) -> str:
    return ", ".join(f"{each.operation} {each.object}" for each in writes)
