"""The embedded local org: ready, shared, stopped, and clear when it cannot start."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from pathlib import Path

import pytest

from actwright.connectors.salesforce.auth import ClientCredentials, login
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg
from actwright.errors import ConfigError, OrgUnreachableError


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_run_on_one_home_and_both_are_stopped(tmp_path: Path) -> None:
    """Both serve the same records; leaving ends the processes."""
    with EmbeddedLocalOrg(tmp_path) as one, EmbeddedLocalOrg(tmp_path) as two:
        children = [each._child for each in (one, two)]
        sessions = [login(each.url, ClientCredentials("alice", "localorg")) for each in (one, two)]
        assert one.url != two.url
        assert sessions[0].user_id == sessions[1].user_id
    assert all(child is not None and child.poll() is not None for child in children)
    assert not any(child is not None and _alive(child.pid) for child in children)


def test_an_org_that_is_not_running_has_no_address(tmp_path: Path) -> None:
    """Asking for the address too early, or too late, says so."""
    org = EmbeddedLocalOrg(tmp_path)
    with pytest.raises(ConfigError):
        _ = org.url
    org.stop()


def test_a_child_that_dies_is_reported_with_its_own_words(tmp_path: Path) -> None:
    """A seed that does not exist ends the child; its complaint is passed on."""
    with pytest.raises(OrgUnreachableError, match="did not start") as caught:
        EmbeddedLocalOrg(tmp_path, seed="nonsense").start()
    assert "nonsense" in str(caught.value.hint)


def _interpreter(tmp_path: Path, program: str) -> str:
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\n{program}\n")
    script.chmod(0o755)
    return str(script)


def test_a_missing_package_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra the way out is one pip command."""
    program = "raise ModuleNotFoundError(\"No module named 'uvicorn'\")"
    monkeypatch.setattr(sys, "executable", _interpreter(tmp_path, program))
    with pytest.raises(ConfigError, match="uvicorn") as caught:
        EmbeddedLocalOrg(tmp_path).start()
    assert "pip install 'actwright[localorg]'" in str(caught.value.hint)


def test_an_absent_local_org_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installation without the package itself gets the same hint."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="not installed"):
        EmbeddedLocalOrg(tmp_path).start()


def test_a_child_that_never_gets_ready_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait has an end, and so has the child, even one that ignores being asked."""
    program = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)"
    )
    monkeypatch.setattr(sys, "executable", _interpreter(tmp_path, program))
    monkeypatch.setattr("actwright.connectors.salesforce.embedded._STOP_SECONDS", 0.2)
    start = time.monotonic()
    with pytest.raises(OrgUnreachableError, match="not ready"):
        EmbeddedLocalOrg(tmp_path, start_seconds=2).start()
    assert time.monotonic() - start < 10
    assert not _alive(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "[]",
        '{"url": 5}',
        '{"url": "http://evil.example"}',
        '{"url": "https://evil.example"}',
    ],
)
def test_a_child_that_says_something_else_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """Only a line with an address on this machine counts as ready."""
    monkeypatch.setattr(sys, "executable", _interpreter(tmp_path, f"print({line!r}, flush=True)"))
    with pytest.raises(OrgUnreachableError):
        EmbeddedLocalOrg(tmp_path).start()
