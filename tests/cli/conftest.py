"""The command line, called inside this process over a real local org."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.local_orgs import Quick

from actwright import Settings, orgs
from actwright.cli.entry import run
from actwright.connectors.salesforce.embedded import EmbeddedLocalOrg


@dataclass(frozen=True)
class Answer:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout holds, as JSON."""
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture
def _one_org_a_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep the local org of a home running between commands; tests/e2e has one started for each."""
    running: dict[Path, EmbeddedLocalOrg] = {}
    with ExitStack() as stack:

        def started(settings: Settings, _: ExitStack) -> EmbeddedLocalOrg:
            home = settings.home.resolve()
            if home not in running:
                running[home] = stack.enter_context(Quick(home))
            return running[home]

        monkeypatch.setattr(orgs, "running_local_org", started)
        yield


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _one_org_a_home: None) -> Call:
    """Return a function that calls the command line; nothing of the machine's settings reaches it."""
    for name in ("ACTWRIGHT_ORG", "ACTWRIGHT_AS", "ACTWRIGHT_CLIENT_ID", "ACTWRIGHT_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACTWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: str = "") -> Answer:
        streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            patched.setattr(sys, "stdout", streams[0])
            patched.setattr(sys, "stderr", streams[1])
            code = run(arguments)
        out, err = (each.buffer.getvalue().decode() for each in streams)
        return Answer(code, out, err)

    return invoke
