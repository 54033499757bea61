"""Effect groups: what goes out in one atomic call."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from actwright.errors import RefusedError
from actwright.org.effect import Effect, EffectGroup
from actwright.org.setup_objects import is_setup_object

MOST_WRITES = 23
"""Writes in one composite call: 25 places, two of them kept free for the ledger."""

_PLACES = 25
"""Requests in one composite call. A delete takes two: the read that makes sure of its version, and the delete."""

_QUERIES_PER_CALL = 5


def grouped(
    effects: Sequence[Effect], needs: Mapping[str, frozenset[str]], *, org: str
) -> tuple[EffectGroup, ...]:
    """Return the effects as atomic groups, each in the given order.

    Data goes before setup, unless a data action waits for a setup action.

    Args:
        effects: In the order of their actions.
        needs: By action, the actions it waits for.
        org: The id of the org.

    Raises:
        RefusedError: A group would hold more writes than one call takes, or two groups would wait for each other.
    """
    data = [each for each in effects if not is_setup_object(each.object)]
    setup = [each for each in effects if is_setup_object(each.object)]
    parts = [setup, data] if _waits(data, setup, needs) else [data, setup]
    if _waits(parts[0], parts[1], needs):
        raise _crossing(parts[0][0], "an action of the other kind")
    groups = [
        EffectGroup(id=f"g{index}", org=org, effects=tuple(members))
        for index, members in enumerate((each for each in parts if each), start=1)
    ]
    for group in groups:
        _check_size(group)
        _check_links(group)
    return tuple(groups)


def calls_to_apply(groups: Sequence[EffectGroup]) -> int:
    """Return how many API calls the groups take.

    Each group is read again, sent, and read once more, five objects a call; the keys of upserts are looked up again.
    """
    return sum(_calls(group) for group in groups)


def _calls(group: EffectGroup) -> int:
    written = {each.object for each in group.effects if each.operation != "DELETE"}
    known = {each.object for each in group.effects if each.record_id}
    upserts = sum(each.operation == "UPSERT" for each in group.effects)
    reads = (len(known), len(written), upserts)
    return 1 + sum(math.ceil(each / _QUERIES_PER_CALL) for each in reads)


def _waits(
    these: Sequence[Effect], others: Sequence[Effect], needs: Mapping[str, frozenset[str]]
) -> bool:
    awaited = {owner for each in others for owner in (each.action_id, *each.also_for)}
    return any(needs.get(each.action_id, frozenset()) & awaited for each in these)


def _check_size(group: EffectGroup) -> None:
    if len(group.effects) > MOST_WRITES:
        raise _too_many(
            f"The plan makes {len(group.effects)} writes; one atomic call takes {MOST_WRITES}."
        )
    deletes = sum(each.operation == "DELETE" for each in group.effects)
    if len(group.effects) + deletes > _PLACES:
        raise _too_many(
            f"The plan deletes {deletes} of {len(group.effects)} records; a delete takes two of the {_PLACES} places "
            "of one atomic call."
        )


def _check_links(group: EffectGroup) -> None:
    here = {each.ref for each in group.effects if each.ref}
    for effect in group.effects:
        for change in effect.changes:
            if change.linked_to and change.linked_to not in here:
                raise _crossing(effect, repr(change.linked_to))


def _too_many(message: str) -> RefusedError:
    return RefusedError(
        message, where="actions", hint="Split it into smaller plans.", code="too_many_writes"
    )


def _crossing(effect: Effect, other: str) -> RefusedError:
    return RefusedError(
        f"{effect.action_id!r} waits for {other}, which goes out in another call.",
        where=effect.action_id,
        hint="Setup objects and data objects cannot share a call; split the plan.",
        code="link_across_groups",
    )
