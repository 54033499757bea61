"""Who may say who may say yes: the first approver is registered freely, and vouches for whoever comes after."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Call


@pytest.fixture
def ann(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Register the first approver, and return the file with her key."""
    monkeypatch.delenv("ACTWRIGHT_APPROVER_KEY", raising=False)
    path = tmp_path / "ann.key"
    path.write_text(call("approvers", "add", "Ann").out, encoding="utf-8")
    return str(path)


def code_of(answer: Answer) -> str:
    """Return the code of the error a command printed as JSON."""
    return str(answer.json["error"]["code"])


def test_nobody_appoints_themselves(call: Call, ann: str, tmp_path: Path) -> None:
    """Without a key that counts nobody is registered beside Ann, nor is she put out of the way first."""
    del ann
    planner = tmp_path / "plan.key"
    planner.write_text(call("approvers", "add", "Bot", "--plans").out, encoding="utf-8")
    wrong = tmp_path / "wrong.key"
    wrong.write_text("apk_0000000000000000.nothing", encoding="utf-8")
    for command in (("add", "Eve"), ("revoke", "Ann", "--why", "in the way")):
        bare = call("approvers", *command, "--json")
        assert (bare.code, code_of(bare)) == (2, "input_invalid")
        for path, code in ((planner, "plan_key"), (wrong, "key_refused")):
            tried = call("approvers", *command, "--key-file", str(path), "--json")
            assert (tried.code, code_of(tried)) == (3, code)
    listed = call("approvers", "list", "--json").json
    assert [each["name"] for each in listed if each["kind"] == "approve"] == ["Ann"]
    assert listed[-1]["revoked"] is None


def test_who_vouched_is_on_the_record(call: Call, ann: str) -> None:
    """By the id of their key; whoever was first has nobody, and the last one can be revoked by themselves."""
    added = call("approvers", "add", "Bo", "--key-file", ann, "--json").json
    (bo, first) = call("approvers", "list", "--json").json
    assert (first["vouchedBy"], bo["vouchedBy"], added["vouchedBy"]) == (
        "",
        first["id"],
        first["id"],
    )
    for name in ("Bo", "Ann"):
        assert call("approvers", "revoke", name, "--why", "left", "--key-file", ann).code == 0
    anew = call("approvers", "add", "Cy", "--json")
    assert (anew.code, anew.json["vouchedBy"]) == (0, "")
