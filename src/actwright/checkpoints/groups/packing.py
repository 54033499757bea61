"""Packing: which carrier takes which effects, and where a plan too large for one transaction is cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from actwright.checkpoints.groups.arranging import Arrangement, Needs, components, owners
from actwright.errors import RefusedError
from actwright.org.batch import JOB_NULL, MOST_REQUESTS, Verb, batches, links, places, verb_of
from actwright.org.effect import Carrier, Effect

MOST_TOGETHER = 1_000
"""Writes in one transaction."""

MOST_NODES = 500
"""Requests in one graph call."""

BOOKKEEPING = 2
"""Requests of the org's own ledger in each transaction: a row that proves it, and the ids of what it created."""

MOST_WRITES = MOST_NODES - BOOKKEEPING
"""Writes in one graph."""

MOST_GRAPHS = 75
"""Transactions in one graph call."""

MOST_KINDS = 14
"""Objects in one graph; the org takes 15, and one is the ledger."""

MOST_DEPTH = 14
"""Creates that link to each other one behind the other in one graph; the org takes 15, the ledger's request behind
the last of them included."""

MOST_BEFORE_BULK = 2_000
"""Writes of one object and operation; more go out as a bulk job."""


@dataclass(frozen=True, slots=True)
class Load:
    """The effects of one group, in the order of sending, and what carries them."""

    effects: tuple[Effect, ...]
    carrier: Carrier
    parts: tuple[tuple[str, ...], ...] = ()

    @property
    def atomic(self) -> bool:
        """Whether all of it happens or nothing."""
        return self.carrier not in {"bulk", "opaque"} and not self.parts


def packed(effects: Sequence[Effect], needs: Needs, *, apart: bool) -> tuple[Load, ...]:
    """Return the effects of one kind, data or setup, as few loads in the order they go out in.

    Args:
        effects: In the order of their actions.
        needs: By action, the actions it waits for.
        apart: Whether parts that have nothing to do with each other are transactions of their own.

    Raises:
        RefusedError: Effects that must share a transaction are too many for any, or two loads wait for each other.
    """
    if not apart and _is_plain(effects):
        return (Load(tuple(effects), "composite"),)
    arrangement = Arrangement(effects, needs)
    alone = _jobs(effects)
    elsewhere = {each.id for load in alone for each in load.effects}
    rest = [each for each in effects if each.id not in elsewhere]
    parts = components(rest, needs if apart else None)
    if apart and len(parts) > 1:
        behind = sorted(alone, key=lambda load: _wave(load.effects, arrangement))
        loads = [*_side_by_side(parts, arrangement), *behind]
    else:
        loads = list(_one_after_another(parts, alone, arrangement))
    _check_order(loads, needs)
    return tuple(loads)


def _is_plain(effects: Sequence[Effect]) -> bool:
    return sum(places(each) for each in effects) <= MOST_REQUESTS


def _jobs(effects: Sequence[Effect]) -> list[Load]:
    """Return the writes of one object and operation that are too many for transactions and linked to nothing."""
    awaited = {ref for each in effects for ref in links(each)}
    free = [
        each for each in effects if not links(each) and each.ref not in awaited and _as_cells(each)
    ]
    counts = Counter(_job_key(each) for each in free)
    keys = [key for key, count in counts.items() if count > MOST_BEFORE_BULK]
    return [Load(tuple(each for each in free if _job_key(each) == key), "bulk") for key in keys]


def _as_cells(effect: Effect) -> bool:
    """Tell whether a job reads an effect's values as they are: one text it would take for no value at all."""
    return all(each.after != JOB_NULL for each in effect.changes)


def _job_key(effect: Effect) -> tuple[str, Verb]:
    return effect.object, verb_of(effect)


def _one_after_another(
    parts: Sequence[Sequence[Effect]], alone: Sequence[Load], arrangement: Arrangement
) -> Iterator[Load]:
    """Yield transactions of as many whole parts as fit, and among them, behind what they wait for, the other loads."""
    behind = sorted(parts, key=lambda part: max(arrangement.place(each) for each in part))
    for load in sorted(alone, key=lambda load: _wave(load.effects, arrangement)):
        wave = _wave(load.effects, arrangement)
        before = [part for part in behind if _wave(part, arrangement) <= wave]
        behind = behind[len(before) :]
        yield from _transactions(before, arrangement)
        yield load
    yield from _transactions(behind, arrangement)


def _wave(effects: Sequence[Effect], arrangement: Arrangement) -> int:
    return max(arrangement.wave(each) for each in effects)


def _transactions(parts: Sequence[Sequence[Effect]], arrangement: Arrangement) -> Iterator[Load]:
    """Yield loads of as many parts as fit, in order."""
    while parts:
        load = _transaction(parts, arrangement)
        most = len(parts)
        if load is None:
            within = bisect_right(list(accumulate(map(len, parts))), MOST_TOGETHER)
            sizes = range(1, min(within, len(parts)) + 1)
            most = bisect_left(
                sizes, 1, key=lambda size: _transaction(parts[:size], arrangement) is None
            )
            load = _transaction(parts[:most], arrangement) if most else None
        if load is None:
            raise _too_many(parts[0])
        yield load
        parts = parts[most:]


def _transaction(parts: Sequence[Sequence[Effect]], arrangement: Arrangement) -> Load | None:
    """Return parts as one transaction by the first carrier that takes them; None where none does."""
    count = sum(len(each) for each in parts)
    if count > MOST_TOGETHER:
        return None
    effects = arrangement.as_given(each for part in parts for each in part)
    if _is_plain(effects):
        return Load(effects, "composite")
    ordered = arrangement.sorted(effects)
    if batches(ordered) is not None:
        return Load(ordered, "collections")
    return Load(ordered, "graph") if _is_graph(ordered, arrangement) else None


def _is_graph(effects: Sequence[Effect], arrangement: Arrangement) -> bool:
    return (
        len(effects) <= MOST_WRITES
        and len({each.object for each in effects}) <= MOST_KINDS
        and all(arrangement.depth(each) < MOST_DEPTH for each in effects)
    )


def _side_by_side(parts: Sequence[Sequence[Effect]], arrangement: Arrangement) -> Iterator[Load]:
    """Yield graph calls in which each part is a transaction of its own."""
    call: list[tuple[Effect, ...]] = []
    for part in parts:
        if not _is_graph(part, arrangement):
            raise _too_many(part)
        taken = sum(len(each) + BOOKKEEPING for each in (*call, part))
        if len(call) == MOST_GRAPHS or taken > MOST_NODES:
            yield _graphs(call)
            call = []
        call.append(arrangement.sorted(part))
    if call:
        yield _graphs(call)


def _graphs(call: Sequence[tuple[Effect, ...]]) -> Load:
    parts = tuple(tuple(each.id for each in part) for part in call)
    return Load(tuple(each for part in call for each in part), "graph", parts)


def _check_order(loads: Sequence[Load], needs: Needs) -> None:
    """Refuse loads of which an earlier one waits for a later one."""
    last: dict[str, int] = {}
    for place, load in enumerate(loads):
        last |= dict.fromkeys((owner for each in load.effects for owner in owners(each)), place)
    for place, load in enumerate(loads):
        for effect in load.effects:
            for owner in owners(effect):
                late = next(
                    (each for each in needs.get(owner, ()) if last.get(each, place) > place), None
                )
                if late is not None:
                    raise _late(effect, late)


def _too_many(part: Sequence[Effect]) -> RefusedError:
    return RefusedError(
        f"{len(part)} writes belong together, and no one transaction takes them.",
        where=part[0].action_id,
        hint=f"One transaction takes {MOST_TOGETHER} rows alike, or {MOST_WRITES} writes of {MOST_KINDS} objects; "
        "split the plan where its parts need not happen together.",
        code="too_many_writes",
    )


def _late(effect: Effect, other: str) -> RefusedError:
    return RefusedError(
        f"{effect.action_id!r} waits for {other!r}, which goes out in a later transaction.",
        where=effect.action_id,
        hint="Split the plan: what waits belongs into a plan of its own.",
        code="link_across_groups",
    )
