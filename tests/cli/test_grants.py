"""Grants and approver keys on the command line, away from the embedded local org: the same server, by its address."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Answer, Call
from tests.grant_scene import granted, need, preview

from actwright import Actwright, Settings
from actwright.checkpoints.digest import digest_of
from actwright.cli.granting import moment, said_ceilings
from actwright.cli.grants import _said_yes
from actwright.cli.keys import key_for
from actwright.cli.terminal import Terminal
from actwright.errors import (
    ConfirmationForeignError,
    ConfirmationMissingError,
    ConfirmationRefusedError,
    InputError,
    InterruptedQuestionError,
)
from actwright.guardrails.policy.approval import ApprovalNeed
from actwright.testing import LocalOrg

GOAL = 'create a task "Call {}" due 10 December'


@pytest.fixture
def away(call: Call, shared_org: LocalOrg, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Give the command line of somebody who works on an org that this program did not start."""
    monkeypatch.setenv("ACTWRIGHT_ORG", shared_org.url)
    monkeypatch.setenv("ACTWRIGHT_CLIENT_ID", "alice")
    monkeypatch.setenv("ACTWRIGHT_CLIENT_SECRET", "localorg")
    for name in ("ACTWRIGHT_APPROVER_KEY", "ACTWRIGHT_PLAN_KEY"):
        monkeypatch.delenv(name, raising=False)
    return call


@pytest.fixture
def ann(away: Call, tmp_path: Path) -> Path:
    """Give the file with Ann's key."""
    return key_file(away, tmp_path, "Ann")


def key_file(call: Call, folder: Path, name: str, *more: str) -> Path:
    """Register somebody, for whom the first one vouches, and return the file that their key stands in."""
    path, first = folder / f"{name}.key", folder / "Ann.key"
    vouched = ("--key-file", str(first)) if first.exists() else ()
    path.write_text(call("approvers", "add", name, *more, *vouched).out)
    return path


def previewed(whom: str) -> str:
    """Return the id of the preview of a task."""
    with Actwright() as app:
        planned = app.plan(GOAL.format(whom))
        assert planned.plan is not None
        return app.preview(planned.plan).id


def words(answer: Answer) -> str:
    """Return all that a command told, however it was broken into lines."""
    return " ".join((answer.out + answer.err).split())


def error_of(answer: Answer) -> str:
    """Return the code of the error a command printed as JSON."""
    return str(answer.json["error"]["code"])


def test_a_grant_from_its_making_to_its_end(away: Call, ann: Path) -> None:
    """Nobody is asked twice: the second run names no grant, the third finds none, and all is listed."""
    first = previewed("Jane")
    refused = away("apply", first, "--yes", "--json")
    assert (refused.code, error_of(refused)) == (3, "confirmation_unattended")
    assert "there is no grant that stands" in refused.json["error"]["message"]
    nobody = away("grants", "make", "--from", first)
    assert (nobody.code, "Nobody can be asked" in nobody.err) == (3, True)
    made = away(
        *("grants", "make", "--from", first, "--uses", "2", "--per-day", "2", "--expires", "12h"),
        *("--why", "each morning", "--key-file", str(ann), "--json"),
    ).json
    assert (made["madeBy"], made["why"], made["ceilings"]["usesPerDay"]) == (
        "Ann",
        "each morning",
        2,
    )
    done = away("apply", first, "--grant", made["id"])
    assert done.code == 0, done.err
    assert f"Covered by the grant {made['id']}" in done.err
    again = away("run", GOAL.format("Joe"), "--yes", "--json")
    assert again.json["confirmation"]["approver"] == f"grant:{made['id']}"
    third = away("run", GOAL.format("Jim"), "--yes")
    assert third.code == 3
    assert "uses: 2 used, and the grant allows 2" in words(third)
    uses = away("grants", "uses", made["id"], "--json").json
    assert [each["drawn"]["writes"] for each in uses] == [{"CREATE Task": 1}] * 2
    assert "2/2" in away("grants", "list").out
    shown = away("grants", "show", made["id"])
    assert "CREATE Task: ActivityDate, " in shown.out
    assert "Signed by: Ann" in shown.out
    assert away("grants", "revoke", made["id"], "--why", "done").code == 0
    assert "There is no grant" in away("grants", "list").err
    (gone,) = away("grants", "list", "--all", "--json").json
    assert (gone["stands"], gone["used"]) == (False, 2)


def test_a_grant_by_hand_is_narrowed_and_never_widened(away: Call, ann: Path) -> None:
    """For a curated blueprint, with limits of one's own; what lies outside is refused, and the limit named."""
    limits = ("--write", "CREATE Task: Subject, ActivityDate", "--rows", "1", "--uses", "5")
    made = away(
        *("grants", "make", "--blueprint", "task_create", *limits, "--expires", "30d"),
        *("--key-file", str(ann), "--json"),
    ).json
    wider = away("grants", "narrow", made["id"], "--rows", "2")
    assert (wider.code, "this would widen it: rows 2 is more than 1" in wider.err) == (2, True)
    narrower = away(
        *("grants", "narrow", made["id"], "--write", "CREATE Task: Subject", "--json")
    ).json
    assert narrower["narrowedFrom"] == made["id"]
    outside = away("apply", previewed("Jo"), "--grant", narrower["id"], "--json")
    assert (outside.code, error_of(outside)) == (3, "grant_exceeded")
    assert (
        "fields: Task.ActivityDate (a1.1), and the grant allows Subject"
        in (outside.json["error"]["message"])
    )


def test_two_people_say_yes_one_by_one(away: Call, ann: Path, tmp_path: Path) -> None:
    """Each with a key from a file; how it stands is told, and the last one leads to the run."""
    bo, planner = key_file(away, tmp_path, "Bo"), key_file(away, tmp_path, "Planner", "--plans")
    asked = needing_two(tmp_path / "home", previewed("Two"))
    first = away("confirm", asked, "--yes", "--key-file", str(ann))
    assert first.code == 0, first.err
    assert "Signed, and not confirmed yet: cnf_" in words(first)
    again = away("confirm", asked, "--yes", "--key-file", str(ann), "--json").json["collected"]
    assert (again["complete"], again["missing"], again["others"]) == (False, 1, ["Bo"])
    assert away("show", asked, "--json").json["collected"] == again
    assert "Yes so far: 1 of 2: Ann; waiting for one of Bo." in words(away("show", asked))
    assert "1 of 2: Ann; waiting for one of Bo." in first.err
    assert f"Next: actwright confirm {asked}" in first.err
    twice = away("confirm", asked, "--yes", "--key-file", str(ann))
    assert "Ann had said yes with this key already; it counts once." in words(twice)
    early = away("apply", asked)
    assert (early.code, "1 of 2: Ann; waiting for one of Bo" in words(early)) == (3, True)
    plans = away("confirm", asked, "--yes", "--key-file", str(planner))
    assert (plans.code, "plan key of Planner" in plans.err) == (3, True)
    second = away("confirm", asked, "--yes", "--key-file", str(bo))
    assert f"Next: actwright apply {asked}" in second.err
    done = away("apply", asked)
    assert done.code == 0, done.err
    listed = away("approvers", "list").out
    assert "plans only" in " ".join(listed.split())
    for each in (ann, bo):
        assert each.read_text().strip().partition(".")[2] not in first.out + second.err + listed


def test_what_is_granted_is_there_and_what_is_used_up_says_so(
    away: Call, ann: Path, tmp_path: Path
) -> None:
    """No grant for what the org does not show, or with a ceiling missing; one that is used up is called that."""
    by_hand = ("grants", "make", "--blueprint", "CreateTask", "--key-file", str(ann))
    rest = ("--rows", "1", "--uses", "1", "--expires", "1d")
    for write in ("UPDATE Nonesuch: Foo", "UPDATE Opportunity: Foo"):
        assert error_of(away(*by_hand, "--write", write, *rest, "--json")) == "grant_strange"
    assert "--rows, --uses, --expires is missing" in words(
        away(*by_hand, "--write", "CREATE Task: Subject")
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "version: 1\nrules: [{id: r, description: d, match: {objects: [Nonesuch, Task], fields: [Foo]}, effect: deny}]\n"
    )
    checked = words(away("policy", "check", str(policy), "--as", "alice"))
    assert "r names Nonesuch, which" in checked
    assert "r names Task.Foo, which" in checked
    shown = previewed("Once")
    made = away("grants", "make", "--from", shown, "--key-file", str(ann), "--json").json["id"]
    assert away("apply", shown, "--grant", made).code == 0
    assert "used up" in words(away("grants", "list"))
    assert "used up: no further run begins" in words(away("grants", "show", made))
    (listed,) = away("grants", "list", "--json").json
    assert (listed["stands"], listed["usedUp"]) == (True, True)


def needing_two(home: Path, preview_id: str) -> str:
    """Store a preview again as a policy would have it that asks for two people, and return its id."""
    with Actwright(settings=Settings(home=home)) as app:
        need = ApprovalNeed(people=2, keys=True)
        old = app.previews.get(preview_id)
        made = old.model_copy(update={"id": f"prv_{'2' * 20}", "approval": need})
        return app.previews.add(made.model_copy(update={"digest": digest_of(made)})).id


def test_a_key_is_no_argument(away: Call) -> None:
    """No command takes one where everybody could read it."""
    for command in (("confirm", "prv_x"), ("grants", "sign", "grt_x")):
        refused = away(*command, "--approver-key", "apk_0.secret")
        assert refused.code == 2


def test_where_one_plans_nobody_says_yes(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a plan key in the environment ``--yes`` is no yes, not even on the local org."""
    monkeypatch.setenv("ACTWRIGHT_PLAN_KEY", "plk_0.x")
    refused = call("run", GOAL.format("Jane"), "--yes", "--json")
    assert refused.code == 3
    assert "whoever plans here cannot say yes" in str(refused.json["envelope"])
    for command in (("add", "Eve"), ("revoke", "Ann", "--why", "in the way")):
        keys = call("approvers", *command)
        assert (keys.code, "whoever plans here cannot re" in keys.err) == (3, True)


def test_a_key_file_that_cannot_be_read(away: Call, tmp_path: Path) -> None:
    """It is told by its name, and nothing of its content."""
    (tmp_path / "bad.key").write_bytes(b"\xff\xfe apk_0.secret")
    for name in ("bad.key", "nowhere.key"):
        refused = away("grants", "sign", "grt_x", "--key-file", str(tmp_path / name))
        assert (refused.code, name in refused.err, "apk_" in refused.err) == (2, True, False)


def test_without_a_key_nothing_is_signed(away: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can be asked for one."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert "needs an approver's key" in away("grants", "sign", "grt_x").err


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "5", "30 years", "2026-12-31", "2026-12-31T18:00:00", "-1d"),
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_a_span_that_is_none(text: str) -> None:
    """Neither a span nor a moment with a zone."""
    with pytest.raises(InputError, match="no span and no moment"):
        moment(text)


@pytest.mark.parametrize(
    "given",
    [
        {"writes": ["UPDATE"]},
        {"writes": ["UPDATE A B: C"]},
        {"writes": ["GRAB Lead: Name"]},
        {"amounts": ["Amount=1"]},
        {"amounts": ["Opportunity.Amount=lots"]},
        {"amounts": ["Opportunity.Amount"]},
        {"amounts": ["Opportunity.Amount="]},
        {"in_all": ["A.B=1", "A.B=2"]},
    ],
)
def test_limits_that_cannot_be_read(given: dict[str, list[str]]) -> None:
    """Each names its option."""
    with pytest.raises(InputError) as caught:
        said_ceilings(**given)  # type: ignore[arg-type]  # one of its options
    assert (caught.value.where or "").startswith("--")


@pytest.fixture
def sitting(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal at which a person sits, who answers what a test lets them."""
    for name in ("ACTWRIGHT_APPROVER_KEY", "ACTWRIGHT_PLAN_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Terminal, "interactive", True)
    return Terminal(as_json=False)


@pytest.mark.parametrize("word", ["y", "YES"])
def test_who_sits_there_is_asked_before_a_grant_is_made(
    sitting: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    word: str,
) -> None:
    """The grant is shown whole, and a plain yes makes it without a key."""
    monkeypatch.setattr(Terminal, "ask", lambda *_: word)
    assert _said_yes(sitting, granted(), None) is None
    shown = capsys.readouterr().err
    assert "UPDATE Opportunity: StageName" in shown
    assert "Never from: extract, model" in shown


def test_anything_else_than_a_yes_grants_nothing(
    sitting: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty answer is a no, and where one plans a yes is none."""
    monkeypatch.setattr(Terminal, "ask", lambda *_: "")
    with pytest.raises(ConfirmationRefusedError):
        _said_yes(sitting, granted(), None)
    monkeypatch.setattr(Terminal, "ask", lambda *_: "y")
    monkeypatch.setenv("ACTWRIGHT_PLAN_KEY", "plk_0.x")
    with pytest.raises(ConfirmationForeignError, match="whoever plans here"):
        _said_yes(sitting, granted(), None)


def test_a_key_is_asked_for_where_a_policy_wants_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden while it is typed; broken off, nothing was done; for a plain yes nobody is asked."""
    monkeypatch.delenv("ACTWRIGHT_APPROVER_KEY", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: " apk_0.typed ")
    asking = preview(approval=need(1))
    assert key_for(asking, None) == "apk_0.typed"
    assert key_for(preview(), None) is None
    monkeypatch.setattr(getpass, "getpass", lambda _: "")
    with pytest.raises(ConfirmationMissingError) as caught:
        key_for(asking, None)
    assert caught.value.error_code == "confirmation_key_needed"

    def broken_off(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(getpass, "getpass", broken_off)
    with pytest.raises(InterruptedQuestionError):
        key_for(asking, None)
