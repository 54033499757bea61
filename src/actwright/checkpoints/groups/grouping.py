"""Effect groups: what goes out together, and what carries it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from actwright.checkpoints.groups.arranging import Needs, owners
from actwright.checkpoints.groups.packing import Load, packed
from actwright.checkpoints.groups.staging import staged
from actwright.errors import RefusedError
from actwright.inert import inert
from actwright.org.batch import MOST_ROWS, links
from actwright.org.effect import Effect, EffectGroup
from actwright.org.setup_objects import is_setup_object

MOST_OBSERVED = 1_000
"""Records of one group that are read again after a bulk job."""

_QUERIES_PER_CALL = 5
_JOB_CALLS = 6
"""Opening a bulk job, its rows, closing it, asking for its state at least once, and its results."""


def grouped(
    effects: Sequence[Effect],
    needs: Mapping[str, frozenset[str]],
    *,
    org: str,
    apart: bool = False,
    allow_duplicates: bool = False,
) -> tuple[EffectGroup, ...]:
    """Return the effects as groups, in the order they go out in.

    What fits into one transaction is one group, data and setup apart: platforms never write both together. Data goes
    before setup, unless a data action waits for a setup action. An override that acts by itself is a group of its own,
    behind what does not wait for it.

    Args:
        effects: In the order of their actions.
        needs: By action, the actions it waits for.
        org: The id of the org.
        apart: Whether parts that have nothing to do with each other stand or fall each for itself.
        allow_duplicates: Whether a person has said to save in spite of duplicate rules that merely warn.

    Raises:
        RefusedError: Effects that must share a transaction are too many for any, or two groups would wait for each
            other.
    """
    stages = staged(effects, needs)
    loads = [load for each in stages for load in _loads(each, needs, apart=apart)]
    groups = tuple(
        _group(load, f"g{place}", org, allow_duplicates=allow_duplicates)
        for place, load in enumerate(loads, start=1)
    )
    for group in groups:
        _check_links(group)
    return groups


def calls_to_apply(groups: Sequence[EffectGroup]) -> int:
    """Return how many API calls the groups take.

    Each group is read again, sent, and read once more, 200 records a query and five queries a call; the keys of upserts
    are looked up again. A bulk job is asked for its state as long as it takes; the least is counted.
    """
    return sum(_calls(group) for group in groups)


def price(groups: Sequence[EffectGroup], call_price: Decimal | None) -> Decimal | None:
    """Return what sending the groups is declared to cost: their overrides, and the calls that carry effects.

    Args:
        groups: What goes out.
        call_price: What an API call costs; None where nobody has said.

    Returns:
        The price; None where nothing of it has one.
    """
    told = [one.price for each in groups for one in each.effects if one.price is not None]
    if call_price is not None:
        told.append(call_price * sum(_sending(each) for each in groups))
    return sum(told, Decimal(0)) if told else None


def transactions(groups: Sequence[EffectGroup]) -> int:
    """Return in how many transactions the groups are written; each row of a bulk job, and each override, is one of its own."""
    return sum(_transactions(each) for each in groups)


def notices(groups: Sequence[EffectGroup]) -> tuple[str, ...]:
    """Return how the groups are carried out, in sentences; nothing for one plain transaction."""
    said = [_several(groups)] if len(groups) > 1 else []
    said += [_carried(each, alone=len(groups) == 1) for each in groups]
    if any(each.carrier not in {"composite", "opaque"} and _known(each.effects) for each in groups):
        said.append(
            "The records are compared with this preview just before they are written; a change somebody makes in the "
            "moment between is not noticed."
        )
    if any(each.allow_duplicates for each in groups):
        said.append(_in_spite_of_duplicates(groups))
    return tuple(dict.fromkeys(each for each in said if each))


def _loads(stage: Sequence[Effect], needs: Needs, *, apart: bool) -> Iterator[Load]:
    """Yield what carries one stage: an override by itself, or record writes, data and setup apart."""
    if stage[0].kind != "record":
        yield Load(tuple(stage), "opaque")
        return
    data = [each for each in stage if not is_setup_object(each.object)]
    setup = [each for each in stage if is_setup_object(each.object)]
    kinds = [setup, data] if _waits(data, setup, needs) else [data, setup]
    if _waits(kinds[0], kinds[1], needs):
        raise _crossing(kinds[0][0], "an action of the other kind")
    for kind in kinds:
        yield from packed(kind, needs, apart=apart) if kind else ()


def _group(load: Load, name: str, org: str, *, allow_duplicates: bool) -> EffectGroup:
    return EffectGroup(
        id=name,
        org=org,
        effects=load.effects,
        atomic=load.atomic,
        carrier=load.carrier,
        parts=load.parts,
        allow_duplicates=allow_duplicates,
    )


def _several(groups: Sequence[EffectGroup]) -> str:
    writes = sum(len(each.effects) for each in groups)
    if all(each.parts for each in groups):
        return (
            f"The {writes:,} changes go out in {len(groups)} calls, one after the other. A call before which a record "
            "has moved on is not made, and none behind it."
        )
    partly = (
        " One that fails in part stops only what waits for it."
        if any(each.parts for each in groups)
        else ""
    )
    return (
        f"The {writes:,} changes go out in {len(groups)} steps, one after the other. The first step that fails stops "
        f"those behind it; what the steps before it did stands.{partly}"
    )


def _carried(group: EffectGroup, *, alone: bool) -> str:
    count = len(group.effects)
    if group.carrier == "opaque":
        return "An override acts by itself: what it does is neither checked nor rolled back."
    if group.carrier == "bulk":
        label = inert(group.effects[0].object_label or group.effects[0].object, limit=80)
        return (
            f"{count:,} changes of {label} records go out as a bulk job: each record stands or falls for itself, and "
            f"nothing is rolled back. Afterwards {min(count, MOST_OBSERVED):,} of them are read again."
        )
    if group.parts:
        return (
            f"{count:,} changes go out as {len(group.parts)} transactions in one call: a part that fails does not take "
            "the others with it."
        )
    if group.carrier == "composite":
        return ""
    return (
        f"All {count:,} changes are one transaction: all of them happen, or none."
        if alone
        else "Each step is one transaction: all of it happens, or none."
    )


def _in_spite_of_duplicates(groups: Sequence[EffectGroup]) -> str:
    """Return what becomes of likely duplicates a person has said to save: a bulk job cannot be told to."""
    saved = "What a duplicate rule of the org merely warns about is saved all the same"
    jobs = [each for each in groups if each.carrier == "bulk"]
    if len(jobs) == len(groups):
        return "A bulk job saves nothing a duplicate rule of the org warns about, also where you allow it."
    return f"{saved}, but not by a bulk job." if jobs else f"{saved}."


def _transactions(group: EffectGroup) -> int:
    if group.carrier in {"bulk", "opaque"}:
        return len(group.effects)
    return len(group.parts) or 1


def _sending(group: EffectGroup) -> int:
    if group.carrier == "opaque":
        return 0
    return _JOB_CALLS if group.carrier == "bulk" else 1


def _calls(group: EffectGroup) -> int:
    if group.carrier == "opaque":
        return 0
    written = [each for each in group.effects if each.operation != "DELETE"]
    reads = (
        _queries(_known(group.effects)),
        _queries(written[:MOST_OBSERVED] if group.carrier == "bulk" else written),
        _key_queries([each for each in group.effects if each.operation == "UPSERT"]),
    )
    return _sending(group) + sum(math.ceil(each / _QUERIES_PER_CALL) for each in reads)


def _key_queries(upserts: Sequence[Effect]) -> int:
    """Return how many queries look keys up again: keys of text many at once, others one by one."""
    keys = [(each, each.change(each.key_field or "")) for each in upserts]
    texts = Counter(
        (each.object, key.field) for each, key in keys if key is not None and key.family == "string"
    )
    alone = len(keys) - sum(texts.values())
    return alone + sum(math.ceil(each / MOST_ROWS) for each in texts.values())


def _known(effects: Sequence[Effect]) -> list[Effect]:
    return [each for each in effects if each.record_id]


def _queries(effects: Sequence[Effect]) -> int:
    counts = Counter(each.object for each in effects)
    return sum(math.ceil(each / MOST_ROWS) for each in counts.values())


def _waits(
    these: Sequence[Effect], others: Sequence[Effect], needs: Mapping[str, frozenset[str]]
) -> bool:
    awaited = {owner for each in others for owner in owners(each)}
    return any(needs.get(each.action_id, frozenset()) & awaited for each in these)


def _check_links(group: EffectGroup) -> None:
    here = {each.ref for each in group.effects if each.ref}
    for effect in group.effects:
        missing = sorted(links(effect) - here)
        if missing:
            raise _crossing(effect, repr(missing[0]))


def _crossing(effect: Effect, other: str) -> RefusedError:
    return RefusedError(
        f"{effect.action_id!r} waits for {other}, which goes out in another call.",
        where=effect.action_id,
        hint="Setup objects and data objects cannot share a call; split the plan.",
        code="link_across_groups",
    )
