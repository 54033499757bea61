"""A worker's chores: sealing, exporting, closing sessions; one that fails keeps the others from nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from tests.kept_runs import SteppingClock, ended, started

from actwright import Actwright, Settings
from actwright.errors import SealError
from actwright.worker import worker as worker_module
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker


def test_a_seal_that_fails_keeps_no_chore_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday is exported, idle sessions are closed, and the same trouble is told once."""
    clock, told, rounds = SteppingClock(), list[Notice](), list[int]()
    settings = Settings(home=tmp_path, daily_export=str(tmp_path / "kept"))

    def broken() -> NoReturn:
        raise SealError("the key is gone")

    with Actwright(settings=settings, clock=clock) as app:
        app.journal.append("run_1", [started("run_1"), ended()], actor="al", after=None)
        clock.moment += timedelta(days=1)
        worker = Worker(app, tell=told.append)

        async def close_idle() -> None:
            """On the loop: close idle."""
            rounds.append(1)
            if len(rounds) == 3:
                worker.stop()

        monkeypatch.setattr(app, "seal_if_due", broken)
        monkeypatch.setattr(worker._sessions, "close_idle", close_idle)
        monkeypatch.setattr(worker_module, "_TIDY_SECONDS", 0.01)
        asyncio.run(asyncio.wait_for(worker._tidying(), 10))
    assert [each.what for each in told] == ["trouble", "exported", "stopping"]
    assert len(list((tmp_path / "kept").iterdir())) == 1
