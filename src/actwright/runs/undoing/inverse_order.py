"""The order things are taken back in: what points to a record goes before it, and what came last goes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from actwright.runs.undoing.accomplished import Accomplished


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing to be taken back.

    Attributes:
        done: What is taken back.
        behind: The places in the order of what must have been taken back before.
    """

    done: Accomplished
    behind: tuple[int, ...] = ()


def inverse_order(done: Sequence[Accomplished]) -> tuple[Turn, ...]:
    """Return the order to take things back in.

    Where records point to each other in a circle, what came last goes first.

    Args:
        done: What was done, in the order it was.
    """
    backwards = list(reversed(done))
    before: dict[int, set[int]] = defaultdict(set)
    for earlier, later in (*_pointing(backwards), *_acting(backwards)):
        before[later].add(earlier)
    order = _sorted(len(backwards), before)
    place = {each: at for at, each in enumerate(order)}
    return tuple(
        Turn(backwards[each], tuple(sorted(place[one] for one in before[each] if place[one] < at)))
        for at, each in enumerate(order)
    )


def _pointing(done: Sequence[Accomplished]) -> Iterator[tuple[int, int]]:
    """Yield who has to go before whom, since it holds the id of a record that goes."""
    new = {each.record_id: place for place, each in enumerate(done) if each.created}
    for place, each in enumerate(done):
        for change in each.effect.changes:
            target = new.get(str(each.left_behind(change)))
            if target is not None and target != place:
                yield place, target


def _acting(done: Sequence[Accomplished]) -> Iterator[tuple[int, int]]:
    """Yield who has to go before whom, since one acted by itself and the other waited for it, or stood behind it."""
    for place, acted in enumerate(done):
        if acted.effect.kind == "record":
            continue
        for other, each in enumerate(done):
            if _waited(acted, each):
                yield place, other
            elif each.effect.kind == "record" and _waited(each, acted):
                yield other, place


def _waited(later: Accomplished, earlier: Accomplished) -> bool:
    """Tell whether one thing could only be done when another was."""
    if later.stage != earlier.stage:
        return later.stage > earlier.stage
    owners = {earlier.effect.action_id, *earlier.effect.also_for}
    return later.action is not None and bool(later.action.needs & owners)


def _sorted(count: int, before: dict[int, set[int]]) -> list[int]:
    """Return the numbers up to ``count``, the lower first, but none before those that go before it."""
    waiting = {each: set(before[each]) for each in range(count)}
    behind: dict[int, list[int]] = defaultdict(list)
    for each, others in waiting.items():
        for other in others:
            behind[other].append(each)
    ready = [each for each, others in waiting.items() if not others]
    heapify(ready)
    order: list[int] = []
    gone: set[int] = set()
    while len(order) < count:
        following = heappop(ready) if ready else _first_left(count, gone)
        if following in gone:
            continue
        gone.add(following)
        order.append(following)
        for each in behind[following]:
            waiting[each].discard(following)
            if not waiting[each]:
                heappush(ready, each)
    return order


def _first_left(count: int, gone: Collection[int]) -> int:
    return next(each for each in range(count) if each not in gone)
