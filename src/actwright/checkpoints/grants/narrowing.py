"""Narrowing: the same grant with tighter ceilings; what would be wider is named, and refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from actwright.checkpoints.grants.grant import Ceilings, Grant
from actwright.document import validated
from actwright.errors import InputError
from actwright.inert import inert


def narrowed(
    grant: Grant, tighter: Mapping[str, object], *, by: str, at: str, why: str = ""
) -> Grant:
    """Return the version of a grant that has other ceilings.

    Args:
        grant: The grant.
        tighter: New ceilings, by name; what is left out stays.
        by: Who narrows it.
        at: When.
        why: Their reason.

    Raises:
        InputError: A ceiling is malformed, or would be wider; or nothing would change.
    """
    before = grant.ceilings.model_dump(by_alias=False)
    ceilings = validated(Ceilings, before | dict(tighter), where="the ceilings", error=InputError)
    wider = tuple(widened(grant.ceilings, ceilings))
    if wider:
        raise InputError(
            f"{grant.id} can only be narrowed, and this would widen it: {'; '.join(wider)}.",
            where="ceilings",
            hint="Make a new grant: actwright grants make",
            code="grant_widened",
        )
    if ceilings == grant.ceilings:
        raise InputError(f"That would leave {grant.id} as it is.", where="ceilings")
    made = {
        **grant.model_dump(exclude={"id"}, by_alias=False),
        "ceilings": ceilings.model_dump(by_alias=False),
        "made_by": by,
        "at": at,
        "why": inert(why, limit=500),
        "narrowed_from": grant.id,
        "lineage": grant.root,
    }
    return validated(Grant, made, where="the grant", error=InputError)


def widened(old: Ceilings, new: Ceilings) -> Iterator[str]:
    """Yield each way in which new ceilings let something through that the old ones do not."""
    yield from _writes(old, new)
    for name in ("rows", "uses"):
        before, after = getattr(old, name), getattr(new, name)
        if after > before:
            yield f"{name} {after} is more than {before}"
    if old.uses_per_day is not None and (
        new.uses_per_day is None or new.uses_per_day > old.uses_per_day
    ):
        yield f"uses per day {new.uses_per_day or 'unlimited'} is more than {old.uses_per_day}"
    yield from _amounts("amount", old.amounts, new.amounts, may_add=False)
    yield from _amounts("amount in all", old.amounts_in_all, new.amounts_in_all, may_add=True)
    if datetime.fromisoformat(new.expires_at) > datetime.fromisoformat(old.expires_at):
        yield f"{new.expires_at} is later than {old.expires_at}"
    let_in = sorted({*old.refused_provenance} - {*new.refused_provenance})
    if let_in:
        yield f"values from {', '.join(let_in)} were refused"
    if new.allow_duplicates and not old.allow_duplicates:
        yield "duplicates were not allowed"


def _writes(old: Ceilings, new: Ceilings) -> Iterator[str]:
    for write in new.writes:
        before = old.write(write.operation, write.object)
        if before is None:
            yield f"{write.operation} {write.object} was not allowed"
            continue
        known = {each.lower() for each in before.fields}
        more = [each for each in write.fields if each.lower() not in known]
        if more:
            yield f"{write.operation} {write.object} did not reach {', '.join(more)}"


def _amounts(
    name: str, old: Mapping[str, Decimal], new: Mapping[str, Decimal], *, may_add: bool
) -> Iterator[str]:
    """Yield wider amounts.

    A ceiling that is left out lifts a limit. A further one sets a limit; but where money without a ceiling is refused
    altogether, it lets some through.
    """
    before = {key.lower(): value for key, value in old.items()}
    after = {key.lower(): value for key, value in new.items()}
    for key in before.keys() - after.keys():
        yield f"the {name} of {key} had a ceiling"
    for key, value in after.items():
        most = before.get(key)
        if (most is None and not may_add) or (most is not None and value > most):
            yield f"the {name} of {key}, {value}, is more than {most if most is not None else 'nothing'}"
