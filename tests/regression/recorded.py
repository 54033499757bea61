"""A small suite of three cases, recorded: a plan, a reply that is repaired, a service that fails once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from actwright.clock import Clock
from actwright.regression.cassettes.shelf import Shelf
from actwright.regression.finding import Finding
from actwright.regression.gate.gate import GateResult, check
from actwright.regression.gate.renewing import renew
from actwright.regression.playing.recording import Recorder
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite
from actwright.testing import FixedClock

SUITE = """
suite: 1
at: 2026-11-21T12:00:00Z
badReplies: [500 then good, unknown blueprint once]
cases:
  - id: win-it
    goal: Close the Acme Renewal as won
    checkpoint: present
    expect:
      actions:
        - {blueprint: UpdateOpportunityStage, arguments: {Id: "Opportunity: Acme Renewal", StageName: Closed Won}}
"""
PLANNED = "win-it"


@dataclass(frozen=True)
class Recorded:
    """A suite, the folder of its cassettes, and the scene they were made in."""

    suite: Suite
    folder: Path
    scene: Scene

    @property
    def shelf(self) -> Shelf:
        """The cassettes."""
        return Shelf(self.folder)

    def path(self, case: str = PLANNED, origin: str = "scripted") -> Path:
        """Return the file of a case."""
        (found,) = (self.folder / origin).glob(f"{case}-*.yaml")
        return found

    def copy(self, folder: Path) -> Recorded:
        """Return a copy that a test may change; nobody looks for leaks in it."""
        shutil.copytree(self.folder, folder / "cassettes")
        (folder / ".planted").touch()
        return replace(self, folder=folder / "cassettes")

    def checked(self, suite: Suite | None = None, scene: Scene | None = None) -> GateResult:
        """Return what the gate says."""
        return check(suite or self.suite, self.folder, scene or self.scene)

    def findings(self, suite: Suite | None = None) -> tuple[Finding, ...]:
        """Return what keeps the gate closed."""
        return self.checked(suite).findings

    def only(self, code: str) -> Finding:
        """Return the one finding there is, which has that code."""
        (found,) = self.findings()
        assert found.code == code
        return found


def loaded(folder: Path, text: str = SUITE) -> Suite:
    """Return a suite from a text."""
    path = folder / "suite.yaml"
    path.write_text(text, encoding="utf-8")
    return Suite.load(path)


def recorded(folder: Path, scene: Scene, clock: Clock | None = None) -> Recorded:
    """Record the suite."""
    suite = loaded(folder)
    cassettes = folder / "cassettes"
    recorder = Recorder(suite, scene, clock or FixedClock())
    renewal = renew(recorder, Shelf(cassettes), suite.reviewed)
    assert not renewal.findings
    return Recorded(suite, cassettes, scene)
