"""What a preview comes to: how much it creates, changes and deletes, and how all of it is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from actwright.checkpoints.preview import Preview
from actwright.checkpoints.wording.effect_words import deed
from actwright.inert import inert
from actwright.org.effect import Effect

_MOST_SPELLED_OUT = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records are created, changed and deleted, and how many overrides act by themselves."""

    created: int
    changed: int
    deleted: int
    acting: int = 0


@dataclass(frozen=True, slots=True)
class UndoSummary:
    """How a preview's effects are taken back.

    Attributes:
        ways: What would take them back, in sentences; the last one counts those that are not spelled out.
        impossible: What cannot be taken back, in sentences.
        complete: Whether all of it can be.
    """

    ways: tuple[str, ...]
    impossible: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every effect can be taken back."""
        return not self.impossible


def tally(effects: Iterable[Effect]) -> Tally:
    """Return how many effects create, change and delete."""
    counted = Counter(deed(each) for each in effects)
    return Tally(counted["CREATE"], counted["UPDATE"], counted["DELETE"], counted["CALL"])


def undo_summary(preview: Preview) -> UndoSummary:
    """Return how a preview's effects are taken back: a sentence for what is alike, however many records that are."""
    effects = {each.id: each for each in preview.effects}
    ways: Counter[_Way] = Counter()
    lost: Counter[_Way] = Counter()
    for each in preview.undo:
        (ways if each.possible else lost)[_way(each.text, effects.get(each.effect_id))] += 1
    return UndoSummary(
        _summed(ways, "{:,} more are taken back the same way."),
        _summed(lost, "{:,} more cannot be undone either."),
    )


def together(preview: Preview) -> str:
    """Return whether it happens whole or not at all, in a few words."""
    groups = preview.groups
    if not groups:
        return "nothing to do"
    if any(each.carrier == "opaque" for each in groups):
        return "an override acts by itself"
    if any(each.carrier == "bulk" for each in groups):
        return "each row for itself"
    if any(not each.atomic for each in groups):
        return "parts stand apart"
    return "all or nothing" if len(groups) == 1 else "each all or nothing, in order"


@dataclass(frozen=True, slots=True)
class _Way:
    """One sentence about one record; of records that are alike, with their count in the place of their names."""

    text: str
    label: str = ""
    ending: str = ""
    whole: str = field(default="", compare=False)
    """The sentence about the first of them."""

    def of(self, count: int) -> str:
        """Return the sentence for as many records."""
        if count == 1:
            return self.whole
        if self.ending:
            return f"{self.text}{count:,} {self.label} records{self.ending}"
        return f"{self.text} ({count:,} times)"


def _way(text: str, effect: Effect | None) -> _Way:
    """Return a sentence without the name of the one record it is about, where it tells that name."""
    if effect is None:
        return _Way(text, whole=text)
    label = inert(effect.object_label or effect.object)
    name = inert(effect.record_name or effect.record_id or "")
    head, told, tail = text.partition(f"{label} {name}") if name else ("", "", "")
    return _Way(head, label, tail, text) if told else _Way(text, whole=text)


def _summed(found: Counter[_Way], more: str) -> tuple[str, ...]:
    """Return each sentence once, with how often it was said, and one for those beyond a handful."""
    told = [way.of(count) for way, count in found.most_common(_MOST_SPELLED_OUT)]
    rest = found.total() - sum(count for _, count in found.most_common(_MOST_SPELLED_OUT))
    return (*told, more.format(rest)) if rest else tuple(told)
