"""Effect groups: what goes out in one atomic call."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.errors import RefusedError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.setup_objects import is_setup_object

MOST_WRITES = 23
"""Writes in one composite call: 25 places, two of them kept free for the ledger."""

_PLACES = 25
"""Requests in one composite call. A delete takes two: the read that makes sure of its version, and the delete."""

_CALLS_PER_GROUP = 3
"""Applying one group: read again, write, read what became of it."""


def grouped(effects: Sequence[Effect], *, org: str) -> tuple[EffectGroup, ...]:
    """Return the effects as atomic groups, data before setup, each in the given order.

    Raises:
        RefusedError: A group would hold more writes than one call takes, or a link would cross groups.
    """
    kinds = (
        [each for each in effects if not is_setup_object(each.object)],
        [each for each in effects if is_setup_object(each.object)],
    )
    groups = [
        EffectGroup(id=f"g{index}", org=org, effects=tuple(members))
        for index, members in enumerate((each for each in kinds if each), start=1)
    ]
    for group in groups:
        _check(group)
    return tuple(groups)


def calls_to_apply(groups: Sequence[EffectGroup]) -> int:
    """Return how many API calls the groups take; an upsert's key is looked up once more before it is sent."""
    upserting = [
        group for group in groups if any(each.operation == "UPSERT" for each in group.effects)
    ]
    return _CALLS_PER_GROUP * len(groups) + len(upserting)


def _check(group: EffectGroup) -> None:
    if len(group.effects) > MOST_WRITES:
        raise RefusedError(
            f"The plan makes {len(group.effects)} writes; one atomic call takes {MOST_WRITES}.",
            where="actions",
            hint="Split it into smaller plans.",
            code="too_many_writes",
        )
    deletes = sum(each.operation == "DELETE" for each in group.effects)
    if len(group.effects) + deletes > _PLACES:
        raise RefusedError(
            f"The plan deletes {deletes} of {len(group.effects)} records; a delete takes two of the {_PLACES} places "
            "of one atomic call.",
            where="actions",
            hint="Split it into smaller plans.",
            code="too_many_writes",
        )
    here = {each.ref for each in group.effects if each.ref}
    for effect in group.effects:
        for change in effect.changes:
            if change.linked_to and change.linked_to not in here:
                raise RefusedError(
                    f"{effect.action_id!r} links to {change.linked_to!r}, which goes out in another call.",
                    where=f"{effect.action_id}.{change.field}",
                    hint="Setup objects and data objects cannot share a call; split the plan.",
                    code="link_across_groups",
                )
