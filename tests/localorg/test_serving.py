"""The process: started, stopped, restarted on the same file, beside another one."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from localorg.testing import running_org


def test_the_org_ends_with_its_parent() -> None:
    """When standard input closes, the server stops by itself and successfully."""
    with running_org() as served:
        assert served.process.stdin is not None
        served.process.stdin.close()
        assert served.process.wait(timeout=10) == 0


def test_a_file_is_seeded_once_and_keeps_its_records(tmp_path: Path) -> None:
    """A second start finds what the first one stored, and no second seed."""
    path = str(tmp_path / "org.db")
    with running_org(db=path) as served:
        record = served.login("admin").create("Account", Name="Kept")
    with running_org(db=path) as served:
        admin = served.login("admin")
        assert admin.request("GET", f"/sobjects/Account/{record}").json()["Name"] == "Kept"
        assert len(admin.query("SELECT Id FROM User WHERE Alias = 'admin'")) == 1


def test_two_orgs_are_two_organisations(tmp_path: Path) -> None:
    """Each new file has an organisation and users of its own, which stay when it is served again."""
    told = []
    for name in ("a.db", "b.db", "a.db"):
        with running_org(db=str(tmp_path / name)) as served:
            told.append(served.login("admin").request("GET", "/services/oauth2/userinfo").json())
    keys = [(each["organization_id"], each["user_id"]) for each in told]
    assert keys[0] == keys[2]
    assert not set(keys[0]) & set(keys[1])
    assert [each[0][:3] for each in keys] == ["00D"] * 3


def test_an_unseeded_org_has_no_users(tmp_path: Path) -> None:
    """``--seed none`` leaves the file empty."""
    unseeded = running_org(db=str(tmp_path / "org.db"), options=["--seed", "none"])
    with unseeded as served, pytest.raises(requests.HTTPError):
        served.login("admin")


def test_an_existing_file_is_served_fast(tmp_path: Path) -> None:
    """The second start is ready well within two seconds, even on a busy machine."""
    path = str(tmp_path / "org.db")
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        with running_org(db=path):
            seconds.append(time.perf_counter() - start)
    assert seconds[1] < 2


def test_writers_take_turns(tmp_path: Path) -> None:
    """Many threads against two processes on one file: every record is stored once."""
    path = str(tmp_path / "org.db")
    with running_org(db=path) as first, running_org(db=path) as second:
        clients = [first.login("admin"), second.login("admin")]

        def create(number: int) -> str:
            return clients[number % 2].create("Account", Name=f"turn {number}")

        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(create, range(80)))
        assert len(set(ids)) == 80
        assert len(clients[0].query("SELECT Id FROM Account WHERE Name LIKE 'turn %'")) == 80


def test_a_port_in_use_is_an_error() -> None:
    """A second org on the same port ends with a message, not with a silent second choice."""
    with running_org() as served:
        port = served.url.rsplit(":", 1)[1]
        done = subprocess.run(
            [sys.executable, "-m", "localorg", "serve", "--port", port],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode != 0
    assert "in use" in done.stderr
    assert done.stdout == ""


def test_help_names_the_options() -> None:
    """``--help`` lists what the command takes."""
    done = subprocess.run(
        [sys.executable, "-m", "localorg", "serve", "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert "--with-parent" in done.stdout
