"""Marks: what of a run was taken back, and by which run, as the journals of those tell.

An undo that was itself taken back has taken nothing back any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from actwright.actions.compensation import EFFECT
from actwright.org.effect import Effect
from actwright.runs.undoing.accomplished import Accomplished, accomplished
from actwright.runs.undoing.past_run import PastRun, PastRuns

Mark = tuple[str, ...]
"""``("record", id)``: the record is gone. ``("field", id, name)``: the field is as it was. ``("call", run, effect)``: what
an override did by itself was taken back."""

_DEEPEST = 100
"""Undos of undos of undos: beyond this many nobody asks who took back what."""


@dataclass(frozen=True)
class Marks:
    """What was taken back of the runs of one store."""

    past: PastRuns
    _known: dict[str, Mapping[Mark, str]] = field(default_factory=dict, init=False)

    def of(self, run_id: str, *, depth: int = 0) -> Mapping[Mark, str]:
        """Return what of a run is taken back as things stand, each with the run that did it.

        Raises:
            NotFoundError: The store has lost what one of the runs carried out.
            StoreError: A journal is damaged.
        """
        if run_id not in self._known:
            found: dict[Mark, str] = {}
            for by in self.past.undoing(run_id) if depth < _DEEPEST else ():
                again = self.of(by.id, depth=depth + 1)
                found |= {each: by.id for each in set_back(by) if each not in again}
            self._known[run_id] = found
        return self._known[run_id]


def wanted(done: Accomplished, run_id: str) -> frozenset[Mark]:
    """Return the marks of a thing done that is taken back whole."""
    if done.effect.kind != "record":
        return frozenset({("call", run_id, done.keys[0])})
    if done.created:
        return frozenset({("record", done.record_id)})
    return frozenset(("field", done.record_id, each.field) for each in done.moved)


def set_back(run: PastRun) -> Iterator[Mark]:
    """Yield the marks of everything that surely happened in a run that takes another one back."""
    for each in accomplished(run):
        if each.status == "done":
            yield from marks_of(each.effect)


def marks_of(effect: Effect) -> Iterator[Mark]:
    """Yield the marks of one effect of a run that takes another one back."""
    if effect.kind != "record":
        named = effect.change(EFFECT)
        run_id, _, key = str(named.after if named else "").partition("/")
        yield ("call", run_id, key)
    elif effect.operation == "DELETE":
        yield ("record", effect.record_id or "")
    else:
        yield from (("field", effect.record_id or "", each.field) for each in effect.changes)
