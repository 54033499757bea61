"""Daily exports and backups: each once, in a folder or a bucket, and each a file a store takes in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.kept_runs import Kept, SteppingClock, ended, started

from actwright import Actwright, Settings
from actwright.errors import ConfigError, StoreError
from actwright.runs.keeping.daily import Daily
from actwright.runs.keeping.places import place_at
from actwright.runs.keeping.whole_file import file_hash
from actwright.store.sqlite import SqliteDatabase

DAY = date(2026, 11, 20)


@pytest.fixture
def two_days(small: Kept) -> Kept:
    """Give a store with a run of one day, and another of the next."""
    small.run("run_1")
    small.clock.moment += timedelta(days=1)
    small.run("run_2")
    return small


def test_a_day_is_exported_once(two_days: Kept) -> None:
    """Yesterday's runs, when that is due; another day when asked."""
    folder = two_days.folder / "kept"
    daily = Daily(two_days.exporting, place_at(folder))
    (first,) = daily.export_if_due()
    assert first.where == str(folder / "actwright-2026-11-20.jsonl")
    assert (first.runs, first.sha256) == (1, file_hash(Path(first.where)))
    assert daily.export_if_due() == ()
    assert Daily(two_days.exporting, place_at(folder)).export_if_due() == ()
    Path(first.where).unlink()
    assert daily.export_if_due() == ()
    second = daily.export_day(DAY + timedelta(days=1))
    assert second is not None
    assert second.runs == 1


def test_a_copy_that_lacks_something_is_made_again(two_days: Kept) -> None:
    """Its name says so; once what was damaged is back, the day has its whole copy."""
    folder = two_days.folder / "kept"
    two_days.tamper("UPDATE journal SET actor = 'eve' WHERE run_id = 'run_1' AND seq = 1")
    (kept,) = Daily(two_days.exporting, place_at(folder)).export_if_due()
    assert kept.where == str(folder / "actwright-2026-11-20.in-part.jsonl")
    assert (kept.runs, [each.run_id for each in kept.left_out]) == (0, ["run_1"])
    backup = Daily(two_days.exporting, place_at(folder)).backup()
    assert backup.where.endswith(".in-part.jsonl")
    assert (backup.runs, [each.run_id for each in backup.left_out]) == (1, ["run_1"])
    two_days.tamper("UPDATE journal SET actor = 'al' WHERE run_id = 'run_1' AND seq = 1")
    (kept,) = Daily(two_days.exporting, place_at(folder)).export_if_due()
    assert kept.where == str(folder / "actwright-2026-11-20.jsonl")
    assert (kept.runs, kept.left_out) == (1, ())


def test_days_that_nobody_exported_are_made_good(two_days: Kept) -> None:
    """A worker that was away for days exports each of them that had runs, but not of longer than a week ago."""
    daily = Daily(two_days.exporting, place_at(two_days.folder / "kept"))
    two_days.clock.moment += timedelta(days=7)
    assert [each.where[-16:-6] for each in daily.export_if_due()] == ["2026-11-21"]
    two_days.run("run_3")
    two_days.clock.moment += timedelta(days=1)
    assert [each.where[-16:-6] for each in daily.export_if_due()] == ["2026-11-28"]


def test_a_day_is_over_when_all_its_events_are_written(two_days: Kept) -> None:
    """An event gets its time before it is committed: nothing is exported right at midnight."""
    daily = Daily(two_days.exporting, place_at(two_days.folder / "kept"))
    two_days.clock.moment = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
    assert daily.yesterday() == DAY
    two_days.clock.moment = datetime(2026, 11, 22, 0, 11, tzinfo=UTC)
    assert daily.yesterday() == DAY + timedelta(days=1)


def test_copies_on_their_way_stand_at_their_place_and_are_cleared_away(
    two_days: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written beside the place, and what a killed process left there goes after a day, not before."""
    monkeypatch.setattr(tempfile, "tempdir", str(two_days.folder / "nowhere"))
    folder = two_days.folder / "kept"
    left = [folder / name for name in (".actwright-staging-x/copy", ".new-y", "other/.new-z")]
    for each in left:
        each.parent.mkdir(parents=True, exist_ok=True)
        each.touch()
    daily = Daily(two_days.exporting, place_at(folder))
    daily.backup()
    assert all(each.exists() for each in left)
    for each in (left[0].parent, left[1], left[2]):
        os.utime(each, (0, 0))
    two_days.clock.moment += timedelta(minutes=1)
    daily.backup()
    assert [each.exists() for each in left] == [False, False, True]
    assert len(list(folder.glob("*.jsonl"))) == 2
    assert sorted(each.name for each in folder.glob(".*")) == []


def test_the_setting_names_the_place(tmp_path: Path) -> None:
    """Without it nothing is exported; with it, to where it says."""
    with Actwright(settings=Settings(home=tmp_path)) as app:
        assert app.export_if_due() == ()
    clock = SteppingClock()
    settings = Settings(home=tmp_path, daily_export=str(tmp_path / "kept"))
    with Actwright(settings=settings, clock=clock) as app:
        app.journal.append("run_1", [started("run_1"), ended()], actor="al", after=None)
        clock.moment += timedelta(days=1)
        (kept,) = app.export_if_due()
        assert kept.where.startswith(str(tmp_path / "kept"))
        assert app.export_if_due() == ()


def test_a_backup_brings_a_store_back(two_days: Kept) -> None:
    """All runs and seals, in a file named by its moment."""
    two_days.sealing.seal()
    kept = Daily(two_days.exporting, place_at(two_days.folder / "kept")).backup()
    (two_days.folder / "new").mkdir()
    new = Kept(SqliteDatabase(two_days.folder / "new.db"), two_days.folder / "new", two_days.clock)
    new.key = two_days.key
    taken = new.importing.from_file(Path(kept.where))
    assert (taken.runs, taken.seals) == (2, 1)
    assert new.verify().whole


def test_a_bucket_is_a_place_too(two_days: Kept, bucket: str) -> None:
    """The same names; what is there already is seen there."""
    daily = Daily(two_days.exporting, place_at(bucket))
    first = daily.export_day(DAY)
    assert first is not None
    assert first.where == f"{bucket}/actwright-2026-11-20.jsonl"
    assert daily.export_day(DAY) is None
    body = boto3.client("s3").get_object(Bucket="kept", Key="runs/actwright-2026-11-20.jsonl")
    assert len(body["Body"].read().splitlines()) == 6
    with pytest.raises(StoreError, match="cannot be looked for"):
        Daily(two_days.exporting, place_at("s3://nobody/runs")).export_day(DAY)


def test_another_kind_of_place_is_refused() -> None:
    """By its kind, without its name: it may hold a password."""
    with pytest.raises(ConfigError, match="ftp://") as refused:
        place_at("ftp://me:secret@there")
    assert "secret" not in str(refused.value)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give a bucket on a server of this machine."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="kept")
    yield "s3://kept/runs"
    server.stop()
