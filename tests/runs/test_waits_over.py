"""A wait whose time is over: told as that wherever a run is seen, never as broken off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console, RenderableType
from tests.runs.interventions.staged_run import wish
from tests.runs.memory_app import five_groups, memory_app
from tests.writable_org import writable_org

from actwright import Actwright
from actwright.cli.render import journals, run_lists
from actwright.cli.runs import inspected
from actwright.errors import InterventionError
from actwright.locales import PersonLocale
from actwright.runs.telling.flags import LEFT, next_in_words
from actwright.testing import FixedClock


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Actwright, FixedClock, str]]:
    """Give a run that waits two hours for somebody to say how it goes on after a failure, and its clock."""
    clock, org = FixedClock(datetime(2026, 11, 21, 17, 31, 57, tzinfo=UTC)), writable_org()
    app = memory_app(tmp_path, org, clock=clock)
    org.on_send = lambda group: org.troubles.append("locked") if group.id == "g3" else None
    envelope = app.run(*five_groups(app), on_failure="pause", answer_within=timedelta(hours=2))
    yield app, clock, envelope.run_id or ""
    app.close()


def test_a_wait_that_is_over_is_told_as_that_and_not_as_broken_off(
    held: tuple[Actwright, FixedClock, str],
) -> None:
    """Before anybody has looked at it and after: in lists, of the one run, by recovery, and in no count of what was left."""
    app, clock, run_id = held
    why = f"Nobody answered by {_local(app, run_id)}"
    clock.advance(timedelta(hours=2, seconds=-30))
    assert f"until {_local(app, run_id)}" in _shown(app, clock)
    clock.advance(timedelta(seconds=31))
    for status in ("paused", "running"):
        (listed,) = app.with_rest(app.listed_runs())
        assert (listed.status, listed.stalled, app.stalled()) == (status, False, 0)
        assert listed.over == f"{why}; it ends at the next actwright recover"
        for text in (_shown(app, clock), _looked_at(app, run_id)):
            assert "about to end" in text
            assert f"{why}; it ends at the next actwright recover" in text
            assert "paused: what next?" not in text
            assert "talled" not in text
            assert "Next:" not in text
        (told,) = app.recover(dry_run=True)
        assert (told.became, told.reason) == ("to_continue", f"{why}.")
        if status == "paused":
            with pytest.raises(InterventionError, match="is about to end as failed"):
                app.intervene(run_id, wish("retry"))


def test_where_machines_share_the_store_a_worker_is_counted_on() -> None:
    """It ends what is over and takes over what was left; recovery is for where none runs."""
    over = next_in_words("Nobody answered.", over=True, alone=False)
    assert over == "Nobody answered; a worker ends it by itself, else the next actwright recover"
    left = next_in_words(LEFT, over=False, alone=False)
    assert left.endswith("A worker takes it over by itself; where none runs: actwright recover")


def _local(app: Actwright, run_id: str) -> str:
    """Return until when a run waits, by its person's clock, to the second."""
    state = app.run_state(run_id)
    moment = PersonLocale(zone=state.zone).local(state.until or "")
    return f"{moment:%Y-%m-%d %H:%M:%S} {moment.tzname()}"


def _shown(app: Actwright, clock: FixedClock) -> str:
    return _text(*run_lists.runs(app.with_rest(app.listed_runs()), clock.now()))


def _looked_at(app: Actwright, run_id: str) -> str:
    return _text(*journals.run(inspected(app, run_id)))


def _text(*parts: RenderableType) -> str:
    console = Console(width=400, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(*parts)
    return captured.get()
