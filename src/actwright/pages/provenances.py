"""Where the values of a preview come from, gathered, those nobody typed first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from actwright.org.effect import Effect, FieldChange
from actwright.org.provenance import Provenance
from actwright.org.value import FieldValue

_WORDS: dict[Provenance, str] = {
    "model": "made up by the model",
    "extract": "taken by a model out of a record's text",
    "record": "read from a record",
    "goal": "from the goal's words",
    "data": "from data that was given",
    "lookup": "found by a lookup",
    "output": "put out by another action",
    "default": "set by the blueprint",
}
"""In the order in which a person should look at them."""

DOUBTFUL: frozenset[Provenance] = frozenset({"model", "extract", "record"})
"""Values that neither the person nor the blueprint chose."""


@dataclass(frozen=True, slots=True)
class OriginValue:
    """One value, and in how many effects it stands."""

    change: FieldChange
    object_label: str
    count: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The values of one provenance."""

    provenance: Provenance
    words: str
    doubtful: bool
    count: int
    values: tuple[OriginValue, ...]


def provenance_words(provenance: Provenance) -> str:
    """Return a provenance in a few words for people."""
    return _WORDS[provenance]


def by_provenance(effects: Iterable[Effect]) -> tuple[Origin, ...]:
    """Return every value that would be written, by where it came from, the doubtful ones first.

    One that something doubtful was mixed into stands there too. Values that are alike in field, value and source are counted together.
    """
    seen: dict[tuple[object, ...], FieldChange] = {}
    counted: Counter[tuple[object, ...]] = Counter()
    for effect in effects:
        for change in effect.changes if effect.operation != "DELETE" else ():
            key = _key(effect, change)
            seen.setdefault(key, change)
            counted[key] += 1
    return tuple(
        Origin(provenance, words, provenance in DOUBTFUL, sum(each.count for each in found), found)
        for provenance, words in _WORDS.items()
        if (found := tuple(_values(provenance, seen, counted)))
    )


def _values(
    provenance: Provenance,
    seen: dict[tuple[object, ...], FieldChange],
    counted: Counter[tuple[object, ...]],
) -> Iterable[OriginValue]:
    for key, change in seen.items():
        if provenance == change.provenance or provenance in DOUBTFUL & set(change.mixed):
            yield OriginValue(change, str(key[0]), counted[key])


def _key(effect: Effect, change: FieldChange) -> tuple[object, ...]:
    value: FieldValue = change.after
    label = effect.object_label or effect.object
    return (
        label,
        change.field,
        (change.provenance, *change.mixed),
        change.source,
        value,
        change.linked_to,
    )
