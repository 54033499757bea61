"""What a preview comes to: how much it creates, changes and deletes, and how all of it is taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from actwright.checkpoints.preview import Preview
from actwright.checkpoints.question import deed
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
    """Return how a preview's effects are taken back, in few sentences however many they are."""
    ways = Counter(each.text for each in preview.undo if each.possible)
    lost = Counter(each.text for each in preview.undo if not each.possible)
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


def _summed(texts: Counter[str], more: str) -> tuple[str, ...]:
    """Return each text once, with how often it was said, and one text for those beyond a handful."""
    told = [
        text if count == 1 else f"{text} ({count:,} times)"
        for text, count in texts.most_common(_MOST_SPELLED_OUT)
    ]
    rest = texts.total() - sum(count for _, count in texts.most_common(_MOST_SPELLED_OUT))
    return (*told, more.format(rest)) if rest else tuple(told)
