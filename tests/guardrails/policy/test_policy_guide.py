"""The guide: its example is a policy, its code runs, and it names everything there is to name."""

from __future__ import annotations

import re
from pathlib import Path

from actwright.guardrails.policy.asking import MEMBERS, NAMES
from actwright.guardrails.policy.document import PolicyDocument
from actwright.guardrails.policy.policy import Policy
from actwright.guardrails.policy.rule import Match
from actwright.guardrails.policy.trying import tried

GUIDE = (Path(__file__).parents[3] / "docs" / "policy.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """Return the guide's code of one kind."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, flags=re.DOTALL)


def named() -> set[str]:
    """Return every word the guide sets in code."""
    return set(re.findall(r"`([^`\n]+)`", GUIDE))


def test_the_example_holds_to_its_case_and_reads_as_shown() -> None:
    """The policy is read, its case passes, and the sentence shown is the one a person gets."""
    (text,) = blocks("yaml")
    policy = Policy.parse(text)
    (case,) = policy.read.document.tests
    found = tried(policy, case)
    assert found.faults == ()
    (issue,) = found.verdict.issues
    assert issue.message in GUIDE


def test_the_code_runs() -> None:
    """As it stands there."""
    (code,) = blocks("python")
    exec(compile(code, "docs/policy.md", "exec"), {})  # noqa: S102 - our own document


def test_everything_is_named() -> None:
    """Each key of a document and of a match, each name of a condition, each built-in rule and each code."""
    keys = {each.alias or name for name, each in Match.model_fields.items()}
    keys |= {each.alias or name for name, each in PolicyDocument.model_fields.items()}
    names = {*NAMES, *(each for members in MEMBERS.values() for each in members)}
    rules = {each.ref.id for each in Policy.built_in().rules}
    assert keys | names | rules <= named()
    source = Path(__file__).parents[3] / "src" / "actwright"
    files = [
        *(source / "guardrails" / "policy").glob("*.py"),
        source / "checkpoints" / "policing.py",
    ]
    text = "\n".join(each.read_text(encoding="utf-8") for each in files)
    codes = set(re.findall(r"\"(policy_[a-z_]+)\"", text))
    assert codes
    assert codes <= named()
