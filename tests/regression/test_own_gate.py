"""The repository's own gate: its cassettes fit its prompts; and proof that the gate can be closed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from actwright.regression.gate.gate import GateResult, check
from actwright.regression.playing.scene import Scene
from actwright.regression.suite.suite import Suite

ROOT = Path(__file__).parents[2]
MUST_FAIL = Path(__file__).parent / "must_fail"
MOST_BYTES = 6 * 1024 * 1024


def checked(suite: Path, cassettes: Path, scene: Scene) -> GateResult:
    """Return what the gate says of a suite at the moment the suite names."""
    loaded = Suite.load(suite)
    assert loaded.at == scene.clock.now()
    return check(loaded, cassettes, scene)


@pytest.fixture(scope="module")
def own(scene: Scene) -> GateResult:
    """Give what the gate says of this repository, played once."""
    return checked(ROOT / "cassettes" / "suite", ROOT / "cassettes", scene)


def test_the_repository_passes_its_own_gate(own: GateResult) -> None:
    """Where it does not: `actwright regress check` says why, and which command records again what is meant."""
    assert not own.findings


def test_the_suite_holds_what_planning_promised(own: GateResult) -> None:
    """At least 150 goals and 40 bad replies, scripted, and no plan that a person could take for a right one."""
    bad = Counter(each.case_id.startswith("bad-") for each in own.plays)
    assert bad[False] >= 150
    assert bad[True] >= 40
    assert {each.origin for each in own.cards} == {"scripted"}
    assert [each.totals.grave for each in own.cards] == [0]


def test_every_plan_is_asked_for_behind_the_same_words() -> None:
    """The first message is the same for all goals, so that a service's prompt cache can keep it; to move it is dear."""
    first = re.compile(r"- role: system\s+content:\s+- text: (\S+)")
    texts = (path.read_text("utf-8") for path in (ROOT / "cassettes" / "scripted").glob("*.yaml"))
    planned = [found[1] for found in map(first.search, texts) if found]
    assert len(planned) >= 150
    assert len(set(planned)) == 1


def test_the_recordings_stay_small() -> None:
    """What many requests share is kept once."""
    files = (each for each in (ROOT / "cassettes").rglob("*") if each.is_file())
    assert sum(each.stat().st_size for each in files) < MOST_BYTES


def test_the_gate_can_be_closed(scene: Scene) -> None:
    """Another word in a prompt, a case without a cassette, a cassette without a case: each keeps it closed."""
    result = checked(MUST_FAIL / "suite.yaml", MUST_FAIL / "cassettes", scene)
    assert not result.green
    found = {each.code: each for each in result.findings}
    assert {"request_unmatched", "cassette_missing", "cassette_orphaned", "prompts_missing"} <= set(
        found
    )
    unmatched = found["request_unmatched"]
    assert "prompts/plan/system.md.jinja" in unmatched.message
    assert any("[-may -]" in each for each in unmatched.diff)
    assert "actwright regress record" in str(unmatched.hint)
