"""Runs seen: what the journals of a list's runs add up to, kept from one look to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import reduce

from actwright.errors import ActwrightError
from actwright.runs.record.folding import applied, fold
from actwright.runs.record.journal import Journal
from actwright.runs.record.state import RunState
from actwright.runs.telling.listed import ListedRun


class SeenRuns:
    """What the runs add up to that were looked at last; a later look reads only what was written since.

    Args:
        journal: The runs.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: Mapping[str, tuple[int, RunState]] = {}

    def states(self, runs: Iterable[ListedRun]) -> Mapping[str, RunState]:
        """Return the states of runs as they stand now; those whose journals cannot be read are left out."""
        known: dict[str, tuple[int, RunState]] = {}
        for each in runs:
            with suppress(ActwrightError):
                known[each.id] = self._now(each)
        self._known = known
        return {run_id: state for run_id, (_, state) in known.items()}

    def _now(self, run: ListedRun) -> tuple[int, RunState]:
        seq, state = self._known.get(run.id, (0, None))
        if state is None:
            events = self._journal.events(run.id)
            return events[-1].seq, fold(events)
        if seq >= run.seq:
            return seq, state
        news = self._journal.events(run.id, after=seq)
        return (news[-1].seq if news else seq), reduce(applied, news, state)
