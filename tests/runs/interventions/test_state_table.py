"""Which intervention applies when: every cell of the table, as the code has it and as the page shows it."""

from __future__ import annotations

import re
from functools import reduce
from pathlib import Path
from typing import get_args

import pytest
from tests.runs.interventions.staged_run import RUN, WAYS, StagedRun, wish

from actwright.errors import InterventionError, NotFoundError
from actwright.runs.interventions.intervention import ACTIONS, InterventionAction
from actwright.runs.interventions.standing import STANDINGS, Standing, standing_of
from actwright.runs.interventions.table import APPLIES, applicable, refusal_of
from actwright.runs.interventions.timers import Timer
from actwright.runs.record.event import GENESIS, EventKind, JournalEvent
from actwright.runs.record.folding import applied
from actwright.runs.record.journal import Entry
from actwright.runs.record.state import RunState, RunStatus

PAGE = Path(__file__).parents[3] / "docs" / "runs.md"
OBJECTED: Entry = (
    "intervened",
    {"action": "override", "key": "k1", "becomes": "paused", "for": "override", "reason": "no"},
)


def state_at(standing: Standing) -> RunState:
    """Return the state of a run at a standing."""
    way = (*WAYS["running"], OBJECTED) if standing == "override" else WAYS[standing]
    events = (
        JournalEvent(
            run_id=RUN,
            seq=seq,
            at="2026-11-21T12:00:00.000Z",
            kind=kind,
            actor="alice",
            data=data,
            prev_hash=GENESIS,
            hash=GENESIS,
        )
        for seq, (kind, data) in enumerate(way, start=1)
    )
    return reduce(applied, events, RunState(id=RUN))


@pytest.mark.parametrize("standing", STANDINGS)
def test_every_standing_is_told_by_events(standing: Standing) -> None:
    """The fold of a run's events says what it stands at."""
    assert standing_of(state_at(standing)) == standing


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("standing", STANDINGS)
def test_every_cell_applies_or_says_why_not(standing: Standing, action: InterventionAction) -> None:
    """What does not apply is refused by name, with how the run stands and what does apply."""
    state = state_at(standing)
    refusal = refusal_of(state, wish(action))
    if standing in APPLIES[action]:
        assert refusal is None
        assert action in applicable(state)
        return
    assert refusal is not None
    assert refusal.startswith(f"{RUN} ")
    assert f": {action} does not apply. " in refusal
    told = applicable(state)
    assert refusal.endswith(f"What applies now: {', '.join(told)}." if told else ("."))
    assert told or "Nothing applies any more" in refusal


@pytest.mark.parametrize("standing", STANDINGS)
def test_what_does_not_apply_changes_nothing(staged: StagedRun, standing: Standing) -> None:
    """Every refused action leaves the journal as it was."""
    before = staged.at(standing).events
    for action in ACTIONS:
        if standing not in APPLIES[action]:
            with pytest.raises(InterventionError, match="does not apply") as caught:
                staged.step_in(action)
            assert caught.value.exit_code == 6
    assert staged.events == before


def test_a_run_nobody_knows_is_named(staged: StagedRun) -> None:
    """There is nothing to step into."""
    staged.at("retry")
    with pytest.raises(NotFoundError, match="run_nowhere"):
        staged.desk.accept("run_nowhere", wish("retry"))


def test_the_page_shows_the_table_as_it_is() -> None:
    """Each row of the page's table is the row the code goes by."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    head = next(each for each in rows if each[1:] == list(STANDINGS))
    body = rows[rows.index(head) + 2 :][: len(ACTIONS)]
    shown = {re.sub("`", "", each[0]): each[1:] for each in body}
    assert shown == {
        action: ["yes" if each in APPLIES[action] else "-" for each in STANDINGS]
        for action in ACTIONS
    }


def test_the_page_knows_every_word() -> None:
    """Statuses, kinds of events, interventions and timers are all on it."""
    page = PAGE.read_text(encoding="utf-8")
    words = (*get_args(RunStatus), *get_args(EventKind), *ACTIONS)
    assert [each for each in words if f"`{each}`" not in page] == []
    assert [each for each in get_args(Timer) if f"| {each} |" not in page] == []
