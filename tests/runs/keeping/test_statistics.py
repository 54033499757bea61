"""Statistics: how much there is in the journal, and what has been left lying."""

from __future__ import annotations

from datetime import timedelta

from tests.kept_runs import Kept, ended, intended, settled

from actwright.runs.keeping.statistics import statistics


def test_an_empty_store_has_nothing(kept: Kept) -> None:
    """And no oldest run, seal or day."""
    found = statistics(kept.database, kept.clock)
    assert (found.runs, found.events, found.bytes, found.seals, found.days) == ({}, 0, 0, 0, ())
    assert (found.sealed_at, found.oldest_unfinished) == (None, None)


def test_runs_events_seals_and_days_are_counted(kept: Kept) -> None:
    """By status, by day, with what is offloaded and what is not sealed yet."""
    kept.run("run_1")
    kept.run("run_2", intended())
    seal = kept.sealing.seal()
    kept.clock.moment += timedelta(days=1)
    kept.run("run_3", settled(note="x" * 70_000), ended("failed"))
    found = statistics(kept.database, kept.clock)
    assert seal is not None
    assert found.runs == {"completed": 1, "failed": 1, "running": 1}
    assert (found.events, found.offloaded, found.seals, found.unsealed) == (9, 1, 1, 1)
    assert (found.sealed_at, found.oldest_unfinished) == (seal.at, "run_2")
    assert [(each.day, each.runs) for each in found.days] == [("2026-11-21", 1), ("2026-11-20", 2)]
    assert 0 < found.bytes < 3_000
