"""``actwright actions``: every subcommand over one store, as tables and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Call
from tests.generated_scene import open_total

from actwright.actions.generated.archive import GeneratedActions
from actwright.actions.generated.trial import ReviewResult
from actwright.clock import SystemClock
from actwright.store.opening import open_database


def stored(home: Path, *codes: str) -> list[str]:
    """Store a version for each text that is to stand in the code; return their ids."""
    database = open_database(home / "actwright.db")
    actions = GeneratedActions(database, SystemClock())
    made = [open_total(f"{open_total().code}# {each}\n") for each in codes]
    for each in made:
        actions.add(each)
    database.close()
    return [each.id for each in made]


def approved_by_a_person(home: Path, action_id: str) -> None:
    """Approve a version as somebody who was asked."""
    database = open_database(home / "actwright.db")
    GeneratedActions(database, SystemClock()).approve(action_id, approver="Ann")
    database.close()


def test_the_life_of_a_generated_action(call: Call, tmp_path: Path) -> None:
    """Listed, reviewed, approved, compared, promoted, revoked; each shown for people and as JSON."""
    assert "Nothing was generated" in call("actions", "list").err
    first, second = stored(tmp_path / "home", "one", "two")
    (listed,) = call("actions", "list", "--json").json
    assert (listed["id"], listed["standing"], listed["version"]) == (second, "waiting", 2)
    assert len(call("actions", "list", "--all", "--json").json) == 2
    assert first in call("actions", "list", "--all").out
    card = call("actions", "review", "OpenTotalTask")
    assert "Opportunity" in card.out
    assert f"actions approve {second}" in card.err
    assert call("actions", "review", first, "--json").json["faults"] == []
    assert "waits for review" in call("actions", "show", first).out
    assert call("actions", "show", first, "--json").json["action"]["id"] == first
    assert call("actions", "approve", first).code == 3
    wrong = call("actions", "approve", first, "--yes", "--digest", "0" * 64, "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (5, "generated_changed")
    approved = call("actions", "approve", first, "--yes", "--json").json
    assert (approved["standing"], approved["history"][0]["by"]) == ("approved", "unattended")
    assert "# two" in call("actions", "diff", "OpenTotalTask").out
    assert call("actions", "diff", second, first, "--json").json["gained"] == []
    assert call("actions", "promote", second).code == 5
    unasked = call("actions", "promote", first, "--json")
    assert (unasked.code, unasked.json["error"]["code"]) == (5, "generated_unreviewed")
    approved_by_a_person(tmp_path / "home", first)
    written = call("actions", "promote", first, "--out", str(tmp_path / "mine"), "--json").json
    assert Path(written["manifest"]).read_text(encoding="utf-8").count(first) == 1
    assert call("actions", "revoke", "OpenTotalTask", "--why", "wrong sum").code == 0
    assert "wrong sum" in call("actions", "show", first).out
    assert call("actions", "show", "gen_nothing").code == 2


def test_a_review_is_written_as_a_page(call: Call, tmp_path: Path) -> None:
    """The page holds code and digest, is written again over itself, and never over somebody's own file."""
    (action_id,) = stored(tmp_path / "home", "one")
    page, own = tmp_path / "review.html", tmp_path / "notes.txt"
    for _ in range(2):
        assert call("actions", "review", action_id, "--html", str(page)).code == 0
    assert "# one" in page.read_text(encoding="utf-8")
    assert action_id in page.read_text(encoding="utf-8")
    own.write_text("mine", encoding="utf-8")
    assert call("actions", "review", action_id, "--html", str(own)).code == 2
    assert own.read_text(encoding="utf-8") == "mine"


def test_nobody_approves_away_from_the_local_org_without_being_asked(
    call: Call, tmp_path: Path
) -> None:
    """``--yes`` says yes to generated code on the embedded local org only."""
    (action_id,) = stored(tmp_path / "home", "one")
    there = ("--org", "https://acme.example.com", "--json")
    refused = call("actions", "approve", action_id, "--yes", *there)
    assert (refused.code, refused.json["error"]["code"]) == (3, "confirmation_unattended")


def keys_of(call: Call, folder: Path, *names: str) -> dict[str, str]:
    """Register approvers, the first of whom vouches for the others, each with a file of their key; return the ids."""
    ids: dict[str, str] = {}
    for each in names:
        vouched = ("--key-file", str(folder / names[0])) if ids else ()
        found = call("approvers", "add", each, *vouched, "--json").json
        (folder / each).write_text(found["key"], encoding="utf-8")
        ids[each] = found["id"]
    return ids


def test_a_registered_key_approves_and_a_plan_key_does_not(call: Call, tmp_path: Path) -> None:
    """An approver's key says who approves; whoever plans approves nothing."""
    (action_id,) = stored(tmp_path / "home", "one")
    ids = keys_of(call, tmp_path, "Ann Archer")
    planner = call("approvers", "add", "Bot", "--plans", "--json").json
    (tmp_path / "planner").write_text(planner["key"], encoding="utf-8")
    (tmp_path / "nobody").write_text("apk_0.nothing", encoding="utf-8")

    def approve(name: str) -> Answer:
        return call("actions", "approve", action_id, "--key-file", name, "--yes", "--json")

    for name, code in (("planner", "plan_key"), ("nobody", "key_refused")):
        refused = approve(name)
        assert (refused.code, refused.json["error"]["code"]) == (3, code)
    (decision,) = approve("Ann Archer").json["history"]
    assert (decision["by"], decision["key"]) == ("Ann Archer", ids["Ann Archer"])


def test_the_policy_says_who_approves_generated_code(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of those it names, each with a key; until then it may not be used, and a revocation takes both back."""
    (action_id,) = stored(tmp_path / "home", "one")
    ids = keys_of(call, tmp_path, "Ann", "Bo", "Cy")
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\napprovals:\n  generated: {people: 2, who: [Ann, Bo]}\n", encoding="utf-8"
    )
    monkeypatch.setenv("ACTWRIGHT_POLICY", str(policy))

    def approve(name: str = "") -> Answer:
        key = ("--key-file", name) if name else ()
        return call("actions", "approve", action_id, *key, "--yes", "--json")

    for name, code in (("Cy", "approver_not_named"), ("", "input_invalid")):
        assert (approve(name).json["error"]["code"]) == code
    for _ in range(2):
        signed = approve("Ann").json
        assert (signed["standing"], signed["awaited"]) == ("waiting", 1)
    monkeypatch.setenv("ACTWRIGHT_APPROVER_KEY", (tmp_path / "Bo").read_text(encoding="utf-8"))
    whole = approve().json
    assert (whole["standing"], whole["awaited"]) == ("approved", 0)
    assert [each["kind"] for each in whole["history"]] == ["signed", "signed", "approved"]
    assert {each["key"] for each in whole["history"]} == {ids["Ann"], ids["Bo"]}
    call("actions", "revoke", action_id, "--why", "wrong sum")
    assert approve("Ann").json["awaited"] == 1
    assert "approves generated code" in call("policy", "check").out


def test_what_fails_its_tests_by_now_cannot_be_approved(call: Call, tmp_path: Path) -> None:
    """A stored review is not believed: checks and tests run again, and code that fails them stays unapproved."""
    database = open_database(tmp_path / "home" / "actwright.db")
    wrong = open_total(open_total().code.replace("Look at ", "Look away from "))
    GeneratedActions(database, SystemClock()).add(wrong)
    database.close()
    assert wrong.review.passed
    refused = call("actions", "approve", wrong.id, "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (5, "generated_unfit")
    assert "Look away from" in refused.json["error"]["message"]
    assert call("actions", "show", wrong.id, "--json").json["standing"] == "waiting"


def test_what_failed_its_review_cannot_be_approved(call: Call, tmp_path: Path) -> None:
    """A review without a passed test, or with a finding, ends in a refusal that names it."""
    database = open_database(tmp_path / "home" / "actwright.db")
    action = open_total(review=ReviewResult())
    GeneratedActions(database, SystemClock()).add(action)
    database.close()
    refused = call("actions", "approve", action.id, "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (5, "generated_unfit")


def test_nobody_decides_under_the_name_of_nobody(call: Call, tmp_path: Path) -> None:
    """A person the local org does not know approves and revokes nothing; a second approval says that it is one."""
    (action_id,) = stored(tmp_path / "home", "one")
    for command in (("approve", "--yes"), ("revoke", "--why", "so")):
        refused = call("actions", command[0], action_id, *command[1:], "--as", "nobody")
        assert refused.code == 2
        assert "No user 'nobody'" in refused.err
    assert "already" not in call("actions", "approve", action_id, "--yes", "--as", "bob").out
    assert "already" in call("actions", "approve", action_id, "--yes", "--as", "bob").out


def test_a_difference_runs_from_the_first_named_to_the_second(call: Call, tmp_path: Path) -> None:
    """What the second one has and the first has not is gained, never the other way around."""
    first, second = stored(tmp_path / "home", "one", "two")
    found = call("actions", "diff", first, second, "--json").json
    assert (found["before"], found["after"]) == (first, second)
    assert "+# two" in found["code"]


def test_code_is_shown_as_it_stands_under_its_numbers(call: Call, tmp_path: Path) -> None:
    """A backslash is one backslash, and a long line goes on beside its number and not below it."""
    action_id = stored(tmp_path / "home", f"x\\ny {'long ' * 40}")[0]
    last = len(open_total().code.splitlines()) + 1
    for command in ("show", "review"):
        lines = call("actions", command, action_id).out.splitlines()
        at = next(place for place, each in enumerate(lines) if "# x\\ny long" in each)
        assert lines[at].lstrip().startswith(f"{last} ")
        assert lines[at + 1].startswith("     ")


def test_a_plan_with_unreviewed_code_leads_to_its_review(call: Call) -> None:
    """Its next step is the review and not the preview, which is refused with 5 as everywhere else; once approved, it is not."""
    goal = "create a task whose description says Acme's total open opportunity amount"
    planned = call("plan", goal, "--out", "plan.json")
    name = planned.err.partition("Next: actwright actions review ")[2].split()[0]
    assert "Next: actwright preview" not in planned.err
    refused = call("preview", "plan.json", "--json")
    assert (refused.code, refused.json["issues"][0]["code"]) == (5, "generated_unreviewed")
    call("actions", "approve", name, "--yes")
    assert "Next: actwright preview" in call("plan", goal).err
    assert call("preview", "plan.json").code == 0
