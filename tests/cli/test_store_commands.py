"""``actwright store``: what is told about the store, its upgrade, and its backup."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Call
from tests.kept_runs import started

from actwright.clock import SystemClock, timestamp
from actwright.runs.record.journal import Journal
from actwright.runs.record.register import Register
from actwright.store.opening import open_database
from actwright.store.server_clock import ServerClock
from actwright.store.sqlite import SqliteDatabase
from actwright.store.sqlite_tables import VERSION


def test_the_store_is_described(call: Call, tmp_path: Path) -> None:
    """Where it is, what keeps it, and whether a commit survives a power cut."""
    told = call("store", "info")
    assert told.code == 0
    assert "durable  yes" in told.out
    facts = call("store", "upgrade", "--json").json
    assert facts["name"] == str(tmp_path / "home" / "actwright.db")
    assert (facts["version"], facts["durable"]) == (VERSION, True)


def test_a_store_is_backed_up(call: Call, tmp_path: Path) -> None:
    """The copy is a store; a file that is there is not written over."""
    made = call("store", "backup", "copy.db", "--json")
    assert (made.code, made.json["file"]) == (0, "copy.db")
    SqliteDatabase(tmp_path / "copy.db").close()
    again = call("store", "backup", "copy.db", "--json")
    assert (again.code, again.json["error"]["code"]) == (2, "input_invalid")


def test_recovery_is_offered_where_runs_were_broken_off(call: Call, tmp_path: Path) -> None:
    """By whatever command of the store's, on stderr, and by the doctor as a problem with its remedy."""
    database = SqliteDatabase(tmp_path / "home" / "actwright.db")
    Journal(database, SystemClock()).append("run_1", [started("run_1")], actor="al", after=None)
    database.close()
    offer = "1 run was broken off and not ended: actwright recover"
    for command in (("info",), ("upgrade", "--json"), ("backup", "copy.db")):
        assert offer in call("store", *command).err, command
    told = {each["name"]: each for each in call("doctor", "--json").json}["runs"]
    assert (told["ok"], told["message"]) == (False, "1 run was broken off and not ended.")
    assert "actwright recover" in told["hint"]


def test_a_file_has_no_roles(call: Call) -> None:
    """Rights are for servers."""
    refused = call("store", "upgrade", "--grant", "worker", "--json")
    assert (refused.code, refused.json["error"]["where"]) == (2, "--grant")


def test_a_server_is_upgraded(
    call: Call, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address comes from the settings; the tables of the workers' queue are made as well."""
    monkeypatch.setenv("ACTWRIGHT_DATABASE_URL", postgres_address)
    facts = call("store", "upgrade", "--json").json
    assert facts["engine"].startswith("PostgreSQL")
    assert facts["durable"]
    refused = call("store", "backup", "copy.db", "--json")
    assert (refused.code, "pg_dump" in refused.json["error"]["hint"]) == (2, True)


def test_whether_a_run_was_broken_off_is_told_by_the_servers_time(
    call: Call, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine whose own clock is a day ahead calls nobody dead who is carrying a run out."""
    database = open_database(postgres_address)
    clock = ServerClock(database)
    head = Journal(database, clock).append("run_1", [started("run_1")], actor="al", after=None)
    now, until = clock.now(), clock.now() + timedelta(minutes=5)
    assert Register(database).take(
        "run_1", "elsewhere:1:x", until=timestamp(until), now=timestamp(now), seq=head.seq
    )
    database.close()
    ahead = now + timedelta(days=1)
    monkeypatch.setattr("actwright.clock.SystemClock.now", lambda _: ahead)
    monkeypatch.setenv("ACTWRIGHT_DATABASE_URL", postgres_address)
    assert "broken off" not in call("store", "info").err


def test_a_grant_is_told(
    call: Call, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may do what now; the doctor names the server, not a file that nobody uses."""
    monkeypatch.setenv("ACTWRIGHT_DATABASE_URL", postgres_address)
    told = call("store", "upgrade", "--grant", "pg_monitor")
    assert (told.code, "pg_monitor may do here what a worker needs" in told.err) == (0, True)
    checks = {each["name"]: each for each in call("doctor", "--json").json}
    assert checks["store"]["message"].startswith("postgresql://")
