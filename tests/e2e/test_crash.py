"""A process killed at any journal event: nothing twice, nothing half, nothing claimed that did not happen."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.scenario import Rest, new_deal, sign_in

from actwright import Actwright, Settings
from actwright.errors import NotFoundError
from actwright.runs.record.chain import first_fault
from actwright.runs.record.state import RunState, fold
from actwright.testing import LocalOrg

CHILD = '''
import json, os, signal, sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from tests.scenario import confirmed, task, win

from actwright import Actwright, Settings
from actwright.store.sqlite import SqliteDatabase

home, url, deal, kind, moment = sys.argv[1:]


def last_kind(connection):
    row = connection.execute("SELECT kind FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return row[0] if row else None


class Deadly(SqliteDatabase):
    """Dies inside the transaction that writes the event, or right after its commit."""

    @contextmanager
    def write(self):
        with super().write() as connection:
            yield connection
            if moment == "in" and last_kind(connection) == kind:
                os.kill(os.getpid(), signal.SIGKILL)
        with self.read() as connection:
            if last_kind(connection) == kind:
                os.kill(os.getpid(), signal.SIGKILL)


settings = Settings(home=Path(home), org="local", user="alice")
app = Actwright(settings=settings, local_org=SimpleNamespace(url=url))
preview, yes = confirmed(app, win(name=deal), task(subject=f"After {deal}"))
print(json.dumps([preview.id, yes.id]), flush=True)
app._database.__class__ = Deadly
app.run(preview, yes)
'''

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
    shared_org: LocalOrg, tmp_path: Path, kind: str, moment: str, expected: str, *, written: bool
) -> None:
    """Whatever event a process dies at, the store tells how far it came, and the next process brings it to its end."""
    admin = sign_in(shared_org.url)
    deal = new_deal(admin)
    preview_id, yes_id = _killed(tmp_path, shared_org.url, deal, kind, moment)
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


def _killed(home: Path, url: str, deal: str, kind: str, moment: str) -> tuple[str, str]:
    root = Path(__file__).parents[2]
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), url, deal, kind, moment],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    preview_id, yes_id = json.loads(child.stdout)
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
