"""The doctor's check of the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from actwright.checkpoints.policy_difference import difference
from actwright.cli.pointed import pointed_at
from actwright.errors import PolicyError
from actwright.guardrails.policy.policy import BUILT_IN_VERSION, Policy
from actwright.settings import Settings

RULES = """version: 1
rules:
  - id: deals
    description: Nobody touches deals.
    match: {objects: [Opportunity]}
    effect: deny
"""


def told(home: Path, policy: Path | None = None) -> str:
    """Return what the doctor says of a policy."""
    return dict(pointed_at(Settings(home=home, policy=policy)))["policy"]()


def test_it_says_which_policy_holds_and_that_it_only_logs(tmp_path: Path) -> None:
    """Version, rules of its own and built-in ones; a policy that only logs says so first and loud."""
    assert BUILT_IN_VERSION in told(tmp_path)
    path = tmp_path / "policy.yaml"
    path.write_text(RULES, encoding="utf-8")
    held = Policy.load(path)
    enforced = told(tmp_path, path)
    assert f"{held.version}: 1 rule of its own, {len(held.rules) - 1} built-in rules" in enforced
    assert "actwright policy check" in enforced
    path.write_text(f"{RULES}mode: log-only\n", encoding="utf-8")
    assert told(tmp_path, path).startswith("THE POLICY ONLY LOGS")


@pytest.mark.parametrize("content", ["version: 2\n", None])
def test_a_policy_that_cannot_be_used_is_a_fault(tmp_path: Path, content: str | None) -> None:
    """Malformed or missing: the check fails, and nothing is looked for elsewhere."""
    path = tmp_path / "policy.yaml"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError):
        told(tmp_path, path)


def test_who_approves_code_is_told_apart_and_leaves_previews_as_they_are() -> None:
    """Another number of approvers is a difference, though no preview is decided otherwise by it."""
    old = Policy.parse(RULES)
    new = Policy.parse(f"{RULES}approvals: {{generated: {{people: 2}}}}\n")
    assert old.version == new.version
    (found,) = difference(old, new, ()).rules
    assert (found.id, found.change) == ("approvals.generated", "added")
    assert "2 people" in found.after
