"""A worker's chores: sealing, exporting, closing sessions; one that fails keeps the others from nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from tests.kept_runs import SteppingClock, ended, started, unguarded

from actwright import Actwright, Settings
from actwright.errors import SealError
from actwright.worker import worker as worker_module
from actwright.worker.notice import Notice
from actwright.worker.worker import Worker


def test_a_seal_that_fails_keeps_no_chore_from_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday is exported but for what is damaged, idle sessions are closed, and the same trouble is told once."""
    clock, told, rounds = SteppingClock(), list[Notice](), list[int]()
    settings = Settings(home=tmp_path, daily_export=str(tmp_path / "kept"))

    def broken() -> NoReturn:
        raise SealError("the key is gone")

    with Actwright(settings=settings, clock=clock) as app:
        for run_id in ("run_1", "run_2"):
            app.journal.append(run_id, [started(run_id), ended()], actor="al", after=None)
        with unguarded(app.journal.database) as execute:
            execute("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_2' AND seq = 1")
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
    assert [each.what for each in told] == ["trouble", "exported", "trouble", "stopping"]
    assert "in-part.jsonl: run_2: event 1 (run_started) was changed" in told[2].text
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_trouble_that_comes_back_is_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words a week later are news, where all went well in between."""
    told, rounds = list[Notice](), list[int]()
    with Actwright(settings=Settings(home=tmp_path)) as app:
        worker = Worker(app, tell=told.append)

        async def broken_but_once() -> None:
            """On the loop: fail in each round but the third."""
            rounds.append(1)
            if len(rounds) == 5:
                worker.stop()
            if len(rounds) != 3:
                raise SealError("the key is gone")

        monkeypatch.setattr(worker._sessions, "close_idle", broken_but_once)
        monkeypatch.setattr(worker_module, "_TIDY_SECONDS", 0.01)
        asyncio.run(asyncio.wait_for(worker._tidying(), 10))
    assert [each.what for each in told] == ["trouble", "trouble", "stopping"]
