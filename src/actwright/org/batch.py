"""Batches: how the effects of one transaction share the few requests an org takes in one call.

The order of the effects is the order of sending. Neighbours of one verb travel together as the rows of a collection;
the smallest of them travel each in a request of its own, where there is room, since only such a request can pin the
version of its record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from actwright.org.effect import Effect

Verb = Literal["POST", "PATCH", "DELETE"]
"""What a request does: make, change or delete records."""

MOST_ROWS = 200
"""Rows in one collection."""

MOST_COLLECTIONS = 5
"""Collections in one transaction, hence 1,000 rows."""

MOST_REQUESTS = 23
"""Requests in one transaction: the org takes 25, and two stay free for bookkeeping and rehearsals."""

JOB_NULL = "#N/A"
"""How a bulk job's row says that a field is to be empty; no value of its own can look like that."""

_MOST_CHUNKS = 10
"""Runs of rows of one object in one collection."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Effects that stand beside each other and do the same: one collection, or a request for each."""

    verb: Verb
    effects: tuple[Effect, ...]
    collected: bool = True
    """Whether they are the rows of one collection."""

    @property
    def requests(self) -> int:
        """How many requests it takes; a delete of a known version takes two."""
        return 1 if self.collected else sum(places(each) for each in self.effects)


def verb_of(effect: Effect) -> Verb:
    """Return what an effect's request does; an upsert changes the record its key matched, or makes one."""
    if effect.operation == "UPSERT":
        return "PATCH" if effect.record_id else "POST"
    return _VERBS[effect.operation]


_VERBS: dict[str, Verb] = {"CREATE": "POST", "UPDATE": "PATCH", "DELETE": "DELETE"}


def places(effect: Effect) -> int:
    """Return how many requests an effect takes by itself: a delete has none that pins a version but a read before it."""
    return 2 if effect.operation == "DELETE" and effect.version else 1


def batches(effects: Sequence[Effect]) -> tuple[Batch, ...] | None:
    """Return the batches of one transaction, in the order of its effects; None where one call cannot hold them."""
    found = list(_runs(effects))
    spare = MOST_REQUESTS - len(found)
    for place in sorted(range(len(found)), key=lambda each: _cost(found[each])):
        spare -= _cost(found[place])
        if spare < 0:
            break
        found[place] = replace(found[place], collected=False)
    collections = sum(each.collected for each in found)
    fits = collections <= MOST_COLLECTIONS and len(found) <= MOST_REQUESTS
    return tuple(found) if fits else None


def _cost(batch: Batch) -> int:
    """Return how many requests more a batch takes if each of its effects gets its own."""
    return sum(places(each) for each in batch.effects) - 1


def _runs(effects: Sequence[Effect]) -> Iterator[Batch]:
    """Yield neighbours of one verb, at most 200 rows and ten runs of one object, none linked to another of them."""
    run: list[Effect] = []
    made: set[str] = set()
    chunks = 0
    for effect in effects:
        new_chunk = not run or run[-1].object != effect.object
        if run and (
            verb_of(run[0]) != verb_of(effect)
            or len(run) == MOST_ROWS
            or chunks + new_chunk > _MOST_CHUNKS
            or not made.isdisjoint(links(effect))
        ):
            yield Batch(verb_of(run[0]), tuple(run))
            run, made, chunks, new_chunk = [], set(), 0, True
        run.append(effect)
        chunks += new_chunk
        if effect.ref:
            made.add(effect.ref)
    if run:
        yield Batch(verb_of(run[0]), tuple(run))


def links(effect: Effect) -> frozenset[str]:
    """Return the refs of the effects whose new records an effect points to."""
    return frozenset(each.linked_to for each in effect.changes if each.linked_to)
