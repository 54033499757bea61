"""Runs that were taken back: which later run did it, as the journals of those tell."""

from __future__ import annotations

from collections.abc import Sequence

from actwright.runs.record.folding import fold
from actwright.runs.record.journal import Journal
from actwright.runs.record.state import RunState


def with_undoers(states: Sequence[RunState], journal: Journal) -> tuple[RunState, ...]:
    """Return the states with the runs that took them back; one that was to and changed nothing is none of them.

    Raises:
        StoreError: The journal of such a run is damaged.
    """
    undoing = journal.runs_undoing([each.id for each in states])
    took = {
        by: fold(journal.events(by)).changed_something
        for all_of in undoing.values()
        for by in all_of
    }
    return tuple(
        each.model_copy(
            update={"undone_by": tuple(by for by in undoing.get(each.id, ()) if took[by])}
        )
        for each in states
    )
