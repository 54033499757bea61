"""Elsewhere: which other run made a record, told by journals that are as they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.runs.interventions.staged_run import (
    ORG,
    RECORD,
    RUN,
    StagedRun,
    ended,
    intended,
    started,
)

from actwright.errors import JournalDamagedError
from actwright.runs.interventions.elsewhere import Elsewhere
from actwright.runs.record.journal import Entry

OTHER = "run_00000000000000000002"
MADE: Entry = (
    "group_settled",
    {
        "groupId": "g1",
        "stage": 1,
        "outcomes": [{"effectId": "e1", "status": "done", "recordId": RECORD, "created": True}],
    },
)


def test_an_edited_run_says_nothing_of_what_it_made(staged: StagedRun) -> None:
    """A record somebody takes for this run's may be another one's: where that cannot be told, it is not guessed."""
    staged.begun(intended("g1"))
    events = [started(), intended("g1"), MADE, ended()]
    staged.journal.append(OTHER, events, actor="bob", after=None)
    elsewhere = Elsewhere(staged.journal)
    since = staged.clock.now() - timedelta(hours=1)
    assert elsewhere.makers([RECORD], org=ORG, since=since, beside=RUN) == {RECORD: OTHER}
    staged.edited("six accounts", "no accounts", run_id=OTHER)
    with pytest.raises(JournalDamagedError, match=OTHER):
        elsewhere.makers([RECORD], org=ORG, since=since, beside=RUN)
