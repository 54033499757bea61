"""``actwright store``: what is told about the store, its upgrade, and its backup."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Call

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
    assert (again.code, again.json["error"]["code"]) == (1, "store_failed")


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


def test_a_grant_is_told(
    call: Call, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may do what now; the doctor names the server, not a file that nobody uses."""
    monkeypatch.setenv("ACTWRIGHT_DATABASE_URL", postgres_address)
    told = call("store", "upgrade", "--grant", "pg_monitor")
    assert (told.code, "pg_monitor may do here what a worker needs" in told.err) == (0, True)
    checks = {each["name"]: each for each in call("doctor", "--json").json}
    assert checks["store"]["message"].startswith("postgresql://")
