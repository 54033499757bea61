"""Selecting the reading of a clause, now that the records it names were looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from actwright.planning.offline.resolving import Resolver, Status
from actwright.planning.words.reading import Reading

_RANKS: dict[Status, int] = {"found": 0, "ambiguous": 1, "not_found": 2}


@dataclass(frozen=True, slots=True)
class Selected:
    """A reading, and whether every record it names was found."""

    reading: Reading
    rank: int

    @property
    def found(self) -> bool:
        """Whether each of its phrases names one record."""
        return self.rank == 0


def ranked(readings: Sequence[Reading], resolver: Resolver) -> tuple[Selected, ...]:
    """Return the readings, likeliest first: those whose records exist, then those that say most, then the latest."""
    found = [Selected(each, _rank(each, resolver)) for each in readings]
    order = sorted(
        range(len(found)),
        key=lambda at: (
            found[at].rank,
            _problems(found[at].reading),
            not found[at].reading.strong,
            _age(found[at].reading, resolver),
            at,
        ),
    )
    best = [found[at] for at in order]
    return tuple(best) if not best else (_with_rivals(best), *best[1:])


def _with_rivals(best: Sequence[Selected]) -> Selected:
    """Let records of other objects that fit as well stand beside the best one, so that the person chooses."""
    first = best[0]
    rivals = [
        each.reading.object
        for each in best[1:]
        if each.rank == first.rank == 0
        and each.reading.strong == first.reading.strong
        and _problems(each.reading) == _problems(first.reading)
        and each.reading.object != first.reading.object
        and each.reading.record is not None
    ]
    if not rivals or first.reading.record is None or first.reading.record.earlier:
        return first
    objects = tuple(dict.fromkeys((first.reading.object, *rivals)))
    record = replace(first.reading.record, objects=objects)
    return Selected(replace(first.reading, record=record), _RANKS["ambiguous"])


def _age(reading: Reading, resolver: Resolver) -> int:
    """Return how long ago the record was spoken of that the words point back to: ``it`` is the latest that fits."""
    earlier = reading.record is None or reading.record.earlier
    return resolver.age(reading.object) if earlier and reading.operation != "CREATE" else 0


def _problems(reading: Reading) -> int:
    return sum(each.problem is not None for each in reading.assignments)


def _rank(reading: Reading, resolver: Resolver) -> int:
    return max((_RANKS[each] for each in _statuses(reading, resolver)), default=0)


def _statuses(reading: Reading, resolver: Resolver) -> Iterator[Status]:
    if reading.record is not None:
        yield resolver.record(reading.record, (reading.object,)).status
    elif reading.operation != "CREATE":
        yield "found" if resolver.latest((reading.object,)) else "ambiguous"
    for each in reading.assignments:
        if each.record is not None:
            yield resolver.record(each.record, each.record.objects).status
    for link in reading.links:
        status = resolver.link(link)[0].status
        yield "found" if link.soft and status == "not_found" else status
