"""Attacks on the sandbox: each ends in a clear error or harmlessly, within its time and memory, and leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.security.sandbox.attack import LIMIT, REJECTED, Attack
from tests.security.sandbox.trial import PATIENCE

GROUPS = ("attacks_calls", "attacks_escape", "attacks_memory", "attacks_time", "attacks_values")
ROOT = Path(__file__).parents[3]
MOST_MEMORY = 150
"""MiB the host may have used at its peak, the interpreter and everything imported included."""

MOST_WORKER_MEMORY = 150
"""MiB any worker may have used at its peak, under a ceiling of 32 MB for its code."""

LONGEST = 10.0
"""Seconds one attack may take, ended from outside or not, on a machine that is busy with other tests."""


def _attacks(group: str) -> list[Attack]:
    attacks: list[Attack] = import_module(f"tests.security.sandbox.{group}").ATTACKS
    return attacks


def _tried(group: str) -> list[dict[str, Any]]:
    words = (sys.executable, "-m", "tests.security.sandbox.trial", group)
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def _wrong(attack: Attack, told: dict[str, Any]) -> list[str]:
    """Return what is wrong with how an attack ended."""
    inside, front = told["inside"], told.get("front", told["inside"])
    complaints = []
    if inside["code"] not in attack.allowed:
        complaints.append(f"ended as {inside['code']}: {inside['told']}")
    if attack.front and front["code"] != "sandbox_rejected":
        complaints.append(f"passed the lint, and ended as {front['code']}")
    if front["code"] not in attack.allowed | REJECTED | LIMIT:
        complaints.append(f"ended from the front as {front['code']}: {front['told']}")
    if inside["leaked"] or front["leaked"]:
        complaints.append(f"saw a secret: {inside['told']}")
    if not (inside["tidy"] and front["tidy"]):
        complaints.append(f"told too much, or what moves the cursor: {inside['told']}")
    if attack.calls is not None and inside["calls"] > attack.calls:
        complaints.append(f"{inside['calls']} calls were answered")
    longest = max(told[side]["seconds"] for side in told if side != "name")
    if longest > LONGEST:
        complaints.append(f"took {longest:.1f} s")
    return [f"{attack.name}: {each}" for each in complaints]


@pytest.mark.parametrize("group", GROUPS)
def test_no_attack_comes_through(group: str) -> None:
    """Each attack ends as it may, sees no secret, hangs nothing, and the sandbox serves the next run."""
    attacks = {each.name: each for each in _attacks(group)}
    told = _tried(group)
    fought = {each["name"]: each for each in told if "name" in each}
    wrong = [each for name, told_of in fought.items() for each in _wrong(attacks[name], told_of)]
    assert wrong == []
    assert [each for each in told if "hung" in each or "died" in each] == []
    assert fought.keys() == attacks.keys()
    ends = [each for each in told if "after" in each]
    assert {each["after"] for each in ends} == {"returned"}
    assert max(each["host"] for each in ends) < MOST_MEMORY
    assert max(each["worker"] for each in ends) < MOST_WORKER_MEMORY
    assert told[-1] == {"left": []}


def test_there_are_as_many_attacks_as_there_should_be() -> None:
    """At least 250, each of another name, none of which may end in anything it likes."""
    names = Counter((group, each.name) for group in GROUPS for each in _attacks(group))
    assert len(names) >= 250
    assert max(names.values()) == 1
    assert PATIENCE > LONGEST
