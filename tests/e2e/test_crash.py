"""A process killed at any journal event: nothing twice, nothing half, nothing claimed that did not happen."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from tests.chaos.doomed import Zygote
from tests.scenario import Rest, new_deal, sign_in

from actwright import Actwright, Settings
from actwright.errors import NotFoundError
from actwright.runs.record.chain import first_fault
from actwright.runs.record.folding import fold
from actwright.runs.record.state import RunState
from actwright.testing import LocalOrg

UNSTARTED, STARTED, DOUBTFUL, SETTLED, ENDED = (
    "unstarted",
    "started",
    "in doubt",
    "settled",
    "ended",
)

POINTS = [
    ("run_started", "in", UNSTARTED, False),
    ("run_started", "after", STARTED, False),
    ("group_intended", "in", STARTED, False),
    ("group_intended", "after", DOUBTFUL, False),
    ("group_settled", "in", DOUBTFUL, True),
    ("group_settled", "after", SETTLED, True),
    ("run_ended", "in", SETTLED, True),
    ("run_ended", "after", ENDED, True),
]
"""Which event, killed inside its transaction or after its commit; what the store says; whether the org changed."""


@pytest.mark.parametrize(("kind", "moment", "expected", "written"), POINTS)
def test_a_killed_process_leaves_the_truth_behind_and_another_one_goes_on(
    shared_org: LocalOrg,
    zygote: Zygote,
    tmp_path: Path,
    *,
    kind: str,
    moment: str,
    expected: str,
    written: bool,
) -> None:
    """Whatever event a process dies at, the store tells how far it came, and the next process brings it to its end."""
    admin = sign_in(shared_org.url)
    deal = new_deal(admin)
    preview_id, yes_id = _killed(zygote, tmp_path, shared_org.url, deal, kind=kind, moment=moment)
    assert _effects(admin, deal) == ([True, True] if written else [False, False])

    settings = Settings(home=tmp_path, org="local", user="alice")
    with Actwright(settings=settings, local_org=shared_org._running) as app:
        state = _state(app)
        assert _told(state) == expected
        envelope = app.run(preview_id, app.confirmations.get(yes_id))
        if expected == UNSTARTED:
            assert envelope.success
        else:
            assert state is not None
            assert envelope.stopped_by == "confirmation_used"
            _bring_to_its_end(app, state.id)
    assert _effects(admin, deal) == [True, True]
    assert len(_tasks(admin, deal)) == 1


def _bring_to_its_end(app: Actwright, run_id: str) -> None:
    """Resume a run whose process is dead, twice: it ends once, as one that ran through."""
    envelope = app.resume(run_id)
    assert (envelope.success, envelope.status, envelope.effects_done) == (True, "completed", 2)
    assert app.resume(run_id) == envelope
    events = app.events(run_id)
    assert [each.kind for each in events].count("run_ended") == 1
    assert first_fault(events) is None


def _killed(
    zygote: Zygote, home: Path, url: str, deal: str, *, kind: str, moment: str
) -> tuple[str, str]:
    """Let a child prepare a plan and carry it out until it dies; return its preview's and its confirmation's ids."""
    told = home / "told.json"
    child = zygote.child(
        "tests.e2e.deadly:carry_out",
        home=str(home),
        url=url,
        deal=deal,
        kind=kind,
        moment=moment,
        told=str(told),
    )
    assert child.ended(seconds=60) == -signal.SIGKILL
    preview_id, yes_id = json.loads(told.read_text(encoding="utf-8"))
    return preview_id, yes_id


def _state(app: Actwright) -> RunState | None:
    runs = app.runs()
    if not runs:
        with pytest.raises(NotFoundError):
            app.events("run_nobody")
        return None
    return fold(app.events(runs[0].id))


def _told(state: RunState | None) -> str:
    """Return what the store says of the run, in one word."""
    if state is None:
        return UNSTARTED
    if state.status != "running":
        assert state.envelope is not None
        return ENDED
    assert state.ended_at is None
    if state.in_doubt:
        assert state.in_doubt == ("g1",)
        return DOUBTFUL
    return SETTLED if state.settled else STARTED


def _effects(admin: Rest, deal: str) -> list[bool]:
    won = admin.field("Opportunity", deal, "StageName") == "Closed Won"
    return [won, bool(_tasks(admin, deal))]


def _tasks(admin: Rest, deal: str) -> list[dict[str, object]]:
    return admin.rows(f"SELECT Id FROM Task WHERE Subject = 'After {deal}'")
